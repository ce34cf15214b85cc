"""What changes data, and what changed: fix, diff."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator import __version__
from generator.cli.call import (
    Call,
    carry_out,
    check_below,
    has_colour,
    print_text,
    said,
    with_options,
)

if TYPE_CHECKING:
    from generator.config import Config


@click.command(
    "fix",
    help=said(
        "改正不会改变数据含义的写法：编码、行尾、全角数字、首尾空格、日期写法、千位分隔符、末尾空行空列等。"
        "先列出改动，加 --write 才写入；拿不准的列成问题。",
        "Mend what loses nothing: encoding, line ends, full-width digits, blanks, forms of dates, thousands "
        "separators, blank rows and columns at the end. The changes are shown; --write writes them. What is not "
        "certain is asked.",
    ),
)
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[PATH]...")
@click.option("--write", is_flag=True, help=said("写入文件。", "Write the files."))
@click.option(
    "--trim-text",
    is_flag=True,
    help=said("也去掉文字列首尾的空格。", "Also remove the blanks around texts that nothing is wrong with."),
)
@click.option(
    "--samples",
    type=click.IntRange(0, 1000),
    default=5,
    show_default=True,
    metavar="N",
    help=said("每个文件最多列出几行改动。", "Changed rows that are shown of a file."),
)
@with_options("datasets", "config", "today", "lang", "format", "debug")
def fix_command(paths: tuple[Path, ...], write: bool, trim_text: bool, samples: int, **options: Any) -> int:
    call = Call("fix", jobs=None, state=None, no_state=True, **options)

    def work() -> int:
        import tempfile

        from generator import mending
        from generator.mending.telling import exit_code, to_json, to_text

        config = call.config()
        check_below(paths, config.datasets)
        with tempfile.TemporaryDirectory(prefix="kaishu-") as folder:
            found = mending.plan(config, call.day(), Path(folder), paths, trim_text=trim_text, samples=samples)
            if write:
                mending.write(found.files)
                found = replace(found, written=True)
        if call.format_ == "json":
            print_text(to_json(found, __version__))
        else:
            print_text(to_text(found, call.language(config), config.datasets, colour=has_colour()))
        return exit_code(found)

    return carry_out(call, work)


@click.command(
    "diff",
    help=said(
        "比较两个状态：BASE 和 HEAD 可以是 git 版本、数据集文件夹或已发布的站点；不写 HEAD 就与现在的数据集比较。"
        "列出字段、数据行、开放属性和许可的变化，数据减少的在前。",
        "Compare two states: BASE and HEAD are git revisions, folders of datasets or published sites; without HEAD, "
        "the datasets as they are. Tells changes of schema, rows, openness and licence, the loss of data first.",
    ),
)
@click.argument("base")
@click.argument("head", required=False)
@click.option(
    "--format",
    "format_",
    type=click.Choice(("text", "markdown", "html", "json")),
    default="text",
    show_default=True,
    help=said("报告的格式。", "Form of the report."),
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help=said("写入文件，而不是标准输出。", "Write into a file instead of standard output."),
)
@click.option(
    "--dataset",
    "only",
    multiple=True,
    metavar="NAME",
    help=said(
        "只比较这个数据集（标识符或文件夹）；可以写多次。", "Only this dataset (name or folder); may be repeated."
    ),
)
@click.option(
    "--samples",
    type=click.IntRange(0, 100),
    default=5,
    show_default=True,
    metavar="N",
    help=said("每种变化最多列出几行。", "Rows of a kind that are shown."),
)
@with_options("datasets", "config", "today", "lang", "debug")
def diff_command(
    base: str, head: str | None, format_: str, output: Path | None, only: tuple[str, ...], samples: int, **options: Any
) -> int:
    call = Call("diff", jobs=None, state=None, no_state=True, format_=format_, **options)

    def work() -> int:
        from generator.differences import diff, exit_code, shown

        config = _portal_or_none(call, base, head)
        found = diff(base, head, config=config, today=call.day(), only=only or None, samples=samples)
        text = shown(found, format_, call.language(config), colour=has_colour() and not output)
        if output:
            output.write_text(text, "utf-8")
        else:
            print_text(text)
        return exit_code(found, config.rules)

    return carry_out(call, work)


def _portal_or_none(call: Call, base: str, head: str | None) -> Config:
    """Two folders, or sites, can be compared where no portal is."""
    from generator.config import CONFIG, without_portal

    if call.config_file or head is None or Path(CONFIG).exists() or not (Path(base).is_dir() and Path(head).is_dir()):
        return call.config()
    return without_portal(Path(head))
