"""`magpie run`: a program, the proxy that it believes to be the way out, and its exit code."""

import asyncio
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from magpie.app.card import Card
from magpie.cli.authority import Authority
from magpie.cli.disguise import disguise
from magpie.cli.failed import Exit, Failed
from magpie.cli.proxy import Proxy
from magpie.cli.running import needed, settings
from magpie.cli.terminal import complain, say
from magpie.cli.upstream import Upstream

# What shells give for a program that cannot be started, or was ended by a signal (POSIX, 2.8.2).
_NOT_EXECUTABLE: Final = 126
_NOT_FOUND: Final = 127
_SIGNALED: Final = 128

_PASSED_ON: Final = (
    signal.SIGTERM,
    signal.SIGHUP,
    signal.SIGUSR1,
    signal.SIGUSR2,
    signal.SIGWINCH,
)
_OF_THE_TERMINAL: Final = (signal.SIGINT, signal.SIGQUIT)


def run(command: Sequence[str], data: Path | None) -> int:
    card = needed(data)
    wanted = settings({"data": data})
    authority = Authority(wanted.data / "ca")
    if not authority.ensure(os.environ):
        say("warning: this machine's certificates were not found; only Twilio's hosts are verified")
    _warn_of_others(card)
    return asyncio.run(_run(command, card, authority, wanted.proxy_port))


async def _run(command: Sequence[str], card: Card, authority: Authority, proxy_port: int) -> int:
    told: set[str] = set()

    def distrusted(host: str) -> None:
        if host not in told:
            told.add(host)
            complain(_distrust(host, authority))

    beyond = Upstream(os.environ)
    proxy = Proxy(_platform(card), authority.context(), beyond=beyond, distrusted=distrusted)
    port = await proxy.start(proxy_port)
    try:
        environment = disguise(os.environ, card, authority, beyond, port)
        return await _program(command, environment)
    finally:
        await proxy.stop()


async def _program(command: Sequence[str], environment: dict[str, str]) -> int:
    try:
        child = await asyncio.create_subprocess_exec(*command, env=environment)
    except FileNotFoundError as wrong:
        raise Failed(
            f"there is no program {command[0]}",
            fix="which it is, tells: type -a NAME",
            code=_NOT_FOUND,
        ) from wrong
    except OSError as wrong:
        raise Failed(
            f"{command[0]} cannot be run", cause=str(wrong.strerror), code=_NOT_EXECUTABLE
        ) from wrong
    with _signals_to(child):
        code = await child.wait()
    return code if code >= 0 else _SIGNALED - code


@contextmanager
def _signals_to(child: asyncio.subprocess.Process) -> Iterator[None]:
    """A key that the terminal turns into a signal reaches the program without us."""
    loop = asyncio.get_running_loop()

    def pass_on(number: signal.Signals) -> None:
        if number in _OF_THE_TERMINAL and _in_foreground():
            return
        with suppress(ProcessLookupError):
            child.send_signal(number)

    numbers = (*_PASSED_ON, *_OF_THE_TERMINAL)
    for number in numbers:
        loop.add_signal_handler(number, pass_on, number)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


def _in_foreground() -> bool:
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)


def _platform(card: Card) -> tuple[str, int]:
    url = urlsplit(card.base_url)
    if url.scheme != "http" or url.hostname is None or url.path.strip("/"):
        raise Failed(
            "this Magpie is reached through something else",
            cause=f"its address is {card.base_url}, and `run` speaks plain HTTP to it",
            fix="start one without MAGPIE_PUBLIC_URL: magpie up --data FOLDER",
            code=Exit.REFUSED,
        )
    return url.hostname, url.port or 80


def _distrust(host: str, authority: Authority) -> Failed:
    return Failed(
        f"the program hung up on {host} before it said anything",
        cause="it does not trust Magpie's certificate: it looks neither at SSL_CERT_FILE"
        " nor at REQUESTS_CA_BUNDLE nor at NODE_EXTRA_CA_CERTS",
        fix=f"have it trust {authority.ca}",
    )


def _warn_of_others(card: Card) -> None:
    given = os.environ.get("TWILIO_ACCOUNT_SID", card.account_sid)
    token = os.environ.get("TWILIO_AUTH_TOKEN", card.auth_token)
    if (given, token) != (card.account_sid, card.auth_token):
        say(
            "warning: TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are set to an account that may not"
            " be of this Magpie; without them the program gets the right one:\n"
            "  env -u TWILIO_ACCOUNT_SID -u TWILIO_AUTH_TOKEN magpie run -- ..."
        )
