"""Files and descriptors that would take a reader's memory or time: found before one is let near them.

A few bytes can unfold into thousands of millions (gzip, zip, and workbooks, which are zips), or be a single cell
without an end. Everything here reads in pieces and stops at the limit.
"""

from __future__ import annotations

import csv
import datetime
import gzip
import io
import stat
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any

from generator.check.files import TEXT_SUFFIXES, readable_paths
from generator.check.place import in_data, in_descriptor, is_withheld, shown
from generator.limits import RATIO_MATTERS, Limits
from generator.model import Catalog, Package, is_remote, paths_of
from generator.problems import Problem

MOST_MEMBERS = 10_000
"""Of an archive. The largest workbooks have some hundreds."""
_JSON_SUFFIXES = (".json", ".geojson")
_CHUNK = 1 << 20
_SNIFFED = 100
"""Lines from whose quotation marks frictionless tells the dialect, with expressions that take quadratic time."""
_SNIFFED_AT_ONCE = 50_000
"""Bytes of such lines that take no time anyway."""
_SNIFFING_PATIENCE = 3.0
_SNIFFER = "import csv, sys; csv.Sniffer().sniff(sys.stdin.buffer.read().decode('utf-8', 'replace'))"


def check_limits(package: Package, catalog: Catalog, _: datetime.date) -> Iterator[Problem]:
    """What is told here keeps every reader away from the resource (``judge.UNSAFE``)."""
    limits, readable = catalog.limits, readable_paths(package)
    if len(package.resources) > limits.resources:
        count, most = f"{len(package.resources):,}", f"{limits.resources:,}"
        yield in_descriptor(package, "too-many-resources", field="resources", value=count, expected=most)
        return
    seen: dict[tuple[str, str], Problem | None] = {}
    for resource in package.resources:
        for path in paths_of(resource):
            if path not in readable or is_remote(path):
                continue
            key = (path, str(resource.get("dialect")))
            if key not in seen:
                found = _of_file(package, resource, path, limits)
                seen[key] = replace(found, file=path) if found else None
            if problem := seen[key]:
                yield _for(package, resource, problem)
        declared = _declared(resource)
        if declared > limits.columns:
            yield _for(package, resource, _too_many(declared, limits))


def _for(package: Package, resource: Mapping[str, Any], problem: Problem) -> Problem:
    """At a resource. Of data that are not open nothing is told that only the data hold."""
    hidden = is_withheld(package, resource)
    # The line is one of the data file.
    place = partial(in_data, path=problem.file) if problem.line and not hidden else in_descriptor
    return place(
        package,
        problem.name,
        resource=resource,
        field="" if problem.line else problem.field,
        line=None if hidden else problem.line,
        value="…" if hidden else problem.value,
        expected=problem.expected,
        more=tuple((key, "…") for key, _ in problem.more) if hidden else problem.more,
        published=not hidden,
    )


def _declared(resource: Mapping[str, Any]) -> int:
    schema = resource.get("schema")
    fields = schema.get("fields") if isinstance(schema, Mapping) else None
    return len(fields) if isinstance(fields, list) else 0


def _too_many(columns: int, limits: Limits) -> Problem:
    return Problem("too-many-columns", field="schema", value=f"{columns:,}", expected=f"{limits.columns:,}")


def _of_file(package: Package, resource: Mapping[str, Any], path: str, limits: Limits) -> Problem | None:
    file = package.path / path
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            return None
        lower, stated = path.lower(), (resource.get("format"), resource.get("compression"))
        with file.open("rb") as stream:
            begin = stream.read(4)
        if begin == b"PK\3\4":  # many formats are zips, whatever they are called
            is_packed = lower.endswith(".zip") or "zip" in stated
            return _of_archive(file, path, limits.unpacked if is_packed else limits.workbook, limits)
        if begin[:2] == b"\x1f\x8b" and (lower.endswith(".gz") or "gz" in stated):
            return _of_gzip(file, path, limits)
        if lower.endswith(_JSON_SUFFIXES) or "json" in stated:
            with file.open("rb") as stream:
                return _of_json(stream, path, limits)
        if lower.endswith(TEXT_SUFFIXES) or "csv" in stated or "tsv" in stated:
            with file.open("rb") as stream:
                found = _of_text(stream, limits)
            return found or _of_cells(file, resource, limits) or _of_sniffing(file)
    except OSError:
        return None  # whoever reads it will tell
    return None


# --- what is packed


def _of_archive(file: Path, path: str, most: int, limits: Limits) -> Problem | None:
    """By the archive's own list: its reader unpacks no more of a member than is stated there."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return None  # frictionless has words for it
    for member in members:
        if _leads_out(member):
            return Problem("archive-unsafe", field="path", value=shown(f"{path}: {member.filename}"))
    size = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS:
        return _too_large(path, f"{len(members):,}", f"{MOST_MEMBERS:,}", ("文件数", "files in it"))
    return _too_much(path, size, file.stat().st_size, most, limits) or _of_members(file, path, limits)


def _of_members(file: Path, path: str, limits: Limits) -> Problem | None:
    unreadable = (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError, zlib.error)
    with suppress(*unreadable), zipfile.ZipFile(file) as archive:
        for member in archive.infolist():
            if member.filename.lower().endswith(_JSON_SUFFIXES):
                with archive.open(member) as stream:
                    if found := _of_json(stream, path, limits):
                        return found
    return None


def _leads_out(member: zipfile.ZipInfo) -> bool:
    """Whoever unpacks the published file would write outside of the folder, or through a link."""
    name = member.filename.replace("\\", "/")
    if stat.S_ISLNK(member.external_attr >> 16):
        return True
    return name.startswith("/") or ".." in PurePosixPath(name).parts or name[1:2] == ":" or "\0" in name


def _too_much(path: str, unpacked: int, packed: int, most: int, limits: Limits) -> Problem | None:
    if unpacked > most:
        return _too_large(path, _said(unpacked), _said(most), ("解压后大小", "unpacked"))
    if unpacked > RATIO_MATTERS and unpacked > packed * limits.ratio:
        ratio = f"{unpacked // max(packed, 1):,}"
        return _too_large(path, ratio, f"{limits.ratio:,}", ("压缩倍数", "times the packed size"))
    return None


def _too_large(path: str, value: str, most: str, of: tuple[str, str]) -> Problem:
    more = (("path", shown(path)), ("of_what_zh", of[0]), ("of_what_en", of[1]))
    return Problem("archive-too-large", field="path", value=value, expected=most, more=more)


def _said(size: int) -> str:
    if size >= 1_000_000:
        return f"{size / 1_000_000:,.0f} MB"
    return f"{size / 1000:,.0f} kB" if size >= 1000 else f"{size} B"


class _Counted(io.RawIOBase):
    """A packed file as it unfolds, which ends where that gets too much."""

    def __init__(self, file: Path, path: str, limits: Limits) -> None:
        self._stream = gzip.open(file)  # noqa: SIM115  closed by ``close``
        self._packed, self._path, self._limits = file.stat().st_size, path, limits
        self.found: Problem | None = None
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        if self.found:
            return b""
        chunk = self._stream.read(size)
        self.size += len(chunk)
        self.found = _too_much(self._path, self.size, self._packed, self._limits.unpacked, self._limits)
        return chunk

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int:
        chunk = self.read(len(room))
        room[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        self._stream.close()
        super().close()


def _of_gzip(file: Path, path: str, limits: Limits) -> Problem | None:
    is_json = path.lower().removesuffix(".gz").endswith(_JSON_SUFFIXES)
    with _Counted(file, path, limits) as stream, suppress(OSError, EOFError, zlib.error):
        line = _of_json(stream, path, limits) if is_json else _of_text(stream, limits)
        return stream.found or line
    return None


# --- texts


def _of_text(stream: IO[bytes] | io.RawIOBase, limits: Limits) -> Problem | None:
    """A line without an end, or a header of too many columns. No encoding in use hides a line end in a character."""
    line, length, head = 1, 0, b""
    while chunk := stream.read(_CHUNK):
        if line == 1 and len(head) <= limits.record:
            head += chunk
        end = chunk.rfind(b"\n")
        first = chunk.find(b"\n")
        if length + (first if first >= 0 else len(chunk)) > limits.record:
            return Problem("record-too-long", field="path", line=line, expected=_said(limits.record))
        if end < 0:
            length += len(chunk)
            continue
        if line == 1 and (columns := _columns(head.partition(b"\n")[0])) > limits.columns:
            return _too_many(columns, limits)
        line += chunk.count(b"\n")
        length = len(chunk) - end - 1
    columns = _columns(head) if line == 1 else 0
    return _too_many(columns, limits) if columns > limits.columns else None


def _of_json(stream: IO[bytes] | io.RawIOBase, path: str, limits: Limits) -> Problem | None:
    """Some kilobytes of brackets take gigabytes of a reader that names each place by the whole way to it."""
    import ijson

    depth = 0
    with suppress(ijson.JSONError, ValueError):  # frictionless has words for these
        for event, _ in ijson.basic_parse(stream, use_float=True):
            if event in ("start_array", "start_map"):
                depth += 1
                if depth > limits.depth:
                    more = (("path", shown(path)),)
                    return Problem("json-too-deep", field="path", expected=f"{limits.depth:,}", more=more)
            elif event in ("end_array", "end_map"):
                depth -= 1
    return None


def _columns(header: bytes) -> int:
    return 1 + max(header.count(mark) for mark in (b",", b";", b"\t", b"|"))


def _of_cells(file: Path, resource: Mapping[str, Any], limits: Limits) -> Problem | None:
    """A quotation mark that is never closed makes one cell of the rest of the file."""
    if file.stat().st_size <= limits.record or not _may_be_open(file, limits):
        return None
    encoding = resource.get("encoding")
    before = csv.field_size_limit(limits.record)
    reader = None
    try:
        with file.open(
            encoding=encoding if isinstance(encoding, str) else "utf-8", errors="replace", newline=""
        ) as text:
            reader = csv.reader(text, delimiter="\t" if file.suffix == ".tsv" else ",")
            line = 0
            for _ in reader:
                line = reader.line_num
    except csv.Error:
        return Problem("record-too-long", field="path", line=line + 1, expected=_said(limits.record))
    except (LookupError, ValueError):
        return None  # an encoding that there is not
    finally:
        csv.field_size_limit(before)
    return None


def _may_be_open(file: Path, limits: Limits) -> bool:
    """Whether more than a record's length has no line end after an even number of quotation marks.

    A mark inside a cell that is not quoted turns the count around for good; then the cells are read.
    """
    quotes, length = 0, 0
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            closed = _closed_line_end(chunk, quotes % 2)
            length = len(chunk) - closed - 1 if closed >= 0 else length + len(chunk)
            if length > limits.record:
                return True
            quotes += chunk.count(b'"')
    return False


def _closed_line_end(chunk: bytes, before: int) -> int:
    """A late line end outside of quotation marks; -1 for none."""
    end = len(chunk)
    for _ in range(50):
        end = chunk.rfind(b"\n", 0, end)
        if end < 0 or (before + chunk.count(b'"', 0, end)) % 2 == 0:
            return end
    place = -1
    outside = before == 0
    at = 0
    for part in chunk.split(b'"'):
        if outside and (found := part.rfind(b"\n")) >= 0:
            place = at + found
        at += len(part) + 1
        outside = not outside
    return place


def _of_sniffing(file: Path) -> Problem | None:
    """Whether the first lines let Python's sniffer come to an end, tried in a process that can be killed."""
    with file.open("rb") as stream:
        sample = b"".join(stream.readline(_SNIFFED_AT_ONCE * 100) for _ in range(_SNIFFED))
    if len(sample) < _SNIFFED_AT_ONCE or sample.count(b'"') + sample.count(b"'") < 100:
        return None
    command = [sys.executable, "-I", "-S", "-c", _SNIFFER]
    try:
        subprocess.run(command, input=sample, capture_output=True, timeout=_SNIFFING_PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return Problem("dialect-unclear", field="dialect", line=1)
    return None
