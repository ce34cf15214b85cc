"""Names and texts that deceive: look the same and are not, hide characters, or cannot be a file's on every system."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import PurePosixPath
from typing import Any

from generator.check.files import is_inside
from generator.check.place import in_descriptor, named, shown
from generator.model import Body, Catalog, Package, is_remote, paths_of
from generator.problems import Problem
from generator.problems.values import character_name
from generator.text import LANGUAGES

_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls; tab and line ends are none
    "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # direction, width of nothing
    "\U000e0000-\U000e007f]"  # tags: a text that no reader sees, and programs do
)
"""Joiners (U+200C, U+200D) are not here: Persian and emoji are written with them."""
_JOINERS = re.compile("[\u00ad\u200c\u200d\u180e\u3164\ufe00-\ufe0f]")
"""In a name they only serve to make another one that looks the same."""
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?", re.IGNORECASE)
_NOT_IN_FILE_NAMES = re.compile('[<>:"|?*\x00-\x1f]')
_USUAL = re.compile(
    "[\x20-\x7e·\u2010-\u2027\u2030-\u205e\u3000-\u303f\u3400-\u9fff\uff01-\uff5e\U00020000-\U0003ffff]*"
)
"""ASCII, Chinese characters and their punctuation: what looks like what among these, NFKC tells."""
_MOST = 20
"""Places of one package that are told."""


def check_names(package: Package, _: Catalog, __: datetime.date) -> Iterator[Problem]:
    yield from _hidden(package)
    yield from _not_portable(package)
    for resource, values in _sets(package):
        for value, other in _alike(values):
            yield in_descriptor(
                package, "looks-alike", resource=resource, value=shown(value), expected=shown(other),
                more=_codes(value, other),
            )  # fmt: skip


def check_look_alikes(catalog: Catalog) -> Iterator[Problem]:
    """Between datasets, and between agencies: one could pass itself off as the other."""
    for values in (_names_of(catalog), _titles_of(catalog)):
        texts: dict[str, Package] = {}
        for package, text in values:
            texts.setdefault(text, package)
        for text, other in _alike(texts):
            if texts[text].folder != texts[other].folder:
                yield in_descriptor(
                    texts[text], "looks-alike", value=shown(text), expected=shown(other), more=_codes(text, other)
                )
    bodies = {_title(body): body for body in catalog.bodies.values()}
    for text, other in _alike(text for text in bodies if text):
        file = bodies[text].file or "kaishu.yaml"
        yield Problem(
            "looks-alike", file=file, field="name", value=shown(text), expected=shown(other), more=_codes(text, other)
        )
    yield from _folders_alike(catalog)


def _names_of(catalog: Catalog) -> Iterator[tuple[Package, str]]:
    return ((package, package.name) for package in catalog.packages if package.name)


def _titles_of(catalog: Catalog) -> Iterator[tuple[Package, str]]:
    for package in catalog.packages:
        for key in ("title", "title_en"):
            title = package.descriptor.get(key)
            if isinstance(title, str) and title.strip():
                yield package, " ".join(title.split())


def _title(body: Body) -> str:
    name = body.descriptor.get("name")
    return name if isinstance(name, str) else ""


def _folders_alike(catalog: Catalog) -> Iterator[Problem]:
    """macOS and Windows put two folders that differ by case into one."""
    known: dict[str, str] = {}
    for package in catalog.packages:
        for part in (PurePosixPath(package.folder), *PurePosixPath(package.folder).parents):
            key = unicodedata.normalize("NFC", part.as_posix()).casefold()
            if (other := known.setdefault(key, part.as_posix())) != part.as_posix():
                yield _portable(package, None, part.as_posix(), "case", other)
                break


# --- what cannot be seen


def _hidden(package: Package) -> Iterator[Problem]:
    told = 0
    for place, text, is_name in _texts(package.stated, "", is_name=False):
        if text.isprintable() and text.isascii():
            continue
        found = _HIDDEN.search(text) or (_JOINERS.search(text) if is_name else None)
        if found and told < _MOST:
            told += 1
            character = found[0]
            more = [(f"what_{lang}", character_name(character, lang)) for lang in LANGUAGES]
            more.append(("shown", _without_hidden(text)))
            code = f"U+{ord(character):04X}"
            yield in_descriptor(package, "text-invisible", field=place, value=code, more=tuple(more))


def _without_hidden(text: str) -> str:
    """As an author can find it: with the place of what cannot be seen marked."""
    return shown(_HIDDEN.sub("▮", _JOINERS.sub("▮", text)))


_NAMES = frozenset(("name", "path", "fields", "primaryKey", "resource", "url", "extrapaths", "id", "catalogue_code"))


def _texts(value: Any, place: str, *, is_name: bool) -> Iterator[tuple[str, str, bool]]:
    if isinstance(value, str):
        yield place, value, is_name
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield place or "…", key, True
            yield from _texts(item, f"{place}.{_HIDDEN.sub('▮', key)}".lstrip("."), is_name=key in _NAMES)
    elif isinstance(value, list) and place != "resources.data":
        for item in value:
            yield from _texts(item, place, is_name=is_name)


# --- what cannot be a file's name


def _not_portable(package: Package) -> Iterator[Problem]:
    """Windows, and what unpacks or checks out there, knows names that are devices, and drops what stands at an end."""
    known: dict[str, str] = {}
    if package.name and _RESERVED.fullmatch(package.name):
        yield _portable(package, None, package.name, "reserved")
    for resource in package.resources:
        if (name := named(resource)) and _RESERVED.fullmatch(name):
            yield _portable(package, resource, name, "reserved")
        for path in dict.fromkeys(path for path in paths_of(resource) if is_inside(path) and not is_remote(path)):
            if why := next((why for part in path.split("/") if (why := _why_not(part))), ""):
                yield _portable(package, resource, path, why)
            key = unicodedata.normalize("NFC", path).casefold()
            if (other := known.setdefault(key, path)) != path:
                yield _portable(package, resource, path, "case", other)


def _why_not(part: str) -> str:
    if _RESERVED.fullmatch(part):
        return "reserved"
    if _NOT_IN_FILE_NAMES.search(part):
        return "character"
    if part not in (".", "..") and part != part.strip(" ").rstrip("."):
        return "end"
    if part != unicodedata.normalize("NFC", part):
        return "composed"
    return ""


_WHY = {
    "reserved": (
        "在 Windows 上是设备名，不能作文件名",
        "is a device on Windows, where no file can be called so",
    ),
    "character": (
        '含有 Windows 文件名不允许的字符（< > : " | ? * 或控制字符）',
        'holds a character that no file name has on Windows (< > : " | ? * or a control)',
    ),
    "end": (
        "以空格或句点开头或结尾，Windows 会去掉它",
        "begins or ends with a blank or a dot, which Windows drops",
    ),
    "composed": (
        "用了分解形式的字符，在别的系统上会变成另一个文件名",
        "is written in decomposed characters and becomes another name elsewhere",
    ),
    "case": (
        "与「{}」只差大小写，在 macOS 和 Windows 上是同一个",
        "differs from “{}” by case only: on macOS and Windows they are one",
    ),
}


def _portable(package: Package, resource: Mapping[str, Any] | None, value: str, why: str, other: str = "") -> Problem:
    zh, en = _WHY[why]
    more = (("why_zh", zh.format(shown(other))), ("why_en", en.format(shown(other))))
    return in_descriptor(package, "name-not-portable", resource=resource, value=shown(value), more=more)


# --- what looks the same


def _sets(package: Package) -> Iterator[tuple[Mapping[str, Any] | None, list[str]]]:
    yield None, [named(resource) for resource in package.resources]
    yield None, [path for resource in package.resources for path in paths_of(resource)]
    for resource in package.resources:
        schema = resource.get("schema")
        fields = schema.get("fields") if isinstance(schema, Mapping) else None
        fields = [each for each in fields if isinstance(each, Mapping)] if isinstance(fields, list) else []
        for key in ("name", "title"):
            yield resource, [each[key] for each in fields if isinstance(each.get(key), str)]


def _alike(values: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each text that looks like an earlier other one."""
    texts = list(dict.fromkeys(value for value in values if value))
    look = _folded if all(map(_USUAL.fullmatch, texts)) else _skeleton
    known: dict[str, str] = {}
    for text in texts:
        if (other := known.setdefault(look(text), text)) != text:
            yield text, other


def _folded(text: str) -> str:
    return text if text.isascii() else _HIDDEN.sub("", _JOINERS.sub("", unicodedata.normalize("NFKC", text)))


def _skeleton(text: str) -> str:
    """As in Unicode's TR 39, but that what ASCII itself has alike (0 and O, l and 1) stays apart: codes use both."""
    prototypes = _prototypes()
    parts = (prototypes.get(character, character) for character in unicodedata.normalize("NFD", _folded(text)))
    return "".join(parts)


@cache
def _prototypes() -> Mapping[str, str]:
    """Character → the ASCII character, else the first of all, that it is confused with."""
    from confusable_homoglyphs.confusables import confusables_data

    found: dict[str, str] = {}
    for character, others in confusables_data.items():
        if len(character) == 1 and not character.isascii():
            like = sorted(other["c"] for other in others if len(other["c"]) == 1)
            first = next((c for c in like if c.isascii() and c.isalnum()), min([character, *like]))
            found[character] = found.get(first, first)
    return found


def _codes(value: str, other: str) -> tuple[tuple[str, str], ...]:
    """Where the two differ: a pair of characters that the eye does not tell apart."""
    one, two = ("".join(c for c in text) for text in (value, other))
    pair = next(((a, b) for a, b in zip(one, two, strict=False) if a != b), None)
    if pair is None:
        pair = (one[len(two) :] or two[len(one) :])[:1], ""
    return tuple((f"differs_{lang}", _pair(pair, lang)) for lang in LANGUAGES)


def _pair(pair: tuple[str, str], lang: str) -> str:
    opened, closed, joined = ("「", "」", "，") if lang == "zh" else ("“", "” ", ", ")
    said = joined.join(f"{opened}{c}{closed}{character_name(c, lang)}" for c in pair if c)
    return _HIDDEN.sub("▮", _JOINERS.sub("▮", said))
