"""Everything that somebody could read out of a file, as texts: packed, encoded, escaped or in its metadata.

``decoded(name, content)`` yields where a text stands and the text. ``found(content, marks)`` looks for marked strings.
"""

from __future__ import annotations

import base64
import binascii
import bz2
import gzip
import html
import io
import lzma
import re
import struct
import unicodedata
import urllib.parse
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress

Text = tuple[str, str]
DEPTH = 5
"""Of what is packed in what is packed."""


def found(files: Mapping[str, bytes], marks: Collection[str]) -> list[tuple[str, str]]:
    """(where, mark) for each mark that stands in a file, or in the file's own name."""
    looked_for = {mark: _plain(mark) for mark in marks}
    hits: dict[tuple[str, str], None] = {}
    for name, content in files.items():
        for where, text in (*((name, each) for each in _unescaped(name)), *decoded(name, content)):
            plain = _plain(text)
            hits.update({(where, mark): None for mark, form in looked_for.items() if form in plain})
    return list(hits)


def _plain(text: str) -> str:
    """As a search for what people mean: full-width forms, case and what breaks a line or is not seen do not hide it."""
    return re.sub(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]+", "", unicodedata.normalize("NFKC", text)).casefold()


def decoded(name: str, content: bytes, depth: int = DEPTH) -> Iterator[Text]:
    if depth == 0:
        return
    yield from _texts(name, content, depth)
    for unpack in (_gzip, _zip, _parquet, _png, _jpeg, _pdf):
        for part, inner in unpack(content):
            if isinstance(inner, str):
                yield f"{name}!{part}", inner
            else:
                yield from decoded(f"{name}!{part}", inner, depth - 1)


# Texts


def _texts(name: str, content: bytes, depth: int) -> Iterator[Text]:
    for encoding in _encodings(content):
        text = content.decode(encoding, "ignore")
        yield f"{name} ({encoding})", text
        for form in _unescaped(text):
            yield f"{name} ({encoding}, unescaped)", form
        for at, packed in _base64(text):
            yield from decoded(f"{name}@{at}", packed, depth - 1)


def _encodings(content: bytes) -> list[str]:
    found = ["utf-8"]
    if any(byte > 0x7F for byte in content[:200_000]):
        found += ["gb18030", "latin-1"]
    if b"\0" in content:
        found += ["utf-16-le", "utf-16-be", "utf-32-le"]
    return found


def _unescaped(text: str) -> Iterator[str]:
    """HTML entities, percent-encoding, JavaScript and JSON escapes; twice, for one within the other."""
    forms = {text}
    for _ in range(2):
        forms |= {change(form) for form in list(forms) for change in (_html, _percent, _escapes)}
    yield from sorted(forms - {text})


def _html(text: str) -> str:
    return html.unescape(text) if "&" in text else text


def _percent(text: str) -> str:
    return urllib.parse.unquote(text, errors="replace") if "%" in text else text


_ESCAPE = re.compile(
    r"\\u\{([0-9a-fA-F]{1,6})\}|\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\x([0-9a-fA-F]{2})|\\([0-7]{3})"
)


def _escapes(text: str) -> str:
    if "\\" not in text:
        return text

    def one(match: re.Match[str]) -> str:
        digits = next(group for group in match.groups() if group)
        code = int(digits, 8 if match[5] else 16)
        return chr(code) if code < 0x110000 else ""

    made = _ESCAPE.sub(one, text)
    made = re.sub(r"\\([/\"'\\])", r"\1", made)
    return made.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX = re.compile(r"(?<![0-9a-fA-F])(?:[0-9a-fA-F]{2}){12,}(?![0-9a-fA-F])")


def _base64(text: str) -> Iterator[tuple[str, bytes]]:
    """Also what a data URI or a source map holds, and hexadecimal. A checksum decodes to nothing that is read as text."""
    seen: set[str] = set()
    for match in _BASE64.finditer(text):
        written = match[0].rstrip("=")
        if written in seen or _HEX.fullmatch(written):
            continue
        seen.add(written)
        try:
            packed = base64.b64decode(written.translate(_URL_SAFE) + "=" * (-len(written) % 4), validate=True)
        except (binascii.Error, ValueError):
            continue
        if _is_something(packed):
            yield f"base64:{match.start()}", packed
    for match in _HEX.finditer(text):
        if _is_something(packed := bytes.fromhex(match[0])):
            yield f"hex:{match.start()}", packed


_URL_SAFE = str.maketrans("-_", "+/")


def _is_something(content: bytes) -> bool:
    """Text of some kind or a known form; not the noise that most long words decode to."""
    if content.startswith((b"\x1f\x8b", b"PK", b"PAR1", b"\x89PNG", b"\xff\xd8", b"%PDF", b"BZh", b"\xfd7zXZ")):
        return True
    for encoding in ("utf-8", "utf-16-le", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if sum(char.isprintable() or char.isspace() for char in text) >= 0.9 * len(text):
            return True
    return False


# Containers


def _gzip(content: bytes) -> Iterator[tuple[str, bytes]]:
    for start, open_ in ((b"\x1f\x8b", gzip.decompress), (b"BZh", bz2.decompress), (b"\xfd7zXZ", lzma.decompress)):
        if content.startswith(start):
            with suppress(OSError, EOFError, lzma.LZMAError, zlib.error):
                yield "unpacked", open_(content)
    if content[:1] == b"\x78":
        with suppress(zlib.error):
            yield "inflated", zlib.decompress(content)


def _zip(content: bytes) -> Iterator[tuple[str, bytes | str]]:
    """Also workbooks: their cells, comments and properties are members."""
    if not content.startswith(b"PK"):
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        yield "comment", archive.comment
        for member in archive.infolist():
            yield "name", member.filename
            yield f"{member.filename}:comment", member.comment
            yield f"{member.filename}:extra", member.extra
            yield member.filename, archive.read(member)


def _parquet(content: bytes) -> Iterator[tuple[str, bytes | str]]:
    """Values, metadata of file, schema, fields and columns, and the statistics of each piece."""
    if not content.startswith(b"PAR1"):
        return
    import pyarrow.parquet as pq

    file = pq.ParquetFile(io.BytesIO(content))
    for key, value in (file.metadata.metadata or {}).items():
        yield "metadata key", key
        yield f"metadata {key!r}", value
    yield "writer", str(file.metadata.created_by)
    for field in file.schema_arrow:
        yield "field", field.name
        for key, value in (field.metadata or {}).items():
            yield f"field {field.name}", key + b" " + value
    for group in range(file.metadata.num_row_groups):
        for column in range(file.metadata.num_columns):
            told = file.metadata.row_group(group).column(column)
            if told.is_stats_set and told.statistics.has_min_max:
                yield f"statistics {column}", f"{told.statistics.min} {told.statistics.max}"
    table = file.read()
    for name, column in zip(table.column_names, table.columns, strict=True):
        for value in column.to_pylist():
            yield f"column {name}", value if isinstance(value, bytes) else str(value)


def _png(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Texts, plain and packed, EXIF, colour profile, and what stands after the end."""
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        return
    at = 8
    while at + 12 <= len(content):
        (length,), kind = struct.unpack(">I", content[at : at + 4]), content[at + 4 : at + 8]
        data = content[at + 8 : at + 8 + length]
        at += 12 + length
        if kind in (b"tEXt", b"eXIf", b"iTXt", b"zTXt", b"iCCP"):
            yield kind.decode(), data
            for packed in re.finditer(b"\x78[\x01\x5e\x9c\xda]", data):
                try:
                    yield f"{kind.decode()} inflated", zlib.decompressobj().decompress(data[packed.start() :])
                except zlib.error:
                    continue
        if kind == b"IEND":
            break
    yield "after the end", content[at:]


def _jpeg(content: bytes) -> Iterator[tuple[str, bytes]]:
    if not content.startswith(b"\xff\xd8"):
        return
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] != 0xDA:
        (length,) = struct.unpack(">H", content[at + 2 : at + 4])
        yield f"segment {content[at + 1]:x}", content[at + 4 : at + 2 + length]
        at += 2 + length


def _pdf(content: bytes) -> Iterator[tuple[str, bytes]]:
    if content.startswith(b"%PDF"):
        for stream in re.finditer(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
            try:
                yield f"stream {stream.start()}", zlib.decompressobj().decompress(stream[1])
            except zlib.error:
                continue
