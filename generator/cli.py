"""The command line: options in, texts and exit codes out. Everything else is done by what it calls.

Only light modules are imported at the top, so that ``--help`` answers at once.
"""

from __future__ import annotations

import datetime
import logging
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from generator import __version__
from generator.clock import today
from generator.errors import ConfigError, ForgeError, KaishuError
from generator.exits import Exit
from generator.text import LANGUAGES, Text, bilingual

if TYPE_CHECKING:
    from generator.build import Options, Report
    from generator.config import Config
    from generator.drafting.draft import Wishes
    from generator.drafting.questions import Question
    from generator.releases import Previous

F = TypeVar("F", bound=Callable[..., Any])


def language_of_environment() -> str | None:
    """The reader's language after the usual variables; None where they do not say (unset, ``C``)."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "").partition(".")[0]
        if value:
            return None if value in ("C", "POSIX") else "zh" if value.lower().startswith("zh") else "en"
    return None


def _(zh: str, en: str) -> str:
    return bilingual(zh, en).to(language_of_environment() or LANGUAGES[0])[0]


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=_(
        "开数：把 Data Package 文件夹变成静态的中英双语开放数据门户。",
        "Kaishu turns folders of Data Packages into a static, bilingual open-data portal.",
    ),
    epilog=_(
        "退出码：0 全部发布或没有错误；1 有数据集需要修改，其余照常发布；2 配置有误或开数自身出错。",
        "Exit codes: 0 all published or no error; 1 a dataset is to be mended, the others are published; "
        "2 the configuration is wrong or Kaishu failed.",
    ),
)
@click.version_option(__version__, message="kaishu %(version)s", help=_("显示版本。", "Show the version."))
def commands() -> None:
    pass


_FOLDER = click.Path(file_okay=False, path_type=Path)
_OPTIONS: dict[str, Callable[[F], F]] = {
    "datasets": click.option(
        "--datasets",
        type=_FOLDER,
        metavar="DIR",
        help=_(
            "数据集所在文件夹。默认取配置文件，否则为 datasets。",
            "Folder of the datasets. Default: the configuration's, or datasets.",
        ),
    ),
    "config": click.option(
        "--config",
        "config_file",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help=_(
            "门户配置文件。默认为当前文件夹的 kaishu.yaml。",
            "The portal's configuration. Default: kaishu.yaml in the current folder.",
        ),
    ),
    "site": click.option(
        "--site",
        type=_FOLDER,
        metavar="DIR",
        help=_(
            "站点写入的文件夹，整体替换。默认取配置文件，否则为 site。",
            "Folder for the site; it is replaced as a whole. Default: the configuration's, or site.",
        ),
    ),
    "jobs": click.option(
        "--jobs",
        type=click.IntRange(min=1),
        metavar="N",
        help=_(
            "同时工作的进程数。默认每个处理器核心一个。",
            "Worker processes. Default: one for each processor core.",
        ),
    ),
    "today": click.option(
        "--today",
        type=click.DateTime(["%Y-%m-%d"]),
        metavar="DATE",
        help=_(
            "判断逾期等所用的日期，写作 2024-01-31。默认取 SOURCE_DATE_EPOCH，否则为今天。",
            "Date that due dates are held against, as 2024-01-31. Default: SOURCE_DATE_EPOCH, or today.",
        ),
    ),
    "lang": click.option(
        "--lang",
        type=click.Choice((*LANGUAGES, "both")),
        help=_(
            "消息的语言；both 为中文，每个问题另附英文。默认随系统语言，否则为门户的第一语言。",
            "Language of the messages; both is Chinese with each problem in English below. Default: the system's, or "
            "the portal's first.",
        ),
    ),
    "format": click.option(
        "--format",
        "format_",
        type=click.Choice(("text", "json")),
        default="text",
        show_default=True,
        help=_(
            "报告的格式。json 时标准输出只有一个 JSON 对象。",
            "Form of the report. With json, standard output is one JSON object.",
        ),
    ),
    "state": click.option(
        "--state",
        type=_FOLDER,
        metavar="DIR",
        help=_(
            "存放以往检查结论的文件夹，未改动的数据集不再重读。默认为配置文件旁的 .kaishu；删去只影响速度。",
            "Folder for what earlier runs found out, so that an unchanged dataset is not read again. Default: .kaishu "
            "beside the configuration. Deleting it costs time and nothing else.",
        ),
    ),
    "no-state": click.option(
        "--no-state",
        is_flag=True,
        help=_(
            "不用也不留以往的结论，全部重新检查。", "Neither use nor keep what was found out: check everything anew."
        ),
    ),
    "previous": click.option(
        "--previous",
        type=click.Path(path_type=Path),
        metavar="PATH",
        help=_(
            "上一次发布：它的 releases.json，或站点文件夹。与它比较有无撤回和缩小开放。默认为将被替换的站点。",
            "The last release: its releases.json, or the folder of its site. What was withdrawn or is less open since "
            "is told. Default: the site that is replaced.",
        ),
    ),
    "no-previous": click.option(
        "--no-previous",
        is_flag=True,
        help=_("不与上一次发布比较，也不沿用它的变更记录。", "Compare with no release, and carry on no log."),
    ),
    "debug": click.option(
        "--debug",
        is_flag=True,
        help=_(
            "出错时显示内部细节；报告里加上每张表是怎样判定的。",
            "Show the inner details of a failure, and in the report how the tables were judged.",
        ),
    ),
    "host": click.option(
        "--host", default="127.0.0.1", show_default=True, help=_("监听的地址。", "Address to listen on.")
    ),
    "port": click.option(
        "--port",
        type=click.IntRange(0, 65535),
        default=8000,
        show_default=True,
        help=_("监听的端口；0 为任一空闲端口。", "Port to listen on; 0 for any free one."),
    ),
}


def _options(*names: str) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        for name in reversed(names):
            function = _OPTIONS[name](function)
        return function

    return decorate


@dataclass(frozen=True, slots=True)
class Call:
    """What the options of one command said."""

    command: str
    datasets: Path | None
    config_file: Path | None
    jobs: int | None
    today: datetime.datetime | None
    lang: str | None
    debug: bool
    state: Path | None
    no_state: bool
    previous: Path | None = None
    no_previous: bool = False
    format_: str = "text"
    site: Path | None = None

    def config(self) -> Config:
        from generator.config import read_config

        config = read_config(self.config_file, datasets=self.datasets, site=self.site, state=self.state)
        return replace(config, state=None) if self.no_state else config

    def language(self, config: Config) -> str:
        stated = LANGUAGES[0] if self.lang == "both" else self.lang or language_of_environment()
        return stated or next((lang for lang in config.portal.languages if lang in LANGUAGES), LANGUAGES[0])

    def last_release(self, config: Config) -> Previous | None:
        from generator.releases import previous_site, read_previous

        if self.previous and self.no_previous:
            raise ConfigError(
                "--previous 与 --no-previous 只能用一个。", "Use either --previous or --no-previous, not both."
            )
        if self.no_previous:
            return None
        return read_previous(self.previous) if self.previous else previous_site(config.site)

    def day(self) -> datetime.date:
        return self.today.date() if self.today else today()


@commands.command(
    "build",
    help=_(
        "检查、转换数据集并生成站点。有错误的数据集不发布，其余照常。",
        "Check and convert the datasets and make the site. Datasets with errors are left out, the others published.",
    ),
)
@_options(
    "datasets",
    "config",
    "site",
    "jobs",
    "today",
    "lang",
    "state",
    "no-state",
    "previous",
    "no-previous",
    "format",
    "debug",
)
def build_command(**options: Any) -> int:
    def work(config: Config, given: Options) -> Report:
        from generator.build import build

        return build(config, given)

    return _report(Call("build", **options), work)


@commands.command(
    "check",
    help=_(
        "只检查，不生成站点。可给出要检查的数据集文件夹或文件，默认检查全部。给出 --site 时也检查能否写到那里。",
        "Check only, make no site. PATHs are folders or files of the datasets to check; default: all. With --site, "
        "also check whether a build could write there.",
    ),
)
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[PATH]...")
@_options(
    "datasets",
    "config",
    "site",
    "jobs",
    "today",
    "lang",
    "state",
    "no-state",
    "previous",
    "no-previous",
    "format",
    "debug",
)
def check_command(paths: tuple[Path, ...], **options: Any) -> int:
    def work(config: Config, given: Options) -> Report:
        from generator.build import check, inputs

        if options["site"]:
            from generator.publish import check_target

            check_target(config.site, inputs(config))
        _check_below(paths, config.datasets)
        return check(config, given, paths)

    return _report(Call("check", **options), work)


@commands.command(
    "new",
    help=_(
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
@click.option("--agency", default="", metavar="ID", help=_("部门：代号、名称或简称。", "The agency: id or name."))
@click.option("--title", default="", metavar="TEXT", help=_("数据集名称。", "Title of the dataset."))
@click.option("--name", default="", metavar="NAME", help=_("标识符。", "Identifier of the dataset."))
@click.option("--theme", default="", metavar="ID", help=_("主题：代号或中文。", "Theme: id or label."))
@click.option(
    "--openness",
    default="",
    metavar="ID",
    help=_("开放属性：unconditional、conditional 或 closed。", "unconditional, conditional or closed."),
)
@click.option(
    "--update-cycle", default="", metavar="ID", help=_("更新频率：代号或中文。", "Update cycle: id or label.")
)
@click.option(
    "--license", "license_", default="", metavar="NAME", help=_("许可，如 CC-BY-4.0。", "Licence, as CC-BY-4.0.")
)
@click.option("--crs", default="", metavar="CODE", help=_("坐标系，如 EPSG:4490。", "Reference system of coordinates."))
@click.option(
    "--missing",
    default="",
    metavar="WORD",
    help=_(
        "“-”一类的含义：missing 没有数据、zero 数值 0、text 文字本身。",
        "What “-” and the like mean: missing, zero or text.",
    ),
)
@click.option(
    "--totals",
    default="",
    metavar="WORD",
    help=_("合计、小计行：drop 去掉（默认），keep 保留。", "Rows of totals: drop (default) or keep."),
)
@click.option(
    "--sheet",
    "sheets",
    multiple=True,
    metavar="NAME",
    help=_("只取这张工作表，可以写几次。", "Only this sheet; may be repeated."),
)
@click.option(
    "--drop",
    multiple=True,
    metavar="COLUMN",
    help=_("不收入这一列（写表头里的名称），可以写几次。", "Leave this column out; may be repeated."),
)
@click.option(
    "--rename",
    multiple=True,
    metavar="COLUMN=NAME",
    help=_("这一列的英文名，可以写几次。", "Name of a column; may be repeated."),
)
@click.option(
    "--chinese-names", is_flag=True, help=_("列名直接用中文，不取拼音。", "Keep the titles as the columns' names.")
)
@click.option("--hidden", is_flag=True, help=_("隐藏的工作表、行和列也收入。", "Also what is hidden in the sheet."))
@click.option(
    "--yes",
    is_flag=True,
    help=_("不提问，采用推测的答案，并在文件里标出。", "Ask nothing: take the proposals, and mark them."),
)
@click.option("--dry-run", is_flag=True, help=_("只显示将写什么，不写。", "Show what would be written; write nothing."))
@click.option(
    "--force",
    is_flag=True,
    help=_("已有同名文件夹时覆盖其中的同名文件。", "Replace files of these names in a folder that is there."),
)
@_options("datasets", "config", "today", "lang", "debug")
def new_command(files: tuple[Path, ...], **options: Any) -> int:
    own = {key: options.pop(key) for key in _OF_NEW}
    call = Call("new", jobs=None, state=None, no_state=True, **options)
    return _told(call, lambda: _new(call, files, own))


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
        _write(safe_lines(stopped(stop.seen, lang)))
        return Exit.MEND
    if not own["dry_run"]:
        write_folders([(made.folder, made.files)], force=own["force"])
    elif not own["force"]:
        refuse_existing(made.folder)
    _write(safe_lines(told(made, lang, shown_folder=shown_path(made.folder), written=not own["dry_run"])))
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
    _show(replace(call, command="check"), config, report)
    return exit_code(report)


@commands.command(
    "import",
    help=_(
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
    help=_("没有写提供方的资源归这个部门。", "The agency of resources that name none."),
)
@click.option("--dry-run", is_flag=True, help=_("只显示将写什么，不写。", "Show what would be written; write nothing."))
@_options("datasets", "config", "today", "lang", "debug")
def import_command(file: Path, agency: str, dry_run: bool, **options: Any) -> int:
    call = Call("import", jobs=None, state=None, no_state=True, **options)
    return _told(call, lambda: _import(call, file, agency, dry_run=dry_run))


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
    _write(safe_lines(imported(file.name, read, made, lang, folder=shown_path(config.datasets), written=not dry_run)))
    return Exit.MEND if any(n.weight == "loud" for n in made.notes) else Exit.CLEAN


@commands.command(
    "export",
    help=_(
        "把目录导出成部门填写的目录表（xlsx），只含公开的内容；可以再填写，用 kaishu import 读回。",
        "Export the catalogue as the sheet that agencies fill in (xlsx), public content only; kaishu import reads it.",
    ),
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help=_("覆盖已有的文件。", "Replace a file that is there."))
@_options("datasets", "config", "jobs", "today", "lang", "state", "no-state", "debug")
def export_command(file: Path, force: bool, **options: Any) -> int:
    call = Call("export", **options)
    return _told(call, lambda: _export(call, file, force=force))


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
    _write(_EXPORTED.to(lang)[0].format(len(site.datasets), shown_path(file)))
    if report.left_out:
        _write(_LEFT_OUT.to(lang)[0].format("、".join(report.left_out)))
    return exit_code(report)


_EXPORTED = bilingual("{} 个数据集已写入 {}", "{} datasets written to {}")
_LEFT_OUT = bilingual(
    "有错误、没有导出的：{}（详情见 kaishu check）", "In error, and not exported: {} (see kaishu check)"
)


@commands.command(
    "withdraw",
    help=_(
        "写明已发布的数据集（或资源）为什么撤回、改名或缩小开放：按上一次发布补全，"
        "写进它的 changes.yaml。不删除任何文件。",
        "State why a published dataset, or resource, is withdrawn, renamed or less open: an entry, filled in from the "
        "last release, is written into its changes.yaml. No file is deleted.",
    ),
)
@click.argument("name")
@click.option("--resource", default="", metavar="NAME", help=_("只涉及其中一个资源。", "Only this resource of it."))
@click.option(
    "--renamed-to", default="", metavar="NAME", help=_("改名：新的标识符。", "It was renamed: the new identifier.")
)
@click.option("--less-open", is_flag=True, help=_("缩小开放，没有撤回。", "It is less open, not withdrawn."))
@click.option("--reason", default="", metavar="TEXT", help=_("理由，会公开。", "The reason; it is published."))
@click.option(
    "--reviewed",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help=_("审核通过的日期。", "The day on which it was approved."),
)
@_options("datasets", "config", "site", "today", "lang", "previous", "debug")
def withdraw_command(
    name: str,
    resource: str,
    renamed_to: str,
    less_open: bool,
    reason: str,
    reviewed: datetime.datetime | None,
    **options: Any,
) -> int:
    call = Call("withdraw", jobs=None, state=None, no_state=True, **options)

    def work() -> int:
        from generator import withdraw
        from generator.entries import BLANK, entry
        from generator.releases import Previous
        from generator.report import shown_path

        config = call.config()
        record, part = withdraw.find(name, resource, call.last_release(config) or Previous())
        package = withdraw.now(config, name, call.day())
        written = entry(
            record,
            what="renamed" if renamed_to else "less-open" if less_open else "withdrawn",
            today=call.day().isoformat(),
            part=part,
            after=withdraw.openness_now(package, record, part) if less_open else "",
            successor=renamed_to,
            named=package is not None and package.path.name != name,
            reason=reason or BLANK,
            reviewed=reviewed.date().isoformat() if reviewed else BLANK,
        )
        file = withdraw.add(config, record, package, written)
        lang = call.language(config)
        click.echo(_WRITTEN.to(lang)[0].format(shown_path(file)))
        if BLANK in written.values():
            click.echo(_FILL_IN.to(lang)[0].format(BLANK))
        if package and not less_open:
            click.echo(_TAKE_OUT.to(lang)[0])
        return Exit.CLEAN

    return _told(call, work)


_WRITTEN = bilingual("已写入 {}", "Written to {}")
_FILL_IN = bilingual("请在文件里填上「{}」处的内容。", "Fill in what is {} in this file.")
_TAKE_OUT = bilingual(
    "然后从描述文件中去掉这个资源；撤回整个数据集的，删去描述文件和数据，保留 changes.yaml。",
    "Then take the resource out of the descriptor; where the whole dataset goes, delete descriptor and data and keep "
    "changes.yaml.",
)


@commands.command(
    "scan",
    help=_(
        "在任何文件里查找身份证号、手机号、银行卡号等，不需要描述文件。提交到仓库之前在本机先查一遍。",
        "Search any files for resident IDs, mobile phones, bank cards and the like; no descriptor is needed. Meant for "
        "a look on this machine, before anything is committed.",
    ),
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH...")
@_options("today", "lang", "format", "debug")
def scan_command(paths: tuple[Path, ...], **options: Any) -> int:
    call = Call("scan", datasets=None, config_file=None, jobs=None, state=None, no_state=True, **options)
    return _told(call, lambda: _scan(call, paths))


def _scan(call: Call, paths: tuple[Path, ...]) -> int:
    from generator.disclosure.scan import files_below, scan
    from generator.problems import catalogue
    from generator.report import View, scan_to_json, scan_to_text

    files = [file for path in paths for file in files_below(path)]
    problems = list(scan(files, call.day()))
    code = Exit.MEND if any(catalogue()[p.name].severity == "error" for p in problems) else Exit.CLEAN
    if call.format_ == "json":
        _write(scan_to_json(problems, len(files), code))
    else:
        lang = call.lang or language_of_environment() or LANGUAGES[0]
        _write(scan_to_text(problems, len(files), View(lang, Path.cwd(), colour=_has_colour())))
    return code


@commands.command(
    "explain",
    help=_(
        "说明一个编号（如 T105）或名称（如 type-date）：什么意思、为什么要紧、怎样改，附例子。不给编号时列出全部。",
        "Explain a code, as T105, or a name, as type-date: what it means, why it matters and how to mend it, with an "
        "example. Without one, all are listed.",
    ),
)
@click.argument("code", required=False, default="", metavar="[CODE]")
@_options("config", "lang", "format")
def explain_command(code: str, config_file: Path | None, lang: str | None, format_: str) -> int:
    call = Call(
        "explain",
        datasets=None,
        config_file=config_file,
        jobs=None,
        today=None,
        lang=lang,
        debug=False,
        state=None,
        no_state=True,
        format_=format_,
    )
    return _told(call, lambda: _explain(call, code))


def _explain(call: Call, code: str) -> int:
    from difflib import get_close_matches

    from generator.problems import catalogue
    from generator.problems.explanations import address, explanations, find
    from generator.problems.telling import to_json, to_text
    from generator.report import dump, safe_lines

    stated = call.lang or language_of_environment() or LANGUAGES[0]
    if not code:
        _write("\n".join(f"{kind.code} {kind.name}  {kind.title.to(stated)[0]}" for kind in catalogue().values()))
        return Exit.CLEAN
    kind = find(code)
    if kind is None:
        known = [word for each in catalogue().values() for word in (each.code, each.name)]
        near = get_close_matches(code, known, n=3) + get_close_matches(code.upper(), known, n=3)
        zh, en = (f"最接近的：{'、'.join(near)}。", f" The nearest: {', '.join(near)}.") if near else ("", "")
        raise ConfigError(
            f"没有编号或名称为「{code}」的问题。{zh}运行 kaishu explain 列出全部。",
            f"There is no code or name “{code}”.{en} kaishu explain lists all.",
        )
    root = call.config().portal.url if call.config_file or Path("kaishu.yaml").is_file() else ""
    explained = explanations()[kind.name]
    if call.format_ == "json":
        _write(dump(to_json(explained, root)))
        return Exit.CLEAN
    for lang in LANGUAGES if stated == "both" else (stated,):
        page = f"{address(root, lang)}{kind.code.lower()}/" if root else ""
        _write(safe_lines(to_text(explained, lang, page)) + ("\n" if lang != LANGUAGES[-1] else ""))
    return Exit.CLEAN


@commands.command(
    "fix",
    help=_(
        "改正不会改变数据含义的写法：编码、行尾、全角数字、首尾空格、日期写法、千位分隔符、末尾空行空列等。"
        "先列出改动，加 --write 才写入；拿不准的列成问题。",
        "Mend what loses nothing: encoding, line ends, full-width digits, blanks, forms of dates, thousands "
        "separators, blank rows and columns at the end. The changes are shown; --write writes them. What is not "
        "certain is asked.",
    ),
)
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[PATH]...")
@click.option("--write", is_flag=True, help=_("写入文件。", "Write the files."))
@click.option(
    "--trim-text",
    is_flag=True,
    help=_("也去掉文字列首尾的空格。", "Also remove the blanks around texts that nothing is wrong with."),
)
@click.option(
    "--samples",
    type=click.IntRange(0, 1000),
    default=5,
    show_default=True,
    metavar="N",
    help=_("每个文件最多列出几行改动。", "Changed rows that are shown of a file."),
)
@_options("datasets", "config", "today", "lang", "format", "debug")
def fix_command(paths: tuple[Path, ...], write: bool, trim_text: bool, samples: int, **options: Any) -> int:
    call = Call("fix", jobs=None, state=None, no_state=True, **options)

    def work() -> int:
        import tempfile

        from generator import mending
        from generator.mending.telling import exit_code, to_json, to_text

        config = call.config()
        _check_below(paths, config.datasets)
        with tempfile.TemporaryDirectory(prefix="kaishu-") as folder:
            found = mending.plan(config, call.day(), Path(folder), paths, trim_text=trim_text, samples=samples)
            if write:
                mending.write(found.files)
                found = replace(found, written=True)
        if call.format_ == "json":
            _write(to_json(found, __version__))
        else:
            _write(to_text(found, call.language(config), config.datasets, colour=_has_colour()))
        return exit_code(found)

    return _told(call, work)


@commands.command(
    "diff",
    help=_(
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
    help=_("报告的格式。", "Form of the report."),
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help=_("写入文件，而不是标准输出。", "Write into a file instead of standard output."),
)
@click.option(
    "--dataset",
    "only",
    multiple=True,
    metavar="NAME",
    help=_("只比较这个数据集（标识符或文件夹）；可以写多次。", "Only this dataset (name or folder); may be repeated."),
)
@click.option(
    "--samples",
    type=click.IntRange(0, 100),
    default=5,
    show_default=True,
    metavar="N",
    help=_("每种变化最多列出几行。", "Rows of a kind that are shown."),
)
@_options("datasets", "config", "today", "lang", "debug")
def diff_command(
    base: str, head: str | None, format_: str, output: Path | None, only: tuple[str, ...], samples: int, **options: Any
) -> int:
    call = Call("diff", jobs=None, state=None, no_state=True, format_=format_, **options)

    def work() -> int:
        from generator.differences import diff, exit_code, shown

        config = call.config()
        found = diff(base, head, config=config, today=call.day(), only=only or None, samples=samples)
        text = shown(found, format_, call.language(config), colour=_has_colour() and not output)
        if output:
            output.write_text(text, "utf-8")
        else:
            _write(text)
        return exit_code(found, config.rules)

    return _told(call, work)


@commands.command(
    "serve",
    help=_(
        "生成站点并在本机预览；数据集、页面、模板或配置变化时自动重建并刷新。",
        "Make the site and serve it on this machine; rebuild and reload when a dataset, page, template or the "
        "configuration changes.",
    ),
)
@_options(
    "host",
    "port",
    "datasets",
    "config",
    "site",
    "jobs",
    "today",
    "lang",
    "state",
    "no-state",
    "previous",
    "no-previous",
    "debug",
)
def serve_command(host: str, port: int, **options: Any) -> int:
    call = Call("serve", **options)

    def work() -> int:
        from generator.serve import serve

        # Read once: what is tried out between two builds of a preview was never published.
        previous = call.last_release(call.config())
        serve(
            call.config,
            lambda config: _build_and_tell(call, config, previous),
            host=host,
            port=port,
            lang=call.language(call.config()),
            write=lambda line: click.echo(line, err=True),
            debug=call.debug,
        )
        return Exit.CLEAN

    return _told(call, work)


@commands.group(
    "ci",
    help=_(
        "持续集成：检查一个合并请求，并把结果写成评论。见 docs/ci.md。",
        "Continuous integration: check a pull request, and tell of it in a comment. See docs/ci.md.",
    ),
)
def ci_commands() -> None:
    pass


@ci_commands.command(
    "pr",
    help=_(
        "检查一个合并请求：只查它改动的数据集和受牵连的数据集，别人的错误不算。写出 report.json、summary.md 和可以直接"
        "打开的预览 preview.zip。",
        "Check a pull request: what it touches and what depends on that; faults of others do not count. Writes "
        "report.json, summary.md, and preview.zip, which opens from disk.",
    ),
)
@click.option(
    "--base",
    default="",
    metavar="SHA",
    help=_(
        "与哪个提交比较。默认取平台给出的事件（GITHUB_EVENT_PATH），或 CI_MERGE_REQUEST_DIFF_BASE_SHA。",
        "Commit to compare with. Default: that of the forge's event (GITHUB_EVENT_PATH), or of "
        "CI_MERGE_REQUEST_DIFF_BASE_SHA.",
    ),
)
@click.option(
    "--head",
    default="",
    metavar="SHA",
    help=_(
        "要检查的提交。默认为工作区现在的内容，包括没有提交的。",
        "Commit to check. Default: the working tree as it is, also what is not committed.",
    ),
)
@click.option(
    "--output",
    type=_FOLDER,
    required=True,
    metavar="DIR",
    help=_("报告和预览写入的文件夹。", "Folder for report and preview."),
)
@click.option(
    "--format",
    "formats",
    type=click.Choice(("junit", "codequality")),
    multiple=True,
    help=_(
        "另外写出 GitLab 读的 junit.xml 或 codequality.json，可用多次。",
        "Also write junit.xml or codequality.json, which GitLab reads. Can be given twice.",
    ),
)
@click.option("--no-preview", is_flag=True, help=_("不生成预览。", "Make no preview."))
@click.option(
    "--others",
    type=click.IntRange(min=0),
    default=100,
    show_default=True,
    metavar="N",
    help=_(
        "未涉及的数据集不超过这么多时，也查一下并附注其中的错误；0 为不查。",
        "Up to this many untouched datasets are looked at as well, for a note on their faults; 0 for none.",
    ),
)
@_options("datasets", "config", "jobs", "today", "lang", "previous", "debug")
def ci_pr_command(
    base: str, head: str, output: Path, formats: tuple[str, ...], no_preview: bool, others: int, **options: Any
) -> int:
    call = Call("ci pr", state=None, no_state=True, no_previous=not options["previous"], **options)

    def work() -> int:
        from generator import progress
        from generator.build import Options
        from generator.ci.pr import Wanted, run

        lang = call.lang or language_of_environment() or LANGUAGES[0]
        with progress.shown(lang) as told:

            def read() -> tuple[Config, Options]:
                config = call.config()
                return config, Options(call.day(), call.jobs, told, call.last_release(config))

            wanted = Wanted(output, formats, not no_preview, others, lang, call.debug)
            return run(read, wanted, base=base, head=head, say=_write)

    return _told(call, work)


@ci_commands.command(
    "comment",
    help=_(
        "把 report.json 写成合并请求里的一条评论，原地更新；全部通过而从未评论过的，不说话。只在默认分支的代码上运行。",
        "Tell of report.json in one comment on the pull request, updated in place; none where all is green and nothing "
        "was ever said. For the default branch's code only.",
    ),
)
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    metavar="FILE",
    help=_(
        "kaishu ci pr 写出的报告。它不可信，会先校验。", "What kaishu ci pr wrote. It is not trusted: validated first."
    ),
)
@click.option(
    "--event",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    metavar="FILE",
    help=_("workflow_run 的事件，即 GITHUB_EVENT_PATH。", "The workflow_run event, that is GITHUB_EVENT_PATH."),
)
@click.option("--dry-run", is_flag=True, help=_("只打印评论，不连接任何服务器。", "Print the comment, ask nobody."))
@click.option(
    "--author",
    default="github-actions[bot]",
    show_default=True,
    metavar="LOGIN",
    help=_("令牌的账号；只改这个账号自己的评论。", "Whose token it is: only its own comments are changed."),
)
@_options("lang", "debug")
def ci_comment_command(report: Path, event: Path, dry_run: bool, author: str, **options: Any) -> int:
    call = _plain_call("ci comment", **options)

    def work() -> int:
        from generator.ci.comment import comment

        done = comment(report, event, dry_run=dry_run, author=author)
        _write(done.body if dry_run else f"{done.deed} #{done.number or '-'}")
        return Exit.CLEAN

    return _told(call, work)


@commands.command(
    "verify",
    help=_(
        "核对站点文件夹：每个文件都与清单 manifest.json 一致，没有多出来的文件。",
        "Verify a site's folder: each file is as manifest.json says, and there is none besides.",
    ),
)
@click.argument("site", type=_FOLDER)
@click.option(
    "--manifest",
    default="",
    metavar="FILE|URL",
    help=_(
        "用这份清单，而不是站点里的；可以是已发布站点的网址。",
        "This one instead of the site's own; also a web address.",
    ),
)
@_options("lang", "debug")
def verify_command(site: Path, manifest: str, **options: Any) -> int:
    call = _plain_call("verify", **options)

    def work() -> int:
        from generator.ci.verify import verify
        from generator.report import safe

        count, wrong = verify(site, manifest)
        for line in wrong:
            click.echo(f"✗ {safe(line)}")
        if not wrong:
            click.echo(_VERIFIED.to(call.lang or language_of_environment() or LANGUAGES[0])[0].format(count))
        return Exit.MEND if wrong else Exit.CLEAN

    return _told(call, work)


_VERIFIED = bilingual("✓ {} 个文件都与清单一致", "✓ Files as the manifest says: {}")


@commands.command(
    "freshness",
    help=_(
        "列出超过承诺更新时间的数据集（多给一天）。--open-issues 时给每个部门维护一条问题单，更新后自动关闭。",
        "List datasets that are past their promised update, with a day of grace. With --open-issues keep one issue for "
        "each agency, which closes by itself.",
    ),
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json", "markdown")),
    default="text",
    show_default=True,
    help=_("列表的格式。", "Form of the list."),
)
@click.option(
    "--open-issues",
    is_flag=True,
    help=_(
        "在 GITHUB_REPOSITORY 上开、改、关问题单，用 GITHUB_TOKEN。",
        "Open, update and close issues in GITHUB_REPOSITORY, with GITHUB_TOKEN.",
    ),
)
@_options("datasets", "config", "today", "lang", "debug")
def freshness_command(form: str, open_issues: bool, **options: Any) -> int:
    call = Call("freshness", jobs=None, state=None, no_state=True, **options)

    def work() -> int:
        from generator.ci import reminders
        from generator.read import read_catalog
        from generator.report import safe_lines

        config = call.config()
        found = reminders.reminders(read_catalog(config, call.day()), call.day())
        if form == "json":
            _write(safe_lines(reminders.to_json(found, call.day())))
        elif form == "markdown":
            _write(reminders.to_markdown(found))
        else:
            lines = list(reminders.to_text(found, call.language(config)))
            _write(safe_lines("\n".join(lines)) if lines else _NOT_OVERDUE.to(call.language(config))[0])
        if open_issues:
            from generator.ci.forge import GitHub

            deeds = reminders.keep_issues(GitHub.of_environment(), found)
            click.echo(f"opened {deeds.opened} · updated {deeds.updated} · closed {deeds.closed}", err=True)
            return Exit.CLEAN
        return Exit.MEND if found else Exit.CLEAN

    return _told(call, work)


_NOT_OVERDUE = bilingual("✓ 没有逾期的数据集", "✓ Nothing is overdue")


@commands.command(
    "codeowners",
    help=_(
        "由各部门 agency.yaml 的 approver 生成 CODEOWNERS 里标记之间的部分，其余各行不动。",
        "Make the marked part of CODEOWNERS from approver in the agencies' files; other lines stay.",
    ),
)
@click.option(
    "--check", is_flag=True, help=_("只核对，不写；不一致时退出码为 1。", "Write nothing; 1 where it differs.")
)
@_options("datasets", "config", "lang", "debug")
def codeowners_command(check: bool, **options: Any) -> int:
    call = Call("codeowners", jobs=None, today=None, state=None, no_state=True, **options)

    def work() -> int:
        from generator.ci import codeowners
        from generator.ci.repository import root_of
        from generator.read import read_catalog
        from generator.report import shown_path

        config = call.config()
        root = root_of(config.datasets).resolve()
        found = codeowners.owners(read_catalog(config, call.day()), codeowners.prefix_of(config, root))
        file = codeowners.file_of(root)
        before = file.read_text("utf-8") if file.is_file() else ""
        after = codeowners.written(before, found)
        if check:
            click.echo((_SAME if before == after else _DIFFERS).to(call.language(config))[0].format(shown_path(file)))
            return Exit.CLEAN if before == after else Exit.MEND
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(after, "utf-8")
        click.echo(_WRITTEN.to(call.language(config))[0].format(shown_path(file)))
        return Exit.CLEAN

    return _told(call, work)


_SAME = bilingual("✓ {} 与各部门的审核人一致", "✓ {} is as the agencies' files say")
_DIFFERS = bilingual(
    "✗ {} 与各部门的审核人不一致，请运行 kaishu codeowners",
    "✗ {} is not what the agencies' files say: run kaishu codeowners",
)


@commands.command(
    "doctor",
    help=_(
        "检查门户的设置；--online 时再访问门户自己的地址，看主机能不能好好提供数据。",
        "Look at the portal's settings; with --online also ask the portal's own address whether its host serves data "
        "as it should.",
    ),
)
@click.option(
    "--online",
    is_flag=True,
    help=_(
        "访问 portal.url：按范围读取、文件类型、跨站读取、404。不访问别的地址。",
        "Ask portal.url for ranges, types, reading from other sites, and a 404. No other address is asked.",
    ),
)
@_options("datasets", "config", "today", "lang", "format", "debug")
def doctor_command(online: bool, **options: Any) -> int:
    call = Call("doctor", jobs=None, state=None, no_state=True, **options)

    def work() -> int:
        from generator.ci.doctor import examine
        from generator.problems import Severities
        from generator.report import dump, findings, findings_to_json

        config = call.config()
        severities = Severities(config.rules)
        found = examine(config, call.day(), online=online)
        problems = tuple(problem for problem in found if severities.of(problem) != "off")
        if call.format_ == "json":
            _write(dump(findings_to_json(problems, severities, call.command)))
        else:
            _write(findings(problems, severities, call.language(config), colour=_has_colour()))
        return Exit.MEND if any(severities.of(problem) == "error" for problem in problems) else Exit.CLEAN

    return _told(call, work)


def _plain_call(command: str, lang: str | None, debug: bool) -> Call:
    """Of a command that needs no portal."""
    return Call(command, None, None, None, None, lang, debug, None, True)


def _report(call: Call, work: Callable[[Config, Options], Report]) -> int:
    def run() -> int:
        from generator.report import exit_code, to_json

        config = call.config()
        report = _with_progress(call, config, work, call.last_release(config))
        if call.format_ == "json":
            _write(to_json(report, call.command, debug=call.debug))
        else:
            _show(call, config, report)
        return exit_code(report)

    return _told(call, run)


def _with_progress(
    call: Call, config: Config, work: Callable[[Config, Options], Report], previous: Previous | None
) -> Report:
    from generator import progress
    from generator.build import Options

    with progress.shown(call.language(config)) as told:
        return work(config, Options(jobs=call.jobs, today=call.day(), progress=told, previous=previous))


def _build_and_tell(call: Call, config: Config, previous: Previous | None) -> None:
    from generator.build import build

    _show(call, config, _with_progress(call, config, build, previous))


def _show(call: Call, config: Config, report: Report) -> None:
    from generator.report import View, to_text

    site = None if call.command == "check" else config.site
    from generator.problems.explanations import address

    language = "both" if call.lang == "both" else call.language(config)
    pages = address(config.portal.url, call.language(config))
    view = View(language, config.datasets, site, colour=_has_colour(), debug=call.debug, help=pages)
    _write(to_text(report, view))


def _check_below(paths: tuple[Path, ...], datasets: Path) -> None:
    root = datasets.resolve()
    for path in paths:
        if not path.resolve().is_relative_to(root):
            raise ConfigError(
                f"{path} 不在数据集文件夹 {datasets} 之内。可用 --datasets 指定另一个。",
                f"{path} does not lie in the datasets folder {datasets}. Name another one with --datasets.",
            )


def _has_colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _write(text: str) -> None:
    # Bytes: the same report in every locale, and JSON is UTF-8 whatever the terminal speaks.
    sys.stdout.flush()
    sys.stdout.buffer.write(text.rstrip("\n").encode() + b"\n")
    sys.stdout.buffer.flush()


# Failures


_OURS = bilingual(
    "这是开数自身的问题，不是数据的问题。请把下面的信息发给平台维护者。加上 --debug 可看到内部细节。",
    "This is Kaishu's own fault, not that of the data. Please send what stands below to the maintainers. "
    "--debug shows the inner details.",
)


def _told(call: Call, work: Callable[[], int]) -> int:
    """Do the work; say in text or JSON what stopped it."""
    logging.basicConfig(level=logging.INFO if call.debug else logging.ERROR, stream=sys.stderr)
    try:
        return work()
    except (click.ClickException, click.exceptions.Exit, BrokenPipeError):
        raise
    except KaishuError as error:
        _fail(call, _kind(error), error.text, error)
    except Exception as error:
        _fail(call, "internal", _OURS, error, f"{type(error).__name__}: {error}")
    return Exit.OUR_FAULT


def _kind(error: KaishuError) -> str:
    return (
        "configuration"
        if isinstance(error, ConfigError)
        else "forge"
        if isinstance(error, ForgeError)
        else "publication"
    )


def _fail(call: Call, kind: str, text: Text, error: Exception, detail: str = "") -> None:
    from generator.report import FORMAT, dump, safe, safe_lines

    words = {lang: text.to(lang)[0] for lang in LANGUAGES}
    if call.format_ == "json":
        failure = {"kind": kind, "message": words, "detail": detail}
        _write(
            dump(
                {
                    "kaishu": __version__,
                    "format": FORMAT,
                    "command": call.command,
                    "exit_code": Exit.OUR_FAULT,
                    "error": failure,
                }
            )
        )
    stated = call.lang or language_of_environment()
    # What is our own fault is said in both languages: it will be passed on.
    for lang in LANGUAGES if kind == "internal" or stated in (None, "both") else (stated,):
        click.echo(f"✗ {safe(words[lang])}", err=True)
    if detail:
        click.echo(f"  {safe(detail)}", err=True)
    if call.debug:
        click.echo(safe_lines("".join(traceback.format_exception(error))), err=True)


def main(arguments: list[str] | None = None) -> NoReturn:
    """The entry point of ``kaishu``."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that has no ✗ gets an escape instead of an exception.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # TextIO of a plain interpreter
    try:
        code = commands.main(arguments, prog_name="kaishu", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        code = Exit.INTERRUPTED
    except BrokenPipeError:
        # Whoever read the report went away (`kaishu check | head`). Python would complain when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = Exit.OUR_FAULT
    sys.exit(code)
