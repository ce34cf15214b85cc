"""Secrets in descriptors, file names and the files of what is open. A value is never told."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import stat
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from generator.disclosure.secrets import (
    PASSWORD,
    Secret,
    find,
    first_suspect,
    is_suspect,
    looks_given,
    masked,
    names_a_secret,
)
from generator.model import Package, is_remote, paths_of
from generator.problems import Problem

_CHUNK = 4 << 20
_OVERLAP = 4096
_MOST = 10
"""Places that are told of one file, or of one descriptor."""
_MOST_UNPACKED = 2_000_000_000
"""Bytes. What unfolds into more than is allowed was told before (``check_limits``)."""
_PACKED = (b"PK\3\4", b"\x1f\x8b", b"BZh")


def secrets_of(package: Package, unread: Collection[str], readable: Collection[str]) -> Iterator[Problem]:
    """``unread``: names of resources whose files nobody may open; with an empty one, of none. ``readable``: paths."""
    yield from _in_descriptor(package)
    for resource in package.resources:
        if "" in unread or _named(resource) in unread:
            continue
        for path in dict.fromkeys(paths_of(resource)):
            if path in readable and not is_remote(path) and package.openness(resource) not in ("conditional", "closed"):
                yield from _in_file(package, resource, path)


def _in_descriptor(package: Package) -> Iterator[Problem]:
    told = 0
    for place, name, text in _texts(package.stated, ""):
        secrets = find(text)
        if not secrets and names_a_secret(name) and looks_given(text):
            secrets = [Secret(PASSWORD, "password", 0, len(text))]
        for secret in secrets[:1]:
            if told < _MOST:
                told += 1
                zh, en = f"描述文件的「{place}」", f"{place} in the descriptor"
                yield _problem(package, None, secret, place, (zh, en), count=len(secrets))


_NO_SECRETS = frozenset(("hash", "sha256", "md5", "waivers", "pattern", "rdfType"))


def _texts(value: Any, place: str, name: str = "") -> Iterator[tuple[str, str, str]]:
    """Place, name of the property, and text. Names of columns are no secrets, whatever they say."""
    if isinstance(value, str):
        if not (name in ("path", "url", "extrapaths") and is_remote(value)):  # that is told where it is fetched
            yield place, name, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if key not in _NO_SECRETS:
                yield from _texts(item, f"{place}.{masked(key)}".lstrip("."), key)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _texts(item, f"{place}.{number}", name)


def _in_file(package: Package, resource: Mapping[str, Any], path: str) -> Iterator[Problem]:
    file = package.path / path
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            return
        for number, (line, text, secret) in enumerate(_secrets(file)):
            if number == _MOST:
                return
            column = _column(resource, text, secret) if line else ""
            zh = f"文件「{path}」" + (f"第 {line} 行" if line else "里") + (f"「{column}」列" if column else "")
            en = f"the file “{path}”" + (f", line {line}" if line else "") + (f", column “{column}”" if column else "")
            at = replace(
                _problem(package, resource, secret, column, (zh, en)), line=line,
                file=path if package.folder == "." else f"{package.folder}/{path}",
            )  # fmt: skip
            yield at
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, ValueError, RuntimeError, NotImplementedError):
        return  # broken: whoever reads it will tell


def _secrets(file: Path) -> Iterator[tuple[int | None, str, Secret]]:
    with file.open("rb") as stream:
        begin = stream.read(4)
    if begin == _PACKED[0]:
        with zipfile.ZipFile(file) as archive:
            left = _MOST_UNPACKED
            for member in archive.infolist():
                left -= member.file_size
                if not member.is_dir() and left > 0:
                    with archive.open(member) as stream:
                        yield from ((None, text, secret) for _, text, secret in _in_stream(stream))
        return
    if begin[:2] == _PACKED[1]:
        with gzip.open(file) as unpacked:
            yield from _in_stream(unpacked)  # type: ignore[arg-type]  # it reads bytes
    elif begin[:3] == _PACKED[2]:
        with bz2.open(file) as stream:
            yield from _in_stream(stream)
    else:
        with file.open("rb") as stream:
            yield from _in_stream(stream)


def _in_stream(stream: IO[bytes]) -> Iterator[tuple[int | None, str, Secret]]:
    """Line, its text, and the secret. UTF-16 has a mark, and is read as such."""
    line, rest, read = 1, b"", 0
    first = stream.read(_CHUNK)
    encoding = "utf-16" if first[:2] in (b"\xff\xfe", b"\xfe\xff") else ""
    while first and read < _MOST_UNPACKED:
        read += len(first)
        chunk = first.decode(encoding, "replace").encode() if encoding else first
        first = stream.read(_CHUNK) if len(first) == _CHUNK else stream.read(_CHUNK) if hasattr(stream, "peek") else b""
        content = rest + chunk
        end = content.rfind(b"\n") + 1 if first else len(content)
        if not end or len(content) - end > 4 * _CHUNK:
            end = len(content) - _OVERLAP if len(content) > _OVERLAP else len(content)
        whole, rest = content[:end], content[end:]
        if first_suspect(whole) >= 0:
            yield from _in_lines(whole, line)
        line += whole.count(b"\n")


def _in_lines(content: bytes, line: int) -> Iterator[tuple[int | None, str, Secret]]:
    at = 0
    while (place := first_suspect(content[at:]) if at < len(content) else -1) >= 0:
        begin = content.rfind(b"\n", 0, at + place) + 1
        end = content.find(b"\n", at + place)
        end = len(content) if end < 0 else end
        text = content[begin:end].decode("utf-8", "replace")
        for secret in find(text)[:1]:
            yield line + content.count(b"\n", 0, begin), text, secret
        at = end + 1


def _column(resource: Mapping[str, Any], text: str, secret: Secret) -> str:
    """Name of the column that the secret is in, where the line is a row of a plain table."""
    schema = resource.get("schema")
    fields = schema.get("fields") if isinstance(schema, Mapping) else None
    names = [_named(each) if isinstance(each, Mapping) else "" for each in fields] if isinstance(fields, list) else []
    value = text[secret.start : secret.end]
    try:
        cells = next(csv.reader(io.StringIO(text)), [])
    except csv.Error:
        return ""
    found = [n for n, cell in enumerate(cells) if value in cell]
    return names[found[0]] if found and len(cells) == len(names) else ""


def _problem(
    package: Package,
    resource: Mapping[str, Any] | None,
    secret: Secret,
    field: str,
    where: tuple[str, str],
    count: int = 1,
) -> Problem:
    zh, en = where
    said = zip(("what_zh", "what_en"), secret.in_words, strict=True)
    more = (("where_zh", zh), ("where_en", en[:1].upper() + en[1:]), *said, ("count", f"{count:,}"))
    name = _named(resource) if resource else ""
    return Problem(secret.name, package.folder, package.file, name, field=field, value=secret.masked, more=more)


def secret_in(text: str, name: str, file: str, field: str, place: tuple[str, str] | None = None) -> Iterator[Problem]:
    """In a text beside the descriptors. ``name``: of its property."""
    secrets = find(text)
    if not secrets and names_a_secret(name) and looks_given(text):
        secrets = [Secret(PASSWORD, "password", 0, len(text))]
    for secret in secrets[:1]:
        said = zip(("what_zh", "what_en"), secret.in_words, strict=True)
        zh, en = place or (f"{file} 的「{field}」", f"{field} in {file}")
        where = (("where_zh", zh), ("where_en", en))
        yield Problem(
            secret.name,
            file=file,
            field=field,
            value=secret.masked,
            more=(*where, *said, ("count", f"{len(secrets):,}")),
        )


def _named(resource: Mapping[str, Any]) -> str:
    return str(resource.get("name") or "")


def without_secrets(problem: Problem) -> Problem:
    """Any problem may show what an author wrote: a line that cannot be parsed, a value that does not fit."""
    said = (problem.value, problem.expected, problem.likely, problem.detail, problem.field, problem.file)
    if not any(map(is_suspect, said)) and not any(is_suspect(text) for _, text in problem.more):
        return problem
    value, expected, likely, detail, field, file = map(masked, said)
    more = tuple((key, masked(text)) for key, text in problem.more)
    return replace(
        problem, value=value, expected=expected, likely=likely, detail=detail, field=field, file=file, more=more
    )
