"""Values as HTML. What comes out is ``Markup``: escaped once, here, and shown as it is by the templates."""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

from generator.pages.words import Words
from generator.text import Text

NOTHING = Markup("")
HTML_LANG = {"zh": "zh-CN", "en": "en"}

# Characters that HTML does not allow, not even escaped. What looks like one is shown as the replacement character.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_URL = re.compile(r"https?://[^\s<>\"'，。；、）】》”’]*[^\s<>\"'，。；、）】》”’.,;:!?)\]]", re.IGNORECASE)
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


def clean(text: str) -> str:
    # Nearly all texts are printable, and this is asked a hundred times a page.
    return text if text.isprintable() else _FORBIDDEN.sub("\ufffd", text)


def html(text: str) -> Markup:
    return escape(clean(text))


def escaped(cells: list[str]) -> list[str]:
    """Many clean texts as HTML, escaped in one pass."""
    return str(escape(_SEPARATOR.join(cells))).split(_SEPARATOR)


_SEPARATOR = "\x1f"  # `clean` lets none through


def html_lang(lang: str) -> str:
    """A value for ``lang=``; a tag that is none becomes "und", undetermined."""
    return HTML_LANG.get(lang) or (lang if _LANGUAGE_TAG.fullmatch(lang) else "und")


def plain(text: Text, lang: str) -> Markup:
    """A short text. In another language than the page's it is marked as such, for speech and for fonts."""
    value, actual = text.to(lang)
    if actual == lang or not value:
        return html(value)
    return Markup(f'<span lang="{html_lang(actual)}">{html(value)}</span>')


def fallback(text: Text, t: Words) -> Markup:
    """The note beside a text that there is not in the page's language; else nothing."""
    actual = text.to(t.lang)[1]
    if actual == t.lang or not text:
        return NOTHING
    note = t.only_chinese if actual == "zh" and t.lang == "en" else t.untranslated
    return Markup(f' <span class="fallback">{note}</span>')


def noted(text: Text, t: Words) -> Markup:
    return Markup(f"{plain(text, t.lang)}{fallback(text, t)}")


def _linked(text: str) -> str:
    out: list[str] = []
    end = 0
    for found in _URL.finditer(text):
        url = found.group()
        out.append(escape(text[end : found.start()]))
        out.append(f'<a href="{_address(url)}" rel="nofollow noopener">{escape(url)}</a>')
        end = found.end()
    return "".join((*out, escape(text[end:])))


def paragraphs(text: Text, t: Words) -> Markup:
    """A long plain text: paragraphs, line breaks, and web addresses that can be followed."""
    if not text:
        return NOTHING
    value, actual = text.to(t.lang)
    lang = "" if actual == t.lang else f' lang="{html_lang(actual)}"'
    blocks = [block.strip() for block in re.split(r"\n\s*\n", clean(value)) if block.strip()]
    shown = [f"<p{lang}>{_linked(block)}</p>".replace("\n", "<br>") for block in blocks]
    if note := fallback(text, t):
        shown.append(f"<p>{note}</p>")
    return Markup("".join(shown))


def link(url: str, label: Markup | str = "") -> Markup:
    """A link for an address that a descriptor states. Only web and mail addresses become links."""
    if not url:
        return NOTHING
    url = clean(url).strip()
    shown = escape(label or url)
    if not url.lower().startswith(("https://", "http://", "mailto:")):
        return shown
    return Markup(f'<a href="{_address(url)}" rel="nofollow noopener">{shown}</a>')


def _address(url: str) -> str:
    """Characters that no address may hold, percent-encoded; what is encoded already stays."""
    encoded = re.sub(r"[\s<>\"\\^`{|}]", lambda found: "".join(f"%{byte:02X}" for byte in found.group().encode()), url)
    return str(escape(encoded))


def email(address: str) -> Markup:
    if not address:
        return NOTHING
    return link(f"mailto:{address}", address) if re.fullmatch(r"[^\s@?&]+@[^\s@?&]+", address) else html(address)


def phone(number: str) -> Markup:
    """A number that a phone can call. Spaces and hyphens in it must not break."""
    if not number:
        return NOTHING
    shown = html(number).replace(" ", Markup("&nbsp;")).replace("-", Markup("&#8209;"))
    digits = re.sub(r"[^\d+]", "", number)
    return Markup(f'<a href="tel:{digits}">{shown}</a>') if re.fullmatch(r"\+?\d{3,15}", digits) else shown


def time(value: str) -> Markup:
    """A date, or the date of a date-time, as ``<time>`` where it is one."""
    if not value:
        return NOTHING
    day = value[:10]
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day):
        return html(value)
    return Markup(f'<time datetime="{day}">{day}</time>')


def size(count: int) -> str:
    if count < 1000:
        return f"{count} B"
    value = float(count)
    for unit in ("kB", "MB", "GB", "TB"):
        value /= 1000
        if value < 999.5 or unit == "TB":
            break
    return f"{value:.0f} {unit}" if value >= 99.95 else f"{value:.1f} {unit}"


def joined(parts: Iterable[Markup], separator: str) -> Markup:
    return Markup(separator).join(part for part in parts if part)


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
