"""Addresses as MMS writes them (OMA-TS-MMS_ENC clause 8)."""

import re
from typing import Final

_TYPED: Final = re.compile(r"(.*?)/TYPE=([A-Za-z0-9]+)\s*", re.IGNORECASE | re.DOTALL)
_NUMBER: Final = re.compile(r"\+?[0-9]{3,15}")
_IPV4: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3}){3}")
_SPELLING: Final = re.compile(r"[ ().\-]")


def bare(address: str) -> str:
    """The number, mail address or name alone, without what says of which type it is."""
    found = _TYPED.fullmatch(address.strip())
    value = (found[1] if found else address).strip()
    if _IPV4.fullmatch(value):
        return value
    plain = _SPELLING.sub("", value)
    return plain if _NUMBER.fullmatch(plain) else value


def typed(address: str) -> str:
    """A number with its type behind it; a mail address needs none."""
    return f"{address}/TYPE=PLMN" if _NUMBER.fullmatch(address) else address
