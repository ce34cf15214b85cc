"""What comes over the network and what does not, with real servers on this machine."""

from __future__ import annotations

import gzip
import logging
import os
import socket
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from generator.config import Remote
from generator.errors import ConfigError
from generator.problems import catalogue, words
from generator.remote import fetch
from tests.remote.packages import allowing, fetched, package, refused, resource
from tests.remote.servers import OTHER, TABLE, Server, sha256

pytest.importorskip("fsspec", reason="needs kaishu[remote]")
pytest.importorskip("aiohttp", reason="needs kaishu[remote]")


def left_in(cache: Path) -> list[str]:
    return sorted(file.name for file in cache.iterdir()) if cache.exists() else []


# --- the right file


@pytest.mark.parametrize("size", [None, len(TABLE)])
@pytest.mark.parametrize("path", ["/a.csv", "/a.csv?x=1", "/a.csv#top", "/cookie.csv", "/表%20一.csv"])
def test_a_file_with_the_declared_hash_is_fetched(server: Server, cache: Path, path: str, size: int | None) -> None:
    url = server.url(path)
    found = fetched(allowing(cache, server), resource(url, bytes=size))
    assert not found.problems
    (file,) = found.files.values()
    assert list(found.files) == [(0, url)]
    assert file.read_bytes() == TABLE
    assert left_in(cache) == [sha256(TABLE).partition(":")[2]]


def test_a_server_is_told_nothing_of_us_but_the_program(
    server: Server, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text(f"machine 127.0.0.1 login user password {'secret'}\n", "utf-8")
    for name, value in {
        "HOME": str(tmp_path),
        "NETRC": str(tmp_path / ".netrc"),
        "http_proxy": "http://127.0.0.1:1",
    }.items():
        monkeypatch.setenv(name, value)
    assert fetched(allowing(cache, server), resource(server.url("/cookie.csv"))).files
    ((_, headers),) = server.asked
    assert {name.lower() for name in headers} == {"host", "accept", "accept-encoding", "user-agent"}
    assert headers["Accept-Encoding"] == "identity"
    assert headers["User-Agent"].startswith("Kaishu/")


def test_what_was_fetched_once_is_not_fetched_again(
    server: Server, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote, url = allowing(cache, server), server.url()
    first = fetched(remote, resource(url))

    def refuse(*_: object) -> None:
        raise AssertionError("a connection was attempted")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    for name in ("fsspec", "aiohttp"):  # nor are the clients needed for it
        monkeypatch.setitem(sys.modules, name, None)
    assert fetched(remote, resource(url)) == first
    assert len(server.asked) == 1


def test_a_cached_file_that_was_changed_is_fetched_again(server: Server, cache: Path) -> None:
    remote = allowing(cache, server)
    (file,) = fetched(remote, resource(server.url())).files.values()
    file.chmod(0o644)
    file.write_bytes(OTHER)
    (file,) = fetched(remote, resource(server.url())).files.values()
    assert file.read_bytes() == TABLE
    assert len(server.asked) == 2


def test_one_file_of_two_packages_is_fetched_once(server: Server, cache: Path) -> None:
    one = package(resource(server.url()), resource(server.url(), name="again"))
    found = fetch([one], allowing(cache, server))["culture/parks"]
    assert len(found.files) == 2
    assert len(server.asked) == 1


def test_several_parts_have_a_hash_each(server: Server, cache: Path) -> None:
    paths = ["local.csv", server.url("/a.csv"), server.url("/b.csv")]
    hashes = [None, sha256(TABLE), sha256(OTHER)]
    found = fetched(allowing(cache, server), resource(paths, hash=None, hashes=hashes))
    assert [key[1] for key in found.files] == paths[1:]
    assert [file.read_bytes() for file in found.files.values()] == [TABLE, OTHER]


def test_a_resource_comes_whole_or_not_at_all(server: Server, cache: Path) -> None:
    paths = [server.url("/a.csv"), server.url("/missing.csv")]
    problem = refused(allowing(cache, server), resource(paths, hash=None, hashes=[sha256(TABLE), sha256(OTHER)]))
    assert (problem.name, dict(problem.more)["address"]) == ("remote-failed", paths[1])


# --- what the author must say


@pytest.mark.parametrize(
    "stated",
    [None, "", "d41d8cd98f00b204e9800998ecf8427e", "md5:d41d8cd98f00b204e9800998ecf8427e", "sha1:" + "0" * 40,
     "sha256:", "sha256:" + "0" * 63, "sha256:" + "g" * 64, "0" * 64, "sha512:" + "0" * 128, 5],
)  # fmt: skip
def test_without_a_sha256_nothing_is_fetched(server: Server, cache: Path, stated: Any) -> None:
    problem = refused(allowing(cache, server), resource(server.url(), hash=stated))
    assert (problem.name, problem.field, problem.resource) == ("remote-hash-missing", "hash", "parks")
    assert not server.asked
    assert "sha256" in words(problem, "zh")[1]


def test_one_hash_does_not_speak_for_two_files(server: Server, cache: Path) -> None:
    problems = fetched(allowing(cache, server), resource([server.url("/a.csv"), server.url("/b.csv")])).problems
    assert [p.name for p in problems] == ["remote-hash-missing"] * 2
    assert [p.expected for p in problems] == ["hashes[0]: sha256:…", "hashes[1]: sha256:…"]
    assert not server.asked


def test_another_file_than_the_declared_one_is_refused_with_both_hashes(server: Server, cache: Path) -> None:
    problem = refused(allowing(cache, server), resource(server.url("/b.csv")))
    assert (problem.name, problem.field) == ("remote-hash", "hash")
    assert (problem.expected, problem.value) == (sha256(TABLE), sha256(OTHER))
    assert problem.file == "culture/parks/datapackage.yaml"
    for lang in ("zh", "en"):
        message = words(problem, lang)[1]
        assert sha256(TABLE) in message
        assert sha256(OTHER) in message
        assert server.url("/b.csv") in message
    assert left_in(cache) == []


@pytest.mark.parametrize("size", [len(TABLE) - 1, len(TABLE) + 1, 1])
def test_another_size_than_the_declared_one_is_refused(server: Server, cache: Path, size: int) -> None:
    problem = refused(allowing(cache, server), resource(server.url(), bytes=size))
    assert (problem.name, problem.expected) == ("remote-size", str(size))


# --- limits


def test_a_body_longer_than_declared_stops_at_once(server: Server, cache: Path) -> None:
    problem = refused(allowing(cache, server), resource(server.url("/endless.csv"), bytes=100))
    assert (problem.name, problem.expected) == ("remote-size", "100")


def test_an_endless_body_stops_at_the_limit(server: Server, cache: Path) -> None:
    problem = refused(allowing(cache, server, max_file_size=1_000_000), resource(server.url("/endless.csv")))
    assert (problem.name, problem.expected) == ("remote-too-large", "1000000")
    assert left_in(cache) == []


def test_a_length_above_the_limit_is_not_even_read(server: Server, cache: Path) -> None:
    problem = refused(allowing(cache, server, max_file_size=100), resource(server.url("/large.csv")))
    assert (problem.name, problem.value) == ("remote-too-large", "> 100")


def test_a_declared_size_above_the_limit_is_not_asked_for(server: Server, cache: Path) -> None:
    problem = refused(allowing(cache, server, max_file_size=10), resource(server.url(), bytes=len(TABLE)))
    assert problem.name == "remote-too-large"
    assert not server.asked


def test_the_limit_of_a_build_counts_all_packages_together(server: Server, cache: Path) -> None:
    files = [resource(server.url("/a.csv")), resource(server.url("/b.csv"), name="b", hash=sha256(OTHER))]
    remote = allowing(cache, server, max_build_size=len(TABLE) + 1)
    first = fetched(remote, *files)
    assert [p.name for p in first.problems] == ["remote-budget"]
    assert len(first.files) == 1
    second = fetched(remote, *files)  # what has come stays, and the rest follows
    assert not second.problems
    assert len(second.files) == 2


@pytest.mark.parametrize("path", ["/slow.csv", "/mute.csv"])
def test_a_slow_server_ends_at_the_time_limit(server: Server, cache: Path, path: str) -> None:
    start = time.monotonic()
    problem = refused(allowing(cache, server, max_seconds=0.5), resource(server.url(path)))
    assert (problem.name, problem.expected) == ("remote-slow", "0.5")
    assert time.monotonic() - start < 2.5
    assert left_in(cache) == []


def test_redirects_do_not_start_the_time_anew(server: Server, cache: Path) -> None:
    server.redirects["/a"] = server.url("/slow.csv")
    assert refused(allowing(cache, server, max_seconds=0.5), resource(server.url("/a"))).name == "remote-slow"


# --- redirects


@pytest.mark.parametrize("location", ["/a.csv", "a.csv", "{other}/a.csv"])
def test_a_redirect_to_an_allowed_host_is_followed(
    server: Server, other_server: Server, cache: Path, location: str
) -> None:
    server.redirects["/moved"] = location.format(other=other_server.url(""))
    assert fetched(allowing(cache, server, other_server), resource(server.url("/moved"))).files


def test_a_redirect_to_another_host_is_not_followed(server: Server, other_server: Server, cache: Path) -> None:
    server.redirects["/moved"] = other_server.url("/a.csv?signature=secret")
    problem = refused(allowing(cache, server), resource(server.url("/moved")))
    assert (problem.name, problem.value) == ("remote-redirect", other_server.url())
    assert not other_server.asked


@pytest.mark.parametrize(
    "location",
    ["", "ftp://{host}/a.csv", "file:///etc/passwd", "http://user:pw@{host}/a.csv", "s3://bucket/a.csv",
     "http://{host}\\@evil.example/", "//evil.example/a.csv", "http://localhost:{port}/a.csv"],
)  # fmt: skip
def test_a_redirect_to_where_nothing_may_be_asked(server: Server, cache: Path, location: str) -> None:
    server.redirects["/moved"] = location.format(host=server.host, port=server.port)
    problem = refused(allowing(cache, server), resource(server.url("/moved")))
    assert problem.name == "remote-redirect"
    assert "pw" not in problem.value
    assert len(server.asked) == 1


def test_https_is_not_left_for_http() -> None:
    from generator.remote.address import WebAddress
    from generator.remote.refusal import Refused
    from generator.remote.transfer import _next

    remote = Remote(hosts=frozenset(("a.example", "b.example")))
    secure, plain = WebAddress("https", "a.example", 443, "/x"), WebAddress("http", "a.example", 80, "/x")
    with pytest.raises(Refused):
        _next(secure, "http://b.example/x", remote)
    with pytest.raises(Refused):
        _next(secure, "http://a.example/x", remote)
    assert _next(plain, "https://b.example/x", remote).scheme == "https"
    assert _next(secure, "//b.example/x", remote).url == "https://b.example/x"


def test_a_client_that_follows_redirects_by_itself_is_stopped(
    server: Server, other_server: Server, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import aiohttp

    ask = aiohttp.ClientSession.get
    monkeypatch.setattr(
        aiohttp.ClientSession, "get", lambda self, url, **more: ask(self, url, **more | {"allow_redirects": True})
    )
    server.redirects["/moved"] = other_server.url()
    assert refused(allowing(cache, server), resource(server.url("/moved"))).name == "remote-redirect"
    assert not other_server.asked


def test_redirects_in_a_circle_end(server: Server, cache: Path) -> None:
    server.redirects["/round"] = "/round"
    assert refused(allowing(cache, server), resource(server.url("/round"))).name == "remote-redirect"
    assert len(server.asked) == 6


# --- where nothing is asked


def test_a_host_that_is_not_listed_is_not_asked(server: Server, cache: Path) -> None:
    found = fetched(Remote(cache=cache), resource(server.url()))
    assert found.files == {}
    assert found.problems == ()  # the check of the tables tells it
    assert not server.asked


def test_an_address_with_a_password_is_not_asked_and_not_repeated(server: Server, cache: Path) -> None:
    problem = refused(allowing(cache, server), resource(f"http://user:pass7@{server.host}/a.csv"))
    assert problem.name == "remote-credentials"
    assert "pass7" not in repr(problem)
    assert not server.asked


def test_a_listed_name_that_leads_inside_is_not_asked(
    server: Server, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name on the open internet whose owner lets it lead to a machine of ours."""
    lookup = socket.getaddrinfo

    def rebound(host: str, *rest: Any, **more: Any) -> Any:
        return lookup("127.0.0.1" if host == "rebound.example" else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", rebound)
    listed = Remote(hosts=frozenset(("rebound.example",)), cache=cache)
    problem = refused(listed, resource("http://rebound.example/a.csv"))
    assert (problem.name, problem.value, problem.expected) == ("remote-private", "127.0.0.1", "rebound.example:80")
    url = f"http://rebound.example:{server.port}/a.csv"
    assert fetched(Remote(hosts=frozenset((f"rebound.example:{server.port}",)), cache=cache), resource(url)).files


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_this_machine_is_not_asked_unless_listed_with_its_port(cache: Path, host: str) -> None:
    problem = refused(Remote(hosts=frozenset((host,)), cache=cache), resource(f"http://{host}/a.csv"))
    assert problem.name == "remote-private"
    assert problem.expected == f"{host}:80"


@pytest.mark.parametrize(
    "stated",
    [{"openness": "conditional"}, {"openness": "closed"}, {"openness": None},
     {"openness": "unconditional", "access": {"embargo_until": "2999-01-01"}}],
)  # fmt: skip
def test_what_is_not_open_is_not_asked_for(server: Server, cache: Path, stated: dict[str, Any]) -> None:
    found = fetched(allowing(cache, server), resource(server.url(), **stated), openness=None)
    assert (found.files, found.problems) == ({}, ())
    assert not server.asked


# --- servers with faults


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/missing.csv", "404 Not Found"),
        ("/failing.csv", "503 Service Unavailable"),
        ("/cut.csv", "ClientPayloadError"),
    ],
)
def test_what_a_server_does_not_give(server: Server, cache: Path, path: str, value: str) -> None:
    problem = refused(allowing(cache, server), resource(server.url(path)))
    assert (problem.name, problem.value) == ("remote-failed", value)
    assert left_in(cache) == []


def test_a_server_that_is_not_there(cache: Path) -> None:
    problem = refused(Remote(hosts=frozenset(("127.0.0.1:1",)), cache=cache), resource("http://127.0.0.1:1/a.csv"))
    assert (problem.name, problem.value) == ("remote-failed", os.strerror(111))


@pytest.mark.parametrize("path", ["/maybe.csv", "/always.csv"])
def test_compression_on_the_way_does_not_change_the_file(server: Server, cache: Path, path: str) -> None:
    found = fetched(allowing(cache, server), resource(server.url(path), bytes=len(TABLE)))
    assert not found.problems
    assert [file.read_bytes() for file in found.files.values()] == [TABLE]


def test_a_compressed_file_stays_compressed_when_that_is_what_was_declared(server: Server, cache: Path) -> None:
    packed = gzip.compress(TABLE, mtime=0)
    for path in ("/always.csv", "/a.csv.gz"):
        found = fetched(allowing(cache, server), resource(server.url(path), hash=sha256(packed), bytes=len(packed)))
        assert [file.read_bytes() for file in found.files.values()] == [packed]


def test_what_is_unpacked_keeps_to_the_limit(server: Server, cache: Path) -> None:
    problem = refused(allowing(cache, server, max_file_size=1_000_000), resource(server.url("/bomb.csv")))
    assert problem.name == "remote-too-large"
    assert refused(allowing(cache, server), resource(server.url("/broken.csv"))).name == "remote-failed"
    assert left_in(cache) == []


# --- the operator's part


def test_a_missing_component_is_told_with_the_command(
    server: Server, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [
        name for name in sys.modules if name.startswith(("generator.remote.transfer", "generator.remote.receiving"))
    ]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "aiohttp", None)
    with pytest.raises(ConfigError) as caught:
        fetched(allowing(cache, server), resource(server.url()))
    assert "pip install 'kaishu[remote]'" in caught.value.zh
    assert "pip install 'kaishu[remote]'" in caught.value.en


def test_a_cache_that_cannot_be_written_is_told(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(ConfigError, match=r"remote\.cache"):
        fetched(allowing(tmp_path / "file/cache", server), resource(server.url()))


def test_remains_of_a_killed_run_are_cleared(server: Server, cache: Path) -> None:
    (cache / "package-old").mkdir(parents=True)
    for name in ("part-old", "part-new", "package-old/x"):
        (cache / name).write_text("", "utf-8")
    for name in ("part-old", "package-old"):
        os.utime(cache / name, (0, 0))
    fetched(allowing(cache, server), resource(server.url()))
    assert left_in(cache) == sorted([sha256(TABLE).partition(":")[2], "part-new"])


def test_nothing_is_logged_and_left_open(server: Server, cache: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        fetched(allowing(cache, server), resource(server.url()), resource(server.url("/slow.csv"), bytes=2, name="b"))
    assert caplog.records == []


def test_each_kind_of_refusal_names_the_address() -> None:
    for kind in catalogue().values():
        if "T260" <= kind.code <= "T269":
            assert kind.standard  # safety: no configuration lowers it
            for lang in ("zh", "en"):
                assert "{address}" in kind.message.to(lang)[0] or kind.name == "remote-credentials"
