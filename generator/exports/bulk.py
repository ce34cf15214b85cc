"""All open data at once: lists of the files, for programs that download and that verify."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from generator.exports.addresses import Addresses
from generator.exports.archive import FOLDER
from generator.sitefile import SiteFile

URLS, CHECKSUMS, ARIA2, CURL = (f"{FOLDER}/{name}" for name in ("urls.txt", "SHA256SUMS", "aria2.txt", "curl.txt"))


class Listed(NamedTuple):
    path: str
    """Below the site's root, and below the folder that somebody downloads into."""
    sha256: str


def lists(files: Sequence[Listed], at: Addresses) -> Iterator[SiteFile]:
    """``wget -i``, ``sha256sum -c``, ``aria2c -i`` and ``curl -K`` read these."""
    yield SiteFile(URLS, "".join(f"{at.at(file.path)}\n" for file in files).encode())
    yield SiteFile(CHECKSUMS, "".join(f"{file.sha256}  {file.path}\n" for file in files).encode())
    aria2 = (f"{at.at(file.path)}\n  out={file.path}\n  checksum=sha-256={file.sha256}\n" for file in files)
    yield SiteFile(ARIA2, "".join(aria2).encode())
    curl = (f'url = "{at.at(file.path)}"\noutput = "{_quoted(file.path)}"\n' for file in files)
    yield SiteFile(CURL, "".join(curl).encode())


def _quoted(path: str) -> str:
    return path.replace("\\", "\\\\").replace('"', '\\"')
