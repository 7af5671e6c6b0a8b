"""Numbers as people write them, addresses as carriers want them (SMPP 3.4 clause 5.2.5 on)."""

import re
from typing import Final

import msgspec

from magpie.protocols.smpp.constants import Npi, Ton
from magpie.protocols.smpp.fields import Address

_DIGITS: Final = re.compile(r"\+?[0-9]+")
_LONGEST_SHORT_CODE: Final = 8


class AddressRules(msgspec.Struct, frozen=True):
    """What one carrier wants. `short_code` is (TON, NPI): 3/0, 3/1 and 6/0 are all in use.

    `country_code`, such as "1", completes numbers that come in national form.
    """

    plus: bool = False
    e164: tuple[int, int] = (Ton.INTERNATIONAL, Npi.E164)
    short_code: tuple[int, int] = (Ton.NETWORK_SPECIFIC, Npi.UNKNOWN)
    alphanumeric: tuple[int, int] = (Ton.ALPHANUMERIC, Npi.UNKNOWN)
    country_code: str = ""


def to_address(number: str, rules: AddressRules) -> Address:
    if not _DIGITS.fullmatch(number):
        return Address(*rules.alphanumeric, number)
    digits = number.removeprefix("+")
    if number == digits and len(digits) <= _LONGEST_SHORT_CODE:
        return Address(*rules.short_code, digits)
    return Address(*rules.e164, f"+{digits}" if rules.plus else digits)


def to_number(address: Address, rules: AddressRules) -> str:
    """E.164 with its plus where the address is one, else what it says."""
    if address.ton == Ton.ALPHANUMERIC or not _DIGITS.fullmatch(address.addr):
        return address.addr
    if address.addr.startswith("+"):
        return address.addr
    if address.ton == Ton.NATIONAL and rules.country_code:
        return f"+{rules.country_code}{address.addr}"
    long = len(address.addr) > _LONGEST_SHORT_CODE
    return f"+{address.addr}" if address.ton == Ton.INTERNATIONAL or long else address.addr
