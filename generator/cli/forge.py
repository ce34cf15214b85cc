"""For forges and hosts: ci, verify, freshness, codeowners, doctor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli.call import (
    FOLDER,
    WRITTEN,
    Call,
    carry_out,
    has_colour,
    language_of_environment,
    plain_call,
    print_text,
    said,
    with_options,
)
from generator.exits import Exit
from generator.text import LANGUAGES, bilingual

if TYPE_CHECKING:
    from generator.build import Options
    from generator.config import Config


@click.group(
    "ci",
    help=said(
        "持续集成：检查一个合并请求，并把结果写成评论。见 docs/ci.md。",
        "Continuous integration: check a pull request, and tell of it in a comment. See docs/ci.md.",
    ),
)
def ci_commands() -> None:
    pass


@ci_commands.command(
    "pr",
    help=said(
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
    help=said(
        "与哪个提交比较。默认取平台给出的事件（GITHUB_EVENT_PATH），或 CI_MERGE_REQUEST_DIFF_BASE_SHA。",
        "Commit to compare with. Default: that of the forge's event (GITHUB_EVENT_PATH), or of "
        "CI_MERGE_REQUEST_DIFF_BASE_SHA.",
    ),
)
@click.option(
    "--head",
    default="",
    metavar="SHA",
    help=said(
        "要检查的提交。默认为工作区现在的内容，包括没有提交的。",
        "Commit to check. Default: the working tree as it is, also what is not committed.",
    ),
)
@click.option(
    "--output",
    type=FOLDER,
    required=True,
    metavar="DIR",
    help=said("报告和预览写入的文件夹。", "Folder for report and preview."),
)
@click.option(
    "--format",
    "formats",
    type=click.Choice(("junit", "codequality")),
    multiple=True,
    help=said(
        "另外写出 GitLab 读的 junit.xml 或 codequality.json，可用多次。",
        "Also write junit.xml or codequality.json, which GitLab reads. Can be given twice.",
    ),
)
@click.option("--no-preview", is_flag=True, help=said("不生成预览。", "Make no preview."))
@click.option(
    "--others",
    type=click.IntRange(min=0),
    default=100,
    show_default=True,
    metavar="N",
    help=said(
        "未涉及的数据集不超过这么多时，也查一下并附注其中的错误；0 为不查。",
        "Up to this many untouched datasets are looked at as well, for a note on their faults; 0 for none.",
    ),
)
@with_options("datasets", "config", "jobs", "today", "lang", "previous", "debug")
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
            return run(read, wanted, base=base, head=head, say=print_text)

    return carry_out(call, work)


@ci_commands.command(
    "comment",
    help=said(
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
    help=said(
        "kaishu ci pr 写出的报告。它不可信，会先校验。", "What kaishu ci pr wrote. It is not trusted: validated first."
    ),
)
@click.option(
    "--event",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    metavar="FILE",
    help=said("workflow_run 的事件，即 GITHUB_EVENT_PATH。", "The workflow_run event, that is GITHUB_EVENT_PATH."),
)
@click.option("--dry-run", is_flag=True, help=said("只打印评论，不连接任何服务器。", "Print the comment, ask nobody."))
@click.option(
    "--author",
    default="github-actions[bot]",
    show_default=True,
    metavar="LOGIN",
    help=said("令牌的账号；只改这个账号自己的评论。", "Whose token it is: only its own comments are changed."),
)
@with_options("lang", "debug")
def ci_comment_command(report: Path, event: Path, dry_run: bool, author: str, **options: Any) -> int:
    call = plain_call("ci comment", **options)

    def work() -> int:
        from generator.ci.comment import comment

        done = comment(report, event, dry_run=dry_run, author=author)
        print_text(done.body if dry_run else f"{done.deed} #{done.number or '-'}")
        return Exit.CLEAN

    return carry_out(call, work)


@click.command(
    "verify",
    help=said(
        "核对站点文件夹：每个文件都与清单 manifest.json 一致，没有多出来的文件。",
        "Verify a site's folder: each file is as manifest.json says, and there is none besides.",
    ),
)
@click.argument("site", type=FOLDER)
@click.option(
    "--manifest",
    default="",
    metavar="FILE|URL",
    help=said(
        "用这份清单，而不是站点里的；可以是已发布站点的网址。",
        "This one instead of the site's own; also a web address.",
    ),
)
@with_options("lang", "debug")
def verify_command(site: Path, manifest: str, **options: Any) -> int:
    call = plain_call("verify", **options)

    def work() -> int:
        from generator.ci.verify import verify
        from generator.report import safe

        lang = call.lang or language_of_environment() or LANGUAGES[0]
        count, wrong = verify(site, manifest)
        for line in wrong:
            what, _, path = line.partition(": ")
            click.echo(f"✗ {_UNLIKE[what].to(lang)[0]}{safe(path)}")
        click.echo((_NOT_VERIFIED if wrong else _VERIFIED).to(lang)[0].format(len(wrong) if wrong else count))
        return Exit.MEND if wrong else Exit.CLEAN

    return carry_out(call, work)


_UNLIKE = {
    "missing": bilingual("缺少：", "missing: "),
    "not listed": bilingual("清单里没有：", "not listed: "),
    "changed": bilingual("内容不同：", "changed: "),
    "symbolic link": bilingual("是符号链接：", "symbolic link: "),
}
_NOT_VERIFIED = bilingual(
    "{} 个文件与清单不符，不要发布：用 kaishu build 重新生成；已发布的，查清是谁改的。",
    "Files that are not as the manifest says: {}. Do not publish: build again; if it is published, find out who "
    "changed it.",
)
_VERIFIED = bilingual("✓ {} 个文件都与清单一致", "✓ Files as the manifest says: {}")


@click.command(
    "freshness",
    help=said(
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
    help=said("列表的格式。", "Form of the list."),
)
@click.option(
    "--open-issues",
    is_flag=True,
    help=said(
        "在 GITHUB_REPOSITORY 上开、改、关问题单，用 GITHUB_TOKEN。",
        "Open, update and close issues in GITHUB_REPOSITORY, with GITHUB_TOKEN.",
    ),
)
@with_options("datasets", "config", "today", "lang", "debug")
def freshness_command(form: str, open_issues: bool, **options: Any) -> int:
    call = Call("freshness", jobs=None, state=None, no_state=True, **options)

    def work() -> int:
        from generator.ci import reminders
        from generator.read import read_catalog
        from generator.report import safe_lines

        config = call.config()
        found = reminders.reminders(read_catalog(config, call.day()), call.day())
        if form == "json":
            print_text(safe_lines(reminders.to_json(found, call.day())))
        elif form == "markdown":
            print_text(reminders.to_markdown(found))
        else:
            lines = list(reminders.to_text(found, call.language(config)))
            print_text(safe_lines("\n".join(lines)) if lines else _NOT_OVERDUE.to(call.language(config))[0])
        if open_issues:
            from generator.ci.forge import GitHub

            deeds = reminders.keep_issues(GitHub.of_environment(), found)
            click.echo(f"opened {deeds.opened} · updated {deeds.updated} · closed {deeds.closed}", err=True)
            return Exit.CLEAN
        return Exit.MEND if found else Exit.CLEAN

    return carry_out(call, work)


_NOT_OVERDUE = bilingual("✓ 没有逾期的数据集", "✓ Nothing is overdue")


@click.command(
    "codeowners",
    help=said(
        "由各部门 agency.yaml 的 approver 生成 CODEOWNERS 里标记之间的部分，其余各行不动。",
        "Make the marked part of CODEOWNERS from approver in the agencies' files; other lines stay.",
    ),
)
@click.option(
    "--check", is_flag=True, help=said("只核对，不写；不一致时退出码为 1。", "Write nothing; 1 where it differs.")
)
@with_options("datasets", "config", "lang", "debug")
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
        click.echo(WRITTEN.to(call.language(config))[0].format(shown_path(file)))
        return Exit.CLEAN

    return carry_out(call, work)


_SAME = bilingual("✓ {} 与各部门的审核人一致", "✓ {} is as the agencies' files say")


_DIFFERS = bilingual(
    "✗ {} 与各部门的审核人不一致，请运行 kaishu codeowners",
    "✗ {} is not what the agencies' files say: run kaishu codeowners",
)


@click.command(
    "doctor",
    help=said(
        "检查门户的设置；--online 时再访问门户自己的地址，看主机能不能好好提供数据。",
        "Look at the portal's settings; with --online also ask the portal's own address whether its host serves data "
        "as it should.",
    ),
)
@click.option(
    "--online",
    is_flag=True,
    help=said(
        "访问 portal.url：按范围读取、文件类型、跨站读取、404。不访问别的地址。",
        "Ask portal.url for ranges, types, reading from other sites, and a 404. No other address is asked.",
    ),
)
@with_options("datasets", "config", "today", "lang", "format", "debug")
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
            print_text(dump(findings_to_json(problems, severities, call.command)))
        else:
            print_text(findings(problems, severities, call.language(config), colour=has_colour()))
        return Exit.MEND if any(severities.of(problem) == "error" for problem in problems) else Exit.CLEAN

    return carry_out(call, work)
