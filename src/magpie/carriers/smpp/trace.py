"""The last PDUs of a link, for an operator who looks; nothing is decoded until then."""

from collections import deque
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from magpie.kit import clock
from magpie.protocols.smpp import Address, Bind, DecodeError, Outbind, Pdu, decode, status_name

_KEPT: Final = 100
_HIDDEN: Final = "***"
_SHOWN_DIGITS: Final = 4


class Traced(msgspec.Struct, frozen=True):
    at: datetime
    direction: str
    name: str
    sequence: int
    status: str
    fields: dict[str, Any]


class Trace:
    """What the session asks and answers by itself is seen as it leaves, not as it comes."""

    def __init__(self, kept: int = _KEPT) -> None:
        self._ring: deque[tuple[float, str, bytes | Pdu]] = deque(maxlen=kept)

    def sent(self, data: bytes, now: float) -> None:
        self._ring.append((now, "out", data))

    def received(self, pdu: Pdu, now: float) -> None:
        self._ring.append((now, "in", pdu))

    def show(self, *, personal: bool = False) -> list[Traced]:
        """Oldest first. Passwords are never shown, numbers and texts only if `personal`."""
        shown = []
        now, moment = clock.monotonic(), clock.now()
        for at, direction, what in tuple(self._ring):
            pdu = _decoded(what)
            if pdu is not None:
                when = moment - timedelta(seconds=now - at)
                shown.append(_traced(when, direction, pdu, personal=personal))
        return shown


def _decoded(what: bytes | Pdu) -> Pdu | None:
    if isinstance(what, Pdu):
        return what
    try:
        return decode(what)
    except DecodeError:
        return None


def _traced(at: datetime, direction: str, pdu: Pdu, *, personal: bool) -> Traced:
    names = [name for name in pdu.__struct_fields__ if name not in {"sequence", "status"}]
    fields = {
        name: _shown(pdu, name, value, personal=personal)
        for name in names
        if (value := getattr(pdu, name))
    }
    name = type(pdu).__name__
    return Traced(at, direction, name, pdu.sequence, status_name(pdu.status), fields)


def _shown(pdu: Pdu, name: str, value: Any, *, personal: bool) -> Any:
    if name == "password" and isinstance(pdu, Bind | Outbind):
        return _HIDDEN
    if name == "tlvs":
        return {f"0x{tlv.tag:04X}": _octets(tlv.value, personal=personal) for tlv in value}
    if isinstance(value, Address):
        number = value.addr if personal else f"{_HIDDEN}{value.addr[-_SHOWN_DIGITS:]}"
        return f"{value.ton}/{value.npi} {number}"
    return _octets(value, personal=personal) if isinstance(value, bytes) else value


def _octets(value: bytes, *, personal: bool) -> str:
    # Short values are references and states, not texts.
    return value.hex() if personal or len(value) <= _SHOWN_DIGITS else f"{len(value)} octets"
