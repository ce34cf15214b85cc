"""What files hold that are published as they are: text, CSV, JSON and GeoJSON, workbooks, archives of these.

Everything is read in bounded memory, and to the end or not at all: what was not read whole is told.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO, Any

from generator.disclosure.found import Found, of_column
from generator.disclosure.groups import Groups, combined
from generator.disclosure.looked import Column, Looked, look_at_cells
from generator.disclosure.sightings import weigh
from generator.disclosure.watch import Asked
from generator.identifiers import without_identifiers

LARGEST = 2 << 30
"""Bytes of a file, unpacked, that are read as text."""
LARGEST_TREE = 64 << 20
"""Bytes of a JSON file that is understood; a larger one is searched as text."""
MOST_MEMBERS = 5_000
DEEPEST = 3
"""Archives within archives."""
_BLOCK = 1 << 16
"""Characters of a line that are looked at together; longer lines are cut, with an overlap."""
_OVERLAP = 64
_ROWS = 5_000

TEXTS = frozenset((
    ".txt", ".md", ".html", ".htm", ".xml", ".kml", ".gml", ".gpx", ".svg", ".yaml", ".yml", ".ttl", ".nt", ".rdf",
    ".sql", ".log", ".ini", ".toml", ".rst", ".tex", ".js", ".css", ".py", ".r", ".prj", ".cpg", ".qml", ".sld",
))  # fmt: skip
TABLES = frozenset((".csv", ".tsv", ".tab"))
TREES = frozenset((".json", ".geojson", ".topojson", ".jsonl", ".ndjson", ".jsonld"))
OFFICE = frozenset((".xlsx", ".xlsm", ".docx", ".pptx", ".ods", ".odt", ".odp"))
ARCHIVES = frozenset((".zip", ".kmz"))


FILE_NAME = ("文件名", "The name of the file")


class TooMuch(Exception):
    """A limit was reached: the rest was not searched."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.why = (zh, en)


def search_file(path: Path, asked: Asked, name: str = "") -> Iterator[Found]:
    """Everything in one file, and in its name. ``name``: as it is told."""
    name = name or path.name
    yield from search_name(PurePosixPath(name).name, asked)
    try:
        with path.open("rb") as stream:
            yield from _Search(asked).stream(stream, path.name, "")
    except TooMuch as limit:
        yield Found("search-incomplete", limit.why)
    except (OSError, zipfile.BadZipFile, EOFError, ValueError, RecursionError, NotImplementedError, RuntimeError):
        # A broken file of a known kind: it may still be opened by other programs.
        yield Found(
            "search-incomplete", ("文件读不了（可能已损坏或加密）", "The file cannot be read: damaged, or encrypted")
        )


def search_beside_table(path: Path, asked: Asked, sheet: str | int) -> Iterator[Found]:
    """Of a workbook that was read as a table: the other sheets, and what stands beside the cells. ``sheet``: the
    table's, by name or number."""
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            yield from _Search(replace(asked, columns={}))._workbook(archive, "", but=_sheet_file(archive, sheet))
    except (TooMuch, OSError, zipfile.BadZipFile, EOFError, ValueError, KeyError, NotImplementedError, RuntimeError):
        yield Found(
            "search-incomplete", ("工作簿的其他工作表读不了", "The other sheets of the workbook cannot be read")
        )


def _sheet_file(archive: zipfile.ZipFile, sheet: str | int) -> str:
    """The part of a workbook that holds this sheet. Where it cannot be told, none: then all are searched."""
    from xml.etree import ElementTree

    def parts(name: str) -> list[ElementTree.Element]:
        if name not in archive.namelist() or archive.getinfo(name).file_size > 1 << 20:
            return []
        text = archive.read(name)
        return [] if b"<!ENTITY" in text else list(ElementTree.fromstring(text).iter())

    try:
        sheets = [dict(e.attrib) for e in parts("xl/workbook.xml") if e.tag.endswith("}sheet")]
        targets = {e.get("Id"): e.get("Target") or "" for e in parts("xl/_rels/workbook.xml.rels")}
    except ElementTree.ParseError:
        return ""
    named = [s for n, s in enumerate(sheets, 1) if sheet in (n, s.get("name"))]
    ids = [value for s in named for key, value in s.items() if key.endswith("}id")]
    target = targets.get(ids[0], "") if ids else ""
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def search_name(name: str, asked: Asked) -> Iterator[Found]:
    stem = name.rpartition(".")[0] or name
    looked = look_at_cells(Column(""), [stem], asked.latest, asked.allowed)
    for sighting in weigh([Column("")], [looked]):
        if sighting.masked:
            yield Found(sighting.name, FILE_NAME, "", masked=sighting.masked)


def search_text(text: str, asked: Asked, where: tuple[str, str], field: str) -> Iterator[Found]:
    """One text, as of a description."""
    looked = look_at_cells(Column(""), [text], asked.latest, asked.allowed)
    for sighting in weigh([Column("")], [looked]):
        if sighting.masked:
            yield Found(sighting.name, where, field, masked=sighting.masked, count=sighting.count)


@dataclass(slots=True)
class _Search:
    asked: Asked
    left: int = LARGEST
    """Bytes that may still be unpacked, all in all."""
    members: int = 0

    def stream(self, stream: IO[bytes], name: str, within: str, depth: int = 0) -> Iterator[Found]:
        suffix = PurePosixPath(name).suffix.lower()
        if suffix == ".gz":
            with gzip.open(stream) as unpacked:
                yield from self.stream(unpacked, name[:-3], within, depth + 1)  # type: ignore[arg-type]  # it reads bytes
        elif suffix in ARCHIVES or suffix in OFFICE:
            yield from self._archive(stream, suffix, within, depth)
        elif suffix in TABLES:
            yield from self._table(self._text(stream), suffix, within)
        elif suffix in TREES:
            yield from self._tree(stream, suffix, within)
        elif suffix in TEXTS or _is_text(stream):
            yield from self._lines(self._text(stream), within, mark=suffix in (".html", ".htm", ".xml", ".kml"))
        else:
            kind = suffix or "?"
            yield Found("file-not-searched", (f"{within}{kind}", f"{within}{kind}"), within.rstrip("#"))

    def _archive(self, stream: IO[bytes], suffix: str, within: str, depth: int) -> Iterator[Found]:
        if depth >= DEEPEST:
            raise TooMuch("压缩包层层嵌套", "Archives lie too deep in archives")
        seekable = stream if stream.seekable() else io.BytesIO(self._read(stream, LARGEST_TREE))
        with zipfile.ZipFile(seekable) as archive:
            for member in archive.infolist():
                self.members += 1
                if self.members > MOST_MEMBERS:
                    raise TooMuch("压缩包里的文件太多", "There are too many files in the archive")
                if member.is_dir():
                    continue
                if member.flag_bits & 1:
                    raise TooMuch("压缩包已加密", "The archive is encrypted")
                if suffix in OFFICE:
                    continue
                for found in search_name(PurePosixPath(member.filename).name, self.asked):
                    yield replace(found, field=f"{within}{without_identifiers(member.filename)}")
                with archive.open(member) as unpacked:
                    inner = f"{within}{without_identifiers(member.filename)}#"
                    yield from self.stream(unpacked, member.filename, inner, depth + 1)
            if suffix in (".xlsx", ".xlsm"):
                yield from self._workbook(archive, within)
            elif suffix in OFFICE:
                yield from self._document(archive, within, depth)

    def _table(self, text: Iterator[str], suffix: str, within: str) -> Iterator[Found]:
        head = list(islice(text, 1))
        if not head:
            return
        delimiter = "\t" if suffix != ".csv" else max(",;\t|", key=head[0].count)

        def lines() -> Iterator[str]:
            yield from head
            yield from text

        csv.field_size_limit(1 << 30)
        records = csv.reader(lines(), delimiter=delimiter)
        try:
            yield from self._records(records, within)
        except csv.Error as error:
            raise TooMuch("CSV 的某一行读不下去", "A line of the CSV cannot be read") from error

    def _records(self, records: Any, within: str) -> Iterator[Found]:
        """A table whose first line is its header, or already data: it is looked at as both."""
        names = next(records, None)
        if not names:
            return
        columns = [_column(self.asked, without_identifiers(name.strip().lstrip("\ufeff"))) for name in names]
        header = [look_at_cells(Column(""), [name], self.asked.latest, self.asked.allowed) for name in names]
        looked = [Looked() for _ in columns]
        lines, row = {-1: 1, 0: 1}, 0
        numbered: list[tuple[int, list[str]]] = []
        before = records.line_num

        def take(numbered: list[tuple[int, list[str]]], first: int) -> None:
            for number, column in enumerate(columns):
                last = number == len(columns) - 1
                cells = [
                    (" ".join(r[number:]) if last else r[number]) if number < len(r) else None for _, r in numbered
                ]
                looked[number].join(look_at_cells(column, cells, self.asked.latest, self.asked.allowed).after(first))
            wanted = {t.row for one in looked for t in one.tallies.values()} | {o.zeros_row for o in looked}
            wanted |= {t.said_row for one in looked for t in one.tallies.values()}
            lines.update({first + i: line for i, (line, _) in enumerate(numbered) if first + i in wanted})

        for record in records:
            numbered.append((before + 1, record))
            before = records.line_num
            if len(numbered) >= _ROWS:
                take(numbered, row)
                row, numbered = row + len(numbered), []
        take(numbered, row)
        named = {number: column.name for number, column in enumerate(columns)}
        for sighting in weigh([Column("") for _ in header], header):
            if sighting.masked:
                yield of_column(sighting, named, row=1, line=1, within=within)
        for sighting in weigh(columns, looked, theme=self.asked.theme):
            at = None if sighting.row < 0 else sighting.row + 2
            yield of_column(sighting, named, row=at, line=lines.get(sighting.row), within=within)

    def _lines(self, text: Iterator[str], within: str, *, mark: bool = False) -> Iterator[Found]:
        """Free text, line by line."""
        column, looked, number = Column(""), Looked(), 0
        for batch in _batches(_cut(text)):
            cells = [re.sub(r"<[^<>]{0,2000}>", " ", line) if mark else line for _, line in batch]
            part = look_at_cells(column, list(cells), self.asked.latest, self.asked.allowed)
            numbers = [n for n, _ in batch]
            for tally in part.tallies.values():  # rows become numbers of lines
                tally.row = numbers[tally.row] if tally.row >= 0 else -1
                tally.said_row = numbers[tally.said_row] if tally.said_row >= 0 else -1
            looked.join(part)
            number += len(batch)
        for sighting in weigh([column], [looked]):
            if sighting.masked:
                field = within.rstrip("#")
                where = (f"{field} 第 {sighting.row} 行".strip(), f"{field} Line {sighting.row}".strip())
                yield Found(sighting.name, where, field, None, sighting.row, None, sighting.masked, sighting.count)

    def _tree(self, stream: IO[bytes], suffix: str, within: str) -> Iterator[Found]:
        content = stream.read(LARGEST_TREE + 1)
        self._spend(len(content))
        by_lines = suffix in (".jsonl", ".ndjson")
        try:
            parts = content.splitlines() if by_lines else [content]
            read = [json.loads(part) for part in parts if part.strip()]
            tree = (read if by_lines else read[0]) if len(content) <= LARGEST_TREE else None
        except (ValueError, RecursionError, IndexError):
            tree = None
        if tree is None:
            yield from self._lines(self._decoded(io.BytesIO(content), stream), within)
            return
        yield from search_tree(tree, self.asked, within)

    def _workbook(self, archive: zipfile.ZipFile, within: str, but: str = "") -> Iterator[Found]:
        """Every sheet ``but`` one, hidden ones too, and what stands in comments and properties."""
        names = [name for name in sorted(archive.namelist()) if name != but]
        sheets = {name for name in names if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name)}
        shared = self._shared_strings(archive) if sheets else []
        for name in names:
            if name in sheets:
                sheet = PurePosixPath(name).stem
                yield from self._sheet(self._read_member(archive, name), shared, f"{within}{sheet}!")
            elif name.endswith(".xml") and name != "xl/sharedStrings.xml" and "styles" not in name:
                yield from self._markup(self._read_member(archive, name), f"{within}{name}")

    def _shared_strings(self, archive: zipfile.ZipFile) -> list[str]:
        if "xl/sharedStrings.xml" not in archive.namelist():
            return []
        text = self._read_member(archive, "xl/sharedStrings.xml")
        entries = re.findall(r"<si\b[^>]*>(.*?)</si>|<si\b[^>]*/>", text, re.DOTALL)
        return ["".join(_unescaped(part) for part in re.findall(r"<t\b[^>]*>(.*?)</t>", e, re.DOTALL)) for e in entries]

    def _sheet(self, text: str, shared: Sequence[str], within: str) -> Iterator[Found]:
        rows: dict[int, dict[int, str]] = {}
        for match in _CELL.finditer(text):
            letters, row = match["at"].rstrip("0123456789"), int(match["at"].lstrip(_LETTERS))
            value = _unescaped(match["value"] or "") or "".join(
                _unescaped(part) for part in re.findall(r"<t\b[^>]*>(.*?)</t>", match["inline"] or "", re.DOTALL)
            )
            if 't="s"' in match["attributes"] and value.isdigit() and int(value) < len(shared):
                value = shared[int(value)]
            if value:
                rows.setdefault(row, {})[_number_of(letters)] = _whole(value)
        if not rows:
            return
        width = max(max(row) for row in rows.values()) + 1
        numbers = sorted(rows)
        ordered = [[rows[n].get(c, "") for c in range(width)] for n in numbers]
        for found in self._records(_Rows(ordered), within):
            at = numbers[found.row - 1] if found.row and found.row <= len(numbers) else found.row
            yield replace(found, row=at, line=None)

    def _document(self, archive: zipfile.ZipFile, within: str, depth: int) -> Iterator[Found]:
        for name in sorted(archive.namelist()):
            if name.endswith(".xml") and PurePosixPath(name).stem not in ("styles", "settings", "fontTable"):
                yield from self._markup(self._read_member(archive, name), f"{within}{name}")
            elif PurePosixPath(name).suffix in OFFICE:
                with archive.open(name) as unpacked:
                    yield from self.stream(unpacked, name, f"{within}{name}#", depth + 1)

    def _markup(self, text: str, within: str) -> Iterator[Found]:
        paragraphs = _ENDS.split(text)
        lines = (_unescaped(re.sub(r"<[^<>]*>", "", part)) for part in paragraphs)
        for found in self._lines((line + "\n" for line in lines if line.strip()), within):
            yield replace(found, where=(within, within), line=None)

    # ---- reading within the limits

    def _read_member(self, archive: zipfile.ZipFile, name: str) -> str:
        with archive.open(name) as stream:
            return self._read(stream, 4 * LARGEST_TREE).decode("utf-8", "replace")

    def _read(self, stream: IO[bytes], most: int) -> bytes:
        content = stream.read(most + 1)
        if len(content) > most:
            raise TooMuch("文件解开后太大", "The file is too large when it is unpacked")
        self._spend(len(content))
        return content

    def _spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise TooMuch("文件解开后太大", "The file is too large when it is unpacked")

    def _text(self, stream: IO[bytes]) -> Iterator[str]:
        return self._decoded(stream, None)

    def _decoded(self, stream: IO[bytes], rest: IO[bytes] | None) -> Iterator[str]:
        """Lines; those of more than a megabyte in parts. Bytes that are no UTF-8 are read as GB 18030."""
        for part in (stream, rest):
            while part is not None and (line := part.readline(1 << 20)):
                self._spend(len(line))
                try:
                    yield line.decode("utf-8-sig")
                except UnicodeDecodeError:
                    if b"\0" in line[:64]:
                        yield line.decode("utf-16", "ignore")
                    else:
                        yield line.decode("gb18030", "replace")


class _Rows:
    """Records as ``csv.reader`` yields them."""

    def __init__(self, rows: list[list[str]]) -> None:
        self._rows = iter(rows)
        self.line_num = 0

    def __iter__(self) -> _Rows:
        return self

    def __next__(self) -> list[str]:
        self.line_num += 1
        return next(self._rows)


_ENDS = re.compile(r"</(?:w:p|a:p|text:p|text:h|table:table-cell|comment|dc:[a-z]+|cp:[A-Za-z]+|xdr:txBody)>")
"""Of paragraphs and cells: a number may change its typeface in its midst."""
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CELL = re.compile(
    r'<c\b(?P<attributes>(?=[^>]*\br="(?P<at>[A-Z]{1,3}[0-9]{1,7})")[^>]*?)(?:/>|>(?:<f\b[^>]*?(?:/>|>[^<]*</f>))?'
    r"(?:<v\b[^>]*>(?P<value>[^<]*)</v>|<is>(?P<inline>.*?)</is>)?)",
    re.DOTALL,
)


def _number_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _whole(value: str) -> str:
    """Long numbers stand in workbooks as 1.3800138E10."""
    if re.fullmatch(r"[0-9.]+E\+?1[0-9]", value):
        from decimal import Decimal

        number = Decimal(value)
        return str(int(number)) if number == int(number) else value
    return value


def _unescaped(text: str) -> str:
    import html

    return html.unescape(text)


def _is_text(stream: IO[bytes]) -> bool:
    """Of a file whose name does not tell."""
    if not stream.seekable():
        return False
    at = stream.tell()
    head = stream.read(4096)
    stream.seek(at)
    return b"\0" not in head and all(byte >= 0x20 or byte in b"\t\n\r\f\x1b" for byte in head)


def _cut(text: Iterator[str]) -> Iterator[tuple[int, str]]:
    """Numbered lines; long ones in overlapping parts, so that a number at the seam is whole in one of them."""
    for number, line in enumerate(text, 1):
        if len(line) <= _BLOCK:
            yield number, line
        else:
            for start in range(0, len(line), _BLOCK - _OVERLAP):
                yield number, line[start : start + _BLOCK]


def _batches(lines: Iterator[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    while batch := list(islice(lines, 2_000)):
        yield batch


# ---- trees


def search_tree(tree: Any, asked: Asked, within: str = "") -> Iterator[Found]:
    """JSON: what has the same names on its way is a column, like the ``phone`` of all features."""
    names: dict[str, str] = {}
    cells: dict[str, list[str | None]] = {}
    numbers: dict[str, bool] = {}
    keys: list[str | None] = []
    for path, name, value, is_number in _leaves(tree):
        if name is None:
            keys.append(value)
        else:
            names.setdefault(path, without_identifiers(name))
            cells.setdefault(path, []).append(value)
            numbers[path] = numbers.get(path, True) and is_number
    columns = {path: _column(asked, name, "integer" if numbers[path] else "any") for path, name in names.items()}
    looked = {path: look_at_cells(columns[path], each, asked.latest, asked.allowed) for path, each in cells.items()}
    yield from _small_groups(tree, asked, within)
    groups: dict[str, list[str]] = {}
    for path in columns:
        groups.setdefault(path.rpartition(".")[0], []).append(path)
    for paths in groups.values():
        shown = {number: without_identifiers(path) for number, path in enumerate(paths)}
        declared = bool(asked.quasi_identifiers)
        beside = [columns[path] for path in paths]
        for sighting in weigh(beside, [looked[p] for p in paths], theme=asked.theme, groups_declared=declared):
            found = of_column(sighting, shown, within=within)
            name, nth = found.field, sighting.row + 1
            where = (
                f"「{name}」" + (f"（第 {nth} 个）" if nth else ""),
                f"“{name}”" + (f" (number {nth})" if nth else ""),
            )
            yield replace(found, column=None, where=where)
    for sighting in weigh([Column("")], [look_at_cells(Column(""), keys, asked.latest, asked.allowed)]):
        if sighting.masked:
            where = (f"{within}属性名", f"{within}The name of a property")
            yield Found(sighting.name, where, within.rstrip("#"), masked=sighting.masked, count=sighting.count)


def _column(asked: Asked, name: str, type_: str = "any") -> Column:
    """As the descriptor has it: also a file that is no table may have a schema."""
    return asked.columns.get(name) or Column(name, type=type_)


def _small_groups(tree: Any, asked: Asked, within: str) -> Iterator[Found]:
    """Of a list of objects, or of GeoJSON's features, by the quasi-identifiers that are declared."""
    listed = tree.get("features") if isinstance(tree, dict) else tree
    objects = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    rows = [one["properties"] if isinstance(one.get("properties"), dict) else one for one in objects]
    names = [name for name in asked.quasi_identifiers if any(name in row for row in rows)]
    if not names:
        return
    with Groups() as groups:
        groups.add(combined([[_cell(row.get(name)) for row in rows] for name in names]))
        small = groups.below(asked.k)
    if small.groups:
        told, with_ = ", ".join(names), (str(small.rows),)
        where = (f"{within}按「{told}」分组", f"{within}Grouped by {told}")
        yield Found("k-anonymity", where, told, masked=str(asked.k), count=small.groups, with_=with_)


def _cell(value: Any) -> str | None:
    return None if value is None else str(value)


def _leaves(tree: Any) -> Iterator[tuple[str, str | None, str, bool]]:
    """Path, name, text, and whether it is a number; names of properties that hold a digit come with None: they may be
    values themselves."""
    waiting: list[tuple[str, str, Any]] = [("", "", tree)]
    while waiting:
        path, name, value = waiting.pop()
        if isinstance(value, dict):
            for key, inner in reversed(list(value.items())):
                if re.search(r"\d{5}", key):
                    yield path, None, key, False
                shown = without_identifiers(key)
                waiting.append((f"{path}.{shown}" if path else shown, shown, inner))
        elif isinstance(value, list):
            if name == "coordinates" and not _holds_text(value):
                continue
            waiting += [(f"{path}[]", name, inner) for inner in reversed(value)]
        elif isinstance(value, str):
            yield path, name, value, False
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield path, name, str(value), True


def _holds_text(value: Any) -> bool:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str | dict):
            return True
        if isinstance(one, list):
            waiting += one
    return False
