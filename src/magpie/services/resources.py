from functools import partial
from typing import Any, ClassVar, Final, TypedDict

from magpie import sids
from magpie.errors import Refused
from magpie.kit.db import Connection, Database, after_commit
from magpie.kit.record import Record
from magpie.kit.rest import Call, Collection, Page, PageRequest, Params
from magpie.services import actions, store
from magpie.services.book import ServiceBook
from magpie.services.members.resources import AlphaSenders, Forget, PhoneNumbers, ShortCodes
from magpie.services.model import USECASES, Service, Usecase
from magpie.services.parameters import ChangeService, CreateService
from magpie.services.sticky import store as sticky

_BAD_TOKEN: Final = 21481
_BATCH: Final = 10_000


class Beside(TypedDict):
    us_app_to_person_registered: bool


class Services(Collection[Service]):
    doc: ClassVar[str] = "Senders that act as one, and how what they send is treated."
    path: ClassVar[str] = "/Services"
    key: ClassVar[str] = "services"
    element: ClassVar[str] = "Service"
    creating: ClassVar[type[Params]] = CreateService
    updating: ClassVar[type[Params]] = ChangeService
    examples: ClassVar[dict[str, dict[str, str]]] = {
        "create": {"FriendlyName": "Orders"},
        "update": {"StickySender": "false"},
    }
    linked: ClassVar[bool] = True
    subresources: ClassVar[dict[str, str]] = {
        "phone_numbers": "PhoneNumbers",
        "short_codes": "ShortCodes",
        "alpha_senders": "AlphaSenders",
        "messages": "Messages",
        "us_app_to_person": "Compliance/Usa2p",
        "us_app_to_person_usecases": "Compliance/Usa2p/Usecases",
        "channel_senders": "ChannelSenders",
        "destination_alpha_senders": "DestinationAlphaSenders",
    }

    def __init__(self, database: Database, forget: Forget) -> None:
        self._database = database
        self._forget = forget

    async def list(self, call: Call, given: Params, page: PageRequest) -> Page[Service]:
        rows = await store.page(
            self._database,
            call.account_sid,
            after=_edge(page.after),
            before=_edge(page.before),
            most=page.limit,
        )
        return Page.cut(rows, page)

    async def create(self, call: Call, given: CreateService) -> Service:
        async with self._database.transaction() as connection:
            return await actions.create(connection, call.account_sid, given)

    async def fetch(self, call: Call, sid: str) -> Service:
        return _there(await store.by_sid(self._database, call.account_sid, sid), call)

    async def update(self, call: Call, sid: str, given: ChangeService) -> Service:
        async with self._database.transaction() as connection:
            service = _there(await store.lock(connection, call.account_sid, sid), call)
            self._changes(connection, call, sid)
            return await actions.update(connection, service, given)

    async def delete(self, call: Call, sid: str) -> None:
        async with self._database.transaction() as connection:
            if not await store.delete(connection, call.account_sid, sid):
                raise call.not_found()
            self._changes(connection, call, sid)
        # In pieces, for they may be millions. What a crash leaves is forgotten within a year.
        while await sticky.forget(self._database, call.account_sid, sid, _BATCH) == _BATCH:
            pass

    def beside(self, record: Service) -> Beside:
        return {"us_app_to_person_registered": False}

    def _changes(self, connection: Connection, call: Call, sid: str) -> None:
        after_commit(connection, partial(self._forget, call.account_sid, sid))


class Usecases(Record, frozen=True):
    usecases: tuple[Usecase, ...]


class UsecasesOfServices(Collection[Usecases]):
    doc: ClassVar[str] = "What a service can say that it is used for."
    path: ClassVar[str] = "/Services/Usecases"
    key: ClassVar[str] = "usecases"
    element: ClassVar[str] = "Usecases"
    singleton: ClassVar[bool] = True

    async def fetch(self, call: Call, sid: str) -> Usecases:
        return Usecases(USECASES)


def collections(database: Database, book: ServiceBook) -> tuple[Collection[Any], ...]:
    """All of them hang at the version of the messaging product."""
    return (
        Services(database, book.forget),
        UsecasesOfServices(),
        PhoneNumbers(database, book.forget),
        ShortCodes(database, book.forget),
        AlphaSenders(database, book.forget),
    )


def _there(service: Service | None, call: Call) -> Service:
    if service is None:
        raise call.not_found()
    return service


def _edge(sid: str | None) -> str | None:
    if sid is not None and not sids.is_sid(sid, "MG"):
        raise Refused(_BAD_TOKEN)
    return sid
