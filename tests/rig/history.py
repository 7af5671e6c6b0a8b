"""The rows of the ledgers and of the store: all that the checker knows of a run.

Times are seconds of the system's clock, which all parts of a run share. A message is known outside
by the number that it goes to: the client never uses one twice.
"""

from pathlib import Path
from typing import Any

import msgspec
from tests.rig import ledger


class Asked(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A create that is about to be sent; `key` is its idempotency key, if any."""

    t: float
    to: str
    from_: str
    body: str
    key: str | None = None


class Told(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The answer to a create; `status` is 0 where the connection ended without one."""

    t: float
    to: str
    status: int
    sid: str | None = None


class Submitted(msgspec.Struct, frozen=True, kw_only=True):
    """One part that the carrier took over; `known` if it had taken over the same one before.

    It came at `t` at the latest. Where the carrier stood still before that it may have come at any
    time from `since` on: of all that then waits only the time of the last is known.
    """

    t: float
    since: float | None = None
    from_: str
    to: str
    text: str
    id: str
    reference: str = ""
    part: int = 1
    parts: int = 1
    known: bool = False


class Called(msgspec.Struct, frozen=True, kw_only=True):
    """One request that the customer's server got, as it was on the wire."""

    t: float
    url: str
    token: str
    signature: str
    body: str
    answered: bool = True


class Killed(msgspec.Struct, frozen=True, kw_only=True):
    t: float
    what: str
    back: float | None = None


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """A message as the store has it in the end, with its story and its tries."""

    sid: str
    to: str
    from_: str
    status: str
    segments: int
    callback: bool
    hops: list[tuple[float, str, dict[str, Any]]]
    tries: list[tuple[int, str]]
    """Number and state of each try's first part."""


class History(msgspec.Struct, frozen=True, kw_only=True):
    asked: list[Asked] = []
    told: list[Told] = []
    submitted: list[Submitted] = []
    called: list[Called] = []
    stored: list[Stored] = []
    killed: list[Killed] = []

    @classmethod
    def read(cls, folder: Path) -> "History":
        kinds: Any = Asked | Told
        client: list[Asked | Told] = ledger.read(folder / "client", kinds)
        return cls(
            asked=[row for row in client if isinstance(row, Asked)],
            told=[row for row in client if isinstance(row, Told)],
            submitted=ledger.read(folder / "smsc", Submitted),
            called=ledger.read(folder / "sink", Called),
            stored=ledger.read(folder / "store", Stored),
            killed=ledger.read(folder / "kills", Killed),
        )


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What the run promised: segments a second by sender, and how the carrier was."""

    deduplicates: bool
    token: str
    rates: dict[str, float] = {}
    quiet: frozenset[str] = frozenset()
