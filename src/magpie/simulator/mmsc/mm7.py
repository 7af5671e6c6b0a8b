"""The relay: an MMS centre to which applications of any make post by MM7."""

import ssl
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

import msgspec
import structlog
from aiohttp import web

from magpie.carriers.door import Answer, Knock
from magpie.carriers.mms.callers import Callers
from magpie.carriers.traffic import Accepted, Inbound, Kind, Outcome, Rejected, Submission
from magpie.kit.blobs import Blobs
from magpie.protocols.mm7 import (
    CancelReq,
    Fault,
    Message,
    Operation,
    ReadError,
    ReplaceReq,
    Request,
    Role,
    Status,
    StatusCode,
    SubmitReq,
    SubmitRsp,
    VaspRequest,
    read_message,
    refusal,
    write_message,
)
from magpie.simulator.mmsc.mm7_forms import (
    carrier_of,
    dialect_of,
    recipient_of,
    status_of,
    submission_of,
    vasp_id_of,
)
from magpie.simulator.mmsc.mm7_options import MOST_BYTES, RelayOptions, VaspAccount
from magpie.simulator.mmsc.mm7_vasp import Vasps
from magpie.simulator.mmsc.spoiled import dropped, spoiled
from magpie.simulator.model import Handset, Owed
from magpie.simulator.profile import Profile
from magpie.simulator.receipts import Hand
from magpie.simulator.verdict import NoAnswer, no_answer

log = structlog.get_logger(__name__)

_REMEMBERED: Final = 100_000
_GOODBYE: Final = 0.5
_XML: Final = "text/xml"
_STRANGER: Final = StatusCode.IMPROPER_IDENTIFICATION
# Phones of this network get their messages at once: what could be taken back is not here any more.
_GONE: Final = "it is delivered, or was never here"
_YES: Final = SubmitRsp(status=Status.of(StatusCode.SUCCESS))


class Network(Protocol):
    """Where the phones are."""

    async def find(self, number: str) -> tuple[Handset, Profile] | None: ...

    async def submit(self, carrier: str, submission: Submission) -> Outcome: ...

    def join_receipts(self, carrier: str, hand: Hand) -> None: ...


class Known(msgspec.Struct):
    """What was submitted in one transaction. `answer` stays once it is for good."""

    tries: int = 0
    answer: SubmitRsp | None = None


class Relay:
    def __init__(self, options: RelayOptions, network: Network, blobs: Blobs) -> None:
        self.options = options
        self._network = network
        self._blobs = blobs
        self._accounts = {account.vasp_id: account for account in options.accounts}
        self._callers = {
            account.vasp_id: Callers((), account.username, account.password)
            for account in options.accounts
        }
        self._known: OrderedDict[tuple[str, str], Known] = OrderedDict()
        # Of messages whose sender wants no report.
        self._unreported: OrderedDict[str, None] = OrderedDict()
        self._vasps: Vasps | None = None
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0, host: str = "127.0.0.1") -> int:
        """Give the port; any path is ours."""
        self._vasps = Vasps(self.options)
        for vasp_id in self._accounts:
            self._network.join_receipts(carrier_of(vasp_id), self.hand_receipt)
        application = web.Application(client_max_size=MOST_BYTES)
        application.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=_GOODBYE)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port, ssl_context=_context(self.options))
        await site.start()
        bound: int = self._runner.addresses[0][1]
        return bound

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
        if self._vasps is not None:
            await self._vasps.close()

    # In from the applications

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        knock = Knock(
            method=request.method,
            path=request.path,
            query=request.query_string,
            headers={name.lower(): value for name, value in request.headers.items()},
            body=await request.read(),
            peer=request.remote or "",
            url=str(request.url),
        )
        answer = await self.answer(knock)
        if isinstance(answer, NoAnswer):
            return await spoiled(request, answer, _XML, self._say(_YES, "").body)
        if self.options.drop_after is not None:
            octets = self.options.drop_after
            return await dropped(request, answer.content_type, answer.body, octets)
        if self.options.garbage:
            return await spoiled(request, NoAnswer.GARBAGE, _XML, answer.body)
        headers = {**answer.headers, "Content-Type": answer.content_type}
        return web.Response(body=answer.body, status=answer.status, headers=headers)

    async def answer(self, knock: Knock) -> Answer | NoAnswer:
        try:
            message = read_message(knock.headers.get("content-type", ""), knock.body)
        except ReadError as error:
            return self._say(refusal(error, Role.RELAY), error.transaction_id)
        request = message.operation
        if isinstance(request, VaspRequest) and (refused := self._refusal(request, knock)):
            return refused
        said = await self._said(message, request)
        if isinstance(said, NoAnswer):
            return said
        return self._say(said, message.transaction_id, message)

    def _refusal(self, request: VaspRequest, knock: Knock) -> Answer | None:
        callers = self._callers.get(request.sender.vasp_id)
        return callers.refusal(knock) if callers else None

    async def _said(self, message: Message, request: Operation) -> Operation | NoAnswer:
        match request:
            case SubmitReq():
                return await self._submit(message, request)
            case CancelReq() | ReplaceReq():
                known = request.sender.vasp_id in self._accounts
                code = StatusCode.MESSAGE_ID_NOT_FOUND if known else _STRANGER
                return request.response(status=Status.of(code, _GONE if known else ""))
            case Request():
                return request.response(status=Status.of(StatusCode.UNSUPPORTED_OPERATION))
            case _:
                return Fault(reason=f"{request.name} is no request")

    async def _submit(self, message: Message, request: SubmitReq) -> SubmitRsp | NoAnswer:
        vasp_id = request.sender.vasp_id
        if vasp_id not in self._accounts:
            return SubmitRsp(status=Status.of(_STRANGER))
        to = recipient_of(request)
        if to is None:
            return SubmitRsp(status=Status.of(StatusCode.MULTIPLE_ADDRESSES_NOT_SUPPORTED))
        known = self._met(vasp_id, message.transaction_id)
        found = await self._network.find(to)
        if known.answer and (found is None or found[1].deduplicates):
            return known.answer
        submission = await submission_of(
            message, request, vasp_id=vasp_id, to=to, attempt=known.tries, blobs=self._blobs
        )
        outcome = await self._network.submit(carrier_of(vasp_id), submission)
        answer = self._answer(outcome)
        if isinstance(outcome, Accepted | Rejected):
            known.answer = answer
        if isinstance(outcome, Accepted) and not request.delivery_report:
            _remember(self._unreported, outcome.ids[0])
        return answer or no_answer(outcome)

    def _answer(self, outcome: Outcome) -> SubmitRsp | None:
        status = status_of(outcome, self.options.throttle_code)
        if status is None:
            return None
        ids = outcome.ids if isinstance(outcome, Accepted) else ()
        return SubmitRsp(status=status, message_id=next(iter(ids), ""))

    def _met(self, vasp_id: str, transaction_id: str) -> Known:
        known = self._known.setdefault((vasp_id, transaction_id), Known())
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        known.tries += 1
        return known

    def _say(self, operation: Operation, transaction_id: str, to: Message | None = None) -> Answer:
        dialect = dialect_of(to, self.options.dialect) if to else self.options.dialect
        framed = write_message(operation, transaction_id, dialect)
        return Answer(
            status=500 if isinstance(operation, Fault) else 200,
            content_type=dict(framed.headers)["Content-Type"],
            body=b"".join(framed.chunks),
        )

    # Out to the applications

    async def hand_receipt(self, owed: Owed) -> None:
        """Returns when the application has taken it; raises if it did not."""
        account = self._accounts[vasp_id_of(owed.receipt.carrier)]
        if account.url and owed.receipt.carrier_id not in self._unreported:
            assert self._vasps is not None
            await self._vasps.report(account, owed)

    def claim(self, number: str, kind: Kind) -> Callable[[Inbound], Awaitable[None]] | None:
        """For a network's `join_inbox`: pictures to the numbers of applications."""
        if kind is not Kind.MMS:
            return None
        found = (one for one in self._accounts.values() if number in one.numbers and one.url)
        account = next(found, None)
        return None if account is None else lambda inbound: self._deliver(account, inbound)

    async def _deliver(self, account: VaspAccount, inbound: Inbound) -> None:
        assert self._vasps is not None
        await self._vasps.deliver(account, inbound)


def _remember(known: OrderedDict[str, None], what: str) -> None:
    known[what] = None
    if len(known) > _REMEMBERED:
        known.popitem(last=False)


def _context(options: RelayOptions) -> ssl.SSLContext | None:
    if options.tls.cert is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=options.tls.ca)
    context.load_cert_chain(options.tls.cert, options.tls.key)
    if options.tls.ca:
        context.verify_mode = ssl.CERT_REQUIRED
    return context
