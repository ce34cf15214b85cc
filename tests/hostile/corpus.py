"""Hostile packages that no repository can hold: made when they are needed, each from a dataset that has no fault."""

from __future__ import annotations

import gzip
import io
import json
import os
import socket
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

GOOD: Mapping[str, Any] = {
    "name": "parks",
    "title": "城市公园名录",
    "title_en": "City parks",
    "description": "各区公园的名称、面积和开放时间。",
    "description_en": "Names, areas and opening hours of the parks.",
    "keywords": ["公园"],
    "openness": "unconditional",
    "theme": "environment",
    "update_cycle": "irregular",
    "source_department": "culture",
    "licenses": [{"name": "CC-BY-4.0"}],
}
AGENCY = "name: 文化广电旅游体育局\nname_en: Bureau of Culture\ncontact: {email: culture@example.gov.cn}\n"
PORTAL = "portal: {title: 测试门户, title_en: Test portal, url: https://data.test.example/}\n"
FIELDS = [
    {"name": "park", "title": "公园", "type": "string"},
    {"name": "area", "title": "面积（公顷）", "type": "number"},
]
ROWS = b"park,area\nA,30.5\nB,420\n"

Make = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Hostile:
    name: str
    make: Make
    """Given the folder of a dataset, which is there."""
    told: frozenset[str]
    """Problems, one of which at least has to be told; empty: it is harmless, and nothing has to be told."""


def portal(hostile: Hostile, folder: Path) -> Path:
    """A portal whose one dataset is this package."""
    dataset = folder / "datasets/culture/parks"
    dataset.mkdir(parents=True)
    (folder / "kaishu.yaml").write_text(PORTAL, "utf-8")
    (folder / "datasets/culture/agency.yaml").write_text(AGENCY, "utf-8")
    hostile.make(dataset)
    return folder


def table(**changes: Any) -> dict[str, Any]:
    return {"name": "parks", "path": "parks.csv", "schema": {"fields": FIELDS}, **changes}


def write(folder: Path, *resources: Mapping[str, Any], **changes: Any) -> None:
    descriptor = {**GOOD, **changes, "resources": list(resources) or [table()]}
    (folder / "datapackage.json").write_text(json.dumps(descriptor, ensure_ascii=False), "utf-8")


def with_file(content: bytes | Callable[[], bytes], name: str = "parks.csv", **changes: Any) -> Make:
    def make(folder: Path) -> None:
        (folder / name).write_bytes(content if isinstance(content, bytes) else content())
        write(folder, table(path=name, **changes))

    return make


def with_resource(**changes: Any) -> Make:
    def make(folder: Path) -> None:
        (folder / "parks.csv").write_bytes(ROWS)
        write(folder, table(**changes))

    return make


def with_link(to: str, name: str = "parks.csv", **changes: Any) -> Make:
    def make(folder: Path) -> None:
        (folder / name).symlink_to(to)
        write(folder, table(**{"path": name, **changes}))

    return make


def package_profile(folder: Path) -> None:
    (folder / "parks.csv").write_bytes(ROWS)
    write(folder, profile="/dev/zero")


def yaml(text: str) -> Make:
    def make(folder: Path) -> None:
        (folder / "parks.csv").write_bytes(ROWS)
        (folder / "datapackage.yaml").write_text(text, "utf-8", errors="surrogatepass")

    return make


def raw_json(text: str) -> Make:
    def make(folder: Path) -> None:
        (folder / "parks.csv").write_bytes(ROWS)
        (folder / "datapackage.json").write_text(text, "utf-8", errors="surrogatepass")

    return make


# --- files that are none


def fifo(folder: Path) -> None:
    os.mkfifo(folder / "parks.csv")
    write(folder)


def sock(folder: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        here = Path.cwd()
        os.chdir(folder)  # its path must be short
        try:
            listening.bind("parks.csv")
        finally:
            os.chdir(here)
    write(folder)


def descriptor_fifo(folder: Path) -> None:
    os.mkfifo(folder / "datapackage.yaml")


def descriptor_link(to: str) -> Make:
    return lambda folder: (folder / "datapackage.yaml").symlink_to(to)


def agency_link(to: str) -> Make:
    def make(folder: Path) -> None:
        agency = folder.parent / "agency.yaml"
        agency.unlink()
        agency.symlink_to(to)
        with_file(ROWS)(folder)

    return make


def agency_fifo(folder: Path) -> None:
    agency = folder.parent / "agency.yaml"
    agency.unlink()
    os.mkfifo(agency)
    with_file(ROWS)(folder)


def folder_loop(folder: Path) -> None:
    (folder / "loop").symlink_to(folder)
    (folder.parent / "again").symlink_to(folder.parent)
    with_file(ROWS)(folder)


def link_loop(folder: Path) -> None:
    (folder / "parks.csv").symlink_to("other.csv")
    (folder / "other.csv").symlink_to("parks.csv")
    write(folder)


def unlisted_fifo(folder: Path) -> None:
    os.mkfifo(folder / "readme.txt")
    os.mkfifo(folder / "other.csv")
    with_file(ROWS)(folder)


def schema_fifo(folder: Path) -> None:
    os.mkfifo(folder / "schema.json")
    with_resource(schema="schema.json")(folder)


def unreadable_names(folder: Path) -> None:
    """A name that is no UTF-8, and one with line ends and an escape sequence."""
    Path(os.fsdecode(bytes(folder) + b"/\xff\xfe.csv")).write_bytes(ROWS)
    (folder / "a\n::error::b\x1b[31m.csv").write_bytes(ROWS)
    with_file(ROWS)(folder)


# --- what unfolds


GIGABYTE = 1 << 30


def _packed(chunk: bytes, times: int) -> bytes:
    """``chunk`` so often as raw deflate, made at once: each piece ends at a byte and refers to none before it."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    piece = packer.compress(chunk) + packer.flush(zlib.Z_FULL_FLUSH)
    return piece * times + zlib.compressobj(6, zlib.DEFLATED, -15).flush()


def gzip_bomb(chunk: bytes, size: int) -> bytes:
    """Its checksum is not that of its content, but nobody should come to its end."""
    head = struct.pack("<4sLBB", b"\x1f\x8b\x08\x00", 0, 2, 255)
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    first = packer.compress(b"park,area\n") + packer.flush(zlib.Z_FULL_FLUSH)
    return head + first + _packed(chunk, size // len(chunk)) + struct.pack("<LL", 0, size & 0xFFFFFFFF)


ZEROS, LINES = b"0" * (1 << 20), b"A,1\n" * (1 << 18)


def zip_of(entries: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method, compresslevel=9) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def zip_bomb(size: int, name: bytes = b"parks.csv", *, entries: int = 1, stated: int | None = None) -> bytes:
    """``entries`` that all share the same packed bytes (overlapping, as in "a better zip bomb")."""
    packed = _packed(ZEROS, size >> 20)
    stated = min(size if stated is None else stated, 0xFFFFFFFE)
    local = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 8, 0, 0, 0, len(packed), stated, len(name), 0) + name
    body = local + packed
    listed: list[bytes] = []
    for number in range(entries):
        entry = name if not number else b"%d-%s" % (number, name)
        listed.append(
            struct.pack(
                "<4sHHHHHHIIIHHHHHII",
                b"PK\1\2",
                20,
                20,
                0,
                8,
                0,
                0,
                0,
                len(packed),
                stated,
                len(entry),
                0,
                0,
                0,
                0,
                0,
                0,
            )
            + entry
        )
    directory = b"".join(listed)
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, entries, entries, len(directory), len(body), 0)
    return body + directory + end


def workbook(
    sheet: bytes | None = None, strings: bytes | None = None, *, doctype: bytes = b"", cell: str = "A"
) -> bytes:
    """An xlsx whose parts are these."""
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["park", "area"], [cell, 30.5]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    parts = {}
    with zipfile.ZipFile(out) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    if sheet is not None:
        parts["xl/worksheets/sheet1.xml"] = sheet
    if strings is not None:
        parts["xl/sharedStrings.xml"] = strings
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
            b"</Types>", b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s"/></Types>' % _STRINGS_TYPE
        )
    if doctype:
        parts["xl/worksheets/sheet1.xml"] = doctype + _SHEET % (
            b'<row><c t="inlineStr"><is><t>&lol9;</t></is></c></row>' * 2
        )
    return zip_of(parts)


_STRINGS_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
_LAUGHS = (
    b'<!DOCTYPE worksheet [<!ENTITY lol "lol">'
    + b"".join(b'<!ENTITY lol%d "%s">' % (n, (b"&lol%d;" % (n - 1) if n > 1 else b"&lol;") * 10) for n in range(1, 10))
    + b"]>"
)
_EXTERNAL = b'<!DOCTYPE worksheet [<!ENTITY lol9 SYSTEM "file:///etc/passwd">]>'
_SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
_SST = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s</sst>'


def _ods_bomb() -> bytes:
    return zip_of(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": b"<a>" + b"0" * (130 << 20) + b"</a>",
        }
    )


def _ods_repeated() -> bytes:
    """A cell that says of itself that it stands a thousand million times."""
    content = (
        '<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        "<office:body><office:spreadsheet><table:table table:name='s'>"
        "<table:table-row table:number-rows-repeated='1000000'><table:table-cell office:value-type='string' "
        "table:number-columns-repeated='16000'><text:p>park</text:p></table:table-cell></table:table-row>"
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    return zip_of(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content.encode(),
            "META-INF/manifest.xml": manifest.encode(),
        }
    )


# --- sizes


def many_columns(count: int) -> Make:
    def make(folder: Path) -> None:
        names = [f"c{n}" for n in range(count)]
        (folder / "parks.csv").write_text(",".join(names) + "\n" + ",".join("1" for _ in names) + "\n")
        write(folder, table(schema={"fields": [{"name": n, "type": "integer", "title": n} for n in names]}))

    return make


def wide_file(count: int) -> Make:
    def make(folder: Path) -> None:
        (folder / "parks.csv").write_text(",".join(f"c{n}" for n in range(count)) + "\n" + "1," * count + "1\n")
        write(folder)

    return make


def many_resources(count: int) -> Make:
    def make(folder: Path) -> None:
        (folder / "parks.csv").write_bytes(ROWS)
        write(folder, *({"name": f"r{n}", "path": "parks.csv", "schema": {"fields": FIELDS}} for n in range(count)))

    return make


def long_cell(size: int, *, quoted: bool) -> Make:
    def make(folder: Path) -> None:
        quote = b'"' if quoted else b""
        (folder / "parks.csv").write_bytes(b"park,area\n" + quote + b"0" * size + quote + b",1\n")
        write(folder)

    return make


def number_cell(text: str, type_: str = "number", **properties: Any) -> Make:
    fields = [FIELDS[0], {"name": "area", "title": "面积", "type": type_, **properties}]
    return with_file(f"park,area\nA,{text}\nB,1\n".encode(), schema={"fields": fields})


def many_numbers(text: str, type_: str = "number") -> Make:
    """The same in a table of more than ``SMALL`` bytes, which is judged in Arrow."""
    fields = [FIELDS[0], {"name": "area", "title": "面积", "type": type_}]
    return with_file(lambda: b"park,area\n" + b"A,1\n" * 20_000 + f"A,{text}\n".encode(), schema={"fields": fields})


OUTSIDE = frozenset(("path-outside",))
LINK = frozenset(("path-symlink",))
NOT_FILE = frozenset(("path-not-file",))
LARGE = frozenset(("descriptor-too-large",))
DEEP = frozenset(("json-too-deep",))
SYNTAX = frozenset(("descriptor-syntax",))
NOTHING: frozenset[str] = frozenset()
ANY = frozenset(("?",))
"""Something has to be told, whatever it is."""


_HARMLESS = frozenset(
    "format-sql number-maximum-huge json-data-deep json-data-integer json-data-exponent yaml-table html-table "
    "dialect-comment dialect-table dialect-table-huge encoding-idna encoding-unicode-escape missing-values-many "
    "foreign-keys-many".split()
)
"""Read as nothing special, or published as they are: what counts is that nothing gives way."""


def corpus() -> Iterator[Hostile]:
    def one(name: str, make: Make, told: frozenset[str] = ANY) -> Hostile:
        return Hostile(name, make, NOTHING if name in _HARMLESS else told)

    # links and what is no file
    yield one("link-to-dev-zero", with_link("/dev/zero"), LINK)
    yield one("link-to-environ", with_link("/proc/self/environ"), LINK)
    yield one("link-to-passwd", with_link("/etc/passwd"), LINK)
    yield one("link-in-a-circle", link_loop, LINK)
    yield one("link-schema", with_link("/proc/self/environ", "schema.json", path="x.csv", schema="schema.json"), LINK)
    yield one("link-dialect", with_link("/dev/zero", "dialect.json", path="x.csv", dialect="dialect.json"), LINK)
    yield one("folder-loop", folder_loop)
    yield one("descriptor-link-dev-zero", descriptor_link("/dev/zero"), frozenset(("path-symlink", "path-not-file")))
    yield one("descriptor-link-environ", descriptor_link("/proc/self/environ"), LINK)
    yield one("descriptor-link-nowhere", descriptor_link("/nowhere"), LINK)
    yield one("descriptor-link-circle", descriptor_link("datapackage.yaml"), LINK)
    yield one("descriptor-fifo", descriptor_fifo, NOT_FILE)
    yield one("agency-link-environ", agency_link("/proc/self/environ"), LINK)
    yield one("agency-link-dev-zero", agency_link("/dev/zero"), frozenset(("path-symlink", "path-not-file")))
    yield one("agency-fifo", agency_fifo, NOT_FILE)
    yield one("fifo", fifo, NOT_FILE)
    yield one("socket", sock, NOT_FILE)
    yield one("schema-fifo", schema_fifo, NOT_FILE)
    yield one("unlisted-fifo", unlisted_fifo, frozenset(("file-not-listed",)))
    yield one("names-of-bytes", unreadable_names, frozenset(("file-not-listed",)))

    # paths that lead out
    for place in ("/etc/passwd", "../../../etc/passwd", "C:\\Windows\\win.ini", "~/.ssh/id_rsa", "file:///etc/passwd",
                  "\\\\host\\share", "a/../../b", "//etc/passwd"):  # fmt: skip
        said = place.replace("/", "-").replace("\\", "-").replace(":", "")
        yield one(f"path{said}", with_resource(path=place), OUTSIDE)
        if place not in ("/etc/passwd", "a/../../b"):
            continue  # the same rule for each property
        yield one(f"url{said}", with_resource(path=None, url=place), OUTSIDE)
        yield one(f"extrapaths{said}", with_resource(extrapaths=[place]), OUTSIDE)
        yield one(f"schema{said}", with_resource(schema=place), OUTSIDE)
        yield one(f"dialect{said}", with_resource(dialect=place), OUTSIDE)
        yield one(f"field{said}", with_resource(schema={"fields": [place]}), OUTSIDE)
    yield one("profile-outside", with_resource(profile="/proc/self/environ"))
    yield one("profile-dev-zero", with_resource(profile="/dev/zero"))
    yield one("profile-parent", with_resource(profile="../../../kaishu.yaml"))
    yield one("package-profile", package_profile)
    yield one("pipeline", with_resource(type="pipeline", path="parks.csv"))
    yield one(
        "package-in-file",
        with_file(b'{"resources":[{"name":"x","path":"/etc/passwd"}]}', "inner.json", type="package", schema=None),
    )
    yield one("sql", with_resource(path="sqlite:////etc/passwd"))
    yield one("scheme-stated", with_resource(scheme="http"))
    yield one("scheme-aws", with_resource(scheme="s3"))
    yield one("format-sql", with_resource(format="sql"))
    yield one("multipart-scheme", with_resource(path=["parks.csv", "/dev/zero"]), OUTSIDE)

    # archives
    yield one("gzip-bomb-line", with_file(lambda: gzip_bomb(ZEROS, 2 * GIGABYTE), "parks.csv.gz"))
    yield one("gzip-bomb-rows", with_file(lambda: gzip_bomb(LINES, 2 * GIGABYTE), "parks.csv.gz"))
    yield one("gzip-in-gzip", with_file(lambda: gzip.compress(gzip_bomb(ZEROS, GIGABYTE), 1), "parks.csv.gz"))
    yield one("zip-bomb", with_file(lambda: zip_bomb(2 * GIGABYTE), "parks.csv.zip"))
    yield one("zip-bomb-that-lies", with_file(lambda: zip_bomb(2 * GIGABYTE, stated=100), "parks.csv.zip"))
    yield one("zip-overlapping", with_file(lambda: zip_bomb(GIGABYTE, entries=60_000), "parks.csv.zip"))
    yield one("zip-slip", with_file(lambda: zip_of({"../../../../tmp/slipped.csv": ROWS}), "parks.csv.zip"))
    yield one(
        "zip-slip-innerpath",
        with_file(lambda: zip_of({"../../slipped.csv": ROWS}), "parks.csv.zip", innerpath="../../slipped.csv"),
    )
    yield one(
        "zip-innerpath-absolute",
        with_file(lambda: zip_of({"/etc/passwd": ROWS}), "parks.csv.zip", innerpath="/etc/passwd"),
    )
    yield one("zip-nested", with_file(lambda: zip_of({"parks.csv": zip_bomb(GIGABYTE)}), "parks.csv.zip"))
    yield one("zip-broken", with_file(lambda: zip_of({"parks.csv": ROWS})[:-30], "parks.csv.zip"))
    yield one("zip-empty", with_file(lambda: zip_of({}), "parks.csv.zip"))
    yield one(
        "xlsx-shared-strings",
        with_file(lambda: workbook(strings=_SST % (b"<si><t>" + b"0" * (130 << 20) + b"</t></si>")), "parks.xlsx"),
    )
    yield one(
        "xlsx-sheet",
        with_file(lambda: workbook(sheet=_SHEET % (b"<row><c><v>1</v></c></row>" * 5_000_000)), "parks.xlsx"),
    )
    yield one(
        "xlsx-many-columns",
        with_file(
            lambda: workbook(sheet=_SHEET % (b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')), "parks.xlsx"
        ),
    )
    yield one("xlsx-laughs", with_file(lambda: workbook(doctype=_LAUGHS), "parks.xlsx"))
    yield one("xlsx-external", with_file(lambda: workbook(doctype=_EXTERNAL), "parks.xlsx"))
    yield one("xlsx-overlapping", with_file(lambda: zip_bomb(GIGABYTE, b"xl/workbook.xml"), "parks.xlsx"))
    yield one("ods-bomb", with_file(_ods_bomb, "parks.ods"))
    yield one("ods-repeated", with_file(_ods_repeated, "parks.ods"))

    # descriptors
    head = "name: parks\ntitle: t\nopenness: unconditional\n"
    yield one("yaml-aliases", yaml("a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(12))), LARGE)  # fmt: skip
    yield one("yaml-deep", yaml(head + "x: " + "[" * 100_000 + "]" * 100_000), LARGE)
    yield one("yaml-deep-block", yaml(head + "x:\n" + "".join(" " * n + "- \n" for n in range(1, 2000))), ANY)
    yield one("yaml-deep-dashes", yaml(head + "x:\n " + "- " * 100_000 + "a"), LARGE)
    yield one("yaml-deep-keys", yaml(head + "".join(" " * n + "x:\n" for n in range(2000))), LARGE)
    yield one(
        "yaml-deep-open",
        yaml(head + "x: " + "{a: " * 100_000),
        frozenset(("descriptor-too-large", "descriptor-syntax")),
    )
    yield one("json-deep", raw_json('{"a":' * 100_000 + "1" + "}" * 100_000), LARGE)
    yield one("json-deep-list", raw_json('{"a":' + "[" * 1_000_000 + "]" * 1_000_000 + "}"), LARGE)
    yield one("yaml-huge-integer", yaml(head + "x: " + "9" * 1_000_000), LARGE)
    yield one("yaml-huge-float", yaml(head + "x: 1.0e+" + "9" * 1_000), LARGE)
    yield one("yaml-exponent", yaml(head + "version: 1.0e+999999999"))
    yield one("yaml-sexagesimal", yaml(head + "x: 1" + ":59" * 100_000), LARGE)
    yield one("yaml-binary", yaml(head + "x: !!binary " + "QUFB" * 100_000))
    yield one("yaml-octal", yaml(head + "x: 0" + "7" * 299))
    yield one("yaml-python", yaml(head + "x: !!python/object/apply:os.system ['touch /tmp/kaishu-owned']"), SYNTAX)
    yield one("yaml-long-line", yaml(head + "x: " + "a" * 9_000_000))
    yield one("yaml-many-documents", yaml("--- {}\n" * 100_000), SYNTAX)
    yield one("yaml-many-anchors", yaml(head + "x:\n" + "".join(f"- &a{n} x\n" for n in range(200_000))))
    yield one("yaml-many-keys", yaml(head + "".join(f"k{n}: 1\n" for n in range(150_000))))
    yield one("yaml-flat-list", yaml(head + "x: [" + "1," * 2_000_000 + "]"), LARGE)
    yield one("yaml-complex-keys", yaml(head + "? [a, b]\n: 1\n? {c: d}\n: 2\n"))
    yield one("yaml-nul", yaml(head + "x: a\0b"), SYNTAX)
    yield one("json-huge-integer", raw_json('{"name":"parks","x":' + "9" * 1_000_000 + "}"), LARGE)
    yield one("json-exponent", raw_json('{"name":"parks","version":1e999999999,"x":-1e999}'))
    yield one("json-long-float", raw_json('{"name":"parks","version":0.' + "1" * 1_000_000 + "}"), ANY)
    yield one("json-nan", raw_json('{"name":"parks","version":NaN,"x":[Infinity,-Infinity]}'))
    yield one("json-nul", raw_json('{"name":"parks","title":"a\\u0000b"}'))
    yield one(
        "json-surrogate",
        raw_json('{"name":"\\ud800","title":"\\udfff","resources":[{"name":"\\udc00","path":"\\ud800"}]}'),
    )
    yield one("json-same-key", raw_json("{" + ",".join('"name":"parks"' for _ in range(300_000)) + "}"))
    yield one(
        "json-bytes-integer",
        raw_json('{"name":"parks","resources":[{"name":"x","path":"parks.csv","bytes":' + "9" * 299 + "}]}"),
    )

    # sizes
    yield one("resources-3000", many_resources(3_000))
    yield one("columns-100000", many_columns(100_000))
    yield one("columns-in-file-3000000", wide_file(3_000_000))
    yield one(
        "fields-declared",
        with_resource(schema={"fields": [{"name": f"f{n}", "type": "string"} for n in range(100_000)]}),
    )
    yield one("cell-100-MB", long_cell(100 << 20, quoted=False))
    yield one("cell-100-MB-quoted", long_cell(100 << 20, quoted=True))
    yield one("cell-open-quote", with_file(lambda: b'park,area\n"' + b"0\n" * (50 << 20), "parks.csv"))
    yield one("line-of-nul", with_file(lambda: b"park,area\n" + b"\0" * (50 << 20)))
    yield one("file-of-commas", with_file(lambda: b"park,area\n" + b"," * (30 << 20)))
    yield one("text-no-table", with_file(lambda: b"\0" * (50 << 20), "parks.bin", schema=None))
    for text in ("1E+999999999", "1E-999999999", "9" * 1_000_000, "0." + "1" * 1_000_000, "1e" + "9" * 1000, "-1E+999999999999999999999",
                 "NaN", "INF", "1E+400", "1E+6144", "9" * 5000):  # fmt: skip
        short = text if len(text) < 24 else f"{text[:3]}-{len(text)}"
        yield one(f"number-{short}", number_cell(text), NOTHING if text in ("NaN", "INF", "1E+400") else ANY)
        yield one(f"number-many-{short}", many_numbers(text), NOTHING if text in ("NaN", "INF", "1E+400") else ANY)
        yield one(f"integer-many-{short}", many_numbers(text, "integer"))
    yield one("number-minimum-huge", number_cell("1", constraints={"minimum": "1E+999999999"}))
    yield one("number-maximum-huge", number_cell("1", constraints={"maximum": 10**299}))
    yield one("integer-enum-huge", number_cell("1", "integer", constraints={"enum": ["9" * 100_000]}))
    yield one("duration-huge", number_cell("P" + "9" * 10_000 + "Y", "duration"))
    yield one("duration-huge-2", number_cell("P1E999999Y", "duration"))
    yield one("year-huge", number_cell("9" * 10_000, "year"))
    yield one("date-format", number_cell("1", "date", format="%" * 10_000))
    yield one("object-deep", number_cell('"' + "[" * 100_000 + '"', "array"))
    yield one("object-deep-2", number_cell('"' + '{""a"":' * 100_000 + '"', "object"))
    yield one("geojson-deep", number_cell('"' + '{""a"":' * 100_000 + '"', "geojson"))
    yield one(
        "json-inline-deep", raw_json('{"name":"parks","resources":[{"name":"x","data":' + "[" * 50 + "]" * 50 + "}]}")
    )
    yield one("json-data-deep", with_file(lambda: b"[" * 1_000_000, "parks.json"), DEEP)
    yield one("json-data-deep-closed", with_file(lambda: b"[" * 100_000 + b"]" * 100_000, "parks.json"), DEEP)
    closers = b'[{"park":"]]]]","area":' * 100_000
    yield one("json-data-deep-in-strings", with_file(lambda: closers, "parks.json", type="table"), DEEP)
    packed = gzip.compress(b"[" * 100_000 + b"]" * 100_000)
    yield one("json-data-deep-gzip", with_file(packed, "parks.json.gz", type="table", format="json"), DEEP)
    inner = zip_of({"parks.json": b"[" * 100_000 + b"]" * 100_000})
    yield one("json-data-deep-zip", with_file(inner, "parks.json.zip", type="table", format="json"), DEEP)
    yield one(
        "json-data-integer", with_file(lambda: b'[{"park": "a", "area": ' + b"9" * 1_000_000 + b"}]", "parks.json")
    )
    yield one("json-data-exponent", with_file(b'[{"park": "a", "area": 1e999999999}]', "parks.json"))
    yield one("jsonl-data-deep", with_file(lambda: b"[" * 1_000_000, "parks.jsonl"))
    yield one(
        "geojson-file-deep",
        with_file(b'{"type":"FeatureCollection","features":' + b"[" * 1_000_000, "parks.geojson", schema=None),
    )
    yield one("yaml-table", with_file(b"- {park: a, area: 1}\n", "parks.yaml"))
    yield one("html-table", with_file(b"<table>" + b"<tr><td>1" * 100_000, "parks.html"))
    yield one("dialect-header-rows", with_resource(dialect={"headerRows": list(range(1, 100_000))}))
    yield one("dialect-comment", with_resource(dialect={"commentChar": "a" * 100_000}))
    yield one("dialect-delimiter", with_resource(dialect={"delimiter": ",,"}))
    yield one("dialect-table", with_file(workbook, "parks.xlsx", dialect={"sheet": -5}))
    yield one("dialect-table-huge", with_file(workbook, "parks.xlsx", dialect={"sheet": 10**200}))
    yield one("encoding-idna", with_resource(encoding="idna"))
    yield one("encoding-zip", with_resource(encoding="zip"))
    yield one("encoding-unicode-escape", with_resource(encoding="unicode_escape"))
    yield one("encoding-punycode", with_file(lambda: b"park,area\n" + b"a" * 300_000 + b",1\n", encoding="punycode"))
    yield one(
        "missing-values-many",
        with_resource(schema={"fields": FIELDS, "missingValues": [str(n) for n in range(100_000)]}),
    )
    yield one(
        "pattern-slow",
        with_file(
            lambda: b"park,area\n" + b"a" * 40 + b"!,1\n",
            schema={"fields": [{**FIELDS[0], "constraints": {"pattern": "(a|aa)+$"}}, FIELDS[1]]},
        ),
    )
    yield one(
        "pattern-huge-repeat",
        with_resource(
            schema={"fields": [{**FIELDS[0], "constraints": {"pattern": "((a{1,1000}){1,1000}){1,1000}"}}, FIELDS[1]]}
        ),
    )
    yield one(
        "pattern-deep",
        with_resource(schema={"fields": [{**FIELDS[0], "constraints": {"pattern": "(" * 50_000}}, FIELDS[1]]}),
    )
    yield one(
        "foreign-keys-many",
        with_resource(
            schema={
                "fields": FIELDS,
                "foreignKeys": [{"fields": ["park"], "reference": {"resource": "", "fields": ["park"]}}] * 5000,
            }
        ),
    )
