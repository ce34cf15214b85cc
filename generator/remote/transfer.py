"""One file over the network, as a stream of the bytes that were sent. Imported only when something is to be fetched."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol
from urllib.parse import urljoin

import aiohttp
import fsspec

from generator import __version__, hosts
from generator.config import Remote
from generator.remote.address import (
    Address,
    ObjectAddress,
    WebAddress,
    address_of,
    allows,
    bucket_of,
    holds_credentials,
    is_exactly_listed,
    without_credentials,
)
from generator.remote.refusal import Refused

_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_REDIRECTS = 5
_PIECE = 1 << 16


class Sink(Protocol):
    """Where a body goes. Either call may raise to stop at once."""

    def begin(self, length: int | None, encoding: str) -> None:
        """Before the body: what the server says of it (``encoding`` as in ``Content-Encoding``)."""

    def take(self, piece: bytes) -> None:
        """The next bytes, as they were sent."""


async def receive(address: Address, remote: Remote, sink: Sink) -> None:
    """Give the body to ``sink``.

    Raises ``Refused`` for what the operator does not allow and for what the server does not give. Takes as long as the
    server likes: the limit is the caller's.
    """
    try:
        if isinstance(address, ObjectAddress):
            await _object(address, remote, sink)
        else:
            await _page(address, remote, sink)
    except FileNotFoundError as error:
        raise Refused("remote-failed", value="404 Not Found") from error
    except aiohttp.ClientResponseError as error:
        raise Refused("remote-failed", value=f"{error.status} {error.message}".strip()) from error
    except (aiohttp.ClientError, OSError) as error:
        raise Refused("remote-failed", value=_reason(error)) from error


def _reason(error: Exception) -> str:
    """In few words that are the same everywhere."""
    if isinstance(error, aiohttp.ClientConnectorDNSError | socket.gaierror):
        return "DNS"
    number = getattr(error, "errno", None)
    return os.strerror(number) if number else type(error).__name__


# --- http and https


async def _page(address: WebAddress, remote: Remote, sink: Sink) -> None:
    async with _web(remote) as web:
        for _ in range(_MOST_REDIRECTS + 1):
            async with _response(web, address, remote) as (stream, response):
                if response.status in _REDIRECTS:
                    address = _next(address, response.headers.get("Location", ""), remote)
                    continue
                if response.status != 200:
                    raise Refused("remote-failed", value=f"{response.status} {response.reason or ''}".strip())
                sink.begin(response.content_length, response.headers.get("Content-Encoding", "").strip().lower())
                while piece := await stream.read(_PIECE):
                    sink.take(piece)
                return
        raise Refused("remote-redirect", value=address.url)


@asynccontextmanager
async def _web(remote: Remote) -> AsyncIterator[Any]:
    async def client(**_: Any) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=_Resolver(remote)),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,  # neither the environment's proxy, which would look up names in our place, nor ~/.netrc
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=None),
            headers={"Accept-Encoding": "identity", "User-Agent": f"Kaishu/{__version__}"},
            trace_configs=[_never_by_itself()],
        )

    web = fsspec.filesystem(
        "http",
        asynchronous=True,
        loop=asyncio.get_running_loop(),
        get_client=client,
        encoded=True,
        skip_instance_cache=True,
    )
    session = await web.set_session()
    try:
        yield web
    finally:
        await session.close()


@asynccontextmanager
async def _response(web: Any, address: WebAddress, remote: Remote) -> AsyncIterator[tuple[Any, Any]]:
    """The answer to one request: redirects are ours to follow, since each is looked up in the operator's list."""
    _check_literal(address, remote)
    stream = await web.open_async(address.url, size=1)
    try:
        stream.kwargs = {"allow_redirects": False}  # fsspec loses what it is given for this when opening
        await stream.read(0)  # asks, and reads the head of the answer
        yield stream, stream.r
    finally:
        await stream.close()


def _next(address: WebAddress, location: str, remote: Remote) -> WebAddress:
    target = address_of(urljoin(address.url, location)) if location else None
    safe = isinstance(target, WebAddress) and (target.scheme == "https" or address.scheme == "http")
    if not isinstance(target, WebAddress) or not safe or not allows(remote, target):
        raise Refused("remote-redirect", value=_shown(target.url if isinstance(target, WebAddress) else location))
    return target


def _shown(location: str) -> str:
    """Where a server sent us, without what may be a key to it: reports are public."""
    plain = location.partition("?")[0]
    return (without_credentials(plain) if holds_credentials(plain) else plain)[:200]


def _never_by_itself() -> aiohttp.TraceConfig:
    """The second lock on that door: should a version of fsspec ask its client to follow a redirect, it is refused."""

    async def refuse(_: object, __: object, params: aiohttp.TraceRequestRedirectParams) -> None:
        raise Refused("remote-redirect", value=_shown(params.response.headers.get("Location", "")))

    trace = aiohttp.TraceConfig()
    trace.on_request_redirect.append(refuse)
    return trace


def _check_literal(address: WebAddress, remote: Remote) -> None:
    """A client does not look up what is an IP address already."""
    try:
        public = hosts.is_public(address.host.strip("[]"))
    except ValueError:
        return
    if not public and not is_exactly_listed(remote, address.host, address.port):
        raise Refused("remote-private", value=address.host, expected=f"{address.host}:{address.port}")


class _Resolver(aiohttp.ThreadedResolver):
    """Looks at the very addresses that are connected to, so that a name cannot mean something else a moment later."""

    def __init__(self, remote: Remote) -> None:
        super().__init__()
        self._remote = remote

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[aiohttp.abc.ResolveResult]:
        found = await super().resolve(host, port, family)
        if not is_exactly_listed(self._remote, host, port):
            for each in found:
                if not hosts.is_public(each["host"]):
                    raise Refused("remote-private", value=each["host"], expected=f"{host}:{port}")
        return found


# --- s3


async def _object(address: ObjectAddress, remote: Remote, sink: Sink) -> None:
    bucket = bucket_of(remote, address)
    if bucket is None:  # the caller has looked it up already
        raise Refused("remote-failed", value=address.bucket)
    store = fsspec.filesystem(
        "s3",
        asynchronous=True,
        loop=asyncio.get_running_loop(),
        skip_instance_cache=True,
        anon=not bucket.signed,
        endpoint_url=bucket.endpoint_url or None,
        client_kwargs={"region_name": bucket.region or "us-east-1"},
        config_kwargs={
            "proxies": {},
            "retries": {"max_attempts": 1},
            "s3": {"addressing_style": "path"} if bucket.endpoint_url else {},
        },
    )
    store.retries = 2
    session = await store.set_session()
    try:
        stream = await store.open_async(f"s3://{address.bucket}/{address.key}", "rb")
        await stream.read(0)
        sink.begin(stream.size, "")
        while piece := await stream.read(_PIECE):
            sink.take(piece)
    except (Refused, OSError):
        raise  # s3fs makes these of what the store answers
    except Exception as error:  # the client below has a tree of errors of its own for the connection
        raise Refused("remote-failed", value=type(error).__name__) from error
    finally:
        await session.close()
