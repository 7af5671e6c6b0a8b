from typing import NamedTuple
from uuid import UUID

import msgspec


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One of the parts in which a client submits a long text; `index` counts from 1.

    `registered` is its registered_delivery, `validity` in seconds, `pdu` how it was submitted.
    """

    account_sid: str
    system_id: str
    from_: str
    to: str
    reference: int
    total: int
    index: int
    body: str
    registered: int
    validity: int | None
    pdu: bytes

    @property
    def key(self) -> tuple[str, str, str, str, int, int]:
        return (
            self.account_sid,
            self.system_id,
            self.from_,
            self.to,
            self.reference,
            self.total,
        )


class Kept(NamedTuple):
    """A part as it is kept; those from before PDUs were kept have none."""

    number: int
    body: str
    registered: int
    validity: int | None
    pdu: bytes | None


class LongText(msgspec.Struct, frozen=True, kw_only=True):
    """What there is of a text, in order; `message_id` has room for the parts in its last octet."""

    account_sid: str
    system_id: str
    from_: str
    to: str
    total: int
    message_id: UUID
    parts: tuple[Kept, ...]

    @property
    def body(self) -> str:
        return "".join(part.body for part in self.parts)

    @property
    def told(self) -> list[tuple[UUID, int]]:
        """The ids of its parts, each with its registered_delivery."""
        return [(part_id(self.message_id, one.number), one.registered) for one in self.parts]

    @property
    def validity(self) -> int | None:
        return min((one.validity for one in self.parts if one.validity is not None), default=None)

    @property
    def pdus(self) -> list[bytes]:
        return [one.pdu for one in self.parts if one.pdu is not None]

    @property
    def missing(self) -> list[int]:
        there = {one.number for one in self.parts}
        return [index for index in range(1, self.total + 1) if index not in there]


class Added(msgspec.Struct, frozen=True):
    """A part is kept under `id`; `whole` is the text that it completes."""

    id: UUID
    whole: LongText | None = None


def head_id(fresh: UUID) -> UUID:
    return UUID(int=fresh.int & ~0xFF)


def part_id(message_id: UUID, index: int) -> UUID:
    return UUID(int=message_id.int | index)
