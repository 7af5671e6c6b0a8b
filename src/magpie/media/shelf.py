"""The bytes of media, kept as long as somebody uses them.

Bytes are noted as loose before they are written and when media are deleted; what is loose for an
hour and used by nobody is removed. So neither a crash nor a refused message leaves bytes behind,
and bytes that are just being used again are never taken away: whoever writes them notes them anew,
and that note waits for the end of a sweep which has taken the old one.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from magpie.kit import clock
from magpie.kit.blobs import Blobs, Digest, digest_of
from magpie.kit.db import Database, Queries
from magpie.media import store
from magpie.media.cache import store as cache
from magpie.media.made import store as made

InUse = Callable[[Queries, Sequence[str]], Awaitable[set[str]]]
"""Asks somebody else which of these digests they use."""

_REST = timedelta(hours=1)
_UNASKED = timedelta(days=7)
_MADE = timedelta(days=30)
_AT_ONCE = 100


class Shelf:
    """`others` are asked before bytes are removed: whoever else keeps digests of them."""

    def __init__(self, database: Database, blobs: Blobs, others: Sequence[InUse]) -> None:
        self._database = database
        self._blobs = blobs
        self._users: tuple[InUse, ...] = (store.in_use, made.in_use, *others)

    async def put(self, content: bytes) -> Digest:
        """Returns once the content is durable; within an hour some row has to name it."""
        digest = await asyncio.to_thread(digest_of, content)
        await store.loosen(self._database, {digest}, clock.now())
        return await self._blobs.put(content)

    async def get(self, digest: str) -> bytes:
        return await self._blobs.get(Digest(digest))

    async def tidy(self) -> int:
        """Forget URLs that nobody asks for and what was made long ago, then sweep."""
        now = clock.now()
        await cache.prune(self._database, now - _UNASKED, now)
        await made.prune(self._database, now - _MADE, now)
        return await self.sweep()

    async def sweep(self) -> int:
        """Remove bytes that nobody uses any more; gives how many."""
        removed = 0
        while True:
            async with self._database.transaction() as connection:
                taken = await store.take_loose(connection, clock.now() - _REST, _AT_ONCE)
                unused = set(taken)
                for users in self._users:
                    unused -= await users(connection, sorted(unused)) if unused else set()
                if unused:
                    await made.forget(connection, sorted(unused), clock.now())
                await asyncio.gather(*(self._blobs.delete(Digest(digest)) for digest in unused))
            removed += len(unused)
            if len(taken) < _AT_ONCE:
                return removed
