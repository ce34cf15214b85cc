"""Hosts as they are compared: one spelling for all the ways to write the same one."""

from __future__ import annotations

import ipaddress
import re

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_PORT = re.compile(r"[0-9]{1,5}")
_AMBIGUOUS = re.compile("[ßẞς\u200c\u200d]")
"""What the two versions of IDNA take for different names: such a host is to be written in punycode."""


def host_of(written: str) -> str:
    """The host in ASCII and lower case, without a final dot; an IPv6 address in brackets.

    Raises ``ValueError`` for what is no name and no IP address in its usual form: percent-encoding, `0x7f.1`, `127.1`.
    """
    if written.startswith("[") and written.endswith("]"):
        return f"[{ipaddress.IPv6Address(written[1:-1]).compressed}]" if "%" not in written else _refuse(written)
    if _AMBIGUOUS.search(written):
        return _refuse(written)
    name = written.encode("idna").decode("ascii").lower().removesuffix(".")
    labels = name.split(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        return _refuse(written)
    if re.fullmatch(r"[0-9]+|0x[0-9a-f]*", labels[-1]):  # only an address ends in a number
        return str(ipaddress.IPv4Address(name))
    return name


def host_and_port(written: str) -> tuple[str, int | None]:
    """``data.example.org``, ``data.example.org:8443``, ``[::1]:8080``. Raises ``ValueError`` for anything else."""
    host, port = written, ""
    if not re.fullmatch(r"\[[^\[\]]*\]", written) and ":" in written:
        host, _, port = written.rpartition(":")
        if not _PORT.fullmatch(port) or not 0 < int(port) < 1 << 16:
            _refuse(written)
    if ":" in host and not host.startswith("["):
        _refuse(written)
    return host_of(host), int(port) if port else None


def is_public(ip: str) -> bool:
    """Whether an IP address is one of the open internet, also when it stands inside an IPv6 address."""
    address = ipaddress.ip_address(ip.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in ipaddress.IPv6Network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner:
            return is_public(str(inner))
    return address.is_global and not address.is_multicast


def _refuse(written: str) -> str:
    raise ValueError(f"no plain host: {written}")
