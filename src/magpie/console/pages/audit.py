"""Who changed what, and whether the book is whole."""

import re
from collections.abc import Sequence
from typing import Final

from starlette.responses import Response

from magpie.audit import actions, store
from magpie.console.page import Place, Route
from magpie.console.pages.audit_words import deed
from magpie.console.visit import Visit
from magpie.kit.db import Database
from magpie.users.model import Role

_ROWS: Final = 100
_SERIAL: Final = re.compile("[0-9]{1,15}")


class Audit:
    place: Place | None = Place("Run", "Audit", "/audit", "scroll-text", "a", Role.OPERATOR)

    def __init__(self, database: Database) -> None:
        self._database = database

    def routes(self) -> Sequence[Route]:
        return (
            Route("/audit", self.show, role=Role.OPERATOR),
            Route("/audit/verify", self.verify, "POST", Role.OPERATOR),
        )

    async def show(self, visit: Visit) -> Response:
        before, text = visit.query.get("before", ""), visit.query.get("q", "")[:100]
        rows = await store.page(
            self._database,
            before=int(before) if _SERIAL.fullmatch(before) else None,
            text=text,
            most=_ROWS + 1,
        )
        shown = [(one, deed(one.action)) for one in rows[:_ROWS]]
        return visit.page("audit.html", entries=shown, more=len(rows) > _ROWS, q=text)

    async def verify(self, visit: Visit) -> Response:
        count, wrong = await actions.verify(self._database)
        if wrong is None:
            return visit.see("/audit", f"All {count} entries are as they were written.")
        return visit.see("/audit", f"Entry {wrong} is not as it was written.")
