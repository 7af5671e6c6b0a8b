"""IncomingPhoneNumbers: the numbers that an account holds."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, ClassVar, Final, TypedDict, cast

from magpie import sids
from magpie.accounts.auth import Caller
from magpie.errors import Refused
from magpie.kit.db import Database
from magpie.kit.rest import (
    Call,
    Collection,
    Mistake,
    Moment,
    Page,
    PageRequest,
    Param,
    Params,
    Uri,
    boolean,
    one_of,
    text,
)
from magpie.senders import store
from magpie.senders.actions import Senders
from magpie.senders.inventory.pattern import partial
from magpie.senders.model import NUMBERS, RECORDED, SETTABLE, Kind, Recorded, Sender
from magpie.senders.parameters import BuyNumber, ChangeNumber, Changes, changes

_INVALID, _BAD_NUMBER, _BAD_TOKEN, _NONE_IN_AREA = 20422, 21421, 21481, 21452
_PATH: Final = "/IncomingPhoneNumbers"
_AREA_CODE: Final = re.compile("[2-9][0-9]{2}")
_ORIGIN: Final = "twilio"


class FindNumbers(Params):
    phone_number = Param("PhoneNumber", text, doc="Digits that it has, with * for any one.")
    friendly_name = Param("FriendlyName", text, doc="Only numbers of this name.")
    beta = Param("Beta", boolean, doc="Lets all pass: no number here is new to the platform.")
    origin = Param(
        "Origin",
        one_of(_ORIGIN, "hosted"),
        doc="Where it comes from; all are of the first kind here.",
    )


class Capabilities(TypedDict):
    voice: bool
    sms: bool
    mms: bool
    fax: bool


class OwnFields(TypedDict):
    sid: str
    account_sid: str
    phone_number: str
    friendly_name: str
    type: Annotated[str, Kind]
    capabilities: Capabilities
    sms_url: Uri
    sms_method: str
    sms_fallback_url: Uri
    sms_fallback_method: str
    sms_application_sid: str
    status_callback: Uri
    status_callback_method: str
    address_requirements: str
    beta: bool
    emergency_address_status: str
    origin: str
    status: str
    date_created: Moment
    date_updated: Moment
    uri: Uri


class ShownNumber(OwnFields, Recorded):
    """All of it."""


class NumbersOfKind(Collection[Sender]):
    """List and create; what is bought has its place among all numbers."""

    key: ClassVar[str] = "incoming_phone_numbers"
    element: ClassVar[str] = "IncomingPhoneNumber"
    filters: ClassVar[type[Params]] = FindNumbers
    creating: ClassVar[type[Params]] = BuyNumber
    kinds: ClassVar[Sequence[Kind]]

    def __init__(self, database: Database, senders: Senders) -> None:
        self._database = database
        self._senders = senders

    async def list(self, call: Call, given: FindNumbers, page: PageRequest) -> Page[Sender]:
        if given.origin == "hosted":  # all of ours are of the other origin
            return Page(())
        rows = await store.page(
            self._database,
            call.account_sid,
            self.kinds,
            pattern=_pattern(given.phone_number),
            friendly_name=given.friendly_name or None,
            after=edge(page.after, "PN"),
            before=edge(page.before, "PN"),
            most=page.limit,
        )
        return Page.cut(rows, page)

    async def create(self, call: Call, given: BuyNumber) -> Sender:
        if not given.phone_number:
            raise Refused(_BAD_NUMBER, "A PhoneNumber is required.")
        async with self._database.transaction() as connection:
            return await self._senders.buy(
                connection,
                call.account_sid,
                given.phone_number.strip(),
                kinds=self.kinds,
                changes=_changes(given),
            )

    def represent(self, record: Sender, call: Call) -> ShownNumber:
        recorded = {name: record.recorded.get(name) or usual for name, usual in RECORDED.items()}
        return {
            "sid": record.sid,
            "account_sid": record.account_sid,
            "phone_number": record.address,
            "friendly_name": record.friendly_name,
            "type": record.kind,
            "capabilities": {
                "voice": record.voice,
                "sms": record.sms,
                "mms": record.mms,
                "fax": record.fax,
            },
            "sms_url": record.sms_url,
            "sms_method": record.sms_method,
            "sms_fallback_url": record.sms_fallback_url,
            "sms_fallback_method": record.sms_fallback_method,
            "sms_application_sid": record.sms_application_sid,
            "status_callback": record.status_callback,
            "status_callback_method": record.status_callback_method,
            **cast("Recorded", recorded),
            "address_requirements": "none",
            "beta": False,
            "emergency_address_status": "unregistered",
            "origin": _ORIGIN,
            "status": "in-use",
            "date_created": call.dialect.date(record.date_created),
            "date_updated": call.dialect.date(record.date_updated),
            "uri": _uri(record, call),
        }


class LocalNumbers(NumbersOfKind):
    doc: ClassVar[str] = "The local numbers of an account; what is made here is bought."
    path: ClassVar[str] = f"{_PATH}/Local"
    kinds: ClassVar[Sequence[Kind]] = (Kind.LOCAL,)


class TollFreeNumbers(NumbersOfKind):
    doc: ClassVar[str] = "The toll-free numbers of an account; what is made here is bought."
    path: ClassVar[str] = f"{_PATH}/TollFree"
    kinds: ClassVar[Sequence[Kind]] = (Kind.TOLL_FREE,)


class MobileNumbers(NumbersOfKind):
    doc: ClassVar[str] = "The mobile numbers of an account; what is made here is bought."
    path: ClassVar[str] = f"{_PATH}/Mobile"
    kinds: ClassVar[Sequence[Kind]] = (Kind.MOBILE,)


class Numbers(NumbersOfKind):
    doc: ClassVar[str] = "The numbers of an account: bought, set up and given back."
    path: ClassVar[str] = _PATH
    updating: ClassVar[type[Params]] = ChangeNumber
    kinds: ClassVar[Sequence[Kind]] = NUMBERS

    async def create(self, call: Call, given: BuyNumber) -> Sender:
        if given.phone_number or not given.area_code:
            return await super().create(call, given)
        if not _AREA_CODE.fullmatch(given.area_code):
            raise Refused(_NONE_IN_AREA)
        async with self._database.transaction() as connection:
            return await self._senders.buy_in_area(
                connection, call.account_sid, given.area_code, changes=_changes(given)
            )

    async def fetch(self, call: Call, sid: str) -> Sender:
        return there(await store.by_sid(self._database, call.account_sid, sid), call, "PN")

    async def update(self, call: Call, sid: str, given: ChangeNumber) -> Sender:
        holder = cast("Caller", call.principal).holder
        async with self._database.transaction() as connection:
            sender = there(await store.lock(connection, call.account_sid, sid), call, "PN")
            if given.account_sid and given.account_sid != sender.account_sid:
                sender = await self._senders.move(
                    connection, sender, given.account_sid, holder_sid=holder.sid
                )
            return await self._senders.update(connection, sender, _changes(given))

    async def delete(self, call: Call, sid: str) -> None:
        async with self._database.transaction() as connection:
            sender = there(await store.lock(connection, call.account_sid, sid), call, "PN")
            await self._senders.release(connection, sender)


def there(sender: Sender | None, call: Call, prefix: str) -> Sender:
    if sender is None or not sids.is_sid(sender.sid, prefix):
        raise call.not_found()
    return sender


def edge(sid: str | None, prefix: str) -> str | None:
    if sid is not None and not sids.is_sid(sid, prefix):
        raise Refused(_BAD_TOKEN)
    return sid


def _pattern(given: str | None) -> str | None:
    pattern = partial(given) if given else None
    if given and pattern is None:
        raise Mistake(_INVALID, "PhoneNumber", "must be digits, with * for any one of them")
    return pattern


def _changes(given: Params) -> Changes:
    return changes(given, SETTABLE, RECORDED)


def _uri(record: Sender, call: Call) -> str:
    """Among all numbers of the account, which is another one's after a move."""
    account = call.at.partition(_PATH)[0].replace(call.account_sid, record.account_sid)
    return replace(call, at=account + _PATH).link(record.sid)
