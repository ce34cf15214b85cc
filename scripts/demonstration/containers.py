"""ZIP, XLSX and PDF with the same bytes everywhere: stored, not deflated, as the compressors of machines differ."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

Cell = str | int | float | bool | None

EPOCH = (1980, 1, 1, 0, 0, 0)
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def to_zip(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3  # else the byte tells the system of the machine
            archive.writestr(entry, content)
    return buffer.getvalue()


def to_workbook(title: str, rows: Sequence[Sequence[Cell]]) -> bytes:
    """A workbook of one sheet: texts, numbers and truth values, no formulas."""
    parts = {
        "[Content_Types].xml": (
            f'<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET_TYPE}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{SHEET_TYPE}.worksheet+xml"/>'
            "</Types>"
        ),
        "_rels/.rels": relationship("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": (
            f'<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}">'
            f'<sheets><sheet name="{escape(title)}" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": relationship("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": to_sheet(rows),
    }
    return to_zip({name: (XML + content).encode() for name, content in parts.items()})


def relationship(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/{kind}" Target="{target}"/></Relationships>'
    )


def to_sheet(rows: Sequence[Sequence[Cell]]) -> str:
    lines = "".join(to_line(row, number) for number, row in enumerate(rows, start=1))
    return f'<worksheet xmlns="{SHEET}"><sheetData>{lines}</sheetData></worksheet>'


def to_line(row: Sequence[Cell], number: int) -> str:
    cells = "".join(to_cell(value, f"{column(index)}{number}") for index, value in enumerate(row))
    return f'<row r="{number}">{cells}</row>'


def to_cell(value: Cell, place: str) -> str:
    if value is None:
        return f'<c r="{place}"/>'  # an absent last cell would make the row too short
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def column(index: int) -> str:
    """The letter of one of the first 26 columns."""
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[index]


def to_pdf(title: str, lines: Sequence[str]) -> bytes:
    """One A4 page of Chinese text, in a font that PDF readers have or replace, so that none is embedded."""
    text = "".join(f"<{line.encode('utf-16-be').hex().upper()}> Tj T*\n" for line in lines)
    head = f"BT /F1 18 Tf 56 770 Td <{title.encode('utf-16-be').hex().upper()}> Tj ET\n"
    content = f"{head}BT /F1 11 Tf 18 TL 56 735 Td\n{text}ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (zh-CN) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]"
            b" /Resources << /Font << /F1 4 0 R >> >> /Contents 6 0 R >>"
        ),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H /DescendantFonts [5 0 R] >>",
        (
            b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 95 500]"
            b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /FontDescriptor 7 0 R >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        (
            b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0"
            b" /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"
        ),
        b"<< /Title (%s) >>" % pdf_text(title),
    ]
    body = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, item in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    body += b"trailer\n<< /Size %d /Root 1 0 R /Info 8 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(body)


def pdf_text(text: str) -> bytes:
    """A literal string of the document's properties, in UTF-16 with octal escapes."""
    return b"".join(b"\\%03o" % byte for byte in b"\xfe\xff" + text.encode("utf-16-be"))
