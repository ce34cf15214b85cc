"""What all commands share: their options, how they are told, and what stops them."""

from __future__ import annotations

import datetime
import logging
import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from generator import __version__
from generator.clock import today
from generator.errors import ConfigError, ForgeError, KaishuError
from generator.exits import Exit
from generator.text import LANGUAGES, Text, bilingual

if TYPE_CHECKING:
    from generator.build import Options, Report
    from generator.config import Config
    from generator.releases import Previous

F = TypeVar("F", bound=Callable[..., Any])


def language_of_environment() -> str | None:
    """The reader's language after the usual variables; None where they do not say (unset, ``C``)."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "").partition(".")[0]
        if value:
            return None if value in ("C", "POSIX") else "zh" if value.lower().startswith("zh") else "en"
    return None


def said(zh: str, en: str) -> str:
    return bilingual(zh, en).to(language_of_environment() or LANGUAGES[0])[0]


FOLDER = click.Path(file_okay=False, path_type=Path)


_OPTIONS: dict[str, Callable[[F], F]] = {
    "datasets": click.option(
        "--datasets",
        type=FOLDER,
        metavar="DIR",
        help=said(
            "数据集所在文件夹。默认取配置文件，否则为 datasets。",
            "Folder of the datasets. Default: the configuration's, or datasets.",
        ),
    ),
    "config": click.option(
        "--config",
        "config_file",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help=said(
            "门户配置文件。默认为当前文件夹的 kaishu.yaml。",
            "The portal's configuration. Default: kaishu.yaml in the current folder.",
        ),
    ),
    "site": click.option(
        "--site",
        type=FOLDER,
        metavar="DIR",
        help=said(
            "站点写入的文件夹，整体替换。默认取配置文件，否则为 site。",
            "Folder for the site; it is replaced as a whole. Default: the configuration's, or site.",
        ),
    ),
    "jobs": click.option(
        "--jobs",
        type=click.IntRange(min=1),
        metavar="N",
        help=said(
            "同时工作的进程数。默认每个处理器核心一个。",
            "Worker processes. Default: one for each processor core.",
        ),
    ),
    "today": click.option(
        "--today",
        type=click.DateTime(["%Y-%m-%d"]),
        metavar="DATE",
        help=said(
            "判断逾期等所用的日期，写作 2024-01-31。默认取 SOURCE_DATE_EPOCH，否则为今天。",
            "Date that due dates are held against, as 2024-01-31. Default: SOURCE_DATE_EPOCH, or today.",
        ),
    ),
    "lang": click.option(
        "--lang",
        type=click.Choice((*LANGUAGES, "both")),
        help=said(
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
        help=said(
            "报告的格式。json 时标准输出只有一个 JSON 对象。",
            "Form of the report. With json, standard output is one JSON object.",
        ),
    ),
    "state": click.option(
        "--state",
        type=FOLDER,
        metavar="DIR",
        help=said(
            "存放以往检查结论的文件夹，未改动的数据集不再重读。默认为配置文件旁的 .kaishu；删去只影响速度。",
            "Folder for what earlier runs found out, so that an unchanged dataset is not read again. Default: .kaishu "
            "beside the configuration. Deleting it costs time and nothing else.",
        ),
    ),
    "no-state": click.option(
        "--no-state",
        is_flag=True,
        help=said(
            "不用也不留以往的结论，全部重新检查。", "Neither use nor keep what was found out: check everything anew."
        ),
    ),
    "previous": click.option(
        "--previous",
        type=click.Path(path_type=Path),
        metavar="PATH",
        help=said(
            "上一次发布：它的 releases.json，或站点文件夹。与它比较有无撤回和缩小开放。默认为将被替换的站点。",
            "The last release: its releases.json, or the folder of its site. What was withdrawn or is less open since "
            "is told. Default: the site that is replaced.",
        ),
    ),
    "no-previous": click.option(
        "--no-previous",
        is_flag=True,
        help=said("不与上一次发布比较，也不沿用它的变更记录。", "Compare with no release, and carry on no log."),
    ),
    "debug": click.option(
        "--debug",
        is_flag=True,
        help=said(
            "出错时显示内部细节；报告里加上每张表是怎样判定的。",
            "Show the inner details of a failure, and in the report how the tables were judged.",
        ),
    ),
    "host": click.option(
        "--host", default="127.0.0.1", show_default=True, help=said("监听的地址。", "Address to listen on.")
    ),
    "port": click.option(
        "--port",
        type=click.IntRange(0, 65535),
        default=8000,
        show_default=True,
        help=said("监听的端口；0 为任一空闲端口。", "Port to listen on; 0 for any free one."),
    ),
}


def with_options(*names: str) -> Callable[[F], F]:
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


def plain_call(command: str, lang: str | None, debug: bool) -> Call:
    """Of a command that needs no portal."""
    return Call(command, None, None, None, None, lang, debug, None, True)


def run_and_report(call: Call, work: Callable[[Config, Options], Report]) -> int:
    def run() -> int:
        from generator.report import exit_code, to_json

        config = call.config()
        report = with_progress(call, config, work, call.last_release(config))
        if call.format_ == "json":
            print_text(to_json(report, call.command, debug=call.debug))
        else:
            show_report(call, config, report)
        return exit_code(report)

    return carry_out(call, run)


def with_progress(
    call: Call, config: Config, work: Callable[[Config, Options], Report], previous: Previous | None
) -> Report:
    from generator import progress
    from generator.build import Options

    with progress.shown(call.language(config)) as told:
        return work(config, Options(jobs=call.jobs, today=call.day(), progress=told, previous=previous))


def build_and_tell(call: Call, config: Config, previous: Previous | None) -> None:
    from generator.build import build

    show_report(call, config, with_progress(call, config, build, previous))


def show_report(call: Call, config: Config, report: Report) -> None:
    from generator.report import View, to_text

    site = None if call.command == "check" else config.site
    from generator.problems.explanations import address

    language = "both" if call.lang == "both" else call.language(config)
    pages = address(config.portal.url, call.language(config))
    view = View(language, config.datasets, site, colour=has_colour(), debug=call.debug, help=pages)
    print_text(to_text(report, view))


def check_below(paths: tuple[Path, ...], datasets: Path) -> None:
    root = datasets.resolve()
    for path in paths:
        if not path.resolve().is_relative_to(root):
            raise ConfigError(
                f"{path} 不在数据集文件夹 {datasets} 之内。可用 --datasets 指定另一个。",
                f"{path} does not lie in the datasets folder {datasets}. Name another one with --datasets.",
            )


def has_colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def print_text(text: str) -> None:
    # Bytes: the same report in every locale, and JSON is UTF-8 whatever the terminal speaks.
    sys.stdout.flush()
    sys.stdout.buffer.write(text.rstrip("\n").encode() + b"\n")
    sys.stdout.buffer.flush()


_OURS = bilingual(
    "这是开数自身的问题，不是数据的问题。请把下面的信息发给平台维护者。加上 --debug 可看到内部细节。",
    "This is Kaishu's own fault, not that of the data. Please send what stands below to the maintainers. "
    "--debug shows the inner details.",
)


def carry_out(call: Call, work: Callable[[], int]) -> int:
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
        print_text(
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


WRITTEN = bilingual("已写入 {}", "Written to {}")
"""With a file's name."""
