"""What a clerk is told of a column that is kept as text: the parts of the problem ``kept-as-text`` that vary."""

from __future__ import annotations

_CODE_ZH = "如果是编码、证号、电话，就把这一列的 type 改为 string；如果是数，就写成 {plain} 的样子。"
_CODE_EN = "If this is a code or a telephone number, give the column the type string; if it is a number, write {plain}."

_WORDS = {
    "leading-zero": (
        "以 0 开头，可能是编码而不是数",
        "begins with a 0 and may be a code, not a number",
        _CODE_ZH,
        _CODE_EN,
    ),
    "plus": ("带有加号，可能不是数", "has a plus sign and may be no number", _CODE_ZH, _CODE_EN),
    "underscore": (
        "含有下划线",
        "has an underscore",
        "去掉下划线，写成 {plain}。",
        "Leave the underscore out: {plain}.",
    ),
    "digits": (
        "用了全角或其他文字的数字",
        "is written in full-width or other digits",
        "改用半角数字 0–9。",
        "Use the digits 0 to 9.",
    ),
    "space": (
        "前后带有特殊空格或换行",
        "has an unusual space or a line end beside it",
        "删掉多余的空格和换行。",
        "Remove the spaces and line ends.",
    ),
    "nan-payload": (
        "是特殊的非数值",
        "is a special kind of NaN",
        "没有数就留空，或写 NaN。",
        "Leave the cell empty, or write NaN.",
    ),
    "form": (
        "写法少见",
        "is written in a rare way",
        "日期时间写成 2024-01-06T08:30:00 的样子；数只写数字和小数点。",
        "Write a date and time like 2024-01-06T08:30:00, a number in digits and a decimal point only.",
    ),
    "midnight": (
        "的 24 点其实是第二天",
        "is the next day, in truth",
        "改写成第二天的 00:00:00。",
        "Write 00:00:00 of the next day.",
    ),
    "finer": (
        "比微秒还细",
        "is finer than a microsecond",
        "秒的小数最多写六位；确实需要更细，就把类型改为 string。",
        "Give at most six decimals of a second, or the column the type string.",
    ),
    "range": (
        "换算成世界时后超出公元 1 至 9999 年",
        "is before year 1 or after 9999 in UTC",
        "核对日期；没有错，就把类型改为 string。",
        "Check the date; if it is right, give the column the type string.",
    ),
    "zones": (
        "与同列其他值不同：有的写了时区，有的没写",
        "differs from others of its column: some have a zone and some have none",
        "整列都写时区（如 +08:00），或都不写。",
        "Write a zone such as +08:00 in all of them, or in none.",
    ),
    "format": (
        "按这一列的 format 说的不是一个完整、单一的日期",
        "says, by the column's format, less or more than a date",
        "写出完整的日期；只有年月的，把类型改为 yearmonth；其他的改为 string。",
        "Write whole dates; for months give the column the type yearmonth, for others string.",
    ),
    "too-long": (
        "所在的列超过 38 位数字",
        "is in a column of more than 38 digits",
        "如果是编码，就把类型改为 string；如果是数，就核对位数。",
        "If this is a code, give the column the type string; if it is a number, check its digits.",
    ),
    "inexact": (
        "的位数，与同列的指数写法或 NaN 不能一同精确保存",
        "has more digits than can be kept exactly beside exponents or NaN in one column",
        "数不要写成指数的样子；没有数就留空。",
        "Write numbers without exponents; leave a cell empty where there is no number.",
    ),
}


def kept_words(reason: str, value: str) -> tuple[tuple[str, str], ...]:
    """``more`` of the problem, for one of ``facts.REASONS``."""
    why_zh, why_en, do_zh, do_en = _WORDS[reason]
    plain = _plain(value)
    return (
        ("why_zh", why_zh),
        ("why_en", why_en),
        ("do_zh", do_zh.format(plain=plain)),
        ("do_en", do_en.format(plain=plain)),
    )


def _plain(value: str) -> str:
    """``-007.50`` is ``-7.50``."""
    text = value.strip().lstrip("+").replace("_", "")
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    return sign + (digits.lstrip("0") if digits.lstrip("0")[:1].isdecimal() else "0" + digits.lstrip("0"))
