"""All pages of a site, and the other files that belong to one dataset alone, by as many processes as there are cores.

A page depends on its dataset, the portal and the shell alone, so any process can make any page. The values go to the
processes once, when they start (by ``fork`` for nothing), not with each task: to pickle a dataset takes a fifth of the
time that its pages take.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from generator.packing import pack
from generator.public import Catalog, Dataset, Distribution
from generator.shell import Shell
from generator.sitefile import SiteFile

CHUNK = 50
"""Datasets a task: some 100 pages, about a tenth of a second."""
ALONE = 400
"""Up to so many datasets this process is as fast as several that must be started."""


class Pages:
    """What it takes to make any page of the site, and where the pages go."""

    def __init__(self, site: Catalog, shells: Mapping[str, Shell], templates: Path, target: Path) -> None:
        self.site, self.shells, self.templates, self.target = site, shells, templates, target

    def write_overviews(self) -> None:
        from generator import exports, pages

        def structured_data(lang: str) -> str:
            return exports.catalog_structured_data(self.site, lang)

        self._write(
            pages.render_overviews(
                self.site, self.shells, catalog_structured_data=structured_data, templates=self.templates
            )
        )

    def write_datasets(self, start: int, end: int, threads: int = 1) -> int:
        """The archives, pages and API of the datasets from ``start`` up to ``end``; returns how many these are."""
        from generator import exports, pages

        def structured_data(dataset: Dataset, lang: str) -> str:
            return exports.structured_data(dataset, self.site, lang)

        datasets = self._packed(self.site.datasets[start:end], threads)
        self._write(
            pages.render_datasets(
                datasets, self.site.portal, self.shells, structured_data=structured_data, templates=self.templates
            )
        )
        for dataset in datasets:
            self._write(exports.export_dataset(dataset, self.site))
        return len(datasets)

    def _packed(self, datasets: Sequence[Dataset], threads: int) -> list[Dataset]:
        """With the archive of each, which its page tells the size of. zlib lets other threads work meanwhile."""
        if threads == 1 or len(datasets) == 1:
            return [self._with_archive(dataset) for dataset in datasets]
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(self._with_archive, datasets))

    def _with_archive(self, dataset: Dataset) -> Dataset:
        from generator.exports import archive

        members = archive.members(dataset, self.site)
        if not members:
            return dataset
        path = archive.path(dataset)
        file = self.target / path
        sha256 = pack(members, file, dataset.modified)
        return replace(
            dataset, archive=Distribution(path, "ZIP", archive.MEDIA_TYPE, file.stat().st_size, sha256, file)
        )

    def _write(self, files: Iterable[SiteFile]) -> None:
        for file in files:
            place = self.target / file.path
            place.parent.mkdir(parents=True, exist_ok=True)
            assert isinstance(file.content, bytes), "a page is made of bytes"
            place.write_bytes(file.content)


def write_pages(
    site: Catalog,
    shells: Mapping[str, Shell],
    templates: Path,
    target: Path,
    jobs: int | None,
    progress: Callable[[str, int, int], None],
) -> None:
    """Render every generated page of ``site`` into ``target``."""
    pages = Pages(site, shells, templates, target)
    count, total = jobs or os.cpu_count() or 1, len(site.datasets)
    progress("render", 0, total)
    if count == 1 or total <= ALONE:
        pages.write_overviews()
        pages.write_datasets(0, total, count)
        progress("render", total, total)
        return
    # The first one here, so that forked processes find the libraries loaded and the templates compiled.
    done = pages.write_datasets(0, 1)
    with ProcessPoolExecutor(count, mp_context=_context(), initializer=_begin, initargs=(pages,)) as pool:
        overviews = pool.submit(_overviews)
        for written in pool.map(_datasets, range(done, total, CHUNK)):
            done += written
            progress("render", done, total)
        overviews.result()


def _context() -> multiprocessing.context.BaseContext:
    """Fork where that is safe: on Linux, while nothing of this process runs in another thread."""
    is_safe = sys.platform == "linux" and threading.active_count() == 1
    return multiprocessing.get_context("fork" if is_safe else "spawn")


# In a worker process: what it was started with. A pool has no other way to keep values between tasks.
_pages: Pages


def _begin(pages: Pages) -> None:
    global _pages  # noqa: PLW0603 - see above
    _pages = pages
    # Pages leave no cycles behind; to look for some, again and again through the whole catalogue, takes time and
    # makes the memory that a forked process shares with its parent its own.
    gc.disable()


def _overviews() -> None:
    _pages.write_overviews()


def _datasets(start: int) -> int:
    return _pages.write_datasets(start, start + CHUNK)
