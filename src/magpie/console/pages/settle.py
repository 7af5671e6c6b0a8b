"""What became of a message whose answer is lost, said by somebody who knows."""

from collections.abc import Sequence

from starlette.responses import Response

from magpie.console import calls
from magpie.console.page import Place, Route
from magpie.console.visit import Visit
from magpie.dispatch.held import OutcomeOf
from magpie.dispatch.held import Settle as Settled
from magpie.users.model import Role


class Settle:
    place: Place | None = None

    def __init__(self, outcomes: OutcomeOf) -> None:
        self._outcomes = outcomes

    def routes(self) -> Sequence[Route]:
        return (Route("/messages/{sid}/settle", self.settle, "POST", Role.OPERATOR),)

    async def settle(self, visit: Visit) -> Response:
        form = await calls.form_of(await visit.form(), Settled.names())
        call = calls.call(visit, form, MessageSid=visit.path["sid"])
        told = await self._outcomes.create(call, Settled.parse(form))
        return visit.see(f"/messages/{told.sid}", "It is settled.")
