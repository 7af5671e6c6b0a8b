"""Who waits for a phone to ring, within this process."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from magpie.kit import feed

TOPIC: Final = ("", "handsets")
"""What the feed calls it when a phone has rung; the network belongs to no account."""


class Bell:
    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Event] = {}

    def ring(self, numbers: Iterable[str]) -> None:
        feed.touch({TOPIC})
        for number in numbers:
            event = self._waiting.pop(number, None)
            if event is not None:
                event.set()

    def listen(self, number: str) -> asyncio.Event:
        """Set by the next ring; listen first, then look, so that nothing falls between."""
        return self._waiting.setdefault(number, asyncio.Event())


async def wait_for(event: asyncio.Event, seconds: float) -> None:
    """Until the event, or for as long as that."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
