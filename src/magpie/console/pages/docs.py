"""Documentation that this Magpie serves itself: a first program, and the reference of the API."""

from collections.abc import Awaitable, Callable, Sequence
from functools import cached_property
from typing import Final

from starlette.responses import Response

from magpie.console import reference
from magpie.console.page import Place, Route
from magpie.console.quickstart import HIDDEN, Start, programs
from magpie.console.visit import Visit
from magpie.errors import Refused
from magpie.kit.db import Database
from magpie.senders import store as senders
from magpie.senders.model import Kind
from magpie.simulator import store as phones
from magpie.users.model import Role

# Where the account has no number, or there is no phone: what the tutorial has.
_SENDER, _PHONE = "+15017122661", "+15558675310"
_MOST: Final = 1000
_FEW: Final = 2  # operations that need no click to be read


class Docs:
    place: Place | None = Place("Build", "Docs", "/docs", "book-open", "d")

    def __init__(
        self,
        database: Database,
        token_of: Callable[[str], Awaitable[str]],
        base_url: str,
        describe: Callable[[], reference.Document],
    ) -> None:
        """`describe` gives the description of the API, and is asked by the first visit."""
        self._database = database
        self._token_of = token_of
        self._base_url = base_url
        self._describe = describe

    @cached_property
    def _reference(self) -> reference.Reference:
        return reference.Reference.of(self._describe())

    def routes(self) -> Sequence[Route]:
        return (
            Route("/docs", self.show),
            Route("/docs", self.reveal, "POST", Role.OWNER),
            Route("/docs/api", self.api),
            Route("/docs/api/{operation}", self.operation),
        )

    async def show(self, visit: Visit, token: str = HIDDEN) -> Response:
        """The token is not even in the page until it is asked for."""
        held = await senders.page(self._database, visit.account_sid, [*Kind], most=_MOST)
        handsets = await phones.handsets(self._database)
        start = Start(
            sid=visit.account_sid,
            token=token,
            base=self._base_url,
            sender=held[-1].address if held else _SENDER,
            to=handsets[0].number if handsets else _PHONE,
        )
        return visit.page(
            "docs.html",
            start=start,
            programs=programs(start),
            hidden=token == HIDDEN,
            owns=visit.may(Role.OWNER),
            phones=bool(handsets),
            sends=visit.may(Role.AGENT),
        )

    async def reveal(self, visit: Visit) -> Response:
        """Asked for by a POST, so that the asking is in the book."""
        return await self.show(visit, await self._token_of(visit.account_sid))

    async def api(self, visit: Visit) -> Response:
        asked = visit.query.get("q", "")[:200]
        found = self._reference.found(asked)
        few = sum(map(len, found.values())) <= _FEW
        return visit.page(
            "docs_api.html", q=asked, found=found, products=self._reference.products, whole=few
        )

    async def operation(self, visit: Visit) -> Response:
        one = self._reference.operations.get(visit.path["operation"])
        if one is None:
            raise Refused(20404, "There is no such operation.")
        return visit.page("docs_operation.html", one=one)
