"""Real files for a catalogue to serve, with their true sizes and hashes."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

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
        return csv, parquet


def a_zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("lines.shp", "lines.dbf"):
            archive.writestr(zipfile.ZipInfo(name), bytes(range(256)))
    return packed.getvalue()
