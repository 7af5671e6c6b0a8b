from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, TypedDict, cast

from msgspec import structs

from magpie import sids
from magpie.errors import Refused
from magpie.kit import clock
from magpie.kit.db import Database, after_commit
from magpie.kit.rest import Call, Collection, Moment, Page, PageRequest, Param, Params, Uri, text
from magpie.senders.applications import store
from magpie.senders.applications.model import RECORDED, SETTABLE, Application, Recorded
from magpie.senders.parameters import ChangeApplication, changes

_BAD_TOKEN = 21481
_TWIN = "sms_status_callback"


class FindApplications(Params):
    friendly_name = Param("FriendlyName", text, doc="Only applications of this name.")


class OwnFields(TypedDict):
    sid: str
    account_sid: str
    friendly_name: str | None
    sms_url: Uri | None
    sms_method: str
    sms_fallback_url: Uri | None
    sms_fallback_method: str
    message_status_callback: Uri | None
    sms_status_callback: Uri | None
    date_created: Moment
    date_updated: Moment
    uri: Uri


class ShownApplication(OwnFields, Recorded):
    """All of it."""


class Applications(Collection[Application]):
    doc: ClassVar[str] = "Settings that several numbers share."
    path: ClassVar[str] = "/Applications"
    key: ClassVar[str] = "applications"
    element: ClassVar[str] = "Application"
    filters: ClassVar[type[Params]] = FindApplications
    creating: ClassVar[type[Params]] = ChangeApplication
    updating: ClassVar[type[Params]] = ChangeApplication

    def __init__(self, database: Database, forget: Callable[[str, str], None]) -> None:
        """`forget` is told the account and the SID of what has changed."""
        self._database = database
        self._forget = forget

    async def list(
        self, call: Call, given: FindApplications, page: PageRequest
    ) -> Page[Application]:
        rows = await store.page(
            self._database,
            call.account_sid,
            given.friendly_name or None,
            after=_edge(page.after),
            before=_edge(page.before),
            most=page.limit,
        )
        return Page.cut(rows, page)

    async def create(self, call: Call, given: ChangeApplication) -> Application:
        application = changed(_new(call.account_sid), given)
        await store.insert(self._database, application)
        return application

    async def fetch(self, call: Call, sid: str) -> Application:
        found = await store.by_sid(self._database, call.account_sid, sid)
        if found is None:
            raise call.not_found()
        return found

    async def update(self, call: Call, sid: str, given: ChangeApplication) -> Application:
        async with self._database.transaction() as connection:
            found = await store.lock(connection, call.account_sid, sid)
            if found is None:
                raise call.not_found()
            application = changed(found, given)
            await store.save(connection, application)
            after_commit(connection, partial(self._forget, call.account_sid, sid))
            return application

    async def delete(self, call: Call, sid: str) -> None:
        if not await store.delete(self._database, call.account_sid, sid):
            raise call.not_found()
        self._forget(call.account_sid, sid)

    def represent(self, record: Application, call: Call) -> ShownApplication:
        recorded = {name: record.recorded.get(name) or usual for name, usual in RECORDED.items()}
        return {
            "sid": record.sid,
            "account_sid": record.account_sid,
            "friendly_name": record.friendly_name,
            "sms_url": record.sms_url,
            "sms_method": record.sms_method,
            "sms_fallback_url": record.sms_fallback_url,
            "sms_fallback_method": record.sms_fallback_method,
            "message_status_callback": record.message_status_callback,
            "sms_status_callback": record.message_status_callback,
            **cast("Recorded", recorded),
            "date_created": call.dialect.date(record.date_created),
            "date_updated": call.dialect.date(record.date_updated),
            "uri": call.link(record.sid),
        }


def changed(application: Application, given: ChangeApplication) -> Application:
    """SmsStatusCallback is the older name of MessageStatusCallback, which goes before it."""
    asked = changes(given, SETTABLE | {_TWIN}, RECORDED)
    columns: dict[str, Any] = {name: value or None for name, value in asked.columns.items()}
    if _TWIN in columns:
        columns.setdefault("message_status_callback", columns.pop(_TWIN))
        columns.pop(_TWIN, None)
    return structs.replace(
        application,
        **columns,
        recorded=application.recorded | asked.recorded,
        date_updated=clock.now(),
    )


def _new(account_sid: str) -> Application:
    now = clock.now()
    return Application(
        account_sid=account_sid,
        sid=sids.new("AP", clock.uuid7()),
        friendly_name=None,
        sms_url=None,
        sms_method="POST",
        sms_fallback_url=None,
        sms_fallback_method="POST",
        message_status_callback=None,
        recorded={},
        date_created=now,
        date_updated=now,
    )


def _edge(sid: str | None) -> str | None:
    if sid is not None and not sids.is_sid(sid, "AP"):
        raise Refused(_BAD_TOKEN)
    return sid
