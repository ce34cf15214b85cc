"""A small portal with real tables, built by Kaishu, and servers with ranges and without. For tests and for measuring.

python -m tests.pages.tables_site FOLDER [--rows N] [--serve PORT] [--no-ranges]
"""

from __future__ import annotations

import argparse
import csv
import datetime
import functools
import http.server
import os
import random
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

PROJECT = Path(__file__).parents[2]
ROWS = 300_000
PAGE = "dataset/many-rows/"
POLICY = "default-src 'self'; script-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'"
DISTRICTS = ("蓬江区", "江海区", "新会区", "台山市", "开平市", "鹤山市", "恩平市")
HEAD = ("id", "code", "区县", "amount", "day", "moment", "flag", "note", "count")
# What floats, milliseconds and JSON would spoil, links, and what must not become one.
HARD = (
    ("1", "9007199254740993", "12345678901234567890.123456789012", "2024-02-29T23:59:59.999999", "https://data.example.gov.cn/a?b=1&c=2", ""),
    ("2", "-9223372036854775808", "-0.000000000001", "1900-01-01T00:00:00", "opendata@example.gov.cn", "javascript:alert(1)"),
    ("3", "9223372036854775807", "0.100000000000", "9999-12-31T23:59:59.000001", '<img src=x onerror="document.title=1">', "长" * 600),
    ("4", "NA", "NA", "NA", "NA", "=1+1,\"x\"\n第二行"),
)  # fmt: skip

_PACKAGE = """\
name: many-rows
title: 多行测试
title_en: Many rows
description: 测试用的数据，内容是编造的。
openness: unconditional
source_department: commerce
theme: transport
update_cycle: monthly
keywords: [测试]
licenses: [{name: CC-BY-4.0, title: CC BY 4.0, path: "https://creativecommons.org/licenses/by/4.0/"}]
resources:
  - name: records
    title: 记录
    title_en: Records
    path: records.csv
    schema:
      primaryKey: id
      fields:
        - {name: id, type: integer, title: 编号, title_en: Number}
        - {name: code, type: string, title: 代码}
        - {name: 区县, type: string, title: 区县, title_en: District}
        - {name: amount, type: number, title: 金额, unit: 元}
        - {name: day, type: date, title: 日期}
        - {name: moment, type: datetime, title: 时刻}
        - {name: flag, type: boolean, title: 是否}
        - {name: note, type: string, title: 说明}
        - {name: count, type: integer, title: 数量}
      missingValues: ["NA"]
  - name: hard-ones
    title: 难题
    path: hard.csv
    schema:
      fields:
        - {name: id, type: integer}
        - {name: large, type: integer}
        - {name: exact, type: number}
        - {name: moment, type: datetime}
        - {name: link, type: string}
        - {name: text, type: string}
      missingValues: ["NA"]
  - name: districts
    title: 区县
    path: districts.csv
    schema:
      primaryKey: name
      fields: [{name: name, type: string}, {name: code, type: string}, {name: area, type: number, unit: km²}]
"""


def records(rows: int) -> Iterator[tuple[str, ...]]:
    """Notes and flags with missing values, notes also with empty texts; about one in twenty without a count."""
    dice = random.Random(7)
    start = datetime.datetime.fromisoformat("2020-01-01")
    for n in range(rows):
        moment = start + datetime.timedelta(seconds=n * 7, microseconds=dice.randrange(10**6))
        yield (
            str(n + 1), f"AK-{n:06}", dice.choice(DISTRICTS), f"{dice.randrange(-(10**7), 10**9) / 100:.2f}",
            (datetime.date(2015, 1, 1) + datetime.timedelta(days=dice.randrange(3650))).isoformat(), moment.isoformat(),
            dice.choice(("true", "false", "NA")), dice.choice(("NA", "", "a note", "一段说明")),
            str(dice.randrange(5000)) if dice.random() > 0.05 else "NA",
        )  # fmt: skip


def write_portal(folder: Path, rows: int) -> None:
    place = folder / "datasets/commerce/many-rows"
    place.mkdir(parents=True)
    shutil.copy(PROJECT / "datasets/commerce/agency.yaml", place.parent)
    (place / "datapackage.yaml").write_text(_PACKAGE, encoding="utf-8")
    tables: dict[str, tuple[tuple[str, ...], Any]] = {
        "records": (HEAD, records(rows)),
        "hard": (("id", "large", "exact", "moment", "link", "text"), HARD),
        "districts": (("name", "code", "area"), [(name, f"44070{n}", f"{n * 7 + 1.5}") for n, name in enumerate(DISTRICTS)]),
    }  # fmt: skip
    for name, (head, lines) in tables.items():
        with (place / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(head)
            writer.writerows(lines)


def build(folder: Path, rows: int) -> Path:
    """The site of the portal, made in ``folder``."""
    write_portal(folder, rows)
    command = [sys.executable, "-m", "generator", "build", "--datasets", str(folder / "datasets"), "--site", str(folder / "site")]  # fmt: skip
    done = subprocess.run(
        [*command, "--config", str(PROJECT / "kaishu.yaml"), "--no-state", "--jobs", "1", "--today", "2026-06-30"],
        cwd=PROJECT, env=os.environ | {"PYTHONPATH": str(PROJECT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (folder / "site/index.html").exists(), done.stdout + done.stderr
    return folder / "site"


class _Handler(http.server.SimpleHTTPRequestHandler):
    ranges: ClassVar[bool] = True
    protocol_version = "HTTP/1.1"

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def do_GET(self) -> None:
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        path = Path(self.translate_path(self.path))
        if not (found and self.ranges and path.is_file()):
            super().do_GET()
            return
        assert isinstance(self.server, _Server)
        time.sleep(self.server.delay)
        size = path.stat().st_size
        start, end = int(found[1]), min(int(found[2]), size - 1)
        self.send_response(206)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Range", f"bytes {start}-{end}/{size}")
        self.send_header("Content-Length", str(end - start + 1))
        self.end_headers()
        with path.open("rb") as file:
            file.seek(start)
            self.wfile.write(file.read(end - start + 1))

    def log_message(self, format: str, *args: Any) -> None:
        pass


class _Server(http.server.ThreadingHTTPServer):
    delay = 0.0
    """Seconds that each range takes to begin. Can be set."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):  # a worker that was stopped hangs up
            super().handle_error(request, client_address)


class _Whole(_Handler):
    ranges = False


@contextmanager
def served(site: Path, *, ranges: bool = True, port: int = 0) -> Iterator[_Server]:
    handler = functools.partial(_Handler if ranges else _Whole, directory=str(site))
    with _Server(("127.0.0.1", port), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--serve", type=int)
    parser.add_argument("--no-ranges", action="store_true")
    options = parser.parse_args()
    site = options.folder / "site"
    if not site.exists():
        build(options.folder, options.rows)
    if options.serve:
        with served(site, ranges=not options.no_ranges, port=options.serve) as server:
            print(f"http://127.0.0.1:{server.server_port}/dataset/many-rows/")
            threading.Event().wait()


if __name__ == "__main__":
    main()
