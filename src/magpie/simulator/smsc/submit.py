"""One submit_sm: judged by the carrier's profile, kept on the phone, answered."""

from collections.abc import Iterator
from typing import Final

import structlog

from magpie.carriers.traffic import Receipt, ReceiptState
from magpie.kit import clock
from magpie.protocols.smpp import DataSm, Status, SubmitSm, reply
from magpie.simulator.model import Delivery, Handset, HandsetMessage, Owed
from magpie.simulator.profile import BY_NAME, Fate, Fault, Profile, fate
from magpie.simulator.receipts import Hand
from magpie.simulator.smsc.exchange import Exchange
from magpie.simulator.smsc.forms import (
    Submitted,
    carrier_of,
    read_submit,
    status_of,
    wants_receipt,
)
from magpie.simulator.smsc.ledger import Entry, Ledger
from magpie.simulator.smsc.line import Line
from magpie.simulator.smsc.options import CentreOptions
from magpie.simulator.smsc.parts import Assembler, Known, Part, References, Whole
from magpie.simulator.verdict import NO_SUBSCRIBER, NoAnswer, ending

log = structlog.get_logger(__name__)

_NOWHERE = BY_NAME["simulator"]


class Submits:
    def __init__(
        self,
        options: CentreOptions,
        exchange: Exchange,
        ledger: Ledger | None,
        ids: Iterator[int],
        hand: Hand,
    ) -> None:
        self._options = options
        self._exchange = exchange
        self._ledger = ledger
        self._ids = ids
        self._hand = hand
        self._form = "x" if options.ids == "hex" else "d"
        self._references = References()
        self._assembler = Assembler()

    async def serve(self, wire: Line, pdu: SubmitSm | DataSm) -> None:
        wire.submits += 1
        last = wire.submits == self._options.disconnect_after
        try:
            id_ = await self._take(wire.system_id, pdu)
        except _Refused as refused:
            return wire.answer(reply(pdu, refused.status))
        except _Unanswered as unanswered:
            return wire.spoil(unanswered.way, reply(pdu)) if unanswered.way else None
        except Exception:
            log.exception("smsc.not_kept")
            return wire.answer(reply(pdu, Status.RSYSERR))
        return wire.abort() if last else wire.answer(reply(pdu, message_id=id_))

    async def _take(self, system_id: str, pdu: SubmitSm | DataSm) -> str:
        """Give the message's id, or raise _Refused or _Unanswered."""
        options = self._options
        given = read_submit(pdu, options.alphabet, options.reference_tag)
        found = await self._exchange.find(given.to)
        handset, profile = found or (None, _NOWHERE)
        number = next(self._ids)
        key = f"{system_id}/{given.reference or number}"
        known = self._references.met(key, clock.monotonic(), given.lasting)
        happens = fate(profile, given.reference or str(number), given.to, known.tries)
        wait = happens.latency + options.answer_delay
        if wait:
            await clock.sleep(wait)
        if happens.taken:
            id_ = known.id if known.id and profile.deduplicates else format(number, self._form)
            await self._keep(system_id, given, known, id_, key, happens, handset, profile)
            known.id = id_
        refusal(profile, happens, number)
        return known.id

    async def _keep(
        self,
        system_id: str,
        given: Submitted,
        known: Known,
        id_: str,
        key: str,
        happens: Fate,
        handset: Handset | None,
        profile: Profile,
    ) -> None:
        again = known.id == id_
        await self._note(system_id, given, id_, known=bool(known.id))
        if again:
            return
        unique = key if profile.deduplicates else f"{key}/{id_}"
        whole = self._assembler.add(given.from_, given.to, given.concat, Part(given.text, unique))
        code, later = (NO_SUBSCRIBER, 0.0) if handset is None else ending(profile, happens, handset)
        messages: tuple[HandsetMessage, ...] = ()
        if whole and code is None:
            messages = received(given, whole, happens.copies)
        owed = owed_of(system_id, given, id_, code)
        dues = tuple((owed, delay + later) for delay in happens.receipts)
        wanted = wants_receipt(given.receipt, delivered=code is None)
        if not wanted or (happens.early and await self._told(owed)):
            dues = ()
        if messages or dues:
            await self._exchange.keep(Delivery(messages=messages, owed=dues))

    async def _told(self, owed: Owed) -> bool:
        try:
            await self._hand(owed)
        except Exception as error:  # noqa: BLE001 - then the receipt comes later, like others
            log.info("smsc.early_receipt_not_taken", error=repr(error))
            return False
        return True

    async def _note(self, system_id: str, given: Submitted, id_: str, *, known: bool) -> None:
        if self._ledger is None:
            return
        concat = given.concat
        await self._ledger.note(
            Entry(
                t=clock.now().timestamp(),
                system_id=system_id,
                id=id_,
                from_=given.from_,
                to=given.to,
                text=given.text,
                reference=given.reference,
                part=concat.index if concat else 1,
                parts=concat.total if concat else 1,
                known=known,
            )
        )


class _Refused(Exception):  # noqa: N818 - an answer, not a mistake
    def __init__(self, status: Status) -> None:
        super().__init__()
        self.status = status


class _Unanswered(Exception):  # noqa: N818 - as above
    """`way` is None where nothing happens at all."""

    def __init__(self, way: NoAnswer | None) -> None:
        super().__init__()
        self.way = way


_UNANSWERED: Final = {
    Fault.SILENCE: None,
    Fault.DISCONNECT: NoAnswer.HANG_UP,
    Fault.GARBAGE: NoAnswer.GARBAGE,
    Fault.CUT: NoAnswer.CUT,
}


def refusal(profile: Profile, happens: Fate, number: int) -> None:
    """Raise what the client sees instead of an id."""
    match happens.fault:
        case Fault.THROTTLE:
            # Both mean the same, and clients must know both.
            raise _Refused(Status.RMSGQFUL if number % 2 else Status.RTHROTTLED)
        case Fault.TEMPORARY:
            raise _Refused(Status.RSYSERR)
        case Fault.REFUSE:
            raise _Refused(status_of(profile.faults.refuse_code))
        case Fault.NONE:
            return
        case fault:
            raise _Unanswered(_UNANSWERED[fault])


def received(given: Submitted, whole: Whole, copies: int) -> tuple[HandsetMessage, ...]:
    return tuple(
        HandsetMessage(
            number=given.to,
            id=clock.uuid7(),
            direction="received",
            from_=given.from_,
            to=given.to,
            body=whole.body,
            type="sms",
            parts=[],
            key=f"in:{whole.key}:{copy}" if copy else f"in:{whole.key}",
            at=clock.now(),
        )
        for copy in range(copies)
    )


def owed_of(system_id: str, given: Submitted, id_: str, code: int | None) -> Owed:
    now = clock.now()
    return Owed(
        receipt=Receipt(
            carrier=carrier_of(system_id),
            carrier_id=id_,
            state=ReceiptState.DELIVERED if code is None else ReceiptState.UNDELIVERED,
            code=code,
            done_date=f"{now:%y%m%d%H%M}",
        ),
        from_=given.from_,
        to=given.to,
        body=given.text[:20],
        submitted_at=now,
    )
