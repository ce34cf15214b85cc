"""The server's configuration in the docs says what the program says, and a real server does what it promises."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message

import pytest

from generator.headers import DATA_HEADERS, HEADERS, TYPES, headers_file, meta_policy, policy
from tests.conftest import ROOT

DOC = (ROOT / "docs/hosting.md").read_text("utf-8")
NGINX = re.search(r"```nginx\n(.*?)```", DOC, re.DOTALL)


def test_the_docs_name_the_policy_and_the_headers() -> None:
    assert NGINX
    assert f"    {policy()}\n" in DOC
    for name, value in {"Content-Security-Policy": policy(), **HEADERS, **DATA_HEADERS}.items():
        assert f'add_header {name} "{value}"' in NGINX[1]
    for ending, type_ in TYPES.items():
        assert f"{type_.partition(';')[0]} {ending};" in NGINX[1]


def test_a_page_states_all_but_what_only_servers_can() -> None:
    assert f"{meta_policy()}; frame-ancestors 'self'" == policy()
    assert "unsafe" not in policy()
    assert "'wasm-unsafe-eval'" in policy(wasm=True)


def test_the_file_for_static_hosts_has_rules_of_two_lines_and_more() -> None:
    blocks = headers_file().strip().split("\n\n")
    assert blocks[0].splitlines()[:2] == ["/*", f"  Content-Security-Policy: {policy()}"]
    for block in blocks:
        path, *lines = block.splitlines()
        assert path.startswith("/")
        assert lines
        assert all(re.fullmatch(r"  [A-Za-z-]+: \S.*", line) for line in lines)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.skip("nginx is not installed")
    assert NGINX
    folder = tmp_path_factory.mktemp("nginx")
    site = folder / "site"
    for path, text in {
        "index.html": "<h1>主页</h1>" * 200, "404.html": "<h1>找不到</h1>", "assets/a.0123456789.css": "a{}", "catalog.json": '{"a": "开"}' * 200,
        "data/x/t.parquet": "PAR1" * 1000, "data/x/t.csv": "名,值\n甲,1\n" * 300, "data/x/dcat.ttl": "a <b> <c> .", "data/x/dcat.jsonld": "{}",
        "api/index.html": "<h1>API</h1>", "api/v1/datasets/x.json": "{}",
    }.items():  # fmt: skip
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text, "utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    block = NGINX[1].replace("listen 80;", f"listen 127.0.0.1:{port};").replace("/srv/opendata/site", str(site))
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""
    config = folder / "nginx.conf"
    config.write_text(
        f"{user} daemon off; pid {folder}/pid; error_log {folder}/error; events {{}}\nhttp {{ access_log off; {temporary}\n{block}}}\n"
    )
    process = subprocess.Popen([program, "-c", str(config), "-p", str(folder)], stderr=subprocess.PIPE, text=True)
    try:
        for _ in range(100):
            if process.poll() is not None:
                pytest.fail(f"nginx does not take the configuration: {process.stderr and process.stderr.read()}")
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(10)


def ask(url: str, **headers: str) -> tuple[int, Message, bytes]:
    request = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def test_a_range_of_parquet_is_a_range_also_for_who_takes_gzip(server: str) -> None:
    status, headers, body = ask(f"{server}data/x/t.parquet", Range="bytes=4-11", Accept_Encoding="gzip")
    assert (status, body) == (206, b"PAR1PAR1")
    assert headers["Content-Range"] == "bytes 4-11/4000"
    assert headers["Content-Encoding"] is None
    assert headers["Content-Type"] == "application/vnd.apache.parquet"
    assert "Content-Range" in headers["Access-Control-Expose-Headers"]


def test_a_range_of_a_table_of_text_is_one_too(server: str) -> None:
    status, _, body = ask(f"{server}data/x/t.csv", Range="bytes=0-2", Accept_Encoding="gzip")
    assert (status, body) == (206, "名".encode())
    status, headers, body = ask(f"{server}data/x/t.csv", Accept_Encoding="gzip")
    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert gzip.decompress(body).startswith("名,值".encode())


@pytest.mark.parametrize(
    ("path", "type_"),
    [
        ("data/x/t.csv", "text/csv; charset=utf-8"),
        ("data/x/dcat.ttl", "text/turtle; charset=utf-8"),
        ("data/x/dcat.jsonld", "application/ld+json"),
        ("api/v1/datasets/x.json", "application/json"),
    ],
)
def test_data_have_their_types_and_are_open_to_all_origins(server: str, path: str, type_: str) -> None:
    status, headers, _ = ask(server + path, Origin="https://elsewhere.example")
    assert status == 200
    assert headers["Content-Type"].startswith(type_)
    assert headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(("path", "status"), [("", 200), ("api/", 200), ("none/", 404)])
def test_pages_come_with_the_policy_also_the_one_for_what_is_missing(server: str, path: str, status: int) -> None:
    got, headers, body = ask(server + path)
    assert got == status
    assert headers["Content-Security-Policy"] == policy()
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert b"<h1>" in body
    assert headers["Access-Control-Allow-Origin"] is None


def test_what_changes_its_name_with_its_content_is_kept_for_ever(server: str) -> None:
    assert "immutable" in ask(f"{server}assets/a.0123456789.css")[1]["Cache-Control"]
    assert ask(server)[1]["Cache-Control"] is None
    assert ask(server)[1]["ETag"]
