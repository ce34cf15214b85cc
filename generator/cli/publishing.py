"""Checking and publishing: build, check, serve, scan, explain, withdraw."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli.call import (
    WRITTEN,
    Call,
    build_and_tell,
    carry_out,
    check_below,
    has_colour,
    language_of_environment,
    print_text,
    run_and_report,
    said,
    with_options,
)
from generator.errors import ConfigError
from generator.exits import Exit
from generator.text import LANGUAGES, bilingual

if TYPE_CHECKING:
    from generator.build import Options, Report
    from generator.config import Config


_OF_A_BUILD = (
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
)
"""Options of whatever reads the datasets as a build does."""


@click.command(
    "build",
    help=said(
        "检查、转换数据集并生成站点。有错误的数据集不发布，其余照常。",
        "Check and convert the datasets and make the site. Datasets with errors are left out, the others published.",
    ),
)
@with_options(*_OF_A_BUILD, "format", "debug")
def build_command(**options: Any) -> int:
    def work(config: Config, given: Options) -> Report:
        from generator.build import build

        return build(config, given)

    return run_and_report(Call("build", **options), work)


@click.command(
    "check",
    help=said(
        "只检查，不生成站点。可给出要检查的数据集文件夹或文件，默认检查全部。给出 --site 时也检查能否写到那里。",
        "Check only, make no site. PATHs are folders or files of the datasets to check; default: all. With --site, "
        "also check whether a build could write there.",
    ),
)
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[PATH]...")
@with_options(*_OF_A_BUILD, "format", "debug")
def check_command(paths: tuple[Path, ...], **options: Any) -> int:
    def work(config: Config, given: Options) -> Report:
        from generator.build import check, inputs

        if options["site"]:
            from generator.publish import check_target

            check_target(config.site, inputs(config))
        check_below(paths, config.datasets)
        return check(config, given, paths)

    return run_and_report(Call("check", **options), work)


@click.command(
    "serve",
    help=said(
        "生成站点并在本机预览；数据集、页面、模板或配置变化时自动重建并刷新。",
        "Make the site and serve it on this machine; rebuild and reload when a dataset, page, template or the "
        "configuration changes.",
    ),
)
@with_options("host", "port", *_OF_A_BUILD, "debug")
def serve_command(host: str, port: int, **options: Any) -> int:
    call = Call("serve", **options)

    def work() -> int:
        from generator.serve import serve

        # Read once: what is tried out between two builds of a preview was never published.
        previous = call.last_release(call.config())
        serve(
            call.config,
            lambda config: build_and_tell(call, config, previous),
            host=host,
            port=port,
            lang=call.language(call.config()),
            write=lambda line: click.echo(line, err=True),
            debug=call.debug,
        )
        return Exit.CLEAN

    return carry_out(call, work)


@click.command(
    "scan",
    help=said(
        "在任何文件里查找身份证号、手机号、银行卡号等，不需要描述文件。提交到仓库之前在本机先查一遍。",
        "Search any files for resident IDs, mobile phones, bank cards and the like; no descriptor is needed. Meant for "
        "a look on this machine, before anything is committed.",
    ),
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH...")
@with_options("today", "lang", "format", "debug")
def scan_command(paths: tuple[Path, ...], **options: Any) -> int:
    call = Call("scan", datasets=None, config_file=None, jobs=None, state=None, no_state=True, **options)
    return carry_out(call, lambda: _scan(call, paths))


def _scan(call: Call, paths: tuple[Path, ...]) -> int:
    from generator.disclosure.scan import files_below, scan
    from generator.problems import catalogue
    from generator.report import View, scan_to_json, scan_to_text

    files = [file for path in paths for file in files_below(path)]
    problems = list(scan(files, call.day()))
    code = Exit.MEND if any(catalogue()[p.name].severity == "error" for p in problems) else Exit.CLEAN
    if call.format_ == "json":
        print_text(scan_to_json(problems, len(files), code))
    else:
        lang = call.lang or language_of_environment() or LANGUAGES[0]
        print_text(scan_to_text(problems, len(files), View(lang, Path.cwd(), colour=has_colour())))
    return code


@click.command(
    "explain",
    help=said(
        "说明一个编号（如 T105）或名称（如 type-date）：什么意思、为什么要紧、怎样改，附例子。不给编号时列出全部。",
        "Explain a code, as T105, or a name, as type-date: what it means, why it matters and how to mend it, with an "
        "example. Without one, all are listed.",
    ),
)
@click.argument("code", required=False, default="", metavar="[CODE]")
@with_options("config", "lang", "format")
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
    return carry_out(call, lambda: _explain(call, code))


def _explain(call: Call, code: str) -> int:
    from difflib import get_close_matches

    from generator.problems import catalogue
    from generator.problems.explanations import address, explanations, find
    from generator.problems.telling import to_json, to_text
    from generator.report import dump, safe_lines

    stated = call.lang or language_of_environment() or LANGUAGES[0]
    if not code:
        print_text("\n".join(f"{kind.code} {kind.name}  {kind.title.to(stated)[0]}" for kind in catalogue().values()))
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
        print_text(dump(to_json(explained, root)))
        return Exit.CLEAN
    for lang in LANGUAGES if stated == "both" else (stated,):
        page = f"{address(root, lang)}{kind.code.lower()}/" if root else ""
        print_text(safe_lines(to_text(explained, lang, page)) + ("\n" if lang != LANGUAGES[-1] else ""))
    return Exit.CLEAN


@click.command(
    "withdraw",
    help=said(
        "写明已发布的数据集（或资源）为什么撤回、改名或缩小开放：按上一次发布补全，"
        "写进它的 changes.yaml。不删除任何文件。",
        "State why a published dataset, or resource, is withdrawn, renamed or less open: an entry, filled in from the "
        "last release, is written into its changes.yaml. No file is deleted.",
    ),
)
@click.argument("name")
@click.option("--resource", default="", metavar="NAME", help=said("只涉及其中一个资源。", "Only this resource of it."))
@click.option(
    "--renamed-to", default="", metavar="NAME", help=said("改名：新的标识符。", "It was renamed: the new identifier.")
)
@click.option("--less-open", is_flag=True, help=said("缩小开放，没有撤回。", "It is less open, not withdrawn."))
@click.option("--reason", default="", metavar="TEXT", help=said("理由，会公开。", "The reason; it is published."))
@click.option(
    "--reviewed",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help=said("审核通过的日期。", "The day on which it was approved."),
)
@with_options("datasets", "config", "site", "today", "lang", "previous", "debug")
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
        click.echo(WRITTEN.to(lang)[0].format(shown_path(file)))
        if BLANK in written.values():
            click.echo(_FILL_IN.to(lang)[0].format(BLANK))
        if package and not less_open:
            click.echo(_TAKE_OUT.to(lang)[0])
        return Exit.CLEAN

    return carry_out(call, work)


_FILL_IN = bilingual("请在文件里填上「{}」处的内容。", "Fill in what is {} in this file.")


_TAKE_OUT = bilingual(
    "然后从描述文件中去掉这个资源；撤回整个数据集的，删去描述文件和数据，保留 changes.yaml。",
    "Then take the resource out of the descriptor; where the whole dataset goes, delete descriptor and data and keep "
    "changes.yaml.",
)
