"""The guide's example, from a spreadsheet to a page: what a clerk types and does. The pictures and the test do it."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml

NAME = "public-libraries"
FILE = "libraries.csv"
SHEET = """编号,馆名,区划代码,建筑面积(平方米),开馆日期
L001,示例图书馆一,440703,12000,1998-10-01
L002,示例图书馆二,440704,8500,2006年5月18日
"""
"""With one mistake, which the check finds."""
MENDED = SHEET.replace("2006年5月18日", "2006-05-18")
TYPES = {"开馆日期": "date"}
"""What the clerk chooses because the file alone does not tell."""
FILLED: Mapping[str, str] = {
    "agency": "culture",
    "name": NAME,
    "title": "公共图书馆名录",
    "title_en": "Public libraries",
    "description": "江门市公共图书馆的名称、区划代码、建筑面积和开馆日期，每馆一行，每年年初更新。",
    "description_en": "Public libraries of Jiangmen with division code, floor area and opening date, one per row.",
    "keywords": "图书馆、公共文化、文化设施",
    "theme": "education",
    "update_cycle": "yearly",
    "modified": "2026-11-02",
    "openness": "unconditional",
    "licenses": "CC-BY-4.0",
}
AGENCY = {
    "id": "culture",
    "name": "江门市文化广电旅游体育局",
    "name_en": "Jiangmen Bureau of Culture, Radio, Television, Tourism and Sports",
    "contact": {"name": "公共服务科", "email": "culture@jiangmen.example"},
}
PORTAL = {
    "title": "江门市公共数据开放目录",
    "title_en": "Jiangmen Open Public Data",
    "url": "https://data.jiangmen.example/",
    "repository": "https://github.com/kaishu-portal/jiangmen",
}


def portal(folder: Path) -> Path:
    """A portal that knows the agency and has no dataset yet."""
    (folder / "datasets/culture").mkdir(parents=True)
    (folder / "datasets/culture/agency.yaml").write_text(yaml.safe_dump(AGENCY, allow_unicode=True), "utf-8")
    (folder / "kaishu.yaml").write_text(yaml.safe_dump({"portal": PORTAL}, allow_unicode=True), "utf-8")
    return folder


def write_dataset(portal: Path, descriptor: str, sheet: str) -> Path:
    """What the forge does when the two files are handed in."""
    folder = portal / "datasets/culture" / NAME
    folder.mkdir(exist_ok=True)
    (folder / "datapackage.yaml").write_text(descriptor, "utf-8")
    (folder / FILE).write_text(sheet, "utf-8")
    return folder


def open_form(page: Any, address: str) -> None:
    page.goto(f"{address}contribute/form/")
    page.wait_for_selector("kaishu-form[data-ready]")


def fill(page: Any) -> None:
    for name, value in FILLED.items():
        at = f"#f-{name}"
        if page.eval_on_selector(at, "e => e.localName") == "select":
            page.select_option(at, value)
        else:
            page.fill(at, value)


def choose_file(page: Any) -> None:
    page.set_input_files("input[type=file]", files=[{"name": FILE, "mimeType": "text/csv", "buffer": SHEET.encode()}])
    page.wait_for_selector(".read p")
    for row in page.query_selector_all(".columns-table tbody tr"):
        if chosen := TYPES.get(row.query_selector("[data-column=name]").input_value()):
            row.query_selector("[data-column=type]").select_option(chosen)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
