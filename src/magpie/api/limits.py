from typing import Final

from starlette.types import Message, Receive

from magpie.api.visit import Visit
from magpie.errors import Refused
from magpie.kit.rest import TooLarge

MOST_BODY: Final = 16 * 2**20
_TOO_MANY: Final = 20429


class TooManyAtOnce(Refused):
    retry_after: Final = 1

    def __init__(self, most: int) -> None:
        super().__init__(_TOO_MANY, f"The account has {most} requests at once, as many as it may.")


class Concurrency:
    """Requests of one account that are being answered, on this node."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._now: dict[str, int] = {}

    def enter(self, visit: Visit, account_sid: str) -> None:
        already = self._now.get(account_sid, 0)
        visit.concurrent = already
        if already >= self._most:
            raise TooManyAtOnce(self._most)
        self._now[account_sid] = visit.concurrent = already + 1
        visit.account_sid = account_sid

    def leave(self, visit: Visit) -> None:
        if visit.account_sid is None:
            return
        left = self._now[visit.account_sid] - 1
        if left:
            self._now[visit.account_sid] = left
        else:
            del self._now[visit.account_sid]
        visit.account_sid = None


def capped(receive: Receive, headers: dict[bytes, bytes], most: int = MOST_BODY) -> Receive:
    """A body that says it is too large is not read; one that says nothing is counted."""
    length = headers.get(b"content-length")
    if length is not None:
        if not length.isdigit() or int(length) > most:
            raise _too_large(most)
        return receive
    if b"transfer-encoding" not in headers:
        return receive
    room = most

    async def counted() -> Message:
        nonlocal room
        message = await receive()
        room -= len(message.get("body", b""))
        if room < 0:
            raise _too_large(most)
        return message

    return counted


def _too_large(most: int) -> TooLarge:
    return TooLarge(f"The body of the request is larger than {most} bytes.")
