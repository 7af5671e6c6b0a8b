"""Connections to the other centre that are kept from mail to mail."""

import ssl
from contextlib import suppress
from typing import Final

import msgspec
from aiosmtplib import SMTP, SMTPDataError, SMTPException

from magpie.carriers.mm4.options import LinkOptions
from magpie.carriers.mm4.outcome import Reply
from magpie.carriers.mm4.trace import Said
from magpie.carriers.mm4.trace import mail as traced_mail
from magpie.carriers.mm4.trace import reply as traced_reply
from magpie.carriers.tls import client_context
from magpie.carriers.trace import Trace
from magpie.kit import clock

_CLOSING: Final = 421
_TOO_LARGE: Final = 552
_GOODBYE: Final = 0.5


class Unreached(Exception):  # noqa: N818 - a state of the link
    """Nothing of the mail was sent."""


class Lost(Exception):  # noqa: N818 - a state of the link
    """The mail was sent, perhaps in full, and nobody knows whether it was taken."""


class _Line(msgspec.Struct):
    client: SMTP
    used_at: float
    mails: int = 0


class Connections:
    """As many as there are mails at once; who calls `send` limits that."""

    def __init__(self, options: LinkOptions, trace: Trace[Said]) -> None:
        self._options = options
        self._trace = trace
        self._tls = _context(options)
        self._idle: list[_Line] = []
        self._busy: set[int] = set()

    def __len__(self) -> int:
        return len(self._idle) + len(self._busy)

    async def send(self, sender: str, recipient: str, mail: bytes) -> Reply:
        """An empty sender is nobody. Raise Unreached or Lost."""
        sent = traced_mail(mail, recipient)
        self._trace.sent(sent)
        reply = await self._sent((sender, recipient), mail)
        told = f"{reply.command}: {reply.code} {reply.text}"
        self._trace.received(traced_reply(told, sent))
        return reply

    async def _sent(self, envelope: tuple[str, str], mail: bytes) -> Reply:
        if kept := self._kept():
            # The peer may have closed it just now.
            with suppress(Unreached):
                return await self._through(kept, envelope, mail)
        return await self._through(await self._connected(), envelope, mail)

    async def close(self) -> None:
        idle, self._idle = self._idle, []
        for line in idle:
            with suppress(SMTPException, OSError):
                await line.client.quit(timeout=_GOODBYE)
            line.client.close()

    async def _through(self, line: _Line, envelope: tuple[str, str], mail: bytes) -> Reply:
        self._busy.add(id(line))
        reply = None
        try:
            reply = await self._mail(line.client, *envelope, mail)
        finally:
            self._busy.discard(id(line))
            if reply is None or reply.code == _CLOSING or not line.client.is_connected:
                line.client.close()
            else:
                self._keep(line)
        return reply

    async def _mail(self, client: SMTP, sender: str, recipient: str, mail: bytes) -> Reply:
        try:
            if refused := await self._enveloped(client, sender, recipient, mail):
                return refused
        except (SMTPException, OSError) as error:
            raise Unreached(_said(error)) from error
        try:
            response = await client.data(mail, timeout=self._options.timeout)
        except SMTPDataError as error:
            return Reply(error.code, error.message, "DATA")
        except (SMTPException, OSError) as error:
            raise Lost(_said(error)) from error
        return Reply(response.code, response.message, "DATA")

    async def _enveloped(
        self, client: SMTP, sender: str, recipient: str, mail: bytes
    ) -> Reply | None:
        """None once both were accepted."""
        options = []
        if client.supports_extension("size"):
            most = client.esmtp_extensions.get("size", "")
            if most.isdigit() and 0 < int(most) < len(mail):
                return Reply(_TOO_LARGE, f"the peer takes {most} octets", "MAIL")
            options.append(b"SIZE=%d" % len(mail))
        if not mail.isascii():
            if not client.supports_extension("8bitmime"):
                raise Unreached("the peer has no 8BITMIME")
            options.append(b"BODY=8BITMIME")
        for name, address, more in (("MAIL FROM", sender, options), ("RCPT TO", recipient, [])):
            command, _, of = name.partition(" ")
            told = (command.encode(), f"{of}:<{address}>".encode("ascii"), *more)
            response = await client.execute_command(*told, timeout=self._options.timeout)
            if response.code // 100 != 2:  # noqa: PLR2004
                if client.is_connected and response.code != _CLOSING:
                    await client.execute_command(b"RSET", timeout=self._options.timeout)
                return Reply(response.code, response.message, command)
        return None

    async def _connected(self) -> _Line:
        options = self._options
        client = SMTP(
            hostname=options.host,
            port=options.port,
            username=options.username or None,
            password=str(options.password) if options.username else None,
            local_hostname=options.own_domain,
            timeout=options.connect_timeout,
            use_tls=options.security == "tls",
            start_tls=options.security == "starttls",
            tls_context=self._tls,
        )
        try:
            await client.connect()
            if not client.last_ehlo_response:
                await client.ehlo()
        except (SMTPException, OSError, ValueError) as error:
            client.close()
            raise Unreached(_said(error)) from error
        except BaseException:
            client.close()
            raise
        return _Line(client, clock.monotonic())

    def _kept(self) -> _Line | None:
        """The one used last; those that were not needed for long end here."""
        oldest = clock.monotonic() - self._options.idle
        for line in [one for one in self._idle if one.used_at < oldest]:
            self._idle.remove(line)
            line.client.close()
        while self._idle:
            line = self._idle.pop()
            if line.client.is_connected:
                return line
            line.client.close()
        return None

    def _keep(self, line: _Line) -> None:
        line.mails += 1
        line.used_at = clock.monotonic()
        if line.mails < self._options.mails_each:
            self._idle.append(line)
        else:
            line.client.close()


def _said(error: Exception) -> str:
    return str(error.args[-1] if error.args else error)[:300] or type(error).__name__


def _context(options: LinkOptions) -> ssl.SSLContext | None:
    return None if options.security == "none" else client_context(options.name, options.tls)
