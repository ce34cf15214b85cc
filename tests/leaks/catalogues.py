"""Catalogues of anything that is not open, and what else could stand in the place of their data.

``catalogue(random)`` makes descriptors and open data; ``data(random, …)`` the data of one withheld resource, which may
be right, wrong or no table at all. Whatever only those data hold carries the ``MARK``.
"""

from __future__ import annotations

import datetime
import io
import json
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

import yaml

MARK = "qzxvkw"
"""Begins each text that only withheld data hold: nothing of it may be told. Long enough to be in no random name …"""
NUMBER = 73914407
"""Begins each number that only they hold. … nor in a checksum or a time."""
OPENNESS = ("unconditional", "conditional", "closed", "embargoed")
TYPES = ("string", "integer", "number", "date", "boolean", "datetime", "any")

Files = dict[str, bytes]


@dataclass
class Withheld:
    """One resource whose data are anywhere but on the site."""

    path: str
    """Relative to the datasets folder."""
    fields: list[dict[str, Any]]
    format: str
    delimiter: str = ","


@dataclass
class Catalogue:
    files: Files = field(default_factory=dict)
    """Descriptors, agencies, open data."""
    withheld: list[Withheld] = field(default_factory=list)


def catalogue(random: Random, *, datasets: int | None = None) -> Catalogue:
    made = Catalogue()
    agency = {"id": "stats", "name": "统计局", "contact": {"phone": "0750-0000001"}}
    made.files["stats/agency.yaml"] = _yaml(agency)
    for number in range(datasets or random.randint(1, 3)):
        _add_dataset(f"set-{number}", random, made)
    return made


def _add_dataset(name: str, random: Random, made: Catalogue) -> None:
    kinds = [random.choice(OPENNESS) for _ in range(random.randint(1, 3))]
    if not set(kinds) - {"unconditional"}:
        kinds.append(random.choice(OPENNESS[1:]))
    resources = []
    for number, kind in enumerate(kinds):
        resources.append(_resource(f"part-{number}", kind, name, random, made))
    for resource in resources:
        _maybe_refer(resource, resources, random)
    descriptor = {
        "name": name, "title": f"数据集 {name}", "description": "生成的数据集。", "keywords": ["测试"],
        "openness": random.choice(("unconditional", "conditional", "closed")), "theme": "transport",
        "update_cycle": random.choice(("irregular", "daily")), "source_department": "stats",
        "licenses": [{"name": "CC-BY-4.0"}],
        "access": {
            "reason": "含有个人信息", "legal_basis": "某法第一条", "conditions": ["限科研"],
            "channel": {"phone": "0750-0000002"},
        },
        "resources": resources,
    }  # fmt: skip
    if random.random() < 0.3:
        descriptor["modified"] = "2026-05-01"
    made.files[f"stats/{name}/datapackage.yaml"] = _yaml(descriptor)


def _resource(name: str, kind: str, dataset: str, random: Random, made: Catalogue) -> dict[str, Any]:
    fields = [_field(number, random) for number in range(random.randint(1, 5))]
    format_ = random.choice(("csv", "csv", "csv", "tsv", "xlsx", "json", "bin")) if kind != "unconditional" else "csv"
    path = f"{name}.{format_}"
    resource: dict[str, Any] = {"name": name, "title": f"资源 {name}", "path": path, "schema": {"fields": fields}}
    if format_ == "bin" or (kind != "unconditional" and random.random() < 0.15):
        del resource["schema"]
    if random.random() < 0.3 and "schema" in resource:
        resource["schema"]["primaryKey"] = [fields[0]["name"]]
    if kind == "unconditional":
        resource["openness"] = kind
        made.files[f"stats/{dataset}/{path}"] = _csv(
            [f["name"] for f in fields], _rows(fields, random, "", random.randint(0, 30), broken=False), ","
        )
        return resource
    resource["openness"] = "unconditional" if kind == "embargoed" else kind
    if kind == "embargoed":
        resource["access"] = {"embargo_until": "2026-12-31"}
    if random.random() < 0.2:
        resource["encoding"] = random.choice(("utf-8", "gb18030", "utf-16"))
    if random.random() < 0.1:
        resource["dialect"] = {"header": random.random() < 0.5}
    if random.random() < 0.1:
        resource["bytes"] = 4407
    delimiter = "\t" if format_ == "tsv" else ","
    made.withheld.append(Withheld(f"stats/{dataset}/{path}", fields, format_, delimiter))
    return resource


def _field(number: int, random: Random) -> dict[str, Any]:
    type_ = random.choice(TYPES)
    described: dict[str, Any] = {"name": f"f{number}", "title": f"字段{number}", "type": type_}
    constraints: dict[str, Any] = {}
    if random.random() < 0.2:
        constraints["required"] = True
    if random.random() < 0.15:
        constraints["unique"] = True
    if type_ == "string" and random.random() < 0.3:
        constraints |= random.choice(({"maxLength": 6}, {"enum": ["甲", "乙"]}, {"pattern": "[a-z]+"}))
    if type_ == "integer" and random.random() < 0.3:
        constraints["minimum"] = random.choice((0, 10**9))
    if constraints:
        described["constraints"] = constraints
    return described


def _maybe_refer(resource: dict[str, Any], resources: list[dict[str, Any]], random: Random) -> None:
    """A key from any table into any other: also from an open one into one that is not, and the other way round."""
    target = random.choice(resources)
    if random.random() < 0.25 and "schema" in resource and "schema" in target:
        key = {"fields": [resource["schema"]["fields"][0]["name"]]}
        reference = {
            "resource": target["name"] if target is not resource else "",
            "fields": [target["schema"]["fields"][0]["name"]],
        }
        resource["schema"]["foreignKeys"] = [key | {"reference": reference}]


# Data


def _cell(type_: str, random: Random, mark: str) -> str:
    number = random.randint(0, 9999)
    own = int(f"{NUMBER}{number:04}") if mark else number
    match type_:
        case "integer":
            return str(own)
        case "number":
            return f"{own}.25"
        case "date":
            return (datetime.date(2000, 1, 1) + datetime.timedelta(days=number)).isoformat()
        case "datetime":
            return f"{2000 + number % 20}-01-02T03:04:05"
        case "boolean":
            return random.choice(("true", "false"))
    return mark + "".join(random.choice(string.ascii_lowercase) for _ in range(random.randint(1, 9)))


def _rows(fields: list[dict[str, Any]], random: Random, mark: str, count: int, *, broken: bool) -> list[list[str]]:
    rows = [[_cell(f["type"], random, mark) for f in fields] for _ in range(count)]
    if not broken or not rows:
        return rows
    for _ in range(random.randint(1, 8)):
        row = random.choice(rows)
        fault = random.randrange(6)
        if fault == 0 and row:
            row[random.randrange(len(row))] = f"{mark} wrong 错 {random.random()}"
        elif fault == 1:
            row += [f"{mark}extra{random.random()}"] * random.randint(1, 3)
        elif fault == 2:
            del row[-1:]
        elif fault == 3:
            row[:] = [""] * len(row)
        elif fault == 4:
            rows.append(list(random.choice(rows)))
        elif row:
            row[0] = f'{mark}"quoted\n{mark}line'
    return rows


def _csv(names: list[str], rows: list[list[str]], delimiter: str) -> bytes:
    import csv

    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerows([names, *rows])
    return out.getvalue().encode()


WAYS = ("right", "wrong", "long", "columns", "labels", "encoding", "broken", "empty", "header", "noise", "none", "form")
"""How the data of a withheld resource may be."""


def data(one: Withheld, way: str, random: Random) -> bytes | None:
    """None for no file at all."""
    names = [f["name"] for f in one.fields]
    fields = list(one.fields)
    if way == "none":
        return None
    if way == "empty":
        return b""
    if way == "noise":
        return random.randbytes(random.randint(1, 3000))
    if way in ("columns", "labels"):
        for _ in range(random.randint(1, 4)):
            at = random.randint(0, len(names)) if way == "labels" else len(names)
            names.insert(at, f"{MARK}column{random.randint(0, 999)}")
            fields.insert(at, {"type": "string"})
    count = {"long": 1200, "header": 0}.get(way, random.randint(1, 40))
    rows = _rows(fields, random, MARK, count, broken=way in ("wrong", "encoding", "form"))
    content = _formed(one, names, rows)
    if way == "encoding":
        text = content.decode("utf-8", "ignore") + f"{MARK}人口,数据\n"
        return text.encode(random.choice(("gb18030", "utf-16", "utf-8-sig", "big5")), "ignore")
    if way == "broken":
        cut = random.randint(0, len(content))
        return content[:cut] + random.choice((b'"', b"\0", b"\xff\xfe", b"\r", b'"a"b\n')) + content[cut:]
    if way == "form":  # of another kind than its name says
        return random.choice((json.dumps({MARK: rows}).encode(), b"PK\x03\x04" + content, b"\x1f\x8b" + content))
    return content


def _formed(one: Withheld, names: list[str], rows: list[list[str]]) -> bytes:
    if one.format == "json":
        return json.dumps([dict(zip(names, row, strict=False)) for row in rows]).encode()
    if one.format == "xlsx":
        import xlsxwriter

        out = io.BytesIO()
        with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate([names, *rows]):
                sheet.write_row(number, 0, row)
        return out.getvalue()
    return _csv(names, rows, one.delimiter)


def with_data(made: Catalogue, random: Random) -> tuple[Mapping[str, bytes], list[str]]:
    """The catalogue's files with some data for each withheld resource, and in which way each is."""
    files, ways = dict(made.files), []
    for one in made.withheld:
        way = random.choice(WAYS)
        ways.append(way)
        content = data(one, way, random)
        if content is not None:
            files[one.path] = content
    return files, ways


def _yaml(value: Any) -> bytes:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False).encode()
