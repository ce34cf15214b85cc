"""Drafting: new, import, export."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli.call import (
    Call,
    carry_out,
    print_text,
    said,
    show_report,
    with_options,
)
from generator.errors import ConfigError
from generator.exits import Exit
from generator.text import bilingual

if TYPE_CHECKING:
    from generator.config import Config
    from generator.drafting.draft import Wishes
    from generator.drafting.questions import Question


@click.command(
    "new",
    help=said(
        "从表格（xlsx、xls、ods、csv、tsv、json、parquet）起草一个数据集：找出真正的表头，"
        "写出规范的 CSV 和完整的描述文件，不知道的逐项询问。发现个人信息就停下，什么都不写。",
        "Draft a dataset from spreadsheets (xlsx, xls, ods, csv, tsv, json, parquet): find the real header, write "
        "canonical CSV and a complete descriptor, and ask for what cannot be known. Personal data stop it, and nothing "
        "is written.",
    ),
)
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE..."
)
@click.option("--agency", default="", metavar="ID", help=said("部门：代号、名称或简称。", "The agency: id or name."))
@click.option("--title", default="", metavar="TEXT", help=said("数据集名称。", "Title of the dataset."))
@click.option("--name", default="", metavar="NAME", help=said("标识符。", "Identifier of the dataset."))
@click.option("--theme", default="", metavar="ID", help=said("主题：代号或中文。", "Theme: id or label."))
@click.option(
    "--openness",
    default="",
    metavar="ID",
    help=said("开放属性：unconditional、conditional 或 closed。", "unconditional, conditional or closed."),
)
@click.option(
    "--update-cycle", default="", metavar="ID", help=said("更新频率：代号或中文。", "Update cycle: id or label.")
)
@click.option(
    "--license", "license_", default="", metavar="NAME", help=said("许可，如 CC-BY-4.0。", "Licence, as CC-BY-4.0.")
)
@click.option(
    "--crs", default="", metavar="CODE", help=said("坐标系，如 EPSG:4490。", "Reference system of coordinates.")
)
@click.option(
    "--missing",
    default="",
    metavar="WORD",
    help=said(
        "“-”一类的含义：missing 没有数据、zero 数值 0、text 文字本身。",
        "What “-” and the like mean: missing, zero or text.",
    ),
)
@click.option(
    "--totals",
    default="",
    metavar="WORD",
    help=said("合计、小计行：drop 去掉（默认），keep 保留。", "Rows of totals: drop (default) or keep."),
)
@click.option(
    "--sheet",
    "sheets",
    multiple=True,
    metavar="NAME",
    help=said("只取这张工作表，可以写几次。", "Only this sheet; may be repeated."),
)
@click.option(
    "--drop",
    multiple=True,
    metavar="COLUMN",
    help=said("不收入这一列（写表头里的名称），可以写几次。", "Leave this column out; may be repeated."),
)
@click.option(
    "--rename",
    multiple=True,
    metavar="COLUMN=NAME",
    help=said("这一列的英文名，可以写几次。", "Name of a column; may be repeated."),
)
@click.option(
    "--chinese-names", is_flag=True, help=said("列名直接用中文，不取拼音。", "Keep the titles as the columns' names.")
)
@click.option("--hidden", is_flag=True, help=said("隐藏的工作表、行和列也收入。", "Also what is hidden in the sheet."))
@click.option(
    "--yes",
    is_flag=True,
    help=said("不提问，采用推测的答案，并在文件里标出。", "Ask nothing: take the proposals, and mark them."),
)
@click.option(
    "--dry-run", is_flag=True, help=said("只显示将写什么，不写。", "Show what would be written; write nothing.")
)
@click.option(
    "--force",
    is_flag=True,
    help=said("已有同名文件夹时覆盖其中的同名文件。", "Replace files of these names in a folder that is there."),
)
@with_options("datasets", "config", "today", "lang", "debug")
def new_command(files: tuple[Path, ...], **options: Any) -> int:
    own = {key: options.pop(key) for key in _OF_NEW}
    call = Call("new", jobs=None, state=None, no_state=True, **options)
    return carry_out(call, lambda: _new(call, files, own))


_OF_NEW = (
    *("agency", "title", "name", "theme", "openness", "update_cycle", "license_", "crs", "missing", "totals", "sheets"),
    *("drop", "rename", "chinese_names", "hidden", "yes", "dry_run", "force"),
)


def _new(call: Call, files: tuple[Path, ...], own: dict[str, Any]) -> int:
    from generator.drafting.draft import Stopped, draft
    from generator.drafting.known import Known
    from generator.drafting.questions import Asker
    from generator.drafting.telling import stopped, told
    from generator.drafting.writing import refuse_existing, write_folders
    from generator.read import read_catalog
    from generator.report import safe_lines, shown_path

    config = call.config()
    lang = call.language(config)
    known = Known.of(config, read_catalog(config, call.day()))
    asker = Asker(_stated(own), None if own["yes"] or not sys.stdin.isatty() else partial(_prompt, lang))
    try:
        made = draft(files, known, asker, _wishes(own), call.day())
    except Stopped as stop:
        print_text(safe_lines(stopped(stop.seen, lang)))
        return Exit.MEND
    if not own["dry_run"]:
        write_folders([(made.folder, made.files)], force=own["force"])
    elif not own["force"]:
        refuse_existing(made.folder)
    print_text(safe_lines(told(made, lang, shown_folder=shown_path(made.folder), written=not own["dry_run"])))
    checked = Exit.CLEAN if own["dry_run"] else _checked(call, config, made.folder)
    return Exit.MEND if made.is_damaged else checked


def _stated(own: Mapping[str, Any]) -> dict[str, str]:
    """What options answer, by the key of the question."""
    same = ("agency", "title", "name", "theme", "openness", "update_cycle", "crs", "missing", "totals")
    stated = {key: str(own[key]) for key in same}
    return stated | {"license": own["license_"]}


def _wishes(own: Mapping[str, Any]) -> Wishes:
    from generator.drafting.draft import Wishes

    pairs = [pair.partition("=") for pair in own["rename"]]
    if wrong := [title for title, equals, name in pairs if not equals or not name]:
        raise ConfigError(
            f"--rename 要写成「列名=英文名」，不是「{wrong[0]}」。", f"--rename wants COLUMN=NAME, not “{wrong[0]}”."
        )
    rename = {title: name for title, _equals, name in pairs}
    return Wishes(own["drop"], rename, own["chinese_names"], own["sheets"], own["hidden"])


def _prompt(lang: str, question: Question, number: int) -> str:
    """Ask until there is an answer that will do. Enter takes the proposal; where there is none, it stays open."""
    from generator.drafting.questions import chosen

    open_ = _LATER.to(lang)[0]
    labels = {value: label.to(lang)[0] for value, label in question.choices}
    for place, (id_, label) in enumerate(labels.items(), 1):
        click.echo(f"   {place}. {label}" + (f"  {id_}" if len(labels) > 4 else ""))
    proposed = labels.get(question.proposal, question.proposal) or open_
    while True:
        given = click.prompt(
            f"{number}. {question.text.to(lang)[0]}", default=proposed, prompt_suffix="：" if lang == "zh" else ": "
        )
        value = question.proposal if given in (proposed, "") else chosen(question, given)
        if value is None:
            click.echo(f"   {_NO_SUCH.to(lang)[0]}")
        elif refusal := question.refuse(value):
            click.echo(f"   {refusal.to(lang)[0]}")
        else:
            return value


_LATER = bilingual("以后再填", "later")


_NO_SUCH = bilingual("没有这一项，请输入序号或名称。", "There is no such choice: give its number or its name.")


def _checked(call: Call, config: Config, *folders: Path) -> int:
    """What the check says of what was just written."""
    from generator.build import Options, check
    from generator.report import exit_code

    report = check(replace(config, state=None), Options(today=call.day(), jobs=1), folders)
    show_report(replace(call, command="check"), config, report)
    return exit_code(report)


@click.command(
    "import",
    help=said(
        "读入部门填写的目录表（公共数据资源目录，xlsx、xls、ods 或 csv），每条资源起草一个文件夹，"
        "并报告哪些列、哪些值没有对上。已有的数据集不动。",
        "Read the catalogue sheet that agencies fill in (xlsx, xls, ods or csv) and draft a folder for each resource; "
        "tell which columns and values did not fit. Datasets that are there are left alone.",
    ),
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--agency",
    default="",
    metavar="ID",
    help=said("没有写提供方的资源归这个部门。", "The agency of resources that name none."),
)
@click.option(
    "--dry-run", is_flag=True, help=said("只显示将写什么，不写。", "Show what would be written; write nothing.")
)
@with_options("datasets", "config", "today", "lang", "debug")
def import_command(file: Path, agency: str, dry_run: bool, **options: Any) -> int:
    call = Call("import", jobs=None, state=None, no_state=True, **options)
    return carry_out(call, lambda: _import(call, file, agency, dry_run=dry_run))


def _import(call: Call, file: Path, agency: str, *, dry_run: bool) -> int:
    from generator.drafting.catalogue import read_catalogue
    from generator.drafting.known import Known
    from generator.drafting.stubs import stubs
    from generator.drafting.telling import imported
    from generator.drafting.writing import write_folders
    from generator.read import read_catalog
    from generator.report import safe_lines, shown_path

    config = call.config()
    catalog = read_catalog(config, call.day())
    known = Known.of(config, catalog)
    if agency and not known.agency(agency):
        raise ConfigError(f"没有部门「{agency}」。", f"There is no agency “{agency}”.")
    read = read_catalogue(file)
    made = stubs(
        read.entries,
        known,
        call.day(),
        titles={str(p.descriptor.get("title") or ""): p.folder for p in catalog.packages},
        codes={str(p.descriptor.get("catalogue_code") or ""): p.folder for p in catalog.packages},
        agency=known.agency(agency),
    )
    if not dry_run:
        write_folders(made.folders(config.datasets))
    lang = call.language(config)
    print_text(
        safe_lines(imported(file.name, read, made, lang, folder=shown_path(config.datasets), written=not dry_run))
    )
    return Exit.MEND if any(n.weight == "loud" for n in made.notes) else Exit.CLEAN


@click.command(
    "export",
    help=said(
        "把目录导出成部门填写的目录表（xlsx），只含公开的内容；可以再填写，用 kaishu import 读回。",
        "Export the catalogue as the sheet that agencies fill in (xlsx), public content only; kaishu import reads it.",
    ),
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help=said("覆盖已有的文件。", "Replace a file that is there."))
@with_options("datasets", "config", "jobs", "today", "lang", "state", "no-state", "debug")
def export_command(file: Path, force: bool, **options: Any) -> int:
    call = Call("export", **options)
    return carry_out(call, lambda: _export(call, file, force=force))


def _export(call: Call, file: Path, *, force: bool) -> int:
    from generator.build import Options, published
    from generator.exports.catalogue_sheet import catalog_xlsx
    from generator.report import exit_code, shown_path

    if file.suffix.lower() != ".xlsx":
        raise ConfigError(f"{file} 要以 .xlsx 结尾。", f"{file} must end in .xlsx.")
    if file.exists() and not force:
        raise ConfigError(
            f"{file} 已经有了，没有写。要覆盖请加 --force。", f"{file} is there already. Use --force to replace it."
        )
    config = call.config()
    site, report = published(config, Options(jobs=call.jobs, today=call.day()))
    content = catalog_xlsx(site)
    part = file.with_name(f".{file.name}.part")
    part.write_bytes(content)
    part.replace(file)
    lang = call.language(config)
    print_text(_EXPORTED.to(lang)[0].format(len(site.datasets), shown_path(file)))
    if report.left_out:
        print_text(_LEFT_OUT.to(lang)[0].format("、".join(report.left_out)))
    return exit_code(report)


_EXPORTED = bilingual("{} 个数据集已写入 {}", "{} datasets written to {}")


_LEFT_OUT = bilingual(
    "有错误、没有导出的：{}（详情见 kaishu check）", "In error, and not exported: {} (see kaishu check)"
)
