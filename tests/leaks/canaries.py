"""A private portal with a mark in every place that must not come out, and in some that must."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.leaks.sites import write_portal

Values = dict[str, Any]


@dataclass
class Marks:
    """Where each mark stands."""

    hidden: dict[str, str] = field(default_factory=dict)
    """Not to be found on the site."""
    of_data: dict[str, str] = field(default_factory=dict)
    """Of these, what only withheld data hold: neither in a report, a log or the state."""
    shown: dict[str, str] = field(default_factory=dict)
    """To be found, or the search would prove nothing."""
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1001))

    def hide(self, where: str, *, end: str = "金丝雀") -> str:
        mark = f"kanarie{next(self._numbers)}{end}"
        self.hidden[mark] = where
        return mark

    def cell(self, where: str, mark: str = "") -> str:
        mark = mark or f"zelle{next(self._numbers)}密"
        self.of_data[mark] = self.hidden[mark] = where
        return mark

    def show(self, where: str) -> str:
        mark = f"spatz{next(self._numbers)}麻雀"
        self.shown[mark] = where
        return mark

    def unknown(self, values: Values, where: str) -> Values:
        """With a property that no list names: a text, a list, an object, and its own name."""
        inner = {self.hide(f"{where}: key"): self.hide(f"{where}: in an object")}
        return {
            **values,
            "x_internal": self.hide(f"{where}: unknown property"),
            "x_list": [self.hide(f"{where}: in a list"), inner],
            self.hide(f"{where}: name of a property"): True,
        }


def marked_portal(folder: Path, *, public: bool = False) -> tuple[Path, Marks]:
    marks = Marks()
    files: dict[str, bytes] = {
        "stats/agency.yaml": _agency(marks),
        "terms.yaml": _shared_terms(marks),
        "demands.yaml": _demands(marks),
        "reuses.yaml": _reuses(marks),
        **{f"stats/{what}/changes.yaml": _changes(what, marks) for what in ("withdrawn", "renamed", "mixed")},
    }
    for name, kinds in {
        "mixed": ("unconditional", "conditional", "closed", "embargoed"),
        "shut": ("conditional",),
        "listed": ("closed",),
        "free": ("unconditional",),
        "bare": (),
    }.items():
        files |= _dataset(name, kinds, marks)
    if public:
        files = {path: content for path, content in files.items() if not path.endswith(("secret.csv", "绝密.csv"))}
    feedback = {"forge": "github", "repository": "https://forge.example/city/data"}
    return write_portal(folder, files, private=not public, feedback=feedback), marks


def _agency(marks: Marks) -> bytes:
    contact = marks.unknown(
        {"name": "数据科", "phone": "0750-0000001", "url": "https://stats.example/"}, "agency.contact"
    )
    body = {"name": marks.show("agency.name"), "approver": marks.hide("agency.approver"), "contact": contact}
    return _yaml(marks.unknown(body, "agency"), marks, "agency")


def _shared_terms(marks: Marks) -> bytes:
    at = "terms.yaml"
    block = {
        "title": marks.show(f"{at}: title"), "reason": marks.show(f"{at}: reason"), "conditions": ["限科研"],
        "purposes": ["科学研究"], "applicants": "高等院校", "security": ["加密存储"], "materials": ["申请表"],
        "legal_basis": "某法第二条", "legal_basis_url": "https://law.example/2", "response_days": 15,
        "channel": marks.unknown({"phone": "0750-0000004"}, f"{at}: channel"),
        "kept_at": marks.hide(f"{at}: kept_at"),
    }  # fmt: skip
    return _yaml({"general": marks.unknown(block, at)}, marks, at)


def _demands(marks: Marks) -> bytes:
    at = "demands.yaml"
    entry = {
        "id": "benches", "title": marks.show(f"{at}: title"), "wanted": marks.show(f"{at}: wanted"), "asked": "2026-04-01",
        "status": "published", "agency": "stats", "reply": marks.show(f"{at}: reply"), "replied": "2026-04-20",
        "datasets": ["free"],
    }  # fmt: skip
    return _yaml({"demands": [entry]}, marks, at)


def _reuses(marks: Marks) -> bytes:
    at = "reuses.yaml"
    entry = {
        "id": "walks", "title": marks.show(f"{at}: title"), "description": marks.show(f"{at}: description"),
        "type": "app", "url": "https://walks.example/", "published": "2026-04-02", "datasets": ["free"],
    }  # fmt: skip
    return _yaml({"reuses": [entry]}, marks, at)


def _changes(what: str, marks: Marks) -> bytes:
    """``mixed``: of a dataset that is still there."""
    at = f"changes of {what}"
    entry = {
        "what": "less-open" if what == "mixed" else what, "date": "2026-05-02", "title": "" if what == "mixed" else marks.show(f"{at}: title"),
        "from": "unconditional", "reason": marks.show(f"{at}: reason"), "reviewed": "2026-05-01",
        "reviewed_by": marks.show(f"{at}: reviewed_by"), "approver": marks.hide(f"{at}: approver"),
        "legal_basis": "某法", "release": "ab" * 32, "published": "2025-01-01", "modified": "2025-02-02",
        "successor": "free",
    }  # fmt: skip
    if what == "mixed":
        entry = {k: v for k, v in entry.items() if k not in ("title", "release", "published", "modified", "successor")}
        entry |= {"to": "conditional", "resource": "part-conditional"}
    return _yaml({"changes": [entry]}, marks, at)


def _dataset(name: str, kinds: tuple[str, ...], marks: Marks) -> dict[str, bytes]:
    at = f"{name}"
    access = _access(marks, at)
    descriptor: Values = {
        "name": name, "title": f"数据集 {marks.show(f'{at}.title')}", "title_en": "Set", "description": "说明。",
        "keywords": ["测试"], "theme": "transport", "update_cycle": "irregular", "source_department": "stats",
        "openness": "closed" if not kinds else kinds[0] if len(set(kinds)) == 1 and kinds[0] != "embargoed" else "conditional",
        "modified": "2026-05-01", "access": access,
        "licenses": [marks.unknown({"name": "CC-BY-4.0"}, f"{at}.licenses")],
        "contributors": [
            marks.unknown(
                {"title": marks.show(f"{at}.contributors.title"), "email": f"{marks.hide(f'{at}.contributors.email', end='x')}@x.example"},
                f"{at}.contributors",
            )
        ],
        "sources": [marks.unknown({"title": "来源", "email": f"{marks.hide(f'{at}.sources.email', end='x')}@x.example"}, f"{at}.sources")],
        "contact": marks.unknown({"phone": "0750-0000003"}, f"{at}.contact"),
        "collection": marks.unknown({"legal_basis": "某法", "items": [f"{name}-项"]}, f"{at}.collection"),
        "sharing": marks.unknown({"type": "none"}, f"{at}.sharing"),
        "spatial": marks.unknown({"name": "江门市", "code": "440700"}, f"{at}.spatial"),
        "temporal": marks.unknown({"start": "2024"}, f"{at}.temporal"),
        "waivers": [{"field": "x", "class": "mobile-phone", "reason": marks.hide(f"{at}.waivers.reason"),
                     "approver": marks.hide(f"{at}.waivers.approver"), "expires": "2026-12-31"}],
        "custody": {"register": marks.hide(f"{at}.custody")},
        "image": marks.hide(f"{at}.image"),
        "resources": [],
    }  # fmt: skip
    files: dict[str, bytes] = {}
    for kind in kinds:
        resource, data = _resource(name, kind, marks)
        descriptor["resources"].append(resource)
        files |= {f"stats/{name}/{path}": content for path, content in data.items()}
    if name == "free":
        x = descriptor["resources"][0]["schema"]["fields"][1]["name"]
        view = {
            "name": "by-name",
            "title": marks.show(f"{at}.views.title"),
            "resource": "part-unconditional",
            "type": "bar",
        }
        descriptor["views"] = [marks.unknown({**view, "x": x, "y": "amount"}, f"{at}.views")]
    files[f"stats/{name}/datapackage.yaml"] = _yaml(marks.unknown(descriptor, at), marks, at)
    files[f"stats/{name}/.{marks.hide(f'{at}: hidden file')}.csv"] = marks.cell(f"{at}: hidden file").encode()
    files[f"stats/{name}/{marks.hide(f'{at}: unlisted file')}.csv"] = marks.cell(f"{at}: unlisted file").encode()
    return files


def _access(marks: Marks, at: str) -> Values:
    channel = marks.unknown({"phone": "0750-0000002", "url": "https://apply.example/"}, f"{at}.access.channel")
    agreement = marks.unknown({"title": "协议"}, f"{at}.access.agreement")
    shared = {"use": "general"} if at == "shut" else {}
    return marks.unknown(
        {
            **shared,
            "reason": marks.show(f"{at}.access.reason") if at in ("shut", "listed", "bare") else "含有个人信息",
            "legal_basis": "某法第一条", "conditions": ["限科研"], "channel": channel, "agreement": agreement,
            "kept_at": marks.hide(f"{at}.access.kept_at"), "publish_verdict": False,
        },
        f"{at}.access",
    )  # fmt: skip


def _resource(dataset: str, kind: str, marks: Marks) -> tuple[Values, dict[str, bytes]]:
    at = f"{dataset}.{kind}"
    is_open = kind == "unconditional"
    show = marks.show if kind in ("unconditional", "conditional") else marks.hide  # closed: not even its columns
    if kind == "embargoed":
        show = marks.show
    cell = marks.show if is_open else marks.cell
    plain = {} if is_open else {"constraints": {"required": True}}  # an unknown one is an error of the standard
    fields = [
        marks.unknown({"name": "id", "title": show(f"{at}.fields.title"), "type": "integer", **plain}, f"{at}.fields"),
        marks.unknown({"name": show(f"{at}.fields.name"), "title": "名", "type": "string"}, f"{at}.fields"),
        {"name": "day", "title": "日期", "type": "date"},
        {"name": "amount", "title": "金额", "type": "number"},
    ]
    path = f"open-{marks.hide(f'{at}: file name')}.csv" if is_open else f"{marks.hide(f'{at}: file name')}-secret.csv"
    number = len(marks.hidden) + 10
    numbers = (f"4407{number}739100{number}", f"19{number % 80 + 10}-11-13", f"{number}73914407.{number}5")
    if not is_open:
        for what, mark in zip(("integer", "date", "number"), numbers, strict=True):
            marks.cell(f"{at}: {what}", mark)
    rows = [["id", fields[1]["name"], "day", "amount"], [numbers[0], cell(f"{at}: cell"), *numbers[1:]]]
    if is_open:  # several, so that there is something to draw
        rows += [[f"{numbers[0]}{n}", *rows[1][1:]] for n in range(3)]
    if not is_open:  # faults, so that there is something to tell
        rows[0].append(marks.cell(f"{at}: column"))
        rows.append(
            [marks.cell(f"{at}: wrong cell"), marks.cell(f"{at}: cell"), marks.cell(f"{at}: no date"), "x", "y", "z"]
        )
    resource: Values = {
        "name": f"part-{kind}", "title": f"资源 {marks.show(f'{at}.title')}", "path": path,
        "openness": "unconditional" if kind == "embargoed" else kind,
        "schema": marks.unknown({"fields": fields}, f"{at}.schema"),
    }  # fmt: skip
    if is_open:
        resource["schema"] |= {
            "missingValues": ["", "-"],
            "primaryKey": ["id"],
            "uniqueKeys": [["id", "day"]],
            "foreignKeys": [{"fields": ["id"], "reference": {"resource": "", "fields": ["id"]}}],
        }
    if kind == "embargoed":
        resource["access"] = {"embargo_until": "2026-12-31", "kept_at": marks.hide(f"{at}.access.kept_at")}
    if not is_open:
        resource["mediatype"] = f"text/{marks.hide(f'{at}.mediatype')}"
        resource["licenses"] = [{"name": marks.hide(f"{at}.licenses")}]
        resource["sources"] = [{"title": marks.hide(f"{at}.sources")}]
    content = "\n".join(",".join(row) for row in rows) + "\n"
    return marks.unknown(resource, at), {path: content.encode()}


def _yaml(value: Mapping[str, Any], marks: Marks, at: str) -> bytes:
    written = yaml.safe_dump(json.loads(json.dumps(value)), allow_unicode=True, sort_keys=False)
    first, _, rest = written.partition("\n")
    head, tail = marks.hide(f"{at}: comment"), marks.hide(f"{at}: comment behind a value")
    return f"# {head}\n{first}  # {tail}\n{rest}".encode()
