"""Values as HTML: escaped once, here, and shown as they are by the templates."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from generator.pages.html import NOTHING, Html, clean, escaped, html
from generator.pages.words import Words
from generator.text import Text

HTML_LANG = {"zh": "zh-CN", "en": "en"}

_URL = re.compile(r"https?://[^\s<>\"'，。；、）】》”’]*[^\s<>\"'，。；、）】》”’.,;:!?)\]]", re.IGNORECASE)
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_NOT_IN_URL = re.compile(r"[\s<>\"\\^`{|}]")
_EMAIL = re.compile(r"[^\s@?&]+@[^\s@?&]+")
_NOT_DIALLED = re.compile(r"[^\d+]")
_PHONE = re.compile(r"\+?\d{3,15}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_BLANK_LINE = re.compile(r"\n\s*\n")


def html_lang(lang: str) -> str:
    """A value for ``lang=``; a tag that is none becomes "und", undetermined."""
    return HTML_LANG.get(lang) or (lang if _LANGUAGE_TAG.fullmatch(lang) else "und")


def plain(text: Text, lang: str) -> Html:
    """A short text. In another language than the page's it is marked as such, for speech and for fonts."""
    value, actual = text.to(lang)
    if actual == lang or not value:
        return html(value)
    return Html(f'<span lang="{html_lang(actual)}">{html(value)}</span>')


def fallback(text: Text, t: Words) -> Html:
    """The note beside a text that there is not in the page's language; else nothing."""
    if text.lang == t.lang or not text.main:
        return NOTHING
    actual = text.to(t.lang)[1]
    if actual == t.lang:
        return NOTHING
    note = t.only_chinese if actual == "zh" and t.lang == "en" else t.untranslated
    return Html(f' <span class="fallback">{note}</span>')


def noted(text: Text, t: Words) -> Html:
    return Html(f"{plain(text, t.lang)}{fallback(text, t)}")


def _linked(text: str) -> str:
    out: list[str] = []
    end = 0
    for found in _URL.finditer(text):
        url = found.group()
        out.append(escaped(text[end : found.start()]))
        out.append(f'<a href="{_address(url)}" rel="nofollow noopener">{escaped(url)}</a>')
        end = found.end()
    return "".join((*out, escaped(text[end:])))


def paragraphs(text: Text, t: Words) -> Html:
    """A long plain text: paragraphs, line breaks, and web addresses that can be followed."""
    if not text:
        return NOTHING
    value, actual = text.to(t.lang)
    lang = "" if actual == t.lang else f' lang="{html_lang(actual)}"'
    blocks = [block.strip() for block in _BLANK_LINE.split(clean(value)) if block.strip()]
    shown = [f"<p{lang}>{_linked(block)}</p>".replace("\n", "<br>") for block in blocks]
    if note := fallback(text, t):
        shown.append(f"<p>{note}</p>")
    return Html("".join(shown))


def link(url: str, label: str = "") -> Html:
    """A link for an address that a descriptor states. Only web and mail addresses become links."""
    if not url:
        return NOTHING
    url = clean(url).strip()
    shown = label if label and isinstance(label, Html) else html(label or url)
    if not url.lower().startswith(("https://", "http://", "mailto:")):
        return shown
    return Html(f'<a href="{_address(url)}" rel="nofollow noopener">{shown}</a>')


def _address(url: str) -> str:
    """Characters that no address may hold, percent-encoded; what is encoded already stays."""
    return escaped(_NOT_IN_URL.sub(lambda found: "".join(f"%{byte:02X}" for byte in found.group().encode()), url))


def email(address: str) -> Html:
    if not address:
        return NOTHING
    return link(f"mailto:{address}", address) if _EMAIL.fullmatch(address) else html(address)


def phone(number: str) -> Html:
    """A number that a phone can call. Spaces and hyphens in it must not break."""
    if not number:
        return NOTHING
    shown, digits = unbroken(number), dialled(number)
    return Html(f'<a href="tel:{digits}">{shown}</a>') if digits else shown


def unbroken(number: str) -> Html:
    return Html(html(number).replace(" ", "&nbsp;").replace("-", "&#8209;"))


def dialled(number: str) -> str:
    """What a phone is given; nothing for what is no number."""
    digits = _NOT_DIALLED.sub("", number)
    return digits if _PHONE.fullmatch(digits) else ""


def href(url: str) -> Html:
    """A web or mail address as the value of an attribute."""
    url = clean(url).strip()
    return Html(_address(url)) if url.lower().startswith(("https://", "http://", "mailto:")) else NOTHING


def is_email(address: str) -> bool:
    return _EMAIL.fullmatch(address) is not None


@lru_cache(4096)  # many datasets are of the same day
def time(value: str) -> Html:
    """A date, or the date of a date-time, as ``<time>`` where it is one."""
    if not value:
        return NOTHING
    day = value[:10]
    if not _DAY.fullmatch(day):
        return html(value)
    return Html(f'<time datetime="{day}">{day}</time>')


def size(count: int) -> str:
    if count < 1000:
        return f"{count} B"
    value = float(count)
    for unit in ("kB", "MB", "GB", "TB"):
        value /= 1000
        if value < 999.5 or unit == "TB":
            break
    return f"{value:.0f} {unit}" if value >= 99.95 else f"{value:.1f} {unit}"


def joined(parts: Iterable[Html], separator: str) -> Html:
    """``separator`` is HTML too."""
    return Html(separator.join([part for part in parts if part]))


def shortened(text: str, length: int) -> str:
    """One line of at most ``length`` characters, for descriptions in ``<meta>`` and in lists."""
    line = " ".join(clean(text).split())
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    # A Latin word is not cut in two, unless it is all there is.
    space = cut.rfind(" ")
    if space > length * 2 // 3 and line[length - 1].isascii() and line[length - 1].isalnum():
        cut = cut[:space]
    return cut.rstrip(" ,.;:，。；：、") + "…"


_CHINESE = r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]"
_LINE_IN_CHINESE = re.compile(rf"(?<={_CHINESE})\s*\n\s*(?={_CHINESE})")
_SENTENCE_ENDS = re.compile(r"[。！？]|[.!?](?= )")


def opening(text: str, length: int) -> str:
    """Of a description, for lists: whole sentences where they fill most of ``length``, else ``shortened``.
    Lines of Chinese are joined without a space."""
    line = " ".join(_LINE_IN_CHINESE.sub("", clean(text)).split())
    ends = [found.end() for found in _SENTENCE_ENDS.finditer(line[: length + 1]) if found.end() <= length]
    return line[: ends[-1]] if len(line) > length and ends and ends[-1] > length * 0.6 else shortened(line, length)
