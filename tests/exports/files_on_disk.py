"""Real files for a catalogue to serve, with their true sizes and hashes."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from generator import vocabularies
from generator.public import Distribution


class Files:
    """Writes files below a site's root, and says what is there."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(
        self, path: str, content: bytes, format: str, media_type: str, *, eu: str, rows: int | None = None
    ) -> Distribution:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return Distribution(path, format, media_type, len(content), hashlib.sha256(content).hexdigest(), file, rows, eu)

    def for_excel(self, table: tuple[Distribution, ...], kind: str) -> tuple[Distribution, ...]:
        """The table's files and a copy for Excel: ``excel``, a workbook, or ``excel-csv``."""
        csv = table[0]
        use = vocabularies.uses()[kind]
        stem, content = csv.path.removesuffix(".csv"), csv.file.read_bytes()
        if kind == "excel":
            media = vocabularies.formats()["xlsx"].media_type
            made = self.write(f"{stem}.xlsx", content, "XLSX", media, eu="XLSX", rows=csv.rows)
        else:
            marked = b"\xef\xbb\xbf" + content
            made = self.write(f"{stem}-excel.csv", marked, "CSV", "text/csv", eu="CSV", rows=csv.rows)
        return *table, dataclasses.replace(made, use=use.use, note=use.note, for_excel=True)

    def table(self, dataset: str, name: str, columns: dict[str, list[str]]) -> tuple[Distribution, Distribution]:
        rows = list(zip(*columns.values(), strict=True))
        text = "\n".join([",".join(columns), *(",".join(row) for row in rows)]) + "\n"
        csv = self.write(f"data/{dataset}/{name}.csv", text.encode(), "CSV", "text/csv", eu="CSV", rows=len(rows))
        sink = pa.BufferOutputStream()
        pq.write_table(pa.table(columns), sink)
        parquet = self.write(
            f"data/{dataset}/{name}.parquet",
            sink.getvalue().to_pybytes(),
            "Parquet",
            "application/vnd.apache.parquet",
            eu="PARQUET",
            rows=len(rows),
        )
        uses = vocabularies.uses()
        return (
            dataclasses.replace(csv, use=uses["csv"].use, note=uses["csv"].note),
            dataclasses.replace(parquet, use=uses["parquet"].use, note=uses["parquet"].note),
        )


def a_zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("lines.shp", "lines.dbf"):
            archive.writestr(zipfile.ZipInfo(name), bytes(range(256)))
    return packed.getvalue()
