"""Addresses of phones and centres, as mail carries them (3GPP TS 23.140 clause 8.4.5)."""

import re
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Final

import msgspec

from magpie.protocols.mm4.errors import WriteError
from magpie.protocols.mm4.values import Address, AddressKind

_TYPED: Final = re.compile(r"([^/]*)/TYPE=([A-Za-z0-9]{1,16})(?:@(.*))?", re.IGNORECASE)
_DIGITS: Final = re.compile(r"\+?[0-9]+")
_PIECE: Final = re.compile(r'"(?:[^"\\]|\\.)*+"?|<[^>]*>?|[^",;<]++')
_SAFE: Final = re.compile(r'[^\s<>,;:"()\[\]\\\x00-\x1f\x7f]+|[0-9A-Fa-f:.]+')
_PUNCTUATION: Final = str.maketrans("", "", " -().")
_LONGEST_SHORT_CODE: Final = 8
_TYPES: Final = {AddressKind.IPV4: "IPv4", AddressKind.IPV6: "IPv6"}


class AddressRules(msgspec.Struct, frozen=True):
    """What one carrier wants. `country_code`, such as "1", completes numbers in national form."""

    plus: bool = True
    country_code: str = ""


def parse_address(text: str) -> Address | None:
    """Without its display name; None where there is none, as in `<>`."""
    inside = text.rpartition("<")[2].partition(">")[0]
    value = inside.strip().strip('"').strip()
    if not value:
        return None
    if found := _TYPED.fullmatch(value):
        domain = (found[3] or "").strip()
        return Address(found[1].strip(), _kind(found[1].strip(), found[2]), domain)
    local, at, domain = value.rpartition("@")
    if not at:
        return Address(value, _kind(value, ""))
    if _DIGITS.fullmatch(local):
        return Address(local, _kind(local, ""), domain)
    return Address(value, AddressKind.EMAIL)


def _kind(value: str, type_: str) -> AddressKind:
    if type_.lower() in {"ipv4", "ipv6"}:
        return AddressKind.IPV4 if type_.lower() == "ipv4" else AddressKind.IPV6
    short = value.isascii() and value.isdigit() and len(value) <= _LONGEST_SHORT_CODE
    return AddressKind.SHORT_CODE if short else AddressKind.NUMBER


def parse_addresses(text: str) -> Iterator[Address]:
    for one in _split(text):
        if address := parse_address(one):
            yield address


def _split(text: str) -> Iterator[str]:
    """At commas that stand in no quotes and in no brackets."""
    one: list[str] = []
    at = 0
    while at < len(text):
        if text[at] in ",;":
            yield "".join(one)
            one = []
            at += 1
            continue
        piece = _PIECE.match(text, at)
        assert piece is not None
        one.append(piece[0])
        at = piece.end()
    yield "".join(one)


def write_address(address: Address) -> str:
    """Raise WriteError for one that would not be read as it was meant."""
    parts = (address.value, address.domain or "x")
    if not all(_SAFE.fullmatch(part) and part.isascii() for part in parts):
        raise WriteError(f"{address.value[:40]!r} cannot be an address")
    if address.kind is AddressKind.EMAIL:
        return address.value
    if "/" in address.value:
        raise WriteError(f"{address.value[:40]!r} cannot be a number")
    at = f"@{address.domain}" if address.domain else ""
    return f"{address.value}/TYPE={_TYPES.get(address.kind, 'PLMN')}{at}"


def to_address(number: str, rules: AddressRules, domain: str = "") -> Address:
    """Of what people write: a number, a short code, an e-mail address, an IP address."""
    if "@" in number:
        return Address(number, AddressKind.EMAIL)
    if _DIGITS.fullmatch(number):
        kind = _kind(number, "")
        bare = number.removeprefix("+")
        plus = rules.plus and kind is AddressKind.NUMBER
        return Address(f"+{bare}" if plus else bare, kind, domain)
    try:
        version = ip_address(number).version
    except ValueError:
        return Address(number, AddressKind.NUMBER, domain)
    return Address(number, _kind(number, f"ipv{version}"), domain)


def to_number(address: Address, rules: AddressRules) -> str:
    """E.164 with its plus where the address is one, else what it says."""
    plain = address.value.translate(_PUNCTUATION)
    if address.kind is not AddressKind.NUMBER or not _DIGITS.fullmatch(plain):
        return address.value
    if plain.startswith("+"):
        return plain
    code = rules.country_code
    national = code and not plain.startswith(code)
    return f"+{code}{plain}" if national else f"+{plain}"
