"""All open data at once: lists of the files, for programs that download and that verify."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from generator.exports.addresses import Addresses
from generator.exports.archive import FOLDER
from generator.exports.published import files as files_of
from generator.public import Catalog, Dataset
from generator.sitefile import SiteFile

URLS, CHECKSUMS, ARIA2, CURL = (f"{FOLDER}/{name}" for name in ("urls.txt", "SHA256SUMS", "aria2.txt", "curl.txt"))


class Listed(NamedTuple):
    path: str
    """Below the site's root, and below the folder that somebody downloads into."""
    sha256: str


def listed(made: SiteFile) -> Listed:
    content = made.content
    assert isinstance(content, bytes), "no file of the publisher's"
    return Listed(made.path, hashlib.sha256(content).hexdigest())


def lists(catalog: Catalog, made: Mapping[str, Sequence[Listed]]) -> Iterator[SiteFile]:
    """``wget -i``, ``sha256sum -c``, ``aria2c -i`` and ``curl -K`` read these. ``made`` is what belongs to the data of
    each dataset and is none of its files: the descriptor, the values of pictures."""
    at = Addresses.of(catalog)
    files = [file for dataset in catalog.datasets for file in _files(dataset, made[dataset.name])]
    yield SiteFile(URLS, "".join(f"{at.at(file.path)}\n" for file in files).encode())
    yield SiteFile(CHECKSUMS, "".join(f"{file.sha256}  {file.path}\n" for file in files).encode())
    aria2 = (f"{at.at(file.path)}\n  out={file.path}\n  checksum=sha-256={file.sha256}\n" for file in files)
    yield SiteFile(ARIA2, "".join(aria2).encode())
    curl = (f'url = "{at.at(file.path)}"\noutput = "{_quoted(file.path)}"\n' for file in files)
    yield SiteFile(CURL, "".join(curl).encode())


def _files(dataset: Dataset, made: Sequence[Listed]) -> list[Listed]:
    found = [Listed(file.path, file.sha256) for file in files_of(dataset)]
    return [*made, *found] if found else []


def _quoted(path: str) -> str:
    return path.replace("\\", "\\\\").replace('"', '\\"')
