"""`/magpie/v1/Esmes`: the programs of an account that may bind by SMPP."""

from collections.abc import Awaitable, Callable
from typing import ClassVar, NotRequired, TypedDict

from magpie.accounts.seal import Sealer
from magpie.errors import Refused
from magpie.esmes import actions, store
from magpie.esmes.book import EsmeBook
from magpie.esmes.model import Esme
from magpie.esmes.parameters import ChangeEsme, CreateEsme, UpdateEsme, changed
from magpie.kit.db import Connection, Database
from magpie.kit.rest import Call, Collection, Moment, Page, PageRequest, Params, Uri

_PASSWORD = "esmes.password"  # noqa: S105 - the name of a place
_NO_SERVICE = 21701

FindService = Callable[[str, str], Awaitable[object | None]]
"""An account's messaging service, by its SID."""


class ShownEsme(TypedDict):
    sid: str
    account_sid: str
    system_id: str
    friendly_name: str
    enabled: bool
    allowed_networks: list[str]
    max_binds: int
    window: int
    rate: int
    messaging_service_sid: str | None
    message_ids: str
    receipt_dates: str
    receipt_tlvs: bool
    default_alphabet: str
    long_text: str
    deduplicate: bool
    receives: str
    numbers: list[str]
    date_created: Moment
    date_updated: Moment
    url: Uri
    password: NotRequired[str]


class Esmes(Collection[Esme]):
    """The password is shown in the one answer that made it, and kept nowhere."""

    doc: ClassVar[str] = (
        "Programs that may bind by SMPP; a password is shown in the one answer that made it."
    )
    path: ClassVar[str] = "/Esmes"
    key: ClassVar[str] = "esmes"
    element: ClassVar[str] = "Esme"
    creating: ClassVar[type[Params]] = CreateEsme
    updating: ClassVar[type[Params]] = UpdateEsme
    examples: ClassVar[dict[str, dict[str, str]]] = {
        "create": {"SystemId": "orders"},
        "update": {"NewPassword": "true"},
    }

    def __init__(
        self, database: Database, sealer: Sealer, book: EsmeBook, find_service: FindService
    ) -> None:
        self._database = database
        self._sealer = sealer
        self._book = book
        self._find_service = find_service

    async def list(self, call: Call, given: Params, page: PageRequest) -> Page[Esme]:
        rows = await store.page(
            self._database,
            call.account_sid,
            after=page.after,
            before=page.before,
            most=page.limit,
        )
        return Page.cut(rows, page)

    async def create(self, call: Call, given: CreateEsme) -> Esme:
        await self._check(call, given)
        async with self._database.transaction() as connection:
            esme, password = await actions.create(connection, self._sealer, call.account_sid, given)
        self._book.forget(esme)
        call.extra[_PASSWORD] = password
        return esme

    async def fetch(self, call: Call, sid: str) -> Esme:
        return _found(call, await store.get(self._database, call.account_sid, sid))

    async def update(self, call: Call, sid: str, given: UpdateEsme) -> Esme:
        await self._check(call, given)
        async with self._database.transaction() as connection:
            esme = changed(await self._locked(connection, call, sid), given)
            if given.new_password:
                esme, call.extra[_PASSWORD] = actions.with_password(esme, self._sealer)
            await store.save(connection, esme)
        self._book.forget(esme)
        return esme

    async def delete(self, call: Call, sid: str) -> None:
        async with self._database.transaction() as connection:
            esme = await self._locked(connection, call, sid)
            await store.delete(connection, call.account_sid, sid)
        self._book.forget(esme)

    def represent(self, record: Esme, call: Call) -> ShownEsme:
        shown: ShownEsme = {
            "sid": record.sid,
            "account_sid": record.account_sid,
            "system_id": record.system_id,
            "friendly_name": record.friendly_name,
            "enabled": record.enabled,
            "allowed_networks": record.allowed,
            "max_binds": record.most_binds,
            "window": record.send_window,
            "rate": record.rate,
            "messaging_service_sid": record.messaging_service_sid,
            "message_ids": record.id_form,
            "receipt_dates": record.date_form,
            "receipt_tlvs": record.receipt_tlvs,
            "default_alphabet": record.alphabet,
            "long_text": record.long_text,
            "deduplicate": record.deduplicates,
            "receives": record.receives,
            "numbers": record.numbers,
            "date_created": call.dialect.date(record.date_created),
            "date_updated": call.dialect.date(record.date_updated),
            "url": call.link(record.sid),
        }
        password = call.extra.get(_PASSWORD)
        if password:
            shown["password"] = password
        return shown

    async def _check(self, call: Call, given: ChangeEsme) -> None:
        sid = given.messaging_service_sid
        if sid and await self._find_service(call.account_sid, sid) is None:
            raise Refused(_NO_SERVICE)

    async def _locked(self, connection: Connection, call: Call, sid: str) -> Esme:
        return _found(call, await store.lock(connection, call.account_sid, sid))


def _found(call: Call, esme: Esme | None) -> Esme:
    if esme is None:
        raise call.not_found()
    return esme
