"""How calls of and by a provider are shown to an operator."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl

from magpie.carriers.http.dialect import Unread, unpacked
from magpie.carriers.trace import Shown, Trace, digits_hidden

_KEPT: Final = 8192
_PEOPLE: Final = frozenset({"from", "to", "cc", "owner", "phone_number", "caller"})
_WORDS: Final = frozenset({"body", "text", "subject", "message"})
# Whoever has such an address has the picture.
_ADDRESSES: Final = ("mediaurl", "media", "media_urls", "url")


class Said(NamedTuple):
    """`octets` is a body, or the beginning of a large one."""

    what: str
    key: str
    status: str
    octets: bytes


def said(what: str, key: str, status: str, body: bytes) -> Said:
    return Said(what, key, status, body[:_KEPT])


def trace() -> Trace[Said]:
    return Trace(read)


def read(raw: Said, personal: bool) -> Shown:  # noqa: FBT001 - as every Reader
    told = {name: value if personal else _masked(name, value) for name, value in _flat(raw.octets)}
    fields: dict[str, Any] = {"octets": len(raw.octets), **told}
    return Shown(
        what=raw.what,
        status=raw.status,
        sequence=raw.key,
        fields=fields,
        octets=raw.octets if personal else b"",
        names=tuple(raw.key.split()),
    )


def _flat(body: bytes) -> Iterator[tuple[str, str]]:
    """The fields of JSON, by their paths, or of a form; none of what is neither.

    JSON that was cut is no form: what were names there would be shown as they are.
    """
    if not body.lstrip().startswith((b"{", b"[")):
        yield from parse_qsl(body.decode("utf-8", "replace"))
        return
    with suppress(Unread, RecursionError):
        yield from [*_leaves("", unpacked(body, Any))]


def _leaves(path: str, value: Any) -> Iterator[tuple[str, str]]:
    match value:
        case Mapping():
            for name, one in value.items():
                yield from _leaves(f"{path}.{name}" if path else str(name), one)
        case list():
            for number, one in enumerate(value):
                yield from _leaves(f"{path}.{number}" if path else str(number), one)
        case _ if path:
            yield path, "" if value is None else str(value)


def _masked(path: str, value: str) -> str:
    names = [name.lower() for name in path.split(".") if not name.isdigit()]
    last = names[-1] if names else ""
    if last in _PEOPLE:
        return digits_hidden(value)
    if last in _WORDS:
        return "*" * len(value)
    if last.rstrip("0123456789") in _ADDRESSES:
        return value.partition("?")[0]
    return value
