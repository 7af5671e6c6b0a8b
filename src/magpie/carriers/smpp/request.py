"""One submit_sm on its way, and what can become of it."""

import asyncio

import msgspec

from magpie.protocols.smpp import SubmitSm


class Answered(msgspec.Struct, frozen=True):
    status: int
    message_id: str = ""


class Unsent(msgspec.Struct, frozen=True):
    """No byte of it left. `after` tells when a next try may go better."""

    why: str
    after: float | None = None


class Lost(msgspec.Struct, frozen=True):
    """It left, and nobody knows whether it was taken over."""

    why: str


class Unfit(msgspec.Struct, frozen=True):
    """It can never be written: a value does not fit its field."""

    why: str


Reply = Answered | Unsent | Lost | Unfit


class Request:
    """`key` and `index` (from 0) name the part of a message; both are the same in every attempt."""

    __slots__ = ("answer", "deadline", "index", "key", "pdu", "segments", "sent_at")

    def __init__(
        self, pdu: SubmitSm, key: str, index: int, *, deadline: float, segments: int = 1
    ) -> None:
        self.pdu = pdu
        self.key = key
        self.index = index
        self.deadline = deadline
        self.segments = segments
        self.sent_at = 0.0
        self.answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()

    def settle(self, reply: Reply) -> bool:
        """False if nobody waits any more, or another reply came first."""
        if self.answer.done():
            return False
        self.answer.set_result(reply)
        return True
