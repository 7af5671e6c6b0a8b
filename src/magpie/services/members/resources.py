"""The pool of a service: its numbers, its short codes and its names."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar, Final, Literal, TypedDict

from magpie import phone, sids
from magpie.kit.db import Connection, Database, after_commit
from magpie.kit.rest import (
    Call,
    Collection,
    Moment,
    Page,
    PageRequest,
    Param,
    Params,
    Parser,
    Uri,
    Wrong,
)
from magpie.services import store as services
from magpie.services.members import actions, store
from magpie.services.members.model import Member, Prefix
from magpie.services.model import Service

_NO_NAME, _BAD_NAME = 21708, 21709
_PATH: Final = "/Services/{ServiceSid}"

Forget = Callable[[str, str], None]
"""Told the account and the service whose pool has changed."""


def _sid(prefix: Prefix) -> Parser[str]:
    def read(given: str) -> str:
        if not sids.is_sid(given, prefix):
            raise Wrong(f"must be a SID that begins with {prefix}")
        return given

    return Parser(read)


def _name(given: str) -> str:
    """Without the full stop, which networks take and Twilio does not."""
    name = given.strip()
    if not phone.is_alphanumeric(name) or "." in name:
        raise Wrong("must be up to 11 letters, digits, spaces and - + _ &, one of them a letter")
    return name


class AddNumber(Params):
    sid = Param(
        "PhoneNumberSid",
        _sid(Prefix.NUMBER),
        required=True,
        doc="The number of the account that joins the pool.",
    )


class AddShortCode(Params):
    sid = Param(
        "ShortCodeSid",
        _sid(Prefix.SHORT_CODE),
        required=True,
        doc="The short code of the account that joins the pool.",
    )


class AddName(Params):
    name = Param(
        "AlphaSender",
        Parser(_name),
        required=True,
        code=_BAD_NAME,
        missing=_NO_NAME,
        doc="The name: up to 11 letters, digits, spaces and - + _ &.",
    )


Able = Literal["MMS", "SMS", "Voice"]


class ShownMember(TypedDict):
    sid: str
    account_sid: str
    service_sid: str
    date_created: Moment
    date_updated: Moment
    capabilities: list[Able]
    url: Uri


class ShownNumber(ShownMember):
    phone_number: str
    country_code: str | None


class ShownShortCode(ShownMember):
    short_code: str
    country_code: str | None


class ShownName(ShownMember):
    alpha_sender: str


class _Members(Collection[Member]):
    prefix: ClassVar[Prefix]

    def __init__(self, database: Database, forget: Forget) -> None:
        self._database = database
        self._forget = forget

    async def list(self, call: Call, given: Params, page: PageRequest) -> Page[Member]:
        return Page.of(await self._members(call), page, self.identify)

    async def create(self, call: Call, given: Any) -> Member:
        async with self._database.transaction() as connection:
            service = await services.lock(connection, call.account_sid, call.path["ServiceSid"])
            if service is None:
                raise call.not_found()
            self._changes(connection, call)
            return await self.add(connection, service, given)

    async def add(self, connection: Connection, service: Service, given: Any) -> Member:
        return await actions.add_sender(connection, service, given.sid)

    async def fetch(self, call: Call, sid: str) -> Member:
        for member in await self._members(call):
            if member.sid == sid:
                return member
        raise call.not_found()

    async def delete(self, call: Call, sid: str) -> None:
        if not sids.is_sid(sid, self.prefix):
            raise call.not_found()
        async with self._database.transaction() as connection:
            service_sid = call.path["ServiceSid"]
            if not await store.remove(connection, call.account_sid, service_sid, sid):
                raise call.not_found()
            self._changes(connection, call)

    async def _members(self, call: Call) -> Sequence[Member]:
        sid = call.path["ServiceSid"]
        members = await store.of_service(self._database, call.account_sid, sid)
        if not members and await services.by_sid(self._database, call.account_sid, sid) is None:
            raise call.not_found()
        return [member for member in members if sids.is_sid(member.sid, self.prefix)]

    def _changes(self, connection: Connection, call: Call) -> None:
        after_commit(connection, partial(self._forget, call.account_sid, call.path["ServiceSid"]))


def _shown(record: Member, call: Call) -> ShownMember:
    able: dict[Able, bool] = {"MMS": record.mms, "SMS": record.sms, "Voice": record.voice}
    return {
        "sid": record.sid,
        "account_sid": record.account_sid,
        "service_sid": record.service_sid,
        "date_created": call.dialect.date(record.date_created),
        "date_updated": call.dialect.date(record.date_updated),
        "capabilities": [name for name, can in able.items() if can],
        "url": call.link(record.sid),
    }


class PhoneNumbers(_Members):
    doc: ClassVar[str] = "The numbers in the pool of a service."
    path: ClassVar[str] = f"{_PATH}/PhoneNumbers"
    key: ClassVar[str] = "phone_numbers"
    element: ClassVar[str] = "PhoneNumber"
    creating: ClassVar[type[Params]] = AddNumber
    prefix: ClassVar[Prefix] = Prefix.NUMBER

    def represent(self, record: Member, call: Call) -> ShownNumber:
        country, shown = record.country, _shown(record, call)
        return {**shown, "phone_number": record.address, "country_code": country}


class ShortCodes(_Members):
    doc: ClassVar[str] = "The short codes in the pool of a service."
    path: ClassVar[str] = f"{_PATH}/ShortCodes"
    key: ClassVar[str] = "short_codes"
    element: ClassVar[str] = "ShortCode"
    creating: ClassVar[type[Params]] = AddShortCode
    prefix: ClassVar[Prefix] = Prefix.SHORT_CODE

    def represent(self, record: Member, call: Call) -> ShownShortCode:
        country, shown = record.country, _shown(record, call)
        return {**shown, "short_code": record.address, "country_code": country}


class AlphaSenders(_Members):
    doc: ClassVar[str] = "The names in the pool of a service, which send where networks take them."
    path: ClassVar[str] = f"{_PATH}/AlphaSenders"
    key: ClassVar[str] = "alpha_senders"
    element: ClassVar[str] = "AlphaSender"
    creating: ClassVar[type[Params]] = AddName
    prefix: ClassVar[Prefix] = Prefix.NAME

    async def add(self, connection: Connection, service: Service, given: AddName) -> Member:
        return await actions.add_name(connection, service, given.name)

    def represent(self, record: Member, call: Call) -> ShownName:
        return {**_shown(record, call), "capabilities": ["SMS"], "alpha_sender": record.address}
