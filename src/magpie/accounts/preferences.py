"""How an account wants its messages handled, where Twilio has a switch in its console."""

from typing import Final

from magpie.accounts import store
from magpie.accounts.model import Preferences
from magpie.kit import clock
from magpie.kit.db import Queries

FRESH_SECONDS: Final = 1.0
_MOST: Final = 10_000


class PreferenceBook:
    """Changes made on any node show within a second."""

    def __init__(self, queries: Queries) -> None:
        self._queries = queries
        self._known: dict[str, tuple[float, Preferences]] = {}

    async def of(self, account_sid: str) -> Preferences:
        known = self._known.get(account_sid)
        if known is not None and known[0] > clock.monotonic():
            return known[1]
        found = await store.preferences(self._queries, account_sid)
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[account_sid] = (clock.monotonic() + FRESH_SECONDS, found)
        return found

    def forget(self, account_sid: str) -> None:
        self._known.pop(account_sid, None)
