"""Object stores: a small one on this machine, which answers what s3fs asks."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.config import Bucket, Remote
from generator.errors import ConfigError
from tests.remote.packages import fetched, refused, resource
from tests.remote.servers import OTHER, TABLE, Handler, Server, serving, sha256

pytest.importorskip("s3fs", reason="needs kaishu[s3]")

FORBIDDEN = b'<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>no</Message></Error>'
MISSING = b'<?xml version="1.0"?><Error><Code>NoSuchKey</Code><Message>no such key</Message></Error>'


def error(status: int, body: bytes) -> Any:
    def answer(handler: Handler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", "application/xml")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


OBJECTS = {
    "/open-data/a.csv": lambda h: h.give(TABLE, ETag='"1"'),
    "/open-data/2024/%E8%A1%A8%20%E4%B8%80.csv": lambda h: h.give(TABLE, ETag='"1"'),
    "/open-data/b.csv": lambda h: h.give(OTHER, ETag='"2"'),
    "/open-data/large.csv": lambda h: h.give(b"1,x\n" * 100_000),
    "/open-data/forbidden.csv": error(403, FORBIDDEN),
    "/open-data/missing.csv": error(404, MISSING),
    "/secret-data/a.csv": lambda h: h.give(TABLE),
}


@pytest.fixture
def store() -> Iterator[Server]:
    with serving(OBJECTS) as running:
        yield running


def allowing(cache: Path, store: Server, *, signed: bool = False, **limits: Any) -> Remote:
    bucket = Bucket("open-data", endpoint_url=f"http://{store.host}", signed=signed)
    return Remote(buckets=(bucket,), cache=cache, **{"max_seconds": 5, **limits})


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs this has keys of their own, which must not be sent, and a proxy that is not there."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "OPERATORSKEY", "AWS_SECRET_ACCESS_KEY": "x" * 40, "http_proxy": "http://127.0.0.1:1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("key", ["a.csv", "2024/表 一.csv"])
def test_an_object_is_fetched_without_keys(store: Server, cache: Path, key: str) -> None:
    found = fetched(allowing(cache, store), resource(f"s3://open-data/{key}", bytes=len(TABLE)))
    assert not found.problems
    assert [file.read_bytes() for file in found.files.values()] == [TABLE]
    assert "OPERATORSKEY" not in repr(store.asked)
    assert not any(name.lower() == "authorization" for _, headers in store.asked for name in headers)


def test_the_operator_s_keys_are_used_where_the_operator_says_so(store: Server, cache: Path) -> None:
    assert fetched(allowing(cache, store, signed=True), resource("s3://open-data/a.csv")).files
    assert any("OPERATORSKEY" in headers.get("Authorization", "") for _, headers in store.asked)


def test_an_object_that_was_fetched_once_is_not_fetched_again(store: Server, cache: Path) -> None:
    remote = allowing(cache, store)
    first = fetched(remote, resource("s3://open-data/a.csv"))
    asked = len(store.asked)
    assert fetched(remote, resource("s3://open-data/a.csv")) == first
    assert len(store.asked) == asked


@pytest.mark.parametrize(
    "path", ["s3://secret-data/a.csv", "s3://open-data/../secret-data/a.csv", "s3://OPEN-DATA/a.csv"]
)
def test_another_bucket_is_not_asked(store: Server, cache: Path, path: str) -> None:
    found = fetched(allowing(cache, store), resource(path))
    assert (found.files, found.problems) == ({}, ())  # the check of the tables tells it
    assert not store.asked


def test_keys_in_an_address_are_refused(store: Server, cache: Path) -> None:
    problem = refused(allowing(cache, store), resource("s3://KEY1:SECRET1@open-data/a.csv"))
    assert problem.name == "remote-credentials"
    assert "SECRET1" not in repr(problem)
    assert not store.asked


@pytest.mark.parametrize(
    ("key", "stated", "kind", "expected"),
    [
        ("b.csv", {}, "remote-hash", sha256(TABLE)),
        ("large.csv", {"bytes": 100}, "remote-size", "100"),
        ("large.csv", {}, "remote-too-large", "1000"),
        ("a.csv", {"hash": "md5:" + "0" * 32}, "remote-hash-missing", "hash: sha256:…"),
        ("forbidden.csv", {}, "remote-failed", ""),
        ("missing.csv", {}, "remote-failed", ""),
    ],
)
def test_what_is_not_taken(
    store: Server, cache: Path, key: str, stated: dict[str, Any], kind: str, expected: str
) -> None:
    problem = refused(allowing(cache, store, max_file_size=1000), resource(f"s3://open-data/{key}", **stated))
    assert (problem.name, problem.expected) == (kind, expected)
    assert dict(problem.more)["address"] == f"s3://open-data/{key}"
    assert store.host not in problem.value


def test_a_slow_store_ends_at_the_time_limit(store: Server, cache: Path) -> None:
    def mute(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for _ in range(40):
            time.sleep(0.1)
            handler.wfile.write(b"1")
            handler.wfile.flush()

    with serving({"/open-data/slow.csv": mute}) as slow_store:
        fetched(allowing(cache, store), resource("s3://open-data/a.csv"))  # the client's own files are read by now
        start = time.monotonic()
        other = resource("s3://open-data/slow.csv", hash=sha256(OTHER))
        problem = refused(allowing(cache, slow_store, max_seconds=1), other)
    assert (problem.name, problem.expected) == ("remote-slow", "1")
    assert time.monotonic() - start < 3.5


def test_a_store_that_is_not_there(cache: Path) -> None:
    remote = Remote(buckets=(Bucket("open-data", endpoint_url="http://127.0.0.1:1"),), cache=cache, max_seconds=10)
    assert refused(remote, resource("s3://open-data/a.csv")).name == "remote-failed"


def test_a_missing_component_is_told_with_the_command(
    store: Server, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(ConfigError) as caught:
        fetched(allowing(cache, store), resource("s3://open-data/a.csv"))
    assert "pip install 'kaishu[s3]'" in caught.value.zh
    assert "pip install 'kaishu[s3]'" in caught.value.en
