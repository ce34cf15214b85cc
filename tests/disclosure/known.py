"""Invented numbers that are what the gate looks for, and others that only look like it; the same from the same seed."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable

from stdnum import luhn
from stdnum.cn import ric, uscc

TODAY = datetime.date(2026, 6, 30)
PROVINCES = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65".split()
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英"
TEXTS = (
    "联系{}办理", "{}", "经办人 {}，已核", "（{}）", "申请材料：{}；附件二", "见{}号档案", "请拨打{}咨询", "备注:{}", "本人{},本地户籍", "“{}”",
)  # fmt: skip

Make = Callable[[random.Random], str]


def _day(r: random.Random, first: int = 1900) -> datetime.date:
    start = datetime.date(first, 1, 1)
    return start + datetime.timedelta(r.randrange((TODAY - start).days))


def _place(r: random.Random) -> str:
    return r.choice(PROVINCES) + f"{r.randint(1, 30):02}{r.randint(1, 40):02}"


def resident(r: random.Random) -> str:
    digits = _place(r) + _day(r).strftime("%Y%m%d") + f"{r.randrange(1000):03}"
    return digits + ric.calc_check_digit(digits + "0")


def resident_old(r: random.Random) -> str:
    day = datetime.date(1900, 1, 1) + datetime.timedelta(r.randrange(36524))
    return _place(r) + day.strftime("%y%m%d") + f"{r.randrange(1000):03}"


def mobile(r: random.Random) -> str:
    return f"1{r.randint(3, 9)}{r.randrange(10**9):09}"


def card(r: random.Random) -> str:
    head, length = r.choice([("62", 16), ("62", 19), ("62", 19), ("4", 16), ("52", 16), ("955880", 19), ("95599", 19)])
    digits = head + "".join(str(r.randrange(10)) for _ in range(length - 1 - len(head)))
    return digits + luhn.calc_check_digit(digits)


def passport(r: random.Random) -> str:
    head = r.choice(["E", "G", "C", "H", "M"])
    return head + f"{r.randrange(10**8):08}"


def plate(r: random.Random) -> str:
    return "粤" + r.choice("ABCDEJ") + r.choice(["", "·"]) + f"{r.randrange(10**5):05}"


def trader(r: random.Random) -> str:
    digits = "92" + _place(r) + "MA" + "".join(r.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(7))
    return digits + uscc.calc_check_digit(digits)


def name(r: random.Random) -> str:
    return r.choice(SURNAMES) + "".join(r.choice(GIVEN) for _ in range(r.randint(1, 2)))


CLASSES: dict[str, Make] = {
    "resident-id": resident,
    "resident-id-15": resident_old,
    "mobile-phone": mobile,
    "bank-card": card,
}


# ---- ways of writing


def wide(text: str) -> str:
    return text.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789X"})


def _spaced(text: str, kind: str, sign: str) -> str:
    sizes = {11: (3, 4, 4), 15: (6, 6, 3), 16: (4, 4, 4, 4), 18: (6, 8, 4), 19: (4, 4, 4, 4, 3)}[len(text)]
    parts, at = [], 0
    for size in sizes:
        parts.append(text[at : at + size])
        at += size
    return sign.join(parts)


def written(r: random.Random, text: str, kind: str) -> str:
    way = r.randrange(8)
    if way == 0:
        return wide(text)
    if way == 1:
        return _spaced(text, kind, " ")
    if way == 2:
        return _spaced(text, kind, "-")
    if way == 3:
        return _spaced(wide(text), kind, "\u3000")
    if way == 4 and kind == "mobile-phone":
        return r.choice(["+86", "+86 ", "0086", "(+86)", "86-"]) + text
    if way == 5 and text.endswith("X"):
        return text.lower()
    if way == 6 and kind == "resident-id":
        return _spaced(text, kind, "\u00a0")
    return text


def embedded(r: random.Random, text: str, kind: str) -> str:
    return r.choice(TEXTS).format(written(r, text, kind))


# ---- what only looks like it


def _random_digits(length: int) -> Make:
    return lambda r: str(r.randrange(10 ** (length - 1), 10**length))


def wrong_check(r: random.Random) -> str:
    good = resident(r)
    return good[:17] + r.choice([c for c in "0123456789X" if c != good[17]])


def wrong_day(r: random.Random) -> str:
    digits = _place(r) + f"{r.randint(1900, 2026)}{r.choice(['1332', '0230', '0631', '0010'])}{r.randrange(1000):03}"
    return digits + ric.calc_check_digit(digits + "0")


def not_yet_born(r: random.Random) -> str:
    digits = _place(r) + f"{r.randint(2027, 2099)}0101{r.randrange(1000):03}"
    return digits + ric.calc_check_digit(digits + "0")


def no_province(r: random.Random) -> str:
    digits = r.choice(["10", "20", "30", "47", "90", "99"]) + resident(r)[2:17]
    return digits + ric.calc_check_digit(digits + "0")


def case_number(r: random.Random) -> str:
    return "440703" + _day(r, 2015).strftime("%Y%m%d") + f"{r.randrange(10**4):04}"


def card_of_nobody(r: random.Random) -> str:
    digits = r.choice("1789") + "".join(str(r.randrange(10)) for _ in range(14))
    return digits + luhn.calc_check_digit(digits)


def card_with_wrong_check(r: random.Random) -> str:
    good = card(r)
    return good[:-1] + r.choice([c for c in "0123456789" if c != good[-1]])


def masked(r: random.Random) -> str:
    return r.choice(
        [resident(r)[:6] + "********" + resident(r)[-4:], mobile(r)[:3] + "****" + mobile(r)[-4:], name(r)[0] + "**"]
    )


def landline(r: random.Random) -> str:
    return f"0750-{r.randrange(3 * 10**6, 4 * 10**6)}"


def firm(r: random.Random) -> str:
    digits = "91" + _place(r) + "".join(str(r.randrange(10)) for _ in range(9))
    return digits + uscc.calc_check_digit(digits)


def barcode(r: random.Random) -> str:
    return f"69{r.randrange(10**11):011}"


LOOKALIKES: dict[str, Make] = {
    "random-18": _random_digits(18),
    "random-15": _random_digits(15),
    "random-16": _random_digits(16),
    "random-19": _random_digits(19),
    "random-11": _random_digits(11),
    "wrong-check": wrong_check,
    "wrong-day": wrong_day,
    "not-yet-born": not_yet_born,
    "no-province": no_province,
    "case-number": case_number,
    "card-of-nobody": card_of_nobody,
    "card-with-wrong-check": card_with_wrong_check,
    "masked": masked,
    "landline": landline,
    "firm": firm,
    "barcode": barcode,
    "milliseconds": lambda r: str(1_700_000_000_000 + r.randrange(10**11)),
    "microseconds": lambda r: str(1_700_000_000_000_000 + r.randrange(10**14)),
    "moment": lambda r: (
        _day(r, 2000).strftime("%Y%m%d") + f"{r.randrange(24):02}{r.randrange(60):02}{r.randrange(60):02}"
    ),
    "moment-and-number": lambda r: _day(r, 2000).strftime("%Y%m%d") + f"{r.randrange(10**10):010}",
    "coordinate": lambda r: f"{r.uniform(112, 114):.{r.randint(6, 14)}f}",
    "amount": lambda r: f"{r.uniform(0, 2e10):.2f}",
    "hash": lambda r: f"{r.getrandbits(256):064x}",
    "uuid": lambda r: (
        f"{r.getrandbits(32):08x}-{r.getrandbits(16):04x}-4{r.getrandbits(12):03x}-a{r.getrandbits(12):03x}-{r.getrandbits(48):012x}"
    ),
    "web-address": lambda r: f"https://www.jiangmen.example/post_{r.randrange(10**7)}/{mobile(r)}.html",
    "serial": lambda r: f"SN{r.randrange(10**17):017}",
    "range": lambda r: f"{r.randint(1900, 1999)}-{r.randint(2000, 2026)}",
}
