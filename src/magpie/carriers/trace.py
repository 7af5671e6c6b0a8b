"""The last things that a link said and heard, for an operator who looks.

What is noted is kept as it is; a reader of the link's own kind explains it when somebody asks.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, Final, Generic, Literal, Protocol, TypeAlias, TypeVar, runtime_checkable

import msgspec

from magpie.kit import clock

KEPT: Final = 200

Direction: TypeAlias = Literal["out", "in"]
Raw = TypeVar("Raw")


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What one of them says; no password is left in it.

    `what` is the command or the operation, `octets` are the bytes with secrets overwritten.
    `names` are what it calls the message that it is about: our key, or the carrier's id.
    """

    what: str
    status: str = ""
    sequence: str = ""
    fields: dict[str, Any] = {}
    octets: bytes = b""
    names: tuple[str, ...] = ()


class Traced(msgspec.Struct, frozen=True, kw_only=True):
    """`number` counts from 1 as long as the link lives."""

    number: int
    at: datetime
    direction: Direction
    what: str
    status: str
    sequence: str
    fields: dict[str, Any]
    octets: bytes
    names: tuple[str, ...]


Reader: TypeAlias = Callable[[Raw, bool], Shown | None]
"""Explains what was noted; personal data only if asked for. None for what says nothing."""


class Trace(Generic[Raw]):
    def __init__(self, read: Reader[Raw], kept: int = KEPT) -> None:
        self._read = read
        self._ring: deque[tuple[float, Direction, Raw, str]] = deque(maxlen=kept)
        self._noted = 0

    def sent(self, raw: Raw, now: float | None = None, about: str = "") -> None:
        """`about` is the key of a message that it does not name itself."""
        self._note("out", raw, now, about)

    def received(self, raw: Raw, now: float | None = None, about: str = "") -> None:
        self._note("in", raw, now, about)

    def _note(self, direction: Direction, raw: Raw, now: float | None, about: str) -> None:
        self._noted += 1
        self._ring.append((clock.monotonic() if now is None else now, direction, raw, about))

    def show(self, *, after: int = 0, personal: bool = False) -> list[Traced]:
        """Oldest first, those whose number is above `after`."""
        kept = tuple(self._ring)
        first = self._noted - len(kept) + 1
        now, moment = clock.monotonic(), clock.now()
        shown = []
        for number, (at, direction, raw, about) in enumerate(kept, first):
            told = self._read(raw, personal) if number > after else None
            if told is not None:
                when = moment - timedelta(seconds=now - at)
                shown.append(_traced(number, when, direction, told, about))
        return shown


@runtime_checkable
class Tracing(Protocol):
    """A link that can be looked at."""

    def trace(self, *, after: int = 0, personal: bool = False) -> list[Traced]: ...


def naming(traced: Iterable[Traced], names: Collection[str]) -> list[Traced]:
    """Those that are about a message that has one of these names."""
    wanted = frozenset(names)
    return [one for one in traced if not wanted.isdisjoint(one.names)]


def _traced(number: int, at: datetime, direction: Direction, shown: Shown, about: str) -> Traced:
    return Traced(
        number=number,
        at=at,
        direction=direction,
        what=shown.what,
        status=shown.status,
        sequence=shown.sequence,
        fields=shown.fields,
        octets=shown.octets,
        names=(*shown.names, about),
    )


def digits_hidden(number: str, shown: int = 4) -> str:
    """As ******5310: enough to know a number again, too little to call it."""
    return "*" * max(0, len(number) - shown) + number[-shown:]
