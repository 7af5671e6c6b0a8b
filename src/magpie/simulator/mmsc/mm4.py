"""An MMS centre to which others send by MM4, and which sends to them."""

from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

import msgspec
import structlog

from magpie.carriers.mm4.answers import Answers
from magpie.carriers.mm4.connections import Connections
from magpie.carriers.mm4.options import LinkOptions
from magpie.carriers.mm4.request import mailbox
from magpie.carriers.mm4.state import Counters
from magpie.carriers.mm4.trace import trace
from magpie.carriers.traffic import Accepted, Inbound, Kind, Outcome, Rejected, Submission
from magpie.kit import clock
from magpie.kit.blobs import Blobs
from magpie.protocols.mm4 import (
    Asked,
    ForwardReq,
    Message,
    ReadError,
    Request,
    Response,
    answer,
    answer_address,
    asked,
    looped,
    parse_address,
    read,
    to_number,
    write,
)
from magpie.simulator.mmsc.mm4_forms import (
    RULES,
    carrier_of,
    domain_of,
    forward_of,
    key_of,
    mail_id_of,
    read_of,
    reply_of,
    report_of,
    status_of,
    submission_of,
    system_of,
    worst_of,
)
from magpie.simulator.mmsc.mm4_options import CentreOptions, Mm4Peer
from magpie.simulator.mmsc.mm4_server import Server
from magpie.simulator.model import Handset, Owed
from magpie.simulator.profile import Profile
from magpie.simulator.receipts import Hand
from magpie.simulator.verdict import NoAnswer, no_answer

log = structlog.get_logger(__name__)

_REMEMBERED: Final = 100_000
_TAKEN: Final = "250 2.0.0 Taken"
_STRANGER: Final = "554 5.7.1 This centre does not know yours"
_NO_MESSAGE: Final = "554 5.6.0 This is no message of MM4"
_NOBODY: Final = "550 5.1.1 Nobody has this number here"
_CIRCLE: Final = Rejected(30007, "it goes in circles")


class NotTaken(Exception):  # noqa: N818 - what the peer said
    """The peer refused a mail of ours; the network then tries again."""


class Network(Protocol):
    """Where the phones are."""

    async def find(self, number: str) -> tuple[Handset, Profile] | None: ...

    async def submit(self, carrier: str, submission: Submission) -> Outcome: ...

    def join_receipts(self, carrier: str, hand: Hand) -> None: ...


class Known(msgspec.Struct):
    """A message for one phone. `outcome` stays once it is for good."""

    request: ForwardReq
    tries: int = 0
    outcome: Outcome | None = None


class Line(msgspec.Struct, frozen=True):
    """The way to a peer."""

    peer: Mm4Peer
    connections: Connections
    answers: Answers


class Centre:
    """`heard` are the last answers of peers."""

    def __init__(self, options: CentreOptions, network: Network, blobs: Blobs) -> None:
        self.options = options
        self.heard: deque[Response] = deque(maxlen=1000)
        self._network = network
        self._blobs = blobs
        self._lines: dict[str, Line] = {}
        self._known: OrderedDict[tuple[str, str, str], Known] = OrderedDict()
        self._by_key: OrderedDict[str, Known] = OrderedDict()
        self._server = Server(options, self)

    async def start(self, port: int = 0, host: str = "127.0.0.1") -> int:
        """Give the port."""
        return await self._server.start(port, host)

    async def stop(self) -> None:
        await self._server.stop()
        for line in self._lines.values():
            await line.answers.stop()
            await line.connections.close()

    def join(self, peer: Mm4Peer) -> None:
        """From now on mail comes from this centre, and goes to it."""
        options = LinkOptions(
            name=peer.domain,
            host=peer.host,
            port=peer.port,
            domain=peer.domain,
            own_domain=self.options.domain,
            system=self.options.system,
            timeout=self.options.timeout,
            drain=0.5,
        )
        connections = Connections(options, trace())
        line = Line(peer, connections, Answers(options, connections, Counters()))
        line.answers.start()
        self._lines[peer.domain] = line
        self._network.join_receipts(carrier_of(peer.domain), self.hand_receipt)

    # In from the other centres

    async def recipient(self, mailbox_: str) -> str:
        """What RCPT is answered."""
        address = parse_address(mailbox_)
        if address is None:
            return _NOBODY
        if address == system_of(self.options):
            return _TAKEN
        found = await self._network.find(to_number(address, RULES))
        return _TAKEN if found and address.domain == self.options.domain else _NOBODY

    async def take(self, mail: bytes, sender: str, recipients: list[str]) -> str | NoAnswer:
        """What DATA is answered."""
        try:
            message = read(mail)
        except ReadError as error:
            line = self._line_of(error.asked, sender)
            if line is None or error.asked is None:
                return _NO_MESSAGE
            self._answer(line, error.asked, sender, error.status, error.text)
            return _TAKEN
        if isinstance(message, Response):
            self.heard.append(message)
            return _TAKEN
        assert isinstance(message, Request)
        line = self._line_of(asked(message), sender)
        if line is None:
            return _STRANGER
        if isinstance(message, ForwardReq):
            return await self._forwarded(line, message, sender, recipients)
        self._answer(line, asked(message), sender)
        return _TAKEN

    def _line_of(self, request: Asked | None, sender: str) -> Line | None:
        to = answer_address(request, sender) if request else None
        domain = (to.domain or to.value.rpartition("@")[2]) if to else ""
        return self._lines.get(domain)

    async def _forwarded(
        self, line: Line, request: ForwardReq, sender: str, recipients: list[str]
    ) -> str | NoAnswer:
        if looped(request):
            outcome: Outcome = _CIRCLE
        else:
            numbers = [to_number(one, RULES) for text in recipients if (one := parse_address(text))]
            outcome = worst_of([await self._submit(line, request, to) for to in numbers])
        reply = reply_of(outcome)
        told = self.options.errors == "answer" and bool(request.ack_request)
        if reply is None:
            return no_answer(outcome)
        if not (told or isinstance(outcome, Accepted)):
            return reply
        self._answer(line, asked(request), sender, *status_of(outcome))
        return _TAKEN

    async def _submit(self, line: Line, request: ForwardReq, to: str) -> Outcome:
        domain = line.peer.domain
        known = self._met(domain, request, to)
        found = await self._network.find(to)
        if known.outcome and (found is None or found[1].deduplicates):
            return known.outcome
        submission = await submission_of(
            request, domain=domain, to=to, attempt=known.tries, blobs=self._blobs
        )
        self._by_key[submission.key] = known
        outcome = await self._network.submit(carrier_of(domain), submission)
        if isinstance(outcome, Accepted | Rejected):
            known.outcome = outcome
        return outcome

    def _met(self, domain: str, request: ForwardReq, to: str) -> Known:
        known = self._known.setdefault((domain, request.message_id, to), Known(request))
        for table in (self._known, self._by_key):
            if len(table) > _REMEMBERED:
                table.popitem(last=False)
        known.tries += 1
        return known

    def _answer(
        self, line: Line, request: Asked, sender: str, status: str = "Ok", text: str = ""
    ) -> None:
        if self.options.answers:
            to = answer_address(request, sender)
            system = system_of(self.options)
            made = answer(
                request,
                status,
                text,
                to=to,
                sender=system,
                date=clock.now(),
                mail_id=mail_id_of(clock.uuid7().hex, self.options),
            )
            line.answers.post(to, made)

    # Out to the other centres

    async def hand_receipt(self, owed: Owed) -> None:
        """Returns when the peer has taken it; raises if it did not."""
        line = self._lines[domain_of(owed.receipt.carrier)]
        known = self._by_key.get(key_of(owed.receipt.carrier_id))
        if known is None:
            log.warning("mmsc.forgotten", carrier=owed.receipt.carrier)
            return
        id_ = known.request.message_id
        system = known.request.originator_system or known.request.from_
        assert system is not None
        to = mailbox(system, line.peer.domain)
        if known.request.delivery_report:
            await self._send(line, to, report_of(owed, id_, self.options))
        if self.options.reads and known.request.read_reply and not owed.receipt.code:
            await self._send(line, to, read_of(owed, id_, self.options))

    def claim(self, number: str, kind: Kind) -> Callable[[Inbound], Awaitable[None]] | None:
        """For a network's `join_inbox`: pictures to the numbers of peers."""
        if kind is not Kind.MMS:
            return None
        lines = (line for line in self._lines.values() if number in line.peer.numbers)
        line = next(lines, None)
        return None if line is None else lambda inbound: self._deliver(line, inbound)

    async def _deliver(self, line: Line, inbound: Inbound) -> None:
        request = forward_of(inbound, line.peer, self.options)
        await self._send(line, mailbox(request.to[0], line.peer.domain), request)

    async def _send(self, line: Line, to: str, message: Message) -> None:
        reply = await line.connections.send(system_of(self.options).value, to, write(message))
        if reply.code // 100 != 2:  # noqa: PLR2004
            raise NotTaken(
                f"{line.peer.domain} answered {reply.command}: {reply.code} {reply.text}"
            )
