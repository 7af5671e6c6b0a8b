"""Hints that something has changed, for whoever is watching; nothing of them is kept.

Like the clock there is one for the process: what changes things does not know who watches. A
watcher reads what is true from the store, so that a hint which is lost costs only time.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Final, TypeAlias

Topic: TypeAlias = tuple[str, str]
"""Whose it is (an account's SID, or blank for the platform's own), and what."""

_watches: Final[set["Watch"]] = set()
_touches: Final = [0]
_relays: Final[set[Callable[[Iterable[Topic]], None]]] = set()


class Watch:
    """What was touched since it was last taken."""

    def __init__(self) -> None:
        self._touched: set[Topic] = set()
        self._any = asyncio.Event()

    def touched(self, topics: Iterable[Topic]) -> None:
        self._touched.update(topics)
        self._any.set()

    async def take(self, patience: float) -> frozenset[Topic]:
        """Wait for something for so many seconds; blank if there was nothing."""
        try:
            async with asyncio.timeout(patience):
                await self._any.wait()
        except TimeoutError:
            return frozenset()
        self._any.clear()
        taken, self._touched = frozenset(self._touched), set()
        return taken


def position() -> int:
    """How often something was touched: what was shown before is old once this has grown."""
    return _touches[0]


def touch(topics: Iterable[Topic], *, here: bool = True) -> None:
    """To be called after the commit. `here` tells other nodes, too."""
    _touches[0] += 1
    if not _watches and not _relays:
        return
    told = set(topics)
    for watch in _watches:
        watch.touched(told)
    if here:
        for relay in _relays:
            relay(told)


@contextmanager
def watching() -> Iterator[Watch]:
    watch = Watch()
    _watches.add(watch)
    try:
        yield watch
    finally:
        _watches.discard(watch)


@contextmanager
def relayed(relay: Callable[[Iterable[Topic]], None]) -> Iterator[None]:
    """`relay` hears of all that is touched on this node; it must return at once."""
    _relays.add(relay)
    try:
        yield
    finally:
        _relays.discard(relay)
