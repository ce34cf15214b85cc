"""Addresses as they are compared with the operator's list and asked for: parsed once, strictly, by this module alone.

A lenient parser here and another one in a client would be a way around the list, so the clients are given what was
put together from the parts that were compared, never what the author wrote.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from generator.config import Bucket, Remote
from generator.hosts import host_and_port

_WEB = re.compile(r"(https?)://([^/?#]*)([^#]*)(?:#.*)?", re.IGNORECASE)
_OBJECT = re.compile(r"s3://([^/]*)/(.+)", re.IGNORECASE)
_NEVER = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029\ud800-\udfff]")
"""Some parsers drop these, others cut at them."""
_PORTS = {"http": 80, "https": 443}
_KEPT = "%/?:@!$&'()*+,;=-._~[]"
"""Characters of paths and queries that stay as they are; those that are encoded already are not encoded twice."""


@dataclass(frozen=True, slots=True)
class WebAddress:
    scheme: str
    host: str
    port: int
    path: str
    """With the query."""

    @property
    def url(self) -> str:
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}{self.path}"


@dataclass(frozen=True, slots=True)
class ObjectAddress:
    bucket: str
    key: str


Address = WebAddress | ObjectAddress


def holds_credentials(written: str) -> bool:
    """Whether an address has a user, and perhaps a password, before its host."""
    return "@" in re.split(r"[/\\?#]", written.partition("://")[2], maxsplit=1)[0]


def without_credentials(written: str) -> str:
    scheme, _, rest = written.partition("://")
    authority = re.split(r"[/\\?#]", rest, maxsplit=1)[0]
    return f"{scheme}://…@{authority.rpartition('@')[2]}{rest[len(authority) :]}"


def address_of(written: str) -> Address | None:
    """None for what is no address of the web or of an object store in its usual form."""
    stored = _OBJECT.fullmatch(written)
    # Keys are written as they are; in an address of the web a blank is %20.
    if _NEVER.search(written.replace(" ", "_") if stored else written) or holds_credentials(written):
        return None
    if web := _WEB.fullmatch(written):
        return _web(*web.groups())
    if stored:
        bucket, key = stored.groups()
        # A server that tidies up `..` would look into another bucket.
        return None if {".", ".."} & set(key.split("/")) else ObjectAddress(bucket, key)
    return None


def _web(scheme: str, authority: str, rest: str) -> WebAddress | None:
    try:
        host, port = host_and_port(authority.removesuffix(":"))
    except ValueError:
        return None
    scheme = scheme.lower()
    path = quote(rest if rest.startswith("/") else f"/{rest}", safe=_KEPT)
    return WebAddress(scheme, host, _PORTS[scheme] if port is None else port, path)


def allows(remote: Remote, address: Address) -> bool:
    if isinstance(address, ObjectAddress):
        return bucket_of(remote, address) is not None
    at_its_own_port = address.port == _PORTS[address.scheme] and address.host in remote.hosts
    return at_its_own_port or is_exactly_listed(remote, address.host, address.port)


def is_exactly_listed(remote: Remote, host: str, port: int) -> bool:
    """With its port: what the operator must write to allow a machine that is not on the open internet."""
    return f"{host}:{port}" in remote.hosts


def bucket_of(remote: Remote, address: ObjectAddress) -> Bucket | None:
    return next((bucket for bucket in remote.buckets if bucket.name == address.bucket), None)
