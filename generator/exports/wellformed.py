"""What may stand in JSON, XML, URIs and dates, made from texts that may hold anything."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

_SURROGATES = re.compile("[\ud800-\udfff]")
# XML 1.0, production Char: not even a character reference may name these.
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_IN_URI = "/:@!$&'()*+,;=~%-._"
_EMAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


def encodable(text: str) -> str:
    """Half a surrogate pair (JSON can smuggle one in) has no UTF-8 form; it becomes U+FFFD."""
    try:
        text.encode()  # much faster than to look at each character
    except UnicodeEncodeError:
        return _SURROGATES.sub("\ufffd", text)
    return text


def without_controls(text: str) -> str:
    # What is printable has no control, no half of a pair and no noncharacter; that is nearly every text.
    return text if text.isprintable() else _NOT_IN_XML.sub("", encodable(text))


def xml(text: str) -> str:
    """The text, ready to stand in an element or in a quoted attribute."""
    return escape(without_controls(text), {'"': "&quot;", "'": "&#39;"})


@lru_cache(maxsize=4096)  # the same agencies and licences come with every dataset
def web_uri(text: str) -> str:
    """A web address as an RFC 3986 URI; empty for whatever is none (``javascript:``, a path, a sentence)."""
    try:
        parts = urlsplit(encodable(text.strip()))
        host, port = parts.hostname, parts.port
        ascii_host = (host or "").encode("idna").decode("ascii")
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https", "ftp", "ftps") or not re.fullmatch(
        r"[a-z0-9._-]+|[0-9a-f:.]+", ascii_host
    ):
        return ""
    # A name and password in an address are dropped: nobody means to publish them.
    authority = (f"[{ascii_host}]" if ":" in ascii_host else ascii_host) + (f":{port}" if port is not None else "")
    uri = f"{parts.scheme}://{authority}{quote(parts.path, safe=_IN_URI)}"
    uri += f"?{quote(parts.query, safe=_IN_URI + '?')}" if parts.query else ""
    uri += f"#{quote(parts.fragment, safe=_IN_URI + '?')}" if parts.fragment else ""
    return _STRAY_PERCENT.sub("%25", uri)


def mailto(email: str) -> str:
    return f"mailto:{quote(encodable(email), safe='@+')}" if _EMAIL.fullmatch(email) else ""


def tel(phone: str) -> str:
    """``tel:`` URI of a number; empty when it holds more than a number (an extension, two numbers)."""
    digits = re.sub(r"[\s()\-–—.]", "", phone)
    return f"tel:{digits}" if re.fullmatch(r"\+?[0-9]{3,15}", digits) else ""


def language_tag(lang: str) -> str:
    return lang if lang != "und" and _LANGUAGE.fullmatch(lang) else ""


@lru_cache(maxsize=4096)  # many datasets are of the same day
def xsd_date(text: str) -> tuple[str, str] | None:
    """(lexical form, XSD type) of an ISO 8601 year, month, date or date-time."""
    if re.fullmatch(r"\d{4}", text) and text != "0000":
        return text, "gYear"
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text) and not text.startswith("0000"):
        return text, "gYearMonth"
    try:
        return date.fromisoformat(text).isoformat(), "date"
    except ValueError:
        pass  # not a date alone; the next line decides
    try:
        return datetime.fromisoformat(text).isoformat(), "dateTime"
    except ValueError:
        return None


def instant(text: str) -> datetime | None:
    """The moment meant by a date or date-time, in UTC; the start of what is longer than a moment.

    A date has no time zone. It is taken as UTC, so that it stays the same date for readers in China.
    """
    known = xsd_date(text)
    if known is None:
        return None
    value, kind = known
    padded = value + {"gYear": "-01-01", "gYearMonth": "-01"}.get(kind, "")
    try:
        moment = datetime.fromisoformat(padded)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def rfc3339(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
