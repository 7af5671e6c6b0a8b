"""The pool of a service: its numbers, its short codes and its names."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar, Final

from magpie import phone, sids
from magpie.kit.db import Connection, Database, after_commit
from magpie.kit.rest import Call, Collection, Page, PageRequest, Param, Params, Parser, Wrong
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
    sid = Param("PhoneNumberSid", _sid(Prefix.NUMBER), required=True)


class AddShortCode(Params):
    sid = Param("ShortCodeSid", _sid(Prefix.SHORT_CODE), required=True)


class AddName(Params):
    name = Param("AlphaSender", Parser(_name), required=True, code=_BAD_NAME, missing=_NO_NAME)


class _Members(Collection[Member]):
    prefix: ClassVar[Prefix]
    called: ClassVar[str]

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

    def represent(self, record: Member, call: Call) -> dict[str, object]:
        return {
            "sid": record.sid,
            "account_sid": record.account_sid,
            "service_sid": record.service_sid,
            "date_created": call.dialect.date(record.date_created),
            "date_updated": call.dialect.date(record.date_updated),
            self.called: record.address,
            **self.more(record),
            "url": call.link(record.sid),
        }

    def more(self, record: Member) -> dict[str, object]:
        able = {"MMS": record.mms, "SMS": record.sms, "Voice": record.voice}
        return {
            "country_code": record.country,
            "capabilities": [name for name, can in able.items() if can],
        }

    async def _members(self, call: Call) -> Sequence[Member]:
        sid = call.path["ServiceSid"]
        members = await store.of_service(self._database, call.account_sid, sid)
        if not members and await services.by_sid(self._database, call.account_sid, sid) is None:
            raise call.not_found()
        return [member for member in members if sids.is_sid(member.sid, self.prefix)]

    def _changes(self, connection: Connection, call: Call) -> None:
        after_commit(connection, partial(self._forget, call.account_sid, call.path["ServiceSid"]))


class PhoneNumbers(_Members):
    path: ClassVar[str] = f"{_PATH}/PhoneNumbers"
    key: ClassVar[str] = "phone_numbers"
    element: ClassVar[str] = "PhoneNumber"
    creating: ClassVar[type[Params]] = AddNumber
    prefix: ClassVar[Prefix] = Prefix.NUMBER
    called: ClassVar[str] = "phone_number"


class ShortCodes(_Members):
    path: ClassVar[str] = f"{_PATH}/ShortCodes"
    key: ClassVar[str] = "short_codes"
    element: ClassVar[str] = "ShortCode"
    creating: ClassVar[type[Params]] = AddShortCode
    prefix: ClassVar[Prefix] = Prefix.SHORT_CODE
    called: ClassVar[str] = "short_code"


class AlphaSenders(_Members):
    path: ClassVar[str] = f"{_PATH}/AlphaSenders"
    key: ClassVar[str] = "alpha_senders"
    element: ClassVar[str] = "AlphaSender"
    creating: ClassVar[type[Params]] = AddName
    prefix: ClassVar[Prefix] = Prefix.NAME
    called: ClassVar[str] = "alpha_sender"

    async def add(self, connection: Connection, service: Service, given: AddName) -> Member:
        return await actions.add_name(connection, service, given.name)

    def more(self, record: Member) -> dict[str, object]:
        return {"capabilities": ["SMS"]}
