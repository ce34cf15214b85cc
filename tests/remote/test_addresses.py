"""No way of writing an address gets around the operator's list."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.config import Bucket, Remote
from generator.hosts import host_and_port, host_of, is_public
from generator.remote.address import (
    WebAddress,
    address_of,
    allows,
    holds_credentials,
    without_credentials,
)

LIST = Remote(
    hosts=frozenset(("data.example.org", "xn--fsqu00a.example", "data.example.org:8443", "[::1]:8080", "127.0.0.1:80")),
    buckets=(Bucket("open-data"),),
)


def allowed(written: str) -> bool:
    address = address_of(written)
    return address is not None and allows(LIST, address)


@pytest.mark.parametrize(
    "written",
    [
        "https://data.example.org/a.csv",
        "http://data.example.org/a.csv",
        "HTTPS://DATA.Example.ORG/a.csv",
        "https://data.example.org:443/a.csv",
        "https://data.example.org:/a.csv",
        "https://data.example.org./a.csv",
        "https://data.example.org:8443/a.csv",
        "http://data.example.org:8443/a.csv",
        "https://data.example.org?file=a.csv",
        "https://data.example.org/数据/表.csv#top",
        "https://data。example。org/a.csv",
        "https://ｄata.example.org/a.csv",
        "https://例子.example/a.csv",
        "https://XN--FSQU00A.example/a.csv",
        "http://[::1]:8080/a.csv",
        "http://[0:0::1]:8080/a.csv",
        "s3://open-data/2024/a.csv",
        "S3://open-data/表 一.csv",
    ],
)
def test_one_host_in_many_spellings_is_the_one_on_the_list(written: str) -> None:
    assert allowed(written)


@pytest.mark.parametrize(
    "written",
    [
        "https://example.org/a.csv",
        "https://evil.example/data.example.org/a.csv",
        "https://data.example.org.evil.example/a.csv",
        "https://evildata.example.org/a.csv",
        "https://sub.data.example.org/a.csv",
        "https://data.example.org@evil.example/a.csv",
        "https://evil.example#@data.example.org/a.csv",
        "https://evil.example\\@data.example.org/a.csv",
        "https://evil.example\\.data.example.org/a.csv",
        "https://data.example.org\\.evil.example/a.csv",
        "https://data.example.org%2eevil.example/a.csv",
        "https://%64ata.example.org/a.csv",
        "https://data.example.org%00.evil.example/a.csv",
        "https://data.example.org%40evil.example/a.csv",
        "https://data.example.org../a.csv",
        "https://.data.example.org/a.csv",
        "https://data..example.org/a.csv",
        "https://data.example.org:80/a.csv",
        "http://data.example.org:443/a.csv",
        "https://data.example.org:22/a.csv",
        "https://data.example.org:443:22/a.csv",
        "https://data.example.org:4_43/a.csv",
        "https://data.example.org:+443/a.csv",
        "https://data.example.org:-1/a.csv",
        "https://data.example.org:99999/a.csv",
        "https://data.example.org:0/a.csv",
        "https://data.example.org:４４３/a.csv",
        "https://data.example.org\t.evil.example/a.csv",
        "https://data.example.org\n/a.csv",
        "https://data.example.org /a.csv",
        " https://data.example.org/a.csv",
        "https:/\\data.example.org/a.csv",
        "https:data.example.org/a.csv",
        "https:///data.example.org/a.csv",
        "https://",
        "https:///a.csv",
        "//data.example.org/a.csv",
        "ftp://data.example.org/a.csv",
        "file://data.example.org/a.csv",
        "https+git://data.example.org/a.csv",
        "https://faß.example/a.csv",
        "http://127.0.0.1:81/a.csv",
        "http://127.1/a.csv",
        "http://0x7f.0.0.1/a.csv",
        "http://0177.0.0.1/a.csv",
        "http://2130706433/a.csv",
        "http://127.0.0.1.:81/a.csv",
        "http://[::1]/a.csv",
        "http://[::1%25lo]:8080/a.csv",
        "http://[::ffff:127.0.0.1]:8080/a.csv",
        "http://::1:8080/a.csv",
        "s3://secret-data/a.csv",
        "s3://OPEN-DATA/a.csv",
        "s3://open-data",
        "s3://open-data/",
        "s3:///open-data/a.csv",
        "s3://open-data/../secret-data/a.csv",
        "s3://open-data/x/../../secret-data/a.csv",
        "s3://open-data/./a.csv",
        "s3://open-data:80/a.csv",
        "s3://key:secret@open-data/a.csv",
        "s3://open-data\\/a.csv",
        "s3://open-data/a\nb.csv",
        " s3://open-data/a.csv",
        "s3://%6fpen-data/a.csv",
        "s3://arn:aws:s3:us-west-2:123456789012:accesspoint/open-data/a.csv",
    ],
)
def test_what_only_looks_like_a_listed_host_is_not(written: str) -> None:
    assert not allowed(written)


def test_nothing_is_allowed_by_default() -> None:
    for written in ("https://data.example.org/a.csv", "s3://open-data/a.csv", "http://localhost/a.csv"):
        address = address_of(written)
        assert address
        assert not allows(Remote(), address)


@pytest.mark.parametrize(
    "written",
    [
        "https://user:pw@data.example.org/a",
        "https://user@data.example.org",
        "https://@data.example.org/",
        "s3://k:s@b/a",
    ],
)
def test_user_and_password_are_noticed_and_not_repeated(written: str) -> None:
    assert holds_credentials(written)
    assert address_of(written) is None
    assert "user" not in without_credentials(written)
    assert "pw" not in without_credentials(written)


def test_an_at_sign_elsewhere_is_no_user() -> None:
    for written in ("https://data.example.org/@a.csv", "https://data.example.org/?a=b@c", "s3://open-data/a@b.csv"):
        assert not holds_credentials(written)
        assert allowed(written)


def test_what_is_asked_for_is_put_together_from_what_was_compared() -> None:
    address = address_of("HTTPS://例子.Example.:443/数据/a%20b+c.csv?x=表#top")
    assert isinstance(address, WebAddress)
    assert address.url == "https://xn--fsqu00a.example/%E6%95%B0%E6%8D%AE/a%20b+c.csv?x=%E8%A1%A8"


@given(
    st.text(max_size=30), st.sampled_from(["https://{}", "https://data.example.org{}", "https://{}data.example.org/"])
)
def test_what_is_allowed_is_asked_of_a_listed_host(text: str, form: str) -> None:
    """Judged by another parser than ours, the one that the client uses."""
    yarl = pytest.importorskip("yarl")
    address = address_of(form.format(text))
    if isinstance(address, WebAddress) and allows(LIST, address):
        asked = yarl.URL(address.url, encoded=True)
        host = f"[{asked.host}]" if ":" in asked.host else asked.host
        assert {host, f"{host}:{asked.port}"} & LIST.hosts
        assert asked.user is None
        assert asked.scheme in ("http", "https")


@given(st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,4})?(\.[a-z]{2,5}){1,2}", fullmatch=True))
def test_a_host_is_its_own_plain_form(host: str) -> None:
    assert host_of(host) == host == host_of(host.upper()) == host_of(f"{host}.")
    with pytest.raises(ValueError, match="no plain host"):
        host_of(quote(host).replace(host[0], f"%{ord(host[0]):02x}"))


@pytest.mark.parametrize(
    "written", ["", ".", "a b", "*.example.org", "https://x.example", "x.example/", "x:", "x:a", "::1"]
)
def test_an_entry_of_the_list_is_a_bare_host(written: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  ipaddress and the idna codec have words of their own
        host_and_port(written)


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "224.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a00:1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_of_the_open_internet(ip: str) -> None:
    assert not is_public(ip)


@pytest.mark.parametrize("ip", ["8.8.8.8", "114.114.114.114", "2001:4860:4860::8888", "64:ff9b::808:808"])
def test_addresses_of_the_open_internet(ip: str) -> None:
    assert is_public(ip)
