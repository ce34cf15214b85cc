"""The preview: what a browser or DuckDB gets, and that a change of a dataset comes through."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from email.message import Message
from pathlib import Path
from typing import TypeVar

import pytest

from generator.serve import media_type
from tests.conftest import ROOT

T = TypeVar("T")


class Served:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said: list[str] = []
        threading.Thread(target=self._listen, daemon=True).start()
        self.address = self.wait_for(lambda: re.findall(r"http://\S+", "".join(self.said)))[0]

    def _listen(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said.append(line)

    def wait_for(self, look: Callable[[], T]) -> T:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            if found := look():
                return found
            time.sleep(0.05)
        raise AssertionError("".join(self.said))

    def get(self, path: str, **headers: str) -> tuple[int, Message, bytes]:
        request = urllib.request.Request(self.address + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()

    def version(self) -> bytes:
        root = re.match(r"http://[^/]+", self.address)
        assert root is not None
        with urllib.request.urlopen(f"{root[0]}/-/version", timeout=30) as answer:
            return bytes(answer.read())


@pytest.fixture
def served(portal: Path) -> Iterator[Served]:
    command = ["serve", "--port", "0", "--config", str(portal / "kaishu.yaml"), "--site", str(portal / "site")]
    process = subprocess.Popen(
        [sys.executable, "-m", "generator", *command, "--jobs", "1", "--lang", "en"],
        cwd=ROOT,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        yield Served(process)
    finally:
        process.kill()
        process.communicate()


def test_site_is_served_below_the_path_of_the_portal(served: Served) -> None:
    assert served.address.endswith("/opendata/")
    status, headers, body = served.get("")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "测试门户" in body.decode()
    root = served.address.removesuffix("opendata/")
    with urllib.request.urlopen(root, timeout=30) as answer:
        assert answer.url == served.address
    status, _, body = served.get("no/such/page")
    assert status == 404
    assert "<html" in body.decode()


def test_parquet_is_served_in_ranges_to_other_sites_too(served: Served, portal: Path) -> None:
    whole = (portal / "site/data/parks/parks.parquet").read_bytes()
    status, headers, body = served.get("data/parks/parks.parquet", Range="bytes=-8", Origin="https://duckdb.example")
    assert (status, body) == (206, whole[-8:])
    assert headers["content-type"] == "application/vnd.apache.parquet"
    assert headers["content-range"] == f"bytes {len(whole) - 8}-{len(whole) - 1}/{len(whole)}"
    assert headers["access-control-allow-origin"] == "*"
    assert "content-range" in headers["access-control-expose-headers"].lower()
    status, headers, body = served.get("data/parks/parks.parquet")
    assert (status, body, headers["accept-ranges"]) == (200, whole, "bytes")
    assert served.get("data/parks/parks.parquet", **{"If-None-Match": headers["etag"]})[0] == 304
    assert served.get("data/parks/parks.parquet", Range="bytes=999999999-")[0] == 416


def test_nothing_outside_the_site_is_served(served: Served, portal: Path) -> None:
    assert (portal / "kaishu.yaml").is_file()
    host, port = re.findall(r"//([^:/]+):(\d+)", served.address)[0]
    for path in ("/opendata/../kaishu.yaml", "/opendata/%2e%2e/kaishu.yaml", f"/opendata/{portal}/kaishu.yaml"):
        with socket.create_connection((host, int(port)), timeout=30) as raw:  # urllib would tidy the path
            raw.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            answer = b"".join(iter(lambda: raw.recv(65536), b""))
        assert answer.startswith(b"HTTP/1.1 404"), path


def test_change_of_a_dataset_reaches_open_pages(served: Served, portal: Path) -> None:
    page = served.get("dataset/parks/")[2].decode()
    before = served.version()
    assert f"/-/reload.js?version={before.decode()}" in page
    descriptor = portal / "datasets/culture/parks/datapackage.yaml"
    descriptor.write_text(descriptor.read_text("utf-8").replace("城市公园名录", "全市公园名录"), "utf-8")
    served.wait_for(lambda: served.version() != before)
    assert "全市公园名录" in served.get("dataset/parks/")[2].decode()


def test_failing_build_leaves_the_last_site_served(served: Served, portal: Path) -> None:
    before = served.version()
    config = portal / "kaishu.yaml"
    words = config.read_text("utf-8")
    config.write_text("portal: [", "utf-8")
    served.wait_for(lambda: any("last site is still being served" in line for line in served.said))
    assert served.version() == before
    assert served.get("dataset/parks/")[0] == 200
    config.write_text(words.replace("测试门户", "新的门户"), "utf-8")
    served.wait_for(lambda: served.version() != before)
    assert "新的门户" in served.get("")[2].decode()


def test_ctrl_c_ends_it(served: Served) -> None:
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(timeout=20) == 130
    assert not any("Traceback" in line for line in served.said)


def test_port_in_use_is_told_before_the_work(portal: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "generator", "serve", "--port", port, "--config", str(portal / "kaishu.yaml")],
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
    assert done.returncode == 2
    assert "--port" in done.stderr
    assert not (portal / "site").exists()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("data/a.csv", "text/csv; charset=utf-8"),
        ("data/a.PARQUET", "application/vnd.apache.parquet"),
        ("data/a.geojson", "application/geo+json"),
        ("data/a.csv.gz", "application/gzip"),
        ("dcat.jsonld", "application/ld+json"),
        ("dcat.ttl", "text/turtle; charset=utf-8"),
        ("feed.xml", "application/xml"),
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.pdf", "application/pdf"),
        ("no-suffix", "application/octet-stream"),
    ],
)
def test_media_types(path: str, expected: str) -> None:
    assert media_type(path) == expected
