"""Many writers, one commit: the price of an fsync is shared by all who wait for it."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, TypeVar

from magpie.kit.db.connection import Connection
from magpie.kit.db.database import Database
from magpie.kit.db.failures import DatabaseUnavailable, Overloaded

# A flush costs about as much for one item as for twenty. Where many come, the next flush waits a
# moment for more of them; where few come, nobody waits.
_CROWD = 4
_GATHER_SECONDS = 0.010

Item = TypeVar("Item")
Result = TypeVar("Result")
Write = Callable[[Connection, Sequence[Item]], Awaitable[Sequence[Result | Exception]]]


class GroupCommit(Generic[Item, Result]):
    """`write` puts a batch into one transaction and gives one result, or exception, per item.

    An exception among the results leaves the batch standing; an exception raised undoes the
    batch, which is then halved until the guilty item fails alone. So `write` may run more than
    once for an item, but only one run of them is committed.
    """

    def __init__(
        self,
        database: Database,
        write: Write[Item, Result],
        *,
        most: int = 500,
        waiting: int = 10_000,
        at_once: int = 1,
    ) -> None:
        self._database = database
        self._write = write
        self._most = most
        self._cap = waiting
        self._at_once = at_once
        self._waiting: deque[tuple[Item, asyncio.Future[Result]]] = deque()
        self._flushes: set[asyncio.Task[None]] = set()
        self._flushing = 0

    async def write(self, item: Item) -> Result:
        """Returns after the commit. Cancelled before its flush begins, the item is not written."""
        if len(self._waiting) >= self._cap:
            raise Overloaded(f"{self._cap} writes are waiting for the database")
        done: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, done))
        if self._flushing < self._at_once:
            self._flushing += 1
            flush = asyncio.create_task(self._flush(), name="group commit")
            self._flushes.add(flush)
            flush.add_done_callback(self._flushes.discard)
        return await done

    async def close(self) -> None:
        """Waits for what has been handed in; nothing may be handed in meanwhile."""
        while self._flushes:
            await asyncio.gather(*self._flushes)

    async def _flush(self) -> None:
        # The count falls in the very step that finds nobody waiting: were it to fall when the task
        # is seen to be done, a writer in between would start no flush and wait for ever.
        try:
            while batch := self._take():
                await self._commit(batch)
                if len(batch) >= _CROWD:
                    await asyncio.sleep(_GATHER_SECONDS)
        finally:
            self._flushing -= 1

    def _take(self) -> list[tuple[Item, asyncio.Future[Result]]]:
        batch: list[tuple[Item, asyncio.Future[Result]]] = []
        while self._waiting and len(batch) < self._most:
            item, done = self._waiting.popleft()
            if not done.done():
                batch.append((item, done))
        return batch

    async def _commit(self, batch: list[tuple[Item, asyncio.Future[Result]]]) -> None:
        try:
            async with self._database.transaction() as connection:
                results = await self._write(connection, [item for item, _ in batch])
                if len(results) != len(batch):
                    raise RuntimeError(f"{len(results)} results for {len(batch)} items")  # noqa: TRY301
        except (DatabaseUnavailable, TimeoutError) as error:
            for _, done in batch:
                _settle(done, DatabaseUnavailable(str(error) or "the database is too slow"))
        except Exception as error:  # noqa: BLE001 - whatever the item caused belongs to its writer
            await self._divide(batch, error)
        except BaseException:
            for _, done in batch:
                done.cancel()
            raise
        else:
            for (_, done), result in zip(batch, results, strict=True):
                _settle(done, result)

    async def _divide(
        self,
        batch: list[tuple[Item, asyncio.Future[Result]]],
        error: Exception,
    ) -> None:
        if len(batch) == 1:
            return _settle(batch[0][1], error)
        half = len(batch) // 2
        await self._commit(batch[:half])
        return await self._commit(batch[half:])


def _settle(done: asyncio.Future[Any], result: object) -> None:
    if done.done():  # its caller was cancelled
        return
    if isinstance(result, Exception):
        done.set_exception(result)
    else:
        done.set_result(result)
