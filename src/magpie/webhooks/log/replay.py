"""Calls once more what was called before, as it was, elsewhere, or with other parameters."""

from typing import Final

import msgspec

from magpie.kit.db import Database
from magpie.webhooks.log import store
from magpie.webhooks.log.model import Attempt, Kept, Origin, Pairs, read, row
from magpie.webhooks.post import IDEMPOTENCY, Poster

HEADER: Final = "X-Magpie-Replay"
"""Marks a replay: the SID of what is called again."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """None is as it was."""

    url: str | None = None
    params: Pairs | None = None


AS_IT_WAS: Final = Change()


class Replayer:
    def __init__(self, database: Database, poster: Poster) -> None:
        self._database = database
        self._poster = poster

    async def replay(self, attempt: Attempt, change: Change = AS_IT_WAS) -> Kept:
        """Give the last try. The answer is looked at and kept; no message changes by it."""
        headers = {IDEMPOTENCY: attempt.token.hex, HEADER: attempt.sid}
        posted = await self._poster.call(
            attempt.account_sid,
            change.url or attempt.target,
            attempt.method,
            attempt.params if change.params is None else change.params,
            headers,
            fallback=attempt.fallback,
        )
        origin = Origin(
            attempt.account_sid,
            attempt.message_id,
            attempt.token,
            attempt.kind,
            attempt.message_sid,
            attempt.event,
            attempt.id,
        )
        rows = [row(origin, exchange) for exchange in posted.exchanges]
        async with self._database.transaction() as connection:
            await store.add(connection, rows)
        return read(rows[-1])
