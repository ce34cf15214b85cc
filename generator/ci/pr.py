"""``kaishu ci pr``: the story. ``request`` checks; here it is told, in all the ways a forge wants."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from generator import build
from generator.ci.annotations import Silence, command, to_annotations
from generator.ci.gitlab import to_codequality, to_junit
from generator.ci.places import Lines
from generator.ci.preview import Preview, write_preview
from generator.ci.record import Other, Record, Told, grouped, to_json
from generator.ci.request import OTHERS, Outcome, Trees, check_request, trees
from generator.ci.telling import SUMMARY, to_markdown
from generator.config import Config
from generator.exits import Exit
from generator.problems import catalogue
from generator.report import View, safe_lines, to_text
from generator.text import bilingual

REPORT = "report.json"
SUMMARY_FILE = "summary.md"
PREVIEW = "preview.zip"
JUNIT, CODEQUALITY = "junit.xml", "codequality.json"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is written, and how it is said."""

    output: Path
    formats: Sequence[str] = ()
    preview: bool = True
    others: int = OTHERS
    lang: str = "zh"
    debug: bool = False


def begin(output: Path) -> None:
    """Leave a report that tells of our own fault, which stays where nothing better takes its place."""
    output.mkdir(parents=True, exist_ok=True)
    _write(output / REPORT, to_json(Record("fault")))
    for name in (PREVIEW, SUMMARY_FILE, JUNIT, CODEQUALITY):
        (output / name).unlink(missing_ok=True)


def run(
    read: Callable[[], tuple[Config, build.Options]],
    wanted: Wanted,
    *,
    base: str,
    head: str,
    say: Callable[[str], None],
) -> Exit:
    """``say`` takes what standard output is to show. A report is left behind also where Kaishu itself failed."""
    begin(wanted.output)
    # Whatever is written meanwhile, also by a library that quotes a cell: the runner takes no line of it for a command.
    silence = Silence() if os.environ.get("GITHUB_ACTIONS") == "true" else None
    if silence:
        say(silence.begin)
    try:
        config, options = read()
        with trees(config, base=base, head=head) as given:
            outcome = check_request(given, options, others=wanted.others)
            record = record_of(outcome)
            _write(wanted.output / REPORT, to_json(record))
            preview = _preview(given, outcome, options, wanted, say) if wanted.preview else None
            if preview:
                record = replace(record, preview=preview.datasets)
                _write(wanted.output / REPORT, to_json(record))
            _tell(given, outcome, record, wanted, say, silence)
    except BaseException:
        _summarise(Record("fault"), wanted)
        raise
    return {"clean": Exit.CLEAN, "mend": Exit.MEND}.get(record.result, Exit.OUR_FAULT)


def record_of(outcome: Outcome) -> Record:
    severities, about = outcome.severities, outcome.touched
    ours = any(catalogue()[problem.name].code.startswith("K") for problem in outcome.problems)
    return Record(
        result="fault" if ours else "mend" if outcome.errors else "clean",
        touched=tuple(sorted(about.datasets)),
        dependent=tuple(sorted(about.dependent)),
        gone=tuple(sorted(about.gone)),
        counts=(len(about.datasets), len(about.dependent), len(about.gone)),
        errors=outcome.errors,
        advice=len(outcome.problems) - outcome.errors,
        groups=grouped(Told(problem, severities.of(problem)) for problem in outcome.problems),
        others=tuple(Other(note.dataset, note.errors) for note in outcome.others),
        unchecked=outcome.unchecked,
        differences=outcome.differences,
        prefix=outcome.prefix,
        base=outcome.request.base,
        head=outcome.request.head,
    )


def _preview(
    given: Trees, outcome: Outcome, options: build.Options, wanted: Wanted, say: Callable[[str], None]
) -> Preview | None:
    """A preview that fails is a fault of ours, and no reason to keep the findings back."""
    try:
        return write_preview(given, outcome, options, wanted.output / PREVIEW)
    except Exception as error:
        say(safe_lines(f"! {_NO_PREVIEW.to(wanted.lang)[0]} {type(error).__name__}: {error}"))
        if wanted.debug:
            say(safe_lines(traceback.format_exc()))
        return None


_NO_PREVIEW = bilingual("预览没有生成（不影响检查结果）：", "No preview was made (the findings stand):")
_OTHERS = bilingual(
    "! 未涉及的数据集原有问题，不影响这次合并：",
    "! Faults that untouched datasets had before, no matter for this merge:",
)


def _tell(
    given: Trees,
    outcome: Outcome,
    record: Record,
    wanted: Wanted,
    say: Callable[[str], None],
    silence: Silence | None,
) -> None:
    lines = Lines(given.head.datasets)
    say(_text(given, outcome, wanted).rstrip())
    if silence:
        say(silence.end)
        for annotation in to_annotations(record.groups, outcome.prefix, lines):
            say(annotation)
        if record.others:
            count = len(record.others)
            say(command("notice", f"{_OTHERS.to('zh')[0][2:]}{count}。 Others with faults: {count}.", title="kaishu"))
    _summarise(record, wanted)
    if "junit" in wanted.formats:
        _write(wanted.output / JUNIT, to_junit(record))
    if "codequality" in wanted.formats:
        _write(wanted.output / CODEQUALITY, to_codequality(record.groups, outcome.prefix, lines))


def _text(given: Trees, outcome: Outcome, wanted: Wanted) -> str:
    """As ``kaishu check`` tells it, for whoever reads the log."""
    blocked = {p.dataset for p in outcome.problems if outcome.severities.blocks(p) and p.dataset}
    about = outcome.touched
    report = build.Report(
        problems=outcome.problems,
        severities=outcome.severities,
        datasets=len(about.chosen),
        left_out=tuple(sorted(blocked)),
        seconds={"check": outcome.seconds},
        compared=len(about.chosen | about.gone),
    )
    text = to_text(report, View(wanted.lang, given.head.datasets, debug=wanted.debug))
    notes = "".join(f"\n  {note.dataset} · {note.errors}" for note in outcome.others)
    return text + (f"{_OTHERS.to(wanted.lang)[0]}{safe_lines(notes)}\n" if notes else "")


def _summarise(record: Record, wanted: Wanted) -> None:
    text = to_markdown(record, SUMMARY)
    _write(wanted.output / SUMMARY_FILE, text)
    if step := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(step).open("a", encoding="utf-8", errors="replace") as file:
            file.write(f"{text}\n")


def _write(file: Path, text: str) -> None:
    # A link that the request's branch brought along must not lead the report elsewhere.
    file.unlink(missing_ok=True)
    file.write_text(text, "utf-8", errors="replace")
