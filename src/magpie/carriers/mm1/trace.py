"""How messages of MM1 are shown to an operator."""

from typing import Any, Final

from msgspec import structs

from magpie.carriers.trace import Shown, Trace, digits_hidden
from magpie.protocols import mm1

_PEOPLE: Final = ("from_", "to", "cc", "bcc")


def trace() -> Trace[mm1.Pdu]:
    return Trace(read)


def kept(pdu: mm1.Pdu) -> mm1.Pdu:
    """Without its content: a ring of pictures would be large."""
    return structs.replace(pdu, content=None) if _has(pdu, "content") else pdu


def read(pdu: mm1.Pdu, personal: bool) -> Shown:  # noqa: FBT001 - as every Reader
    shown = pdu if personal else _masked(pdu)
    return Shown(
        what=shown.type.name.lower().replace("_", "-"),
        status=_status(shown),
        sequence=shown.transaction_id,
        fields=_fields(shown),
        octets=_octets(shown),
        names=(pdu.transaction_id, getattr(pdu, "message_id", "").strip('"')),
    )


def _masked(pdu: mm1.Pdu) -> mm1.Pdu:
    changed: dict[str, Any] = {
        name: _hidden(getattr(pdu, name)) for name in _PEOPLE if _has(pdu, name)
    }
    if _has(pdu, "subject"):
        changed["subject"] = "*" * len(getattr(pdu, "subject"))  # noqa: B009 - not of every kind
    return structs.replace(pdu, **changed)


def _hidden(address: str | tuple[str, ...]) -> str | tuple[str, ...]:
    if isinstance(address, tuple):
        return tuple(digits_hidden(mm1.bare(one)) for one in address)
    return digits_hidden(mm1.bare(address))


def _has(pdu: mm1.Pdu, name: str) -> bool:
    return getattr(pdu, name, None) not in (None, "", ())


def _status(pdu: mm1.Pdu) -> str:
    for name in ("response_status", "retrieve_status", "status", "read_status"):
        status = getattr(pdu, name, None)
        if status is not None:
            text = getattr(pdu, name.replace("status", "text"), "")
            return f"0x{status:02X} {text}".rstrip()
    return ""


def _fields(pdu: mm1.Pdu) -> dict[str, Any]:
    told = (name for name in pdu.__struct_fields__ if name not in {"version", "others", "content"})
    return {name.rstrip("_"): str(getattr(pdu, name)) for name in told if _has(pdu, name)}


def _octets(pdu: mm1.Pdu) -> bytes:
    """Of what came without all that it needs, nothing."""
    try:
        return mm1.encode(pdu)
    except mm1.EncodeError:
        return b""
