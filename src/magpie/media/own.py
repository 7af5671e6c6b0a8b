"""Media of this platform, named by their own URLs: a bot that sends back what it got.

They are read from the store. Over HTTP we would have to let the platform fetch from itself, which
no URL of a customer may make it do.
"""

import re
from typing import Final

from magpie import sids
from magpie.kit.db import Queries
from magpie.media import store
from magpie.media.model import Media, State

_PATH: Final = re.compile(
    r"/2010-04-01/Accounts/(AC[0-9a-f]{32})/Messages/([SM]M[0-9a-f]{32})/Media/(ME[0-9a-f]{32})"
)


class Own:
    def __init__(self, queries: Queries, base_url: str) -> None:
        self._queries = queries
        self._base_url = base_url.rstrip("/")

    async def find(self, account_sid: str, url: str) -> Media | None:
        """What the account itself has under a URL of ours; of others' media nothing is known."""
        if not url.startswith(self._base_url):
            return None
        match = _PATH.fullmatch(url[len(self._base_url) :].partition("?")[0])
        if match is None or match[1] != account_sid:
            return None
        media = await store.get(self._queries, account_sid, sids.uuid_of(match[2]), match[3])
        return media if media is not None and media.state == State.STORED else None
