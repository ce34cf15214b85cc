"""All open data at once: lists of the files, for programs that download and that verify."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from generator.exports.addresses import Addresses
from generator.exports.archive import FOLDER
from generator.exports.published import files as files_of
from generator.public import Catalog, Dataset
from generator.sitefile import SiteFile

URLS, CHECKSUMS, ARIA2, CURL = (f"{FOLDER}/{name}" for name in ("urls.txt", "SHA256SUMS", "aria2.txt", "curl.txt"))


class _Listed(NamedTuple):
    path: str
    """Below the site's root, and below the folder that somebody downloads into."""
    sha256: str


def lists(catalog: Catalog, descriptors: Mapping[str, str]) -> Iterator[SiteFile]:
    """``wget -i``, ``sha256sum -c``, ``aria2c -i`` and ``curl -K`` read these. ``descriptors`` are the checksums of the
    published ones, by dataset."""
    at = Addresses.of(catalog)
    files = [file for dataset in catalog.datasets for file in _files(dataset, descriptors[dataset.name])]
    yield SiteFile(URLS, "".join(f"{at.at(file.path)}\n" for file in files).encode())
    yield SiteFile(CHECKSUMS, "".join(f"{file.sha256}  {file.path}\n" for file in files).encode())
    aria2 = (f"{at.at(file.path)}\n  out={file.path}\n  checksum=sha-256={file.sha256}\n" for file in files)
    yield SiteFile(ARIA2, "".join(aria2).encode())
    curl = (f'url = "{at.at(file.path)}"\noutput = "{_quoted(file.path)}"\n' for file in files)
    yield SiteFile(CURL, "".join(curl).encode())


def _files(dataset: Dataset, descriptor: str) -> list[_Listed]:
    found = [_Listed(file.path, file.sha256) for file in files_of(dataset)]
    return [_Listed(f"data/{dataset.name}/datapackage.json", descriptor), *found] if found else []


def _quoted(path: str) -> str:
    return path.replace("\\", "\\\\").replace('"', '\\"')
