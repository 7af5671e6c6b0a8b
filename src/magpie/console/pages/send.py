"""The playground: every parameter of a message, and what would become of it before it is sent."""

from collections.abc import Sequence
from typing import Any, Final

from starlette.responses import Response

from magpie.console import calls, same
from magpie.console.page import Place, Route
from magpie.console.visit import Visit
from magpie.dispatch.preflight import AskPreflight, Preflight, Preflights
from magpie.errors import Refused
from magpie.kit.db import Database
from magpie.kit.rest import Form, Mistake
from magpie.messages.request import MAX_BODY, MAX_MEDIA, SendMessage
from magpie.messages.resources import Messages
from magpie.senders import store as senders
from magpie.senders.model import Kind
from magpie.services import store as services
from magpie.simulator import store as phones
from magpie.users.model import Role

_MOST: Final = 1000
_FILES: Final = "Media"
# Those that have a field of their own in the form; the rest stand under More.
_FIRST: Final = ("To", "From", "MessagingServiceSid", "Body", "MediaUrl", "StatusCallback")
_CHOICES: Final = {
    "ContentRetention": ("retain", "discard"),
    "AddressRetention": ("retain", "obfuscate"),
    "RiskCheck": ("enable", "disable"),
    "ScheduleType": ("fixed",),
    "TrafficType": ("free",),
    **dict.fromkeys(
        ("SmartEncoded", "ShortenUrls", "SendAsMms", "ProvideFeedback", "ForceDelivery"),
        ("true", "false"),
    ),
}


class Send:
    place: Place | None = Place("Build", "Send", "/send", "send", "s", Role.AGENT)

    def __init__(
        self, database: Database, messages: Messages, preflights: Preflights, base_url: str
    ) -> None:
        self._database = database
        self._messages = messages
        self._preflights = preflights
        self._base_url = base_url

    def routes(self) -> Sequence[Route]:
        return (
            Route("/send", self.show, role=Role.AGENT),
            Route("/send", self.send, "POST", Role.AGENT),
            Route("/send/preview", self.preview, "POST", Role.AGENT, changes=False),
        )

    async def show(self, visit: Visit) -> Response:
        given = {name: visit.query.get(name, "") for name in SendMessage.names()}
        return visit.page("send.html", **await self._form(visit, given), wrong="")

    async def send(self, visit: Visit) -> Response:
        """What is refused comes back as it was written, with the reason."""
        form = await calls.form_of(await visit.form(), SendMessage.names(), _FILES)
        try:
            asked = SendMessage.parse(form)
            message = await self._messages.create(calls.message_call(visit, form), asked)
        except (Refused, Mistake) as wrong:
            given = {name: form.get(name) or "" for name in SendMessage.names()}
            told = _told(wrong)
            return visit.page("send.html", 400, **await self._form(visit, given), wrong=told)
        return visit.see(f"/messages/{message.sid}", "It is on its way.")

    async def preview(self, visit: Visit) -> Response:
        form = await calls.form_of(await visit.form(), SendMessage.names(), _FILES)
        preflight, wrong = None, ""
        try:
            preflight = await self._foresee(visit, form)
        except (Refused, Mistake) as error:
            wrong = _told(error)
        fields = [(name, value) for name, value in form.items if name in SendMessage.names()]
        shown = same.snippets(fields, self._base_url, visit.account_sid)
        return visit.piece("send.html", "preview", preflight=preflight, snippets=shown, wrong=wrong)

    async def _foresee(self, visit: Visit, form: Form) -> Preflight:
        known = [(name, value) for name, value in form.items if name in AskPreflight.names()]
        asked = Form(known, form.files)
        return await self._preflights.create(
            calls.message_call(visit, asked), AskPreflight.parse(asked)
        )

    async def _form(self, visit: Visit, given: dict[str, str]) -> dict[str, Any]:
        account = visit.account_sid
        return {
            "given": given,
            "senders": await senders.page(self._database, account, [*Kind], most=_MOST),
            "services": await services.page(
                self._database, account, after=None, before=None, most=_MOST
            ),
            "phones": await phones.handsets(self._database),
            "more": [name for name in SendMessage.names() if name not in _FIRST],
            "choices": _CHOICES,
            "most_body": MAX_BODY,
            "most_media": MAX_MEDIA,
            "preflight": None,
            "snippets": {},
        }


def _told(wrong: Refused | Mistake) -> str:
    if isinstance(wrong, Mistake):
        return f"{wrong.name} {wrong.why} ({wrong.code})"
    return f"{wrong.message} ({wrong.code})"
