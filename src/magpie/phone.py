"""Addresses of the telephone network: E.164 numbers, short codes, alphanumeric senders.

A number is judged by its length for its country (possible), not by whether a carrier has
been given its block (valid): the 555 numbers of tutorials and tests must pass.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_NANP = re.compile(r"\+1[0-9]{10}")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_DECORATED = re.compile(r"[+0-9 ().\-\u00a0\u2010-\u2015]{3,40}")
_NOT_DIALLED = re.compile(r"[^+0-9]")
_NATIONAL = re.compile(r"1?([2-9][0-9]{9})")
_SHORT_CODE = re.compile(r"[0-9]{3,8}")
_ALPHANUMERIC = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 +\-_&.]{1,11}")
_TOLL_FREE = re.compile(r"\+18(?:00|33|44|55|66|77|88)[0-9]{7}")


def parse_e164(text: str) -> str | None:
    """The number as +digits; ten or eleven digits without a plus are read as a US number."""
    return text if _NANP.fullmatch(text) else _parse(text)


@lru_cache(maxsize=16384)
def _parse(text: str) -> str | None:
    if not _DECORATED.fullmatch(text):
        return None
    dialled = _NOT_DIALLED.sub("", text)
    national = _NATIONAL.fullmatch(dialled)
    number = f"+1{national[1]}" if national else dialled
    return number if _E164.fullmatch(number) and _is_possible(number) else None


def _is_possible(number: str) -> bool:
    from phonenumbers import ValidationResult, is_possible_number_with_reason  # noqa: PLC0415

    parsed = _parsed(number)
    # is_possible_number would also take what can only be dialled locally: +1 867 5310.
    return (
        parsed is not None
        and is_possible_number_with_reason(parsed) == ValidationResult.IS_POSSIBLE
    )


def _parsed(number: str) -> "PhoneNumber | None":
    import phonenumbers  # noqa: PLC0415 - its tables take a noticeable part of a start

    try:
        return phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None


def is_short_code(text: str) -> bool:
    return _SHORT_CODE.fullmatch(text) is not None


def is_alphanumeric(text: str) -> bool:
    """At most 11 of the characters that networks carry (GSM 03.40, 9.1.2.5), one a letter."""
    return _ALPHANUMERIC.fullmatch(text) is not None


@lru_cache(maxsize=16384)
def country_of(e164: str) -> str | None:
    """ISO 3166 alpha-2; numbers of no known block get the main country of their code."""
    import phonenumbers  # noqa: PLC0415

    parsed = _parsed(e164)
    if parsed is None:
        return None
    region = phonenumbers.region_code_for_number(parsed)
    if region is None and parsed.country_code is not None:
        region = phonenumbers.region_code_for_country_code(parsed.country_code)
    return None if region in (None, "001", "ZZ") else region


@lru_cache(maxsize=16384)
def is_toll_free(e164: str) -> bool:
    if e164.startswith("+1"):
        return _TOLL_FREE.fullmatch(e164) is not None
    import phonenumbers  # noqa: PLC0415

    parsed = _parsed(e164)
    toll_free = phonenumbers.PhoneNumberType.TOLL_FREE
    return parsed is not None and phonenumbers.number_type(parsed) == toll_free


def friendly(e164: str) -> str:
    """(415) 555-1234 for +1, else the number itself."""
    if not _NANP.fullmatch(e164):
        return e164
    return f"({e164[2:5]}) {e164[5:8]}-{e164[8:]}"
