"""What is known of files, and what was made of them."""

from datetime import datetime
from typing import Any, Final

import msgspec

from magpie.kit.record import Record
from magpie.media.fit import Cost, Result
from magpie.media.recipe import Facts, Made, Unusable

PROBE: Final = "probe"
"""Stands where the recipe would: the answer is what the file is."""


class Entry(Record, frozen=True):
    """`source` and `digest` name bytes. With a `code` the file was of no use for this recipe.

    A probe without an answer found something that cannot be changed.
    """

    source: str
    recipe: str
    digest: str | None
    size: int
    answer: dict[str, Any] | None
    code: int | None
    why: str | None
    at: datetime

    def facts(self) -> Facts | None:
        self._usable()
        return None if self.answer is None else msgspec.convert(self.answer, Facts)

    def result(self, cost: Cost | None) -> Result:
        self._usable()
        assert self.digest is not None
        made = msgspec.convert(self.answer, Made)
        return Result(digest=self.digest, size=self.size, made=made, cost=cost)

    def _usable(self) -> None:
        if self.code is not None:
            raise Unusable(self.code, self.why or "")
