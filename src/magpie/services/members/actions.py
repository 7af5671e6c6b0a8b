"""Who comes into a pool, and who may not; inside the caller's transaction."""

from typing import Final

from magpie import sids
from magpie.errors import Refused
from magpie.kit import clock
from magpie.kit.db import Connection
from magpie.senders import store as senders
from magpie.services.members import store
from magpie.services.members.model import Member, Prefix
from magpie.services.model import MOST_SENDERS, Service

_THERE, _ELSEWHERE, _FULL, _UNFIT = 21710, 21712, 21714, 21715
_NOT_FOUND: Final = 20404


async def add_sender(connection: Connection, service: Service, sid: str) -> Member:
    """A number or short code of the account; `service` as it was locked, so that counts hold."""
    sender = await senders.by_sid(connection, service.account_sid, sid)
    if sender is None:
        raise Refused(_NOT_FOUND, f"The account has no sender {sid}.")
    if not sender.sms and not sender.mms:
        raise Refused(_UNFIT)
    holder = await store.service_of(connection, service.account_sid, sid)
    if holder is None:
        await _check_space(connection, service, Prefix.NUMBER, Prefix.SHORT_CODE)
        id_, now = clock.uuid7(), clock.now()
        if await store.add(connection, service.account_sid, service.sid, sid, id_, now):
            return await _member(connection, service, sid)
        holder = await store.service_of(connection, service.account_sid, sid)
    raise Refused(_THERE if holder == service.sid else _ELSEWHERE)


async def add_name(connection: Connection, service: Service, name: str) -> Member:
    """`service` as it was locked."""
    await _check_space(connection, service, Prefix.NAME)
    id_ = clock.uuid7()
    sid = sids.new(Prefix.NAME, id_)
    added = await store.add_name(
        connection, service.account_sid, service.sid, sid, id_, name, clock.now()
    )
    if not added:
        raise Refused(_THERE)
    return await _member(connection, service, sid)


async def _check_space(connection: Connection, service: Service, *kinds: Prefix) -> None:
    members = await store.of_service(connection, service.account_sid, service.sid)
    if sum(sids.is_sid(member.sid, *kinds) for member in members) >= MOST_SENDERS:
        raise Refused(_FULL)


async def _member(connection: Connection, service: Service, sid: str) -> Member:
    members = await store.of_service(connection, service.account_sid, service.sid)
    return next(member for member in members if member.sid == sid)
