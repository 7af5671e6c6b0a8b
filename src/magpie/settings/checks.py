"""What a type cannot say of a setting."""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from ipaddress import ip_network
from typing import Any, Final


def key_bytes(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != 32:  # noqa: PLR2004 - AES-256
        raise ValueError("Expected base64 of 32 bytes")
    return key


def _credible(token: str) -> None:
    if not re.fullmatch(r"[!-~]{8,128}", token):
        raise ValueError("Expected 8 to 128 printable ASCII characters without blanks")


def _networks(values: tuple[str, ...]) -> None:
    for value in values:
        ip_network(value)


def _peers(carriers: tuple[Any, ...]) -> None:
    """Links say so from whom they may be called."""
    for carrier in carriers:
        _networks(getattr(carrier, "peers", ()))


CHECKS: Final[Mapping[str, Callable[[Any], object]]] = {
    "secret_key": key_bytes,
    "auth_token": _credible,
    "egress_allowed": _networks,
    "carriers": _peers,
    "trusted_proxies": _networks,
}
