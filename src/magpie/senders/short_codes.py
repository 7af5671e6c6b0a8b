from typing import ClassVar, TypedDict

from magpie.kit.db import Database
from magpie.kit.rest import Call, Collection, Moment, Page, PageRequest, Param, Params, Uri, text
from magpie.senders import store
from magpie.senders.actions import Senders
from magpie.senders.inventory.pattern import partial
from magpie.senders.model import RECORDED, SETTABLE, Kind, Sender
from magpie.senders.numbers import edge, there
from magpie.senders.parameters import ChangeTexts, changes

_NEVER = "[^0-9]"  # no short code has anything else


class FindShortCodes(Params):
    friendly_name = Param("FriendlyName", text, doc="Only short codes of this name.")
    short_code = Param("ShortCode", text, doc="Digits that it has, with * for any one.")


class ShownShortCode(TypedDict):
    sid: str
    account_sid: str
    short_code: str
    friendly_name: str
    api_version: str
    sms_url: Uri | None
    sms_method: str
    sms_fallback_url: Uri | None
    sms_fallback_method: str
    date_created: Moment
    date_updated: Moment
    uri: Uri


class ShortCodes(Collection[Sender]):
    """Whoever runs the platform assigns them: there is no create and no delete."""

    doc: ClassVar[str] = "The short codes of an account; whoever runs the platform assigns them."
    path: ClassVar[str] = "/SMS/ShortCodes"
    key: ClassVar[str] = "short_codes"
    element: ClassVar[str] = "ShortCode"
    filters: ClassVar[type[Params]] = FindShortCodes
    updating: ClassVar[type[Params]] = ChangeTexts

    def __init__(self, database: Database, senders: Senders) -> None:
        self._database = database
        self._senders = senders

    async def list(self, call: Call, given: FindShortCodes, page: PageRequest) -> Page[Sender]:
        rows = await store.page(
            self._database,
            call.account_sid,
            [Kind.SHORT_CODE],
            pattern=(partial(given.short_code) or _NEVER) if given.short_code else None,
            friendly_name=given.friendly_name or None,
            after=edge(page.after, "SC"),
            before=edge(page.before, "SC"),
            most=page.limit,
        )
        return Page.cut(rows, page)

    async def fetch(self, call: Call, sid: str) -> Sender:
        return there(await store.by_sid(self._database, call.account_sid, sid), call, "SC")

    async def update(self, call: Call, sid: str, given: ChangeTexts) -> Sender:
        async with self._database.transaction() as connection:
            sender = there(await store.lock(connection, call.account_sid, sid), call, "SC")
            return await self._senders.update(
                connection, sender, changes(given, SETTABLE, RECORDED)
            )

    def represent(self, record: Sender, call: Call) -> ShownShortCode:
        return {
            "sid": record.sid,
            "account_sid": record.account_sid,
            "short_code": record.address,
            "friendly_name": record.friendly_name,
            "api_version": record.recorded.get("api_version") or RECORDED["api_version"],
            "sms_url": record.sms_url or None,
            "sms_method": record.sms_method,
            "sms_fallback_url": record.sms_fallback_url or None,
            "sms_fallback_method": record.sms_fallback_method,
            "date_created": call.dialect.date(record.date_created),
            "date_updated": call.dialect.date(record.date_updated),
            "uri": call.link(record.sid),
        }
