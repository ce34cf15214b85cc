"""Writes archives: the same bytes from the same files, in bounded memory."""

from __future__ import annotations

import hashlib
import re
import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path

from generator.sitefile import SiteFile

_PLAIN = (".csv", ".json", ".geojson", ".txt", ".md", ".tsv", ".xml", ".svg", ".html", ".kml", ".gml", ".yaml")
"""What deflating makes smaller. Parquet, workbooks, archives and pictures are compressed already: stored."""
LEVEL = 4
"""Of the demonstration's tables level 6 makes 5% less, in more than twice the time."""
_CHUNK = 1 << 20
_EPOCH = (1980, 1, 1, 0, 0, 0)


def pack(members: Iterable[SiteFile], target: Path, day: str) -> str:
    """Write ``target`` and return its sha256. Members get the time of ``day``, or the earliest that ZIP knows."""
    target.parent.mkdir(parents=True, exist_ok=True)
    moment = _moment(day)
    with zipfile.ZipFile(target, "x") as archive:
        for member in members:
            _add(archive, member, moment)
    with target.open("rb") as written:
        return hashlib.file_digest(written, "sha256").hexdigest()


def _add(archive: zipfile.ZipFile, member: SiteFile, moment: tuple[int, int, int, int, int, int]) -> None:
    about = zipfile.ZipInfo(member.path, moment)
    # Else these depend on the system that packs.
    about.create_system, about.external_attr = 3, 0o100644 << 16
    about.compress_type = zipfile.ZIP_DEFLATED if member.path.lower().endswith(_PLAIN) else zipfile.ZIP_STORED
    about._compresslevel = LEVEL  # type: ignore[attr-defined]  # has no public name before Python 3.13
    content = member.content
    if isinstance(content, bytes):
        archive.writestr(about, content)
        return
    about.file_size = content.stat().st_size  # tells whether ZIP64 is needed
    with content.open("rb") as source, archive.open(about, "w") as packed:
        shutil.copyfileobj(source, packed, _CHUNK)


def _moment(day: str) -> tuple[int, int, int, int, int, int]:
    found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?:T.*)?", day)
    if found is None or not 1980 <= int(found[1]) <= 2107:
        return _EPOCH
    return int(found[1]), int(found[2]), int(found[3]), 0, 0, 0
