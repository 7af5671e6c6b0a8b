"""One request of a bound client, to its answer."""

from typing import Final

import structlog

from magpie.api.smpp.answers import Denied, status_of
from magpie.api.smpp.manage import Manage
from magpie.api.smpp.pace import Pace
from magpie.api.smpp.read import Asked, each, read
from magpie.api.smpp.submit import Submits
from magpie.errors import Refused
from magpie.esmes.model import Esme
from magpie.kit import clock
from magpie.kit.db import DatabaseUnavailable, Overloaded
from magpie.protocols import gsm
from magpie.protocols.smpp import (
    Address,
    CancelSm,
    DataSm,
    DistributionList,
    QuerySm,
    ReplaceSm,
    Status,
    SubmitMulti,
    SubmitSm,
    Unsuccess,
    reply,
)
from magpie.protocols.smpp.pdu import Pdu

log = structlog.get_logger(__name__)

_EXPECTED: Final = (Denied, Refused, Overloaded, DatabaseUnavailable)


class Requests:
    def __init__(self, submits: Submits, manage: Manage) -> None:
        self._submits = submits
        self._manage = manage

    async def answer(self, esme: Esme, pace: Pace, pdu: Pdu, octets: bytes) -> Pdu:
        """`octets` are the PDU as it came."""
        try:
            return await self._serve(esme, pace, pdu, octets)
        except _EXPECTED as error:
            return reply(pdu, status_of(error))
        except Exception:
            log.exception("smpp.failed", system_id=esme.system_id, what=type(pdu).__name__)
            return reply(pdu, Status.RSYSERR)

    async def _serve(self, esme: Esme, pace: Pace, pdu: Pdu, octets: bytes) -> Pdu:
        match pdu:
            case SubmitSm() | DataSm():
                return await self._submit(esme, pace, pdu, octets)
            case SubmitMulti():
                return await self._multi(esme, pace, pdu, octets)
            case QuerySm():
                return await self._manage.query(esme, pdu)
            case CancelSm():
                return await self._manage.cancel(esme, pdu)
            case ReplaceSm():
                return reply(pdu, Status.RREPLACEFAIL)
            case _:
                return reply(pdu, Status.RINVCMDID)

    async def _submit(self, esme: Esme, pace: Pace, pdu: SubmitSm | DataSm, octets: bytes) -> Pdu:
        asked = read(pdu, esme, clock.now(), octets)
        _admit(pace, esme, asked)
        id_ = await self._submits.take(esme, asked)
        return reply(pdu, message_id=esme.id_of(id_))

    async def _multi(self, esme: Esme, pace: Pace, pdu: SubmitMulti, octets: bytes) -> Pdu:
        """One id for all; a destination that is refused is named with its status."""
        if not pdu.destinations:
            raise Denied(Status.RINVNUMDESTS)
        told = None
        refused: list[Unsuccess] = []
        for one, destination in zip(each(pdu), pdu.destinations, strict=True):
            try:
                if one is None:
                    raise Denied(Status.RINVDLNAME)
                asked = read(one, esme, clock.now(), octets)
                _admit(pace, esme, asked)
                id_ = await self._submits.take(esme, asked, told)
                told = told or id_
            except _EXPECTED as error:
                refused.append(Unsuccess(_address(destination), status_of(error)))
        if told is None:
            return reply(pdu, refused[0].status)
        return reply(pdu, message_id=esme.id_of(told), unsuccess=tuple(refused))


def _admit(pace: Pace, esme: Esme, asked: Asked) -> None:
    if not pace.admits(gsm.count(asked.body), esme.rate):
        raise Denied(Status.RTHROTTLED)


def _address(destination: Address | DistributionList) -> Address:
    if isinstance(destination, Address):
        return destination
    return Address(addr=destination.name)
