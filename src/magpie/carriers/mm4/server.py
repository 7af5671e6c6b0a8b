"""Where the other centre's mails come in: SMTP on a port of ours, within limits."""

import asyncio
import logging
import ssl
from typing import Final

import structlog

from magpie.carriers.backoff import Backoff
from magpie.carriers.mm4.conversation import Conversation, Handler
from magpie.carriers.mm4.options import LinkOptions
from magpie.carriers.mm4.receive import Receiver
from magpie.carriers.mm4.state import Counters
from magpie.carriers.mms.callers import Callers
from magpie.kit import clock

log = structlog.get_logger(__name__)

_FULL: Final = b"421 4.3.2 Too many connections, come again\r\n"
_STRANGER: Final = b"554 5.7.1 This address may not send here\r\n"
# A connection does not live for ever.
_MOST_COMMANDS: Final = {"*": 1000, "MAIL": 10_000, "RCPT": 100_000, "DATA": 10_000}
_GOODBYE: Final = 0.5
_AGAIN: Final = (0.5, 30.0)


class Server:
    """Takes no mail with a line that ends otherwise than by CR LF, so none hides another."""

    def __init__(self, options: LinkOptions, receiver: Receiver, counters: Counters) -> None:
        self._options = options
        self._handler = Handler(options, receiver)
        self._counters = counters
        self._callers = Callers(options.peers)
        self._tls = _context(options)
        self._conversations: set[Conversation] = set()
        self._server: asyncio.Server | None = None
        self._trying: asyncio.Task[None] | None = None
        self.port: int | None = None
        self.why = ""
        # It writes down each command, with all numbers in it.
        logging.getLogger("mail.log").setLevel(logging.ERROR)

    @property
    def most_bytes(self) -> int:
        return self._options.most_bytes

    async def start(self) -> None:
        """A port that is not to be had is tried again and again; `why` tells of it meanwhile."""
        if self._options.listen_port is not None and not await self._listens():
            self._trying = asyncio.create_task(self._try())

    async def _try(self) -> None:
        backoff = Backoff(*_AGAIN)
        listens = False
        while not listens:
            await clock.sleep(backoff.next(clock.chance().random()))
            listens = await self._listens()

    async def _listens(self) -> bool:
        loop = asyncio.get_running_loop()
        host, port = self._options.listen_host, self._options.listen_port
        try:
            self._server = await loop.create_server(self._conversation, host, port)
        except OSError as error:
            self.why = f"no mail is taken: {error}"
            log.warning("mm4.not_listening", carrier=self._options.name, why=str(error))
            return False
        self.why = ""
        self.port = self._server.sockets[0].getsockname()[1]
        return True

    async def stop(self) -> None:
        if self._trying is not None:
            self._trying.cancel()
            await asyncio.gather(self._trying, return_exceptions=True)
        if self._server is None:
            return
        self._server.close()
        for conversation in tuple(self._conversations):
            conversation.hang_up()
        try:
            async with asyncio.timeout(_GOODBYE):
                await self._server.wait_closed()
        except TimeoutError:
            log.warning("mm4.connections_left", carrier=self._options.name)

    def refusal(self, peer: str) -> bytes | None:
        """None for who may send."""
        allowed = self._callers.allows(peer)
        if allowed and len(self._conversations) < self._options.most_connections:
            return None
        self._counters.strangers += 1
        return _FULL if allowed else _STRANGER

    def began(self, conversation: Conversation) -> None:
        self._conversations.add(conversation)

    def ended(self, conversation: Conversation) -> None:
        self._conversations.discard(conversation)

    def _conversation(self) -> Conversation:
        return Conversation(
            self,
            self._handler,
            data_size_limit=self._options.most_bytes,
            hostname=self._options.own_domain,
            ident="MM4",
            tls_context=self._tls,
            timeout=self._options.listen_timeout,
            auth_exclude_mechanism=("LOGIN", "PLAIN"),
            command_call_limit=_MOST_COMMANDS,
            loop=asyncio.get_running_loop(),
        )


def _context(options: LinkOptions) -> ssl.SSLContext | None:
    """Raise ValueError for files that are no certificates, so that a mistake shows at the start."""
    if options.listen_port is None or options.tls.cert is None:
        return None
    try:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options.tls.cert, options.tls.key)
    except OSError as error:
        raise ValueError(
            f"carrier {options.name}: its TLS files cannot be used: {error}"
        ) from error
    return context
