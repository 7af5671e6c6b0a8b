"""Everything about a file is found out and made once: a million recipients cost one adaptation.

What a file is and what a recipe made of it stands in one table, under the digest of the file and
the text of the recipe; what cannot be made stands there too. In front of it is a little memory.
"""

import asyncio
from typing import Final

import msgspec

from magpie.kit import clock
from magpie.kit.db import Database
from magpie.kit.joined import Joined
from magpie.media.fit import Cost, Result, Source
from magpie.media.made import store
from magpie.media.made.model import PROBE, Entry
from magpie.media.recipe import Facts, Recipe, Unusable, name_of
from magpie.media.shelf import Shelf
from magpie.media.workshop import Workshop, workable

_MOST: Final = 10_000
# Pictures of this size are often sent as they are, so that a broken one is told before.
_VERIFIED_BYTES: Final = 1_500_000

Key = tuple[str, str]


class Once:
    """The platform's maker."""

    def __init__(self, database: Database, shelf: Shelf, workshop: Workshop) -> None:
        self._database = database
        self._shelf = shelf
        self._workshop = workshop
        self._known: dict[Key, Entry] = {}
        self._joined: Joined[Key, tuple[Entry, Cost | None]] = Joined()

    async def facts(self, source: Source) -> Facts | None:
        """None for what cannot be changed: texts, cards, documents, formats that nobody reads."""
        key = (source.digest, PROBE)
        entry = self._known.get(key)
        if entry is None:
            entry, _ = await self._joined.run(key, lambda: self._find(source, None))
        return entry.facts()

    async def make(self, source: Source, recipe: Recipe) -> Result:
        key = (source.digest, name_of(recipe))
        entry, cost = self._known.get(key), None
        if entry is None:
            entry, cost = await self._joined.run(key, lambda: self._find(source, recipe))
        return entry.result(cost)

    async def _find(self, source: Source, recipe: Recipe | None) -> tuple[Entry, Cost | None]:
        name = PROBE if recipe is None else name_of(recipe)
        cost = None
        entry = await store.find(self._database, source.digest, name)
        if entry is None:
            entry, cost = await self._work(source, recipe, name)
            entry = await store.keep(self._database, entry)
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[source.digest, name] = entry
        return entry, cost

    async def _work(
        self, source: Source, recipe: Recipe | None, name: str
    ) -> tuple[Entry, Cost | None]:
        new = Entry(source.digest, name, None, 0, None, None, None, clock.now())
        content = await self._shelf.get(source.digest)
        try:
            if recipe is None:
                if not await asyncio.to_thread(workable, content):
                    return new, None
                facts, cost = await self._workshop.probe(
                    source.content_type, content, verify=source.size <= _VERIFIED_BYTES
                )
                return msgspec.structs.replace(new, answer=msgspec.to_builtins(facts)), cost
            made, made_bytes, cost = await self._workshop.make(content, recipe)
        except Unusable as unusable:
            return msgspec.structs.replace(new, code=unusable.code, why=unusable.why), None
        digest = await self._shelf.put(made_bytes)
        answer = msgspec.to_builtins(made)
        size = len(made_bytes)
        return msgspec.structs.replace(new, digest=digest, size=size, answer=answer), cost
