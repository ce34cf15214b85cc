"""The command line: options in, texts and exit codes out. Everything else is done by what it calls.

Only light modules are imported at the top, so that ``--help`` answers at once.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import click

from generator import __version__
from generator.cli import changing, drafting, forge, publishing
from generator.cli.call import said
from generator.exits import Exit


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=said(
        "开数：把 Data Package 文件夹变成静态的中英双语开放数据门户。",
        "Kaishu turns folders of Data Packages into a static, bilingual open-data portal.",
    ),
    epilog=said(
        "退出码：0 全部发布或没有错误；1 有数据集需要修改，其余照常发布；2 配置有误或开数自身出错。",
        "Exit codes: 0 all published or no error; 1 a dataset is to be mended, the others are published; "
        "2 the configuration is wrong or Kaishu failed.",
    ),
)
@click.version_option(__version__, message="kaishu %(version)s", help=said("显示版本。", "Show the version."))
def commands() -> None:
    pass


for _command in (
    publishing.build_command,
    publishing.check_command,
    drafting.new_command,
    drafting.import_command,
    drafting.export_command,
    publishing.withdraw_command,
    publishing.scan_command,
    publishing.explain_command,
    changing.fix_command,
    changing.diff_command,
    publishing.serve_command,
    forge.ci_commands,
    forge.verify_command,
    forge.freshness_command,
    forge.codeowners_command,
    forge.doctor_command,
):
    commands.add_command(_command)


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
