"""How far a build is: bars for a person who watches, a few plain lines for a log."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TextIO

from generator.text import bilingual

Progress = Callable[[str, int, int], None]

STEPS = {
    "read": bilingual("读取描述文件", "Reading descriptors"),
    "fetch": bilingual("获取其他服务器上的数据", "Fetching data from other hosts"),
    "check": bilingual("检查数据集", "Checking datasets"),
    "convert": bilingual("检查并转换数据集", "Checking and converting datasets"),
    "sample": bilingual("编造合成示例", "Inventing samples"),
    "prose": bilingual("生成说明页面", "Building the prose pages"),
    "render": bilingual("生成数据集页面", "Rendering the datasets' pages"),
    "write": bilingual("写入站点文件", "Writing the site's files"),
}
SILENCE = 30.0
"""Seconds after which a log hears that a long step is still going on."""


@contextmanager
def shown(lang: str, stream: TextIO | None = None) -> Iterator[Progress]:
    """Bars when ``stream`` (standard error) is a terminal and this is no CI job, else lines."""
    stream = stream or sys.stderr
    if stream.isatty() and not os.environ.get("CI"):
        with _bars(lang, stream) as progress:
            yield progress
    else:
        yield lines(lang, stream)


@contextmanager
def _bars(lang: str, stream: TextIO) -> Iterator[Progress]:
    """Bars from the first step that is more than reading. Until then one line: as a rule there is nothing to watch,
    and the library of the bars takes as long to load as a check of what did not change."""
    with ExitStack() as stack:
        line = stack.enter_context(_passing_line(stream))
        show: Progress | None = None

        def progress(step: str, done: int, total: int) -> None:
            nonlocal show
            if step == "read" and show is None:
                line(_label(step, lang))
                return
            if show is None:
                line("")
                show = stack.enter_context(_rich_bars(lang, stream))
            show(step, done, total)

        yield progress


@contextmanager
def _passing_line(stream: TextIO) -> Iterator[Callable[[str], None]]:
    """Shows one text at a time, and none at the end."""

    def line(text: str) -> None:
        if os.environ.get("TERM") != "dumb":
            stream.write(f"\r{text}\x1b[K")
            stream.flush()

    try:
        yield line
    finally:
        line("")


@contextmanager
def _rich_bars(lang: str, stream: TextIO) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TaskID,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(file=stream), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def progress(step: str, done: int, total: int) -> None:
            if step not in tasks:
                for task in tasks.values():
                    bars.stop_task(task)
                tasks[step] = bars.add_task(_label(step, lang), total=None)
            bars.update(tasks[step], completed=done, total=total or None)

        yield progress


def lines(lang: str, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> Progress:
    """One line when a step begins, another when it has ended if that can be told, and some while it lasts."""
    step_now, said = "", 0.0

    def progress(step: str, done: int, total: int) -> None:
        nonlocal step_now, said
        now = clock()
        ended = total > 0 and done >= total
        if step == step_now and not ended and now - said < SILENCE:
            return
        amount = f" {done}/{total}" if total and done else f" {done}" if done else ""
        print(f"{_label(step, lang)}{amount}", file=stream, flush=True)
        step_now, said = step, now

    return progress


def _label(step: str, lang: str) -> str:
    return STEPS[step].to(lang)[0] if step in STEPS else step
