"""Link shortening in the messaging API: a domain's configuration, and the services that use it."""

from collections.abc import Awaitable, Callable
from typing import Any, ClassVar, TypedDict

from magpie import sids
from magpie.errors import Refused
from magpie.kit.db import Database
from magpie.kit.rest import Call, Collection, Moment, Params, Uri
from magpie.links.domains import store
from magpie.links.domains.model import Association, Domain
from magpie.links.domains.parameters import ChangeConfig, changed

HasService = Callable[[str, str], Awaitable[bool]]
"""Says whether an account has the messaging service of a SID."""

_HAS_ANOTHER = 30130


class ShownConfig(TypedDict):
    domain_sid: str
    config_sid: str
    fallback_url: Uri | None
    callback_url: Uri | None
    continue_on_failure: bool
    date_created: Moment
    date_updated: Moment
    url: Uri


class OfDomain(ShownConfig):
    disable_https: bool


class OfService(ShownConfig):
    messaging_service_sid: str


class ShownAssociation(TypedDict):
    domain_sid: str
    messaging_service_sid: str
    url: Uri


class Config(Collection[Domain]):
    doc: ClassVar[str] = "How the short links of a domain behave."
    path: ClassVar[str] = "/LinkShortening/Domains/{DomainSid}/Config"
    element: ClassVar[str] = "Config"
    singleton: ClassVar[bool] = True
    updating: ClassVar[type[Params]] = ChangeConfig

    def __init__(self, database: Database) -> None:
        self._database = database

    async def fetch(self, call: Call, sid: str) -> Domain:
        return await _domain(self._database, call)

    async def update(self, call: Call, sid: str, given: ChangeConfig) -> Domain:
        async with self._database.transaction() as connection:
            found = await store.lock(connection, call.account_sid, call.path["DomainSid"])
            if found is None:
                raise call.not_found()
            domain = changed(found, given)
            await store.save(connection, domain)
        return domain

    def represent(self, record: Domain, call: Call) -> OfDomain:
        return {**_config(record, call), "disable_https": record.disable_https}


class ServiceOfDomain(Collection[Association]):
    doc: ClassVar[str] = "Which messaging services shorten their links by a domain."
    path: ClassVar[str] = (
        "/LinkShortening/Domains/{DomainSid}/MessagingServices/{MessagingServiceSid}"
    )
    element: ClassVar[str] = "MessagingService"
    singleton: ClassVar[bool] = True

    def __init__(self, database: Database, has_service: HasService) -> None:
        self._database = database
        self._has_service = has_service

    async def create(self, call: Call, given: Any) -> Association:
        """A service that uses the domain already is as welcome as a new one."""
        wanted = await self._wanted(call)
        if not await self._has_service(call.account_sid, wanted.messaging_service_sid):
            raise call.not_found()
        async with self._database.transaction() as connection:
            stands = await store.associate(connection, wanted)
        if stands != wanted:
            raise Refused(
                _HAS_ANOTHER,
                "The messaging service is associated with another link shortening domain:"
                f" {stands.domain_sid}.",
            )
        return stands

    async def delete(self, call: Call, sid: str) -> None:
        if not await store.dissociate(self._database, await self._wanted(call)):
            raise call.not_found()

    def represent(self, record: Association, call: Call) -> ShownAssociation:
        return _association(record, call)

    async def _wanted(self, call: Call) -> Association:
        domain = await _domain(self._database, call)
        service_sid = _service_sid(call)
        return Association(
            account_sid=call.account_sid, messaging_service_sid=service_sid, domain_sid=domain.sid
        )


class DomainOfService(Collection[Association]):
    doc: ClassVar[str] = "The domain by which a messaging service shortens its links."
    path: ClassVar[str] = "/LinkShortening/MessagingServices/{MessagingServiceSid}/Domain"
    element: ClassVar[str] = "Domain"
    singleton: ClassVar[bool] = True

    def __init__(self, database: Database) -> None:
        self._database = database

    async def fetch(self, call: Call, sid: str) -> Association:
        domain = await _of_service(self._database, call)
        return Association(
            account_sid=call.account_sid,
            messaging_service_sid=call.path["MessagingServiceSid"],
            domain_sid=domain.sid,
        )

    def represent(self, record: Association, call: Call) -> ShownAssociation:
        return _association(record, call)


class ConfigOfService(Collection[Domain]):
    doc: ClassVar[str] = "How the short links of a messaging service behave."
    path: ClassVar[str] = "/LinkShortening/MessagingService/{MessagingServiceSid}/DomainConfig"
    element: ClassVar[str] = "DomainConfig"
    singleton: ClassVar[bool] = True

    def __init__(self, database: Database) -> None:
        self._database = database

    async def fetch(self, call: Call, sid: str) -> Domain:
        return await _of_service(self._database, call)

    def represent(self, record: Domain, call: Call) -> OfService:
        service_sid = call.path["MessagingServiceSid"]
        return {**_config(record, call), "messaging_service_sid": service_sid}


def collections(database: Database, has_service: HasService) -> tuple[Collection[Any], ...]:
    """What hangs in version 1 of the product `messaging`."""
    return (
        Config(database),
        ServiceOfDomain(database, has_service),
        DomainOfService(database),
        ConfigOfService(database),
    )


async def _domain(database: Database, call: Call) -> Domain:
    found = await store.get(database, call.account_sid, call.path["DomainSid"])
    if found is None:
        raise call.not_found()
    return found


async def _of_service(database: Database, call: Call) -> Domain:
    found = await store.of_service(database, call.account_sid, _service_sid(call))
    if found is None:
        raise call.not_found()
    return found


def _service_sid(call: Call) -> str:
    sid = call.path["MessagingServiceSid"]
    if not sids.is_sid(sid, "MG"):
        raise call.not_found()
    return sid


def _config(domain: Domain, call: Call) -> ShownConfig:
    return {
        "domain_sid": domain.sid,
        "config_sid": domain.config_sid,
        "fallback_url": domain.fallback_url,
        "callback_url": domain.callback_url,
        "continue_on_failure": domain.continue_on_failure,
        "date_created": call.dialect.date(domain.date_created),
        "date_updated": call.dialect.date(domain.date_updated),
        "url": call.link(),
    }


def _association(record: Association, call: Call) -> ShownAssociation:
    return {
        "domain_sid": record.domain_sid,
        "messaging_service_sid": record.messaging_service_sid,
        "url": call.link(),
    }
