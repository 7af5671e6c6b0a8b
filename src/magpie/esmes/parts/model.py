from uuid import UUID

import msgspec


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One of the parts in which a client submits a long text; `index` counts from 1.

    `registered` is its registered_delivery, `validity` in seconds.
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


class LongText(msgspec.Struct, frozen=True, kw_only=True):
    """What there is of a text, in order; `message_id` has room for the parts in its last octet."""

    account_sid: str
    system_id: str
    from_: str
    to: str
    total: int
    message_id: UUID
    parts: tuple[tuple[int, str, int, int | None], ...]

    @property
    def body(self) -> str:
        return "".join(body for _, body, _, _ in self.parts)

    @property
    def told(self) -> list[tuple[UUID, int]]:
        """The ids of its parts, each with its registered_delivery."""
        return [(part_id(self.message_id, n), registered) for n, _, registered, _ in self.parts]

    @property
    def validity(self) -> int | None:
        return min((v for _, _, _, v in self.parts if v is not None), default=None)

    @property
    def missing(self) -> list[int]:
        there = {index for index, _, _, _ in self.parts}
        return [index for index in range(1, self.total + 1) if index not in there]


class Added(msgspec.Struct, frozen=True):
    """A part is kept under `id`; `whole` is the text that it completes."""

    id: UUID
    whole: LongText | None = None


def head_id(fresh: UUID) -> UUID:
    return UUID(int=fresh.int & ~0xFF)


def part_id(message_id: UUID, index: int) -> UUID:
    return UUID(int=message_id.int | index)
