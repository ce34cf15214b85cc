"""The name of the sheet that a table of a workbook is read from, so that a cell can be named as its author sees it."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError, fromstring

_MOST = 1_000_000
"""Bytes of the list of sheets that are looked at; it is some kilobytes long."""
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}sheet"


def sheet_of(resource: Any) -> str:
    """Of a ``frictionless.Resource``; empty where it is no workbook, or the name is not known."""
    if resource.format not in ("xlsx", "xls"):
        return ""
    control = resource.dialect.get_control("excel") if resource.dialect.has_control("excel") else None
    chosen = control.sheet if control else 1
    if isinstance(chosen, str):
        return chosen
    names = _names(Path(resource.normpath)) if resource.format == "xlsx" and not resource.compression else []
    return names[chosen - 1] if 0 < chosen <= len(names) else ""


def _names(file: Path) -> list[str]:
    """As Excel shows them, in their order."""
    try:
        with zipfile.ZipFile(file) as workbook, workbook.open("xl/workbook.xml") as stream:
            text = stream.read(_MOST)
        if b"<!DOCTYPE" in text:  # entities can unfold; a workbook has none
            return []
        return [sheet.get("name", "") for sheet in fromstring(text).iter(_SHEET)]
    except (OSError, KeyError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile, ParseError):
        return []  # whoever reads it will tell
