"""`/magpie/v1/Alerts`: what went wrong with an account's webhooks and TwiML, newest first."""

from typing import ClassVar

from magpie import sids
from magpie.alerts import store
from magpie.alerts.model import Alert, Level
from magpie.errors import Refused
from magpie.kit.db import Database
from magpie.kit.rest import Call, Collection, Page, PageRequest, Param, Params, one_of, text

_LEVELS: dict[str, Level] = {"error": "error", "warning": "warning"}
_INVALID, _BAD_TOKEN = 20422, 21481


class FindAlerts(Params):
    level = Param("Level", one_of(*_LEVELS), doc="Only errors, or only warnings.")
    message_sid = Param("MessageSid", text, doc="Only what is about this message.")


class Alerts(Collection[Alert]):
    doc: ClassVar[str] = "What went wrong with an account's webhooks and TwiML, newest first."
    path: ClassVar[str] = "/Alerts"
    key: ClassVar[str] = "alerts"
    element: ClassVar[str] = "Alert"
    filters: ClassVar[type[Params]] = FindAlerts

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list(self, call: Call, given: FindAlerts, page: PageRequest) -> Page[Alert]:
        for key in (page.after, page.before):
            if key is not None and not sids.is_sid(key, "NO"):
                raise Refused(_BAD_TOKEN)
        about = given.message_sid or None
        if about is not None and not sids.is_sid(about, "SM", "MM"):
            raise Refused(_INVALID, "MessageSid is not the SID of a message.", status=400)
        wanted = store.Filter(
            level=_LEVELS[given.level] if given.level else None,
            resource=sids.uuid_of(about) if about else None,
        )
        rows = await store.page(
            self._database,
            call.account_sid,
            wanted,
            older_than=page.after,
            newer_than=page.before,
            most=page.limit,
        )
        return Page.cut(rows, page)

    async def fetch(self, call: Call, sid: str) -> Alert:
        found = await store.get(self._database, call.account_sid, sid)
        if found is None:
            raise call.not_found()
        return found
