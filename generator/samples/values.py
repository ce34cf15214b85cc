"""Texts that a column may hold, by its type, format and constraints; endless for most.

They need not all be valid: frictionless says which are. They should look invented and be easy to read.
"""

from __future__ import annotations

import base64
import datetime
import json
import random
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from decimal import ROUND_CEILING, Decimal
from itertools import count
from typing import Any

from generator.public import Field
from generator.samples.pattern import matching

Bound = Callable[[str], Any]
"""Value of a constraint, by its name, in the type's own form."""
_LONGEST = 2000


def candidates(field: Field, chance: random.Random, bound: Bound) -> Iterator[str]:
    enum = field.constraints.get("enum")
    if isinstance(enum, list) and enum:
        yield from _chosen(field, enum, chance)
        return
    categories = field.properties.get("categories")
    if isinstance(categories, list) and categories:
        values = [each.get("value") if isinstance(each, Mapping) else each for each in categories]
        yield from _chosen(field, [value for value in values if value is not None], chance)
        return
    yield from TYPES.get(field.type, _nothing)(field, chance, bound)


def _chosen(field: Field, values: list[Any], chance: random.Random) -> Iterator[str]:
    texts = [_as_text(field, value) for value in values]
    while texts:
        yield chance.choice(texts)


def _as_text(field: Field, value: Any) -> str:
    """A value of an enumeration as a cell has it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return _boolean_texts(field)[0 if value else 1]
    if isinstance(value, int | float) and field.type in ("number", "integer"):
        return _number(field, Decimal(str(value)))
    return str(value) if isinstance(value, int | float) else json.dumps(value, ensure_ascii=False)


def _nothing(_: Field, __: random.Random, ___: Bound) -> Iterator[str]:
    yield from ()


# ---- texts


def _string(field: Field, chance: random.Random, _: Bound) -> Iterator[str]:
    pattern = field.constraints.get("pattern")
    if isinstance(pattern, str):
        yield from matching(pattern, chance)
    elif field.format in FORMATS:
        for number in count(1):
            yield FORMATS[field.format](number)
    else:
        yield from _words(field)


# Names that are set aside for examples (RFC 2606), and forms that no generator of real ones gives.
FORMATS: Mapping[str, Callable[[int], str]] = {
    "email": lambda number: f"synthetic{number}@example.com",
    "uri": lambda number: f"https://example.com/synthetic/{number}",
    "uuid": lambda number: str(uuid.UUID(int=number, version=4)),
    "binary": lambda number: base64.b64encode(f"synthetic {number}".encode()).decode(),
    "wkt": lambda number: f"POINT (0 0.{number:02})",
}


def _words(field: Field) -> Iterator[str]:
    least, most = _length(field, "minLength", 0), _length(field, "maxLength", _LONGEST)
    if least > _LONGEST or most < 1 or least > most:
        return
    for number in count(1):
        yield from (_fitted(text, least, most) for text in _forms(field, number, least, most))


def _forms(field: Field, number: int, least: int, most: int) -> tuple[str, ...]:
    """From the most telling to the shortest. What is of one length is a code, and has no Chinese in it."""
    digits = f"{number:04}"
    label = "".join(c for c in re.sub(r"[（(].*", "", field.title.main) if c.isalnum())[:12]
    if least == most or _CODE.search(field.name) or label.endswith(("代码", "编号", "号码", "号")):
        long = f"SAMPLE{number:0{max(4, least - 6)}}"
        return tuple(form for form in (long, f"S{digits}", str(number), _letters(number)) if len(form) <= most)[:1]
    told = f"{label or field.name}示例{number}"
    return tuple(form for form in (told, f"示例{number}", f"S{number}", _letters(number)) if len(form) <= most)[:1]


_CODE = re.compile(r"(^|_)(code|id|no|number|key)$", re.IGNORECASE)


def _letters(number: int) -> str:
    """A, B, … Z, AA, …"""
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def _fitted(text: str, least: int, most: int) -> str:
    return text.ljust(least, "·" if most > least else "0")


def _length(field: Field, name: str, otherwise: int) -> int:
    value = field.constraints.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else otherwise


def _any(field: Field, _: random.Random, __: Bound) -> Iterator[str]:
    yield from _words(field)


# ---- numbers


def _range(bound: Bound, step: Any, low: Any, span: Any) -> tuple[Any, Any]:
    """Least and largest value; ``step`` is the least by which a value lies within an exclusive bound."""
    lower, upper = bound("minimum"), bound("maximum")
    above, below = bound("exclusiveMinimum"), bound("exclusiveMaximum")
    if above is not None and (lower is None or above >= lower):
        lower = above + step
    if below is not None and (upper is None or below <= upper):
        upper = below - step
    if lower is None:
        lower = low if upper is None or low <= upper else _moved(upper, -span)
    if upper is None:
        upper = _moved(lower, span)
    return lower, min(upper, lower + span) if upper - lower > 1000 * span else upper


def _moved(end: Any, by: Any) -> Any:
    """Time has a first and a last day."""
    try:
        return end + by
    except OverflowError:
        return end


def _integer(field: Field, chance: random.Random, bound: Bound) -> Iterator[str]:
    least, most = _range(bound, 1, 0, 999)
    while least <= most:
        value = Decimal(chance.randint(int(least), int(most)))
        yield _number(field, value)
        yield str(value)  # frictionless reads no groupChar in integers


def _real(field: Field, chance: random.Random, bound: Bound) -> Iterator[str]:
    limits = {name: _decimal(bound(name)) for name in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")}
    ends = [value for value in limits.values() if value is not None]
    width = max(ends) - min(ends) if len(ends) > 1 else Decimal(1000)
    # Two places, more where the range is narrow.
    places = 2 if width > 1 or not width else min(30, 2 - width.adjusted())
    step = Decimal(1).scaleb(-places)
    least, most = _range(limits.get, step, Decimal(0), Decimal(1000))
    if least == most:
        while True:
            yield _number(field, least)
    first, last = ((end / step).to_integral_value(ROUND_CEILING) for end in (least, most))
    while True:
        value = Decimal(chance.randint(int(first), int(last))) * step
        yield _number(field, min(max(value, least), most))


def _decimal(value: Any) -> Decimal | None:
    made = Decimal(str(value)) if value is not None else None
    return made if made is not None and made.is_finite() else None


def _number(field: Field, value: Decimal) -> str:
    """As the column writes numbers."""
    group = field.properties.get("groupChar")
    point = field.properties.get("decimalChar")
    text = f"{value:,f}" if isinstance(group, str) and group else f"{value:f}"
    signs = {",": group if isinstance(group, str) else "", ".": point if isinstance(point, str) and point else "."}
    text = "".join(signs.get(sign, sign) for sign in text)
    if field.properties.get("bareNumber") is not False:
        return text
    unit = field.unit if field.unit and not re.search(r"[\d.,-]", field.unit) else "%"
    return f"{text} {unit}"


def _boolean_texts(field: Field) -> tuple[str, str]:
    stated = (field.properties.get("trueValues"), field.properties.get("falseValues"))
    listed = (values if isinstance(values, list) else () for values in stated)
    yes, no = (next((v for v in values if isinstance(v, str)), "") for values in listed)
    return yes or "true", no or "false"


def _boolean(field: Field, chance: random.Random, _: Bound) -> Iterator[str]:
    while True:
        yield chance.choice(_boolean_texts(field))


# ---- times


_DAY = datetime.timedelta(days=1)
_FIRST = datetime.datetime(2024, 1, 1, 8)  # noqa: DTZ001  as most tables, without a zone


def _date(field: Field, chance: random.Random, bound: Bound) -> Iterator[str]:
    least, most = _range(bound, _DAY, _FIRST.date(), 365 * _DAY)
    while least <= most:
        day = least + _DAY * chance.randint(0, (most - least).days)
        yield day.isoformat() if field.format in ("", "default", "any") else day.strftime(field.format)


def _datetime(field: Field, chance: random.Random, bound: Bound) -> Iterator[str]:
    second = datetime.timedelta(seconds=1)
    limits = [bound(name) for name in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")]
    zone = next((limit.tzinfo for limit in limits if limit is not None and limit.tzinfo), None)
    if "%z" in field.format:
        zone = zone or datetime.UTC
    least, most = _range(bound, second, _FIRST.replace(tzinfo=zone), 365 * _DAY)
    while least <= most:
        moment = least + second * chance.randint(0, int((most - least).total_seconds()))
        is_iso = field.format in ("", "default", "any")
        yield moment.isoformat(timespec="seconds") if is_iso else moment.strftime(field.format)


def _time(field: Field, chance: random.Random, bound: Bound) -> Iterator[str]:
    def since_midnight(name: str) -> int | None:
        limit = bound(name)
        return None if limit is None else limit.hour * 3600 + limit.minute * 60 + limit.second

    least, most = _range(since_midnight, 1, 0, 86_399)
    while least <= most:
        at = (_FIRST.replace(hour=0) + datetime.timedelta(seconds=chance.randint(least, min(most, 86_399)))).time()
        yield at.isoformat() if field.format in ("", "default", "any") else at.strftime(field.format)


def _year(_: Field, chance: random.Random, bound: Bound) -> Iterator[str]:
    least, most = _range(bound, 1, 2015, 9)
    while least <= most:
        yield f"{chance.randint(least, most):04}"


def _yearmonth(_: Field, chance: random.Random, bound: Bound) -> Iterator[str]:
    def months(name: str) -> int | None:
        limit = bound(name)
        return None if limit is None else limit.year * 12 + limit.month - 1

    least, most = _range(months, 1, 2024 * 12, 35)
    while least <= most:
        year, month = divmod(chance.randint(least, most), 12)
        yield f"{year:04}-{month + 1:02}"


def _duration(_: Field, chance: random.Random, bound: Bound) -> Iterator[str]:
    stated = [bound(name) for name in ("minimum", "maximum")]
    days = [limit.days for limit in stated if isinstance(limit, datetime.timedelta)]
    first = min(days, default=1)
    while True:
        yield f"P{max(0, first + chance.randint(0, 30))}DT{chance.randint(0, 23)}H"


# ---- places, and values of several parts. Points lie in the sea, where the equator meets the meridian of Greenwich.


def _geopoint(field: Field, chance: random.Random, _: Bound) -> Iterator[str]:
    while True:
        lon, lat = (f"0.{chance.randint(1, 99):02}" for _ in range(2))
        if field.format == "array":
            yield f"[{lon}, {lat}]"
        elif field.format == "object":
            yield f'{{"lon": {lon}, "lat": {lat}}}'
        else:
            yield f"{lon}, {lat}"


def _geojson(field: Field, chance: random.Random, _: Bound) -> Iterator[str]:
    while True:
        point = [chance.randint(1, 99) / 100, chance.randint(1, 99) / 100]
        if field.format == "topojson":
            yield json.dumps(
                {"type": "Topology", "objects": {"p": {"type": "Point", "coordinates": point}}, "arcs": []}
            )
        else:
            yield json.dumps({"type": "Point", "coordinates": point})


def _sizes(field: Field) -> tuple[int, int]:
    least = _length(field, "minLength", 1)
    return least, min(_length(field, "maxLength", least + 2), least + 2)


def _array(field: Field, chance: random.Random, _: Bound) -> Iterator[str]:
    least, most = _sizes(field)
    while least <= most and least <= _LONGEST:
        size = chance.randint(least, most)
        yield json.dumps([f"示例{chance.randint(1, 99)}" for _ in range(size)], ensure_ascii=False)


def _object(field: Field, chance: random.Random, _: Bound) -> Iterator[str]:
    least, most = _sizes(field)
    while least <= most and least <= _LONGEST:
        size = chance.randint(least, most)
        yield json.dumps({f"示例{n}": chance.randint(1, 99) for n in range(1, size + 1)}, ensure_ascii=False)


def _list(field: Field, chance: random.Random, _: Bound) -> Iterator[str]:
    least, most = _sizes(field)
    delimiter = field.properties.get("delimiter")
    joined = delimiter if isinstance(delimiter, str) and delimiter else ","
    kind = field.properties.get("itemType")
    item = ITEMS.get(kind if isinstance(kind, str) else "", ITEMS["string"])
    while least <= most and least <= _LONGEST:
        yield joined.join(item(chance.randint(1, 28)) for _ in range(max(1, chance.randint(least, most))))


ITEMS: Mapping[str, Callable[[int], str]] = {
    "string": lambda number: f"示例{number}",
    "integer": str,
    "number": lambda number: f"{number}.5",
    "boolean": lambda number: "true" if number % 2 else "false",
    "date": lambda number: f"2024-01-{number:02}",
    "datetime": lambda number: f"2024-01-{number:02}T08:00:00",
    "time": lambda number: f"08:{number:02}:00",
}

TYPES: Mapping[str, Callable[[Field, random.Random, Bound], Iterator[str]]] = {
    "string": _string, "any": _any, "integer": _integer, "number": _real, "boolean": _boolean, "date": _date,
    "datetime": _datetime, "time": _time, "year": _year, "yearmonth": _yearmonth, "duration": _duration,
    "geopoint": _geopoint, "geojson": _geojson, "array": _array, "object": _object, "list": _list,
}  # fmt: skip
