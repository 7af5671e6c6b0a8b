"""What the carrier sends: receipts and texts, answered when they are committed and not before."""

import asyncio
from collections import OrderedDict
from hashlib import sha256
from itertools import takewhile
from typing import Final

import structlog

from magpie import phone
from magpie.carriers.smpp.connection import Connection
from magpie.carriers.smpp.options import LinkOptions
from magpie.carriers.smpp.outcome import fate
from magpie.carriers.smpp.state import Counters
from magpie.carriers.traffic import Fragment, Inbound, Receipt, Traffic
from magpie.kit import clock
from magpie.protocols.smpp import (
    Address,
    AddressRules,
    AlertNotification,
    DataSm,
    DeliverSm,
    Message,
    Outbind,
    Status,
    Tag,
    Text,
    Ton,
    read_receipt,
    read_text,
    reply,
    to_number,
)
from magpie.protocols.smpp import Receipt as SmscReceipt
from magpie.protocols.smpp.pdu import Pdu
from magpie.protocols.smpp.text import content_of

log = structlog.get_logger(__name__)

_REMEMBERED: Final = 10_000


class Receiver:
    """One task for each message of the peer; the session caps how many are under way."""

    def __init__(self, options: LinkOptions, counters: Counters) -> None:
        self._options = options
        self._counters = counters
        self._traffic: Traffic | None = None
        self._keys = Keys(options.content_window)
        # With the moment by which each must be done, the oldest first.
        self._tasks: dict[asyncio.Task[None], float] = {}

    @property
    def busy(self) -> bool:
        return bool(self._tasks)

    def hand_to(self, traffic: Traffic) -> None:
        self._traffic = traffic

    def take(self, connection: Connection, pdu: Pdu) -> None:
        if isinstance(pdu, DeliverSm | DataSm):
            task = asyncio.get_running_loop().create_task(self._serve(connection, pdu))
            self._tasks[task] = clock.monotonic() + self._options.commit_timeout
            task.add_done_callback(self._done)
        elif not isinstance(pdu, AlertNotification | Outbind):
            connection.answer(reply(pdu, Status.RINVCMDID))

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.pop(task, None)

    def sweep(self) -> None:
        """A commit that hangs ends as a failure, so that the peer asks again."""
        if self._tasks:
            now = clock.monotonic()
            for task, _ in list(takewhile(lambda item: item[1] <= now, self._tasks.items())):
                task.cancel()

    async def _serve(self, connection: Connection, pdu: Message) -> None:
        status = Status.RX_T_APPN
        try:
            await self._hand_in(pdu)
            status = Status.ROK
        except Exception:
            self._counters.turned_away += 1
            log.exception("smpp.not_committed", carrier=self._options.name)
        finally:
            connection.answer(reply(pdu, status))

    async def _hand_in(self, pdu: Message) -> None:
        traffic = self._traffic
        assert traffic is not None
        receipt = read_receipt(pdu, unmarked=self._options.unmarked_receipts)
        if receipt is None:
            await traffic.inbound(self._inbound(pdu))
            self._counters.inbound += 1
        elif receipt.message_id:
            await traffic.receipt(self._receipt(receipt))
            self._counters.receipts += 1
        else:
            # Nobody can tell what it belongs to, and a refusal would bring it again for ever.
            self._counters.odd += 1
            log.warning("smpp.receipt_without_id", carrier=self._options.name)

    def _receipt(self, receipt: SmscReceipt) -> Receipt:
        options = self._options
        state, code = fate(receipt, options)
        error = f" err:{receipt.error}" if receipt.error.strip("0") else ""
        return Receipt(
            carrier=options.name,
            carrier_id=options.receipt_id(receipt),
            state=state,
            code=code,
            detail=f"{receipt.stat or receipt.state.name}{error}",
            done_date=receipt.done_date_raw or None,
        )

    def _inbound(self, pdu: Message) -> Inbound:
        text = read_text(pdu, self._options.text.default_alphabet)
        concat = text.concat
        long = concat is not None and concat.total > 1
        return Inbound(
            carrier=self._options.name,
            key=self._keys.of(pdu, text),
            from_=number_of(pdu.source, self._options.text.addresses),
            to=number_of(pdu.destination, self._options.destinations),
            # Binary content has no text: its octets in hexadecimal lose nothing.
            body=text.octets.hex() if text.body is None else text.body,
            fragment=Fragment(reference=concat.reference, total=concat.total, index=concat.index)
            if concat is not None and long
            else None,
        )


def number_of(address: Address, rules: AddressRules) -> str:
    """E.164 where it is one. In North America ten digits are a number whatever their type."""
    if rules.country_code == "1" and address.ton not in {Ton.INTERNATIONAL, Ton.ALPHANUMERIC}:
        return phone.parse_e164(address.addr) or to_number(address, rules)
    return to_number(address, rules)


class Keys:
    """Names for what comes in, so that a redelivery is known (reliability.md section 2, hop 6).

    A part of a long text is named by its reference and place, another message by the carrier's
    id; both by their content too. Without an id a message is named by its content and the
    bucket of `window` seconds in which it first came: what comes again within `window` has the
    same key. After a restart this holds only within one bucket: a redelivery that crosses its
    edge passes as new, which is better than to lose the second "yes" of a person.
    """

    def __init__(self, window: float) -> None:
        self._window = window
        self._first: OrderedDict[str, tuple[float, str]] = OrderedDict()

    def of(self, pdu: Message, text: Text) -> str:
        digest = sha256(content_of(pdu)).hexdigest()
        base = f"{pdu.source.addr}>{pdu.destination.addr}:{digest}"
        if text.concat is not None:
            part = text.concat
            return f"{base}:part {part.reference}/{part.total}/{part.index}"
        named = pdu.tlv_string(Tag.RECEIPTED_MESSAGE_ID)
        if named:
            return f"{base}:id {named}"
        return self._by_time(base) if self._window else f"{base}:{clock.uuid7().hex}"

    def _by_time(self, base: str) -> str:
        now = clock.monotonic()
        known = self._first.get(base)
        if known is not None and now - known[0] <= self._window:
            return known[1]
        key = f"{base}:at {int(clock.now().timestamp() // self._window)}"
        self._first[base] = (now, key)
        self._first.move_to_end(base)
        if len(self._first) > _REMEMBERED:
            self._first.popitem(last=False)
        return key
