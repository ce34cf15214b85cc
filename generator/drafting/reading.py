"""A file of whatever kind → sheets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from generator.drafting.grid import Sheet
from generator.drafting.records import read_json, read_parquet
from generator.drafting.texts import read_text
from generator.drafting.web_tables import read_html
from generator.drafting.workbooks import Unreadable, read_ods, read_xls, read_xlsx
from generator.errors import ConfigError

READERS: dict[str, Callable[[Path], list[Sheet]]] = {
    ".xlsx": read_xlsx,
    ".xlsm": read_xlsx,
    ".xls": read_xls,
    ".et": read_xls,
    ".ods": read_ods,
    ".csv": read_text,
    ".tsv": read_text,
    ".tab": read_text,
    ".txt": read_text,
    ".json": read_json,
    ".jsonl": read_json,
    ".ndjson": read_json,
    ".geojson": read_json,
    ".parquet": read_parquet,
    ".html": read_html,
    ".htm": read_html,
}
_SIGNATURES = ((b"PK\x03\x04", ".xlsx"), (b"\xd0\xcf\x11\xe0", ".xls"), (b"PAR1", ".parquet"))


def read_sheets(path: Path) -> list[Sheet]:
    """Raises a ConfigError, in the words for whoever gave the file, where it cannot be read."""
    suffix = path.suffix.lower()
    if suffix not in READERS:
        known = "、".join(name.lstrip(".") for name in ("xlsx", "xls", "ods", "csv", "tsv", "json", "parquet"))
        raise ConfigError(
            f"{path.name} 不是能读的表格。可以用的格式：{known}。Word、PDF 里的表请先复制到表格软件。",
            f"{path.name} is no table that can be read. Known formats: {known.replace('、', ', ')}.",
        )
    try:
        return READERS[_meant(path, suffix)](path)
    except Unreadable as error:
        zh, en = error.why
        raise ConfigError(f"{path.name}：{zh}", f"{path.name}: {en}") from error


def _meant(path: Path, suffix: str) -> str:
    """Systems call their exports ``.xls``, whatever they are: the first bytes tell."""
    with path.open("rb") as stream:
        first = stream.read(512)
    for signature, kind in _SIGNATURES:
        if first.startswith(signature):
            return suffix if suffix in (".ods", ".xlsm") and kind == ".xlsx" else kind
    if suffix in (".xls", ".xlsx", ".et") and first:
        return ".html" if first.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else ".csv"
    return suffix
