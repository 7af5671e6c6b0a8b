"""Calls of customers' servers: how endpoints do, what was said, and saying it again."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from starlette.datastructures import FormData
from starlette.responses import PlainTextResponse, Response

from magpie import sids
from magpie.alerts import store as alerts
from magpie.console import exchange
from magpie.console.page import Place, Route
from magpie.console.visit import Visit
from magpie.errors import Refused
from magpie.kit import clock
from magpie.kit.db import Database
from magpie.kit.rest import Form
from magpie.users.model import Role
from magpie.webhooks import explain
from magpie.webhooks.log import store
from magpie.webhooks.log.model import PREFIX, Attempt, Kept
from magpie.webhooks.log.replay import Change, Replayer
from magpie.webhooks.log.resources import Replay

_ROWS: Final = 50
_MOST_TRIES: Final = 20
_MOST_CALLS: Final = 200
_EVENTS: Final = (
    "inbound",
    "action",
    "sending",
    "sent",
    "delivered",
    "undelivered",
    "failed",
    "read",
    "canceled",
)
_WORTH: Final = {"true": True, "false": False}


class Webhooks:
    place: Place | None = Place("Build", "Webhooks", "/webhooks", "webhook", "w")

    def __init__(
        self,
        database: Database,
        replayer: Replayer,
        token_of: Callable[[str], Awaitable[str]],
    ) -> None:
        self._database = database
        self._replayer = replayer
        self._token_of = token_of

    def routes(self) -> Sequence[Route]:
        return (
            Route("/webhooks", self.show),
            Route("/webhooks/new", self.new),
            Route("/webhooks/{sid}", self.one),
            Route("/webhooks/{sid}/replay", self.replay, "POST", Role.OPERATOR),
        )

    async def show(self, visit: Visit) -> Response:
        asked = {name: visit.query.get(name, "") for name in ("url", "event", "failed", "message")}
        before = visit.query.get("before", "")
        found = await store.page(
            self._database,
            visit.account_sid,
            _filter(asked),
            older_than=_id(before),
            most=_ROWS + 1,
        )
        shown = found[:_ROWS]
        return visit.page(
            "webhooks.html",
            asked=asked,
            attempts=[Line.of(one) for one in shown],
            endpoints=await store.endpoints(self._database, visit.account_sid, clock.now()),
            events=_EVENTS,
            here_url=_url(**asked, before=before),
            older=_url(**asked, before=shown[-1].sid) if len(found) > _ROWS else "",
            first=not before and not any(asked.values()),
        )

    async def new(self, visit: Visit) -> Response:
        """How many there are that the page does not show yet."""
        newer_than = _id(visit.query.get("after", ""))
        if newer_than is None:
            return PlainTextResponse("0")
        count = await store.count_newer(self._database, visit.account_sid, newer_than)
        return PlainTextResponse(str(count))

    async def one(self, visit: Visit) -> Response:
        kept = await self._find(visit)
        attempt = kept.attempt
        token = await self._token_of(visit.account_sid)
        form = attempt.params if attempt.method == "POST" else []
        computed = visit.query.get("computed", "").strip()
        return visit.page(
            "webhook.html",
            attempt=attempt,
            raw=exchange.raw(attempt),
            curl=exchange.curl(attempt),
            answer=exchange.text_of(kept),
            plan=exchange.plan(kept),
            alerts=await self._alerts(attempt),
            explained=explain.explain(token, attempt.url, form),
            slips=explain.slips(token, attempt.url, form),
            sent=attempt.headers.get("X-Twilio-Signature", ""),
            key=f"\N{HORIZONTAL ELLIPSIS}{token[-4:]}",
            computed=computed,
            tries=await self._tries(kept),
            replays=visit.may(Role.OPERATOR),
        )

    async def replay(self, visit: Visit) -> Response:
        kept = await self._find(visit)
        replayed = await self._replayer.replay(kept.attempt, _change(await visit.form()))
        answer = replayed.attempt.status or replayed.attempt.failure
        return visit.see(f"/webhooks/{replayed.attempt.sid}", f"Called again: {answer}.")

    async def _find(self, visit: Visit) -> Kept:
        sid = visit.path["sid"]
        if sids.is_sid(sid, PREFIX):
            found = await store.get(self._database, visit.account_sid, sids.uuid_of(sid))
            if found is not None:
                return found
        raise Refused(20404, "There is no such call in this account; they are kept for a week.")

    async def _tries(self, kept: Kept) -> list["Sibling"]:
        """All of the same delivery, replays too, oldest first."""
        of, account = kept.attempt, kept.attempt.account_sid
        wanted = store.Filter(message_id=of.message_id)
        rows = await store.page(self._database, account, wanted, most=_MOST_CALLS)
        same = [row.id for row in rows if row.token == of.token][:_MOST_TRIES]
        found = [await store.get(self._database, account, id_) for id_ in reversed(same)]
        return [Sibling(one.attempt, exchange.differences(kept, one)) for one in found if one]

    async def _alerts(self, attempt: Attempt) -> list[str]:
        wanted = alerts.Filter(resource=attempt.message_id, since=attempt.at)
        rows = await alerts.page(self._database, attempt.account_sid, wanted)
        return [] if attempt.replay_of else [f"{one.error_code}: {one.text}" for one in rows]


class Line(msgspec.Struct, frozen=True):
    """A row of the list; `number` is the phone's."""

    attempt: Attempt
    number: str | None

    @classmethod
    def of(cls, attempt: Attempt) -> "Line":
        told = dict(attempt.params)
        return cls(attempt, told.get("From" if attempt.kind == "inbound" else "To"))


class Sibling(msgspec.Struct, frozen=True):
    attempt: Attempt
    differences: list[str]


def _filter(asked: dict[str, str]) -> store.Filter:
    about = asked["message"]
    if about and not sids.is_sid(about, "SM", "MM"):
        raise Refused(20422, "message is not the SID of a message.", status=400)
    return store.Filter(
        failed=_WORTH.get(asked["failed"]),
        message_id=sids.uuid_of(about) if about else None,
        url=asked["url"] or None,
        event=asked["event"] or None,
    )


def _change(form: FormData) -> Change:
    """Rows of names and values; one without a name is left out."""
    given = Replay.parse(Form([("Url", str(form.get("url", "")).strip())]))
    if "edited" not in form:
        return Change(url=given.url or None)
    names = [str(one) for one in form.getlist("name")]
    values = [str(one).replace("\r\n", "\n") for one in form.getlist("value")]
    params = [(name, value) for name, value in zip(names, values, strict=False) if name]
    return Change(url=given.url or None, params=params)


def _url(**asked: str) -> str:
    given = {name: value for name, value in asked.items() if value}
    return "/console/webhooks" + (f"?{urlencode(given)}" if given else "")


def _id(sid: str) -> UUID | None:
    return sids.uuid_of(sid) if sids.is_sid(sid, PREFIX) else None
