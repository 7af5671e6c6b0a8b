"""Numbers as people write them, addresses as centres write them."""

import re
from typing import Final

import msgspec

from magpie.protocols.mm7.values import Address, AddressKind

_TYPED: Final = re.compile(r"([^/]*)/TYPE=[A-Za-z0-9]+(?:@.*)?", re.IGNORECASE | re.DOTALL)
_DIGITS: Final = re.compile(r"\+?[0-9]+")
_PUNCTUATION: Final = str.maketrans("", "", " -().")
_LONGEST_SHORT_CODE: Final = 8


class AddressRules(msgspec.Struct, frozen=True):
    """What one carrier wants. `country_code`, such as "1", completes numbers in national form.

    `typed` writes `/TYPE=PLMN` behind numbers.
    """

    plus: bool = True
    typed: bool = False
    country_code: str = ""


def guess_address(text: str) -> Address:
    """An address that does not say of which kind it is."""
    value = bare(text)
    if "@" in value:
        return Address(value, AddressKind.EMAIL)
    short = value.isdigit() and len(value) <= _LONGEST_SHORT_CODE
    return Address(value, AddressKind.SHORT_CODE if short else AddressKind.NUMBER)


def bare(value: str) -> str:
    """Without the `/TYPE=PLMN` that stands behind numbers of every kind."""
    value = value.strip()
    return found[1] if (found := _TYPED.fullmatch(value)) else value


def to_address(number: str, rules: AddressRules) -> Address:
    found = guess_address(number)
    suffix = "/TYPE=PLMN" if rules.typed and found.kind is not AddressKind.EMAIL else ""
    value = found.value
    if found.kind is AddressKind.NUMBER and _DIGITS.fullmatch(value):
        digits = value.removeprefix("+")
        value = f"+{digits}" if rules.plus else digits
    return Address(value + suffix, found.kind)


def to_number(address: Address, rules: AddressRules) -> str:
    """E.164 with its plus where the address is one, else what it says."""
    value = address.value
    plain = value.translate(_PUNCTUATION)
    if not _DIGITS.fullmatch(plain):
        return value
    if plain.startswith("+") or address.kind is AddressKind.SHORT_CODE:
        return plain
    if len(plain) <= _LONGEST_SHORT_CODE:
        return plain
    code = rules.country_code
    national = code and not plain.startswith(code)
    return f"+{code}{plain}" if national else f"+{plain}"
