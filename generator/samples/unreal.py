"""What a sample never shows: values that a real person, firm or card could have.

The rule, also stated in decision 0016: a value is refused if a resident ID, a unified social credit code or a bank card
of that number would be valid, or if it holds a mobile number of a range that is assigned. Where a schema's pattern
leaves nothing else, there is no sample, and the page says of which column.
"""

from __future__ import annotations

import datetime
import re
import unicodedata

_IDENTIFIER = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{15,19}(?![0-9A-Za-z])")
# Ranges that no operator has: 140-144, 154, 160, 161, 163, 164, 168, 169, 174, 179 and 194.
_ASSIGNED_MOBILE = re.compile(
    r"(?<!\d)(?:\+?86[- ]?)?1(?:3\d|4[5-9]|5[0-35-9]|6[2567]|7[0-35-8]|8\d|9[0-35-9])[- ]?\d{4}[- ]?\d{4}(?!\d)"
)


def is_unreal(text: str) -> bool:
    plain = unicodedata.normalize("NFKC", text)
    if _ASSIGNED_MOBILE.search(plain):
        return False
    # Spaces and hyphens are how people write long numbers.
    return not any(
        _could_be_real(found) for form in (plain, re.sub("[ -]", "", plain)) for found in _IDENTIFIER.findall(form)
    )


def _could_be_real(identifier: str) -> bool:
    identifier = identifier.upper()
    return _is_resident_id(identifier) or _is_credit_code(identifier) or _is_card(identifier)


def _is_resident_id(text: str) -> bool:
    from stdnum.cn import ric

    if re.fullmatch(r"[1-9]\d{14}", text):
        return _is_day("19" + text[6:12])
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", text) or not _is_day(text[6:14]):
        return False
    check: str = ric.calc_check_digit(text[:-1])
    return check == text[-1]


def _is_day(digits: str) -> bool:
    try:
        datetime.datetime.strptime(digits, "%Y%m%d")  # noqa: DTZ007  a day, of no zone
    except ValueError:
        return False
    return True


def _is_credit_code(text: str) -> bool:
    from stdnum.cn import uscc

    if not re.fullmatch(r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}", text):
        return False
    check: str = uscc.calc_check_digit(text[:-1])
    return check == text[-1]


def _is_card(text: str) -> bool:
    from stdnum import luhn

    return bool(re.fullmatch(r"[1-9]\d{15,18}", text) and luhn.is_valid(text))
