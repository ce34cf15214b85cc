"""What GitLab shows of a check: JUnit's report beside the tests, and that of code quality beside the lines."""

from __future__ import annotations

import hashlib
import json
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence

from generator.ci.annotations import Line, path_of
from generator.ci.markdown import shortened, visible
from generator.ci.record import Group, Record
from generator.problems import Problem, catalogue, words
from generator.report import cell_of

_LONGEST = 1000
_SEVERITIES: Mapping[str, str] = {"error": "major", "advice": "info"}


def to_junit(record: Record) -> str:
    """A suite for each dataset; each kind of problem in it is a test that failed. Advice fails no test."""
    suites = ET.Element("testsuites", name="kaishu")
    datasets = [*record.touched, *record.dependent]
    for name in dict.fromkeys([*datasets, *(_owner(group.first) for group in record.groups if group.blocks)]):
        groups = [group for group in record.groups if group.blocks and _owner(group.first) == name]
        suite = ET.SubElement(
            suites, "testsuite", name=visible(name), tests=str(max(1, len(groups))), failures=str(len(groups))
        )
        for group in groups:
            title = words(group.first, "zh")[0]
            case = ET.SubElement(
                suite,
                "testcase",
                classname=visible(name),
                name=visible(f"{catalogue()[group.first.name].code} {title} · {group.first.file}"),
                file=visible(group.first.file),
            )
            failure = ET.SubElement(case, "failure", message=shortened(visible(words(group.first, "zh")[1]), _LONGEST))
            failure.text = "\n".join(_lines(group))
        if not groups:
            ET.SubElement(suite, "testcase", classname=visible(name), name="kaishu")
    return ET.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _owner(problem: Problem) -> str:
    return problem.dataset or problem.file


def _lines(group: Group) -> list[str]:
    lines = []
    for problem in group.problems:
        where = f"{cell_of(problem)} " if cell_of(problem) else ""
        lines.append(shortened(visible(f"{where}{words(problem, 'zh')[1]}"), _LONGEST))
    if group.count > len(lines):
        lines.append(f"……另有 {group.count - len(lines)} 处 · {group.count - len(lines)} more")
    fix_zh, fix_en = words(group.first, "zh")[2], words(group.first, "en")[2]
    return [*lines, shortened(visible(f"怎么改：{fix_zh}"), _LONGEST), shortened(visible(f"EN: {fix_en}"), _LONGEST)]


def to_codequality(groups: Sequence[Group], prefix: str, line: Line) -> str:
    found = []
    taken: dict[str, int] = {}
    for group in groups:
        for problem in group.problems:
            path = path_of(prefix, problem)
            identity = json.dumps([problem.name, path, problem.resource, problem.field, problem.row])
            number = taken[identity] = taken.get(identity, 0) + 1
            title, message, fix = words(problem, "zh")
            found.append(
                {
                    "description": shortened(visible(f"{title}：{message} 怎么改：{fix}"), _LONGEST),
                    "check_name": catalogue()[problem.name].code,
                    "fingerprint": hashlib.sha256(f"{identity}{number}".encode()).hexdigest(),
                    "severity": _SEVERITIES[group.severity],
                    "location": {"path": visible(path), "lines": {"begin": line(problem) or 1}},
                }
            )
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"
