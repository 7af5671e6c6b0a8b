"""Who waits for a phone to ring, within this process."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress


class Bell:
    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Event] = {}

    def ring(self, numbers: Iterable[str]) -> None:
        for number in numbers:
            event = self._waiting.pop(number, None)
            if event is not None:
                event.set()

    async def wait(self, number: str, seconds: float) -> None:
        """Returns when the phone rings, or after a while."""
        event = self._waiting.setdefault(number, asyncio.Event())
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await event.wait()
