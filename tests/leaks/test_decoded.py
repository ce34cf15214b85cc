"""The search finds what is hidden, in each form that a site could hide it in; else finding nothing would say nothing."""

from __future__ import annotations

import base64
import bz2
import gzip
import html
import io
import json
import struct
import urllib.parse
import zipfile
import zlib

import pytest

from tests.leaks.decoded import found

MARK = "金丝雀Kanarie4407"


def as_zip(content: bytes, name: str = "inner.txt", comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
        archive.comment = comment
    return out.getvalue()


def as_workbook(**properties: str) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    sheet.write(0, 0, properties.get("cell", "x"))
    if "note" in properties:
        sheet.write_comment(0, 0, properties["note"])
    if "property" in properties:
        book.set_custom_property("from", properties["property"])
    book.close()
    return out.getvalue()


def as_parquet(
    value: str = "x", *, column: str = "a", file: str = "", field: str = "", statistics: bool = False
) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    metadata = {"k": field} if field else None
    schema = pa.schema([pa.field(column, pa.string(), metadata=metadata)], metadata={"k": file} if file else None)
    out = io.BytesIO()
    compression = "zstd"
    pq.write_table(pa.table([[value]], schema=schema), out, write_statistics=statistics, compression=compression)
    return out.getvalue()


def png(*chunks: tuple[bytes, bytes], after: bytes = b"") -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunk(*c) for c in chunks) + body + chunk(b"IEND", b"") + after


def jpeg(segment: bytes) -> bytes:
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + b"\xff\xda"


TEXT = MARK.encode()
PACKED = zlib.compress(TEXT)
FORMS: dict[str, bytes] = {
    "as it is": TEXT,
    "in capitals": MARK.upper().encode(),
    "in full width": "金丝雀Ｋａｎａｒｉｅ４４０７".encode(),
    "broken by lines and soft hyphens": "金丝\n  雀Kana\u00adrie44\u200b07".encode(),
    "UTF-16": b"\xff\xfe" + MARK.encode("utf-16-le"),
    "UTF-16, the other way round": MARK.encode("utf-16-be"),
    "GBK": MARK.encode("gbk"),
    "JSON escapes": json.dumps(MARK).encode(),
    "JSON within JSON": json.dumps(json.dumps(MARK)).encode(),
    "JavaScript escapes": "".join(f"\\u{{{ord(c):x}}}" for c in MARK).encode(),
    "bytes escaped": "".join(f"\\x{byte:02x}" for byte in b"Kanarie4407").encode(),
    "HTML entities": "".join(f"&#{ord(c)};" for c in MARK).encode(),
    "HTML entities within JSON": json.dumps(html.escape("".join(f"&#x{ord(c):x};" for c in MARK))).encode(),
    "percent-encoded": urllib.parse.quote(MARK).encode(),
    "base64": b"x = '" + base64.b64encode(TEXT) + b"'",
    "base64 for addresses": base64.urlsafe_b64encode(TEXT).rstrip(b"="),
    "base64 within JSON within base64": base64.b64encode(json.dumps({"a": base64.b64encode(TEXT).decode()}).encode()),
    "base64 of UTF-16": base64.b64encode(MARK.encode("utf-16-le")),
    "hexadecimal": TEXT.hex().encode(),
    "data URI": b'<img src="data:image/png;base64,' + base64.b64encode(png((b"tEXt", b"k\0" + TEXT))) + b'">',
    "source map": json.dumps({"version": 3, "sourcesContent": [f"// {MARK}"]}).encode(),
    "source map in a comment": b"//# sourceMappingURL=data:application/json;base64,"
    + base64.b64encode(json.dumps({"sourcesContent": [MARK]}).encode()),
    "gzip": gzip.compress(TEXT),
    "bzip2": bz2.compress(TEXT),
    "gzip within gzip": gzip.compress(gzip.compress(TEXT)),
    "zip": as_zip(TEXT),
    "zip, name": as_zip(b"x", name=MARK),
    "zip, comment": as_zip(b"x", comment=TEXT),
    "zip within zip": as_zip(as_zip(TEXT)),
    "workbook, cell": as_workbook(cell=MARK),
    "workbook, comment": as_workbook(note=MARK),
    "workbook, property": as_workbook(property=MARK),
    "Parquet, value": as_parquet(MARK),
    "Parquet, column": as_parquet(column=MARK),
    "Parquet, metadata of the file": as_parquet(file=MARK),
    "Parquet, metadata of a field": as_parquet(field=MARK),
    "Parquet, statistics": as_parquet(MARK, statistics=True),
    "Parquet, base64 in metadata": as_parquet(file=base64.b64encode(TEXT).decode()),
    "image, text": png((b"tEXt", b"Comment\0" + b"Kanarie4407")),
    "image, packed text": png((b"zTXt", b"Comment\0\0" + PACKED)),
    "image, international text": png((b"iTXt", b"Comment\0\0\0\0\0" + TEXT)),
    "image, EXIF": png((b"eXIf", b"MM\0*" + TEXT)),
    "image, after its end": png(after=TEXT),
    "photograph, EXIF": jpeg(b"Exif\0\0" + TEXT),
    "PDF": b"%PDF-1.4\n1 0 obj\n<<>>\nstream\n" + PACKED + b"\nendstream\n",
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_mark_is_found(form: str) -> None:
    marks = [MARK, "Kanarie4407"]
    assert found({"x": FORMS[form]}, marks)
    assert found({"data/x.zip": as_zip(FORMS[form])}, marks), "also when packed once more"


def test_a_mark_is_found_in_a_name() -> None:
    assert found({f"data/{urllib.parse.quote(MARK)}/x": b""}, [MARK])


def test_nothing_is_found_where_nothing_is() -> None:
    assert found(FORMS, ["Sperling0815", "麻雀"]) == []
