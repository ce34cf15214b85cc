"""A value as a message shows it: short, on one line, and with what the eye misses told in words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

LONGEST = 80
"""Characters of a value that a message shows."""
_TAIL = 15
"""Of these, how many of a long value's end: what is wrong often stands there."""

_BLANKS = " \t\u00a0\u2002\u2003\u2009\u202f\u3000"
_ENDS = re.compile(f"^[{_BLANKS}]+|[{_BLANKS}]+$")
_LINE_END = re.compile("\r\n|\r|\n")
_INVISIBLE = {
    "\u00ad": ("软连字符", "a soft hyphen"),
    "\u200b": ("零宽空格", "a zero-width space"),
    "\u200c": ("零宽非连字", "a zero-width non-joiner"),
    "\u200d": ("零宽连字", "a zero-width joiner"),
    "\u2060": ("字间禁断符", "a word joiner"),
    "\ufeff": ("字节顺序标记", "a byte-order mark"),
    "\u200e": ("左至右标记", "a left-to-right mark"),
    "\u200f": ("右至左标记", "a right-to-left mark"),
    "\u061c": ("阿拉伯字母标记", "an Arabic letter mark"),
    "\u202a": ("左至右嵌入符", "a left-to-right embedding"),
    "\u202b": ("右至左嵌入符", "a right-to-left embedding"),
    "\u202c": ("方向结束符", "the end of a direction"),
    "\u202d": ("强制左至右符", "a left-to-right override"),
    "\u202e": ("强制右至左符", "a right-to-left override"),
    "\u2066": ("左至右隔离符", "a left-to-right isolate"),
    "\u2067": ("右至左隔离符", "a right-to-left isolate"),
    "\u2068": ("方向隔离符", "a direction isolate"),
    "\u2069": ("隔离结束符", "the end of an isolate"),
}
_SCRIPTS = {
    "LATIN": ("拉丁字母", "a Latin letter"),
    "CYRILLIC": ("西里尔字母", "a Cyrillic letter"),
    "GREEK": ("希腊字母", "a Greek letter"),
    "CJK": ("汉字", "a Chinese character"),
    "FULLWIDTH": ("全角字符", "a full-width character"),
    "DIGIT": ("数字", "a digit"),
}
_FULL_WIDTH = re.compile("[\uff01-\uff5e]+")
_FOREIGN = re.compile("[\u0370-\u03ff\u0400-\u04ff]")
_LATIN_OR_DIGIT = re.compile("[0-9A-Za-z]")
_LETTERS_FOR_DIGITS = {"O": "0", "o": "0", "l": "1", "I": "1"}
_OF_DIGITS = re.compile(r"[-+\d.,/:OolI]*\d[-+\d.,/:OolI]*")


def shown(text: str) -> str:
    """Blanks at the ends as ␣, line ends as ↵, tabs as ⇥, other characters that nobody sees as ▮; the middle of a long
    text left out."""
    visible = _ENDS.sub(lambda found: "␣" * len(found[0]), text)
    visible = _LINE_END.sub("↵", visible).replace("\t", "⇥").replace("\u3000", "␣")
    visible = "".join("▮" if character in _INVISIBLE else character for character in visible)
    if len(visible) <= LONGEST:
        return visible
    return f"{visible[: LONGEST - _TAIL]}…{visible[-_TAIL:]}"


def character_name(character: str, lang: str) -> str:
    """``零宽空格（U+200B）``; of a letter, its script."""
    code = f"U+{ord(character):04X}"
    zh, en = _INVISIBLE.get(character) or _script(character) or ("", "")
    if lang == "zh":
        return f"{zh}（{code}）" if zh else code
    return f"{en} ({code})" if en else code


def _script(character: str) -> tuple[str, str] | None:
    return _SCRIPTS.get(unicodedata.name(character, "").partition(" ")[0])


def remarks(text: str, lang: str, *, of_digits: bool = False) -> tuple[str, ...]:
    """What stands in ``text`` that the eye misses. ``of_digits``: only digits are expected, no O for 0."""
    pairs = [*_ends(text), *_inside(text), *(_letters(text) if of_digits else ())]
    return tuple(zh if lang == "zh" else en for zh, en in pairs)


def _ends(text: str) -> Iterator[tuple[str, str]]:
    body = text.strip(_BLANKS)
    if not body:
        if text:
            yield f"只有 {len(text)} 个空格", f"nothing but blanks: {len(text)}"
        return
    before, after = text[: text.index(body)], text[text.index(body) + len(body) :]
    for blanks, zh, en in ((before, "开头", "at the beginning"), (after, "末尾", "at the end")):
        if blanks:
            wide = "全角" if "\u3000" in blanks else ""
            yield f"{zh}有 {len(blanks)} 个{wide}空格（␣）", f"blanks (␣) {en}: {len(blanks)}"


def _inside(text: str) -> Iterator[tuple[str, str]]:
    for character in dict.fromkeys(c for c in text if c in _INVISIBLE):
        yield (
            f"有看不见的字符（▮）：{character_name(character, 'zh')}",
            f"a character that cannot be seen (▮): {character_name(character, 'en')}",
        )
    wide = [found for found in _FULL_WIDTH.findall(text) if any(c.isalnum() for c in found)]
    # In a Chinese sentence full-width punctuation is right; alone with digits it is not.
    if not wide and re.fullmatch("[-+0-9.\uff01-\uff5e]+", text):
        wide = _FULL_WIDTH.findall(text)
    if wide:
        listed = "".join(wide)[:20]
        yield f"「{listed}」是全角字符", f"“{listed}” is full-width"
    if _LATIN_OR_DIGIT.search(text):
        for character in dict.fromkeys(_FOREIGN.findall(text)):
            if latin := _looks_like(character):
                yield (
                    f"「{character}」是{character_name(character, 'zh')}，不是英文字母 {latin}",
                    f"“{character}” is {character_name(character, 'en')}, not the letter {latin}",
                )


def _looks_like(character: str) -> str:
    from confusable_homoglyphs.confusables import confusables_data

    like = (other["c"] for other in confusables_data.get(character, ()))
    return next((c for c in like if len(c) == 1 and c.isascii() and c.isalnum()), "")


def _letters(text: str) -> Iterator[tuple[str, str]]:
    if not _OF_DIGITS.fullmatch(text):
        return
    for letter in dict.fromkeys(c for c in text if c in _LETTERS_FOR_DIGITS):
        digit = _LETTERS_FOR_DIGITS[letter]
        yield f"「{letter}」是字母，不是数字 {digit}", f"“{letter}” is the letter, not the digit {digit}"
