"""SMTP as a centre speaks it, well or badly."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any, Final, Protocol, cast

from aiosmtpd.smtp import SMTP, Envelope, Session

from magpie.simulator.mmsc.mm4_options import CentreOptions
from magpie.simulator.verdict import GARBAGE, NoAnswer

_GOODBYE: Final = 0.5
_HALF: Final = b"25"
_HUNG_UP: Final = "421 Goodbye"


class Postbox(Protocol):
    async def recipient(self, mailbox_: str) -> str: ...

    async def take(self, mail: bytes, sender: str, recipients: list[str]) -> str | NoAnswer: ...


class Server:
    def __init__(self, options: CentreOptions, postbox: Postbox) -> None:
        self._options = options
        self._postbox = postbox
        self._server: asyncio.Server | None = None
        self._talking: set[_Conversation] = set()
        logging.getLogger("mail.log").setLevel(logging.ERROR)

    async def start(self, port: int, host: str) -> int:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._conversation, host, port)
        bound: int = self._server.sockets[0].getsockname()[1]
        return bound

    async def stop(self) -> None:
        if self._server is None:
            return
        self._server.close()
        for conversation in tuple(self._talking):
            conversation.hang_up()
        async with asyncio.timeout(_GOODBYE):
            await self._server.wait_closed()

    def _conversation(self) -> "_Conversation":
        made = _Conversation(
            self,
            self._options.drop_after,
            data_size_limit=self._options.most_bytes,
            hostname=self._options.domain,
            ident="magpie-mmsc",
            auth_exclude_mechanism=("LOGIN", "PLAIN"),
            loop=asyncio.get_running_loop(),
        )
        self._talking.add(made)
        return made

    def ended(self, conversation: "_Conversation") -> None:
        self._talking.discard(conversation)

    # The names are those that aiosmtpd calls.

    async def handle_RCPT(  # noqa: N802
        self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: Sequence[str]
    ) -> str:
        said = await self._postbox.recipient(address)
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, smtp: SMTP, _: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        assert isinstance(smtp, _Conversation)
        recipients = [one for one in envelope.rcpt_tos if one]
        said = await self._postbox.take(envelope.content, envelope.mail_from or "", recipients)
        if said is NoAnswer.GARBAGE or self._options.garbage:
            return GARBAGE.decode()
        if not isinstance(said, NoAnswer):
            return said
        smtp.hang_up(_HALF if said is NoAnswer.CUT else b"")
        # Ends as soon as the connection has.
        await asyncio.sleep(_GOODBYE)
        return _HUNG_UP


class _Conversation(SMTP):
    def __init__(self, server: Server, drop_after: int | None, **more: Any) -> None:
        super().__init__(server, **more)
        self._house = server
        self._left = drop_after

    def data_received(self, data: bytes) -> None:
        if self._left is not None:
            self._left -= len(data)
            if self._left < 0:
                self.hang_up()
                return
        super().data_received(data)

    def connection_lost(self, error: Exception | None) -> None:
        self._house.ended(self)
        super().connection_lost(error)

    def hang_up(self, last: bytes = b"") -> None:
        if self.transport is None:
            return
        # Those of uvloop are no subclasses of asyncio's.
        transport = cast(asyncio.Transport, self.transport)
        if last:
            transport.write(last)
            transport.close()
        else:
            transport.abort()
