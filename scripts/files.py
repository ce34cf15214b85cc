"""Bytes of data files, and the one command line that both `make.py` scripts have."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

DATASETS = Path(__file__).resolve().parents[1] / "datasets"

Row = Mapping[str, object]


def read_table(path: Path, *, encoding: str = "utf-8-sig", delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def to_table(rows: Iterable[Row], columns: Sequence[str], *, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """The rows as a delimited text with a header; ``None`` becomes an empty cell, a boolean true or false."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([[to_cell(row[column]) for column in columns] for row in rows])
    return text.getvalue().encode(encoding)


def to_cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def write_or_check(files: Mapping[str, bytes], *, check: bool, datasets: Path = DATASETS) -> int:
    """Write the files below ``datasets``, or say which of them differ. The result is the exit code."""
    different = [path for path, content in sorted(files.items()) if not has_content(datasets / path, content)]
    for path in different:
        print(f"{'differs' if check else 'written'}: {path}")
        if not check:
            (datasets / path).parent.mkdir(parents=True, exist_ok=True)
            (datasets / path).write_bytes(files[path])
    print(f"{len(files)} files, {len(different)} {'differ' if check else 'written'}", file=sys.stderr)
    return 1 if check and different else 0


def has_content(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content
