from typing import Literal

import msgspec

from magpie.protocols.mm4 import VERSION


class Mm4Peer(msgspec.Struct, frozen=True, kw_only=True):
    """Another centre: its domain, where it takes mail, and the numbers that are its own."""

    domain: str
    host: str = "127.0.0.1"
    port: int
    numbers: frozenset[str] = frozenset()


class CentreOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Beside what the profiles of carriers do.

    `errors` says where a refusal is told: in the reply to the mail, or in an answer after a 250.
    `garbage` replies to mails with what is no SMTP, `drop_after` hangs up within a mail after so
    many octets. With `reads` each phone reads what it gets.
    """

    domain: str
    system: str = "mms"
    version: str = VERSION
    errors: Literal["reply", "answer"] = "reply"
    answers: bool = True
    reads: bool = False
    garbage: bool = False
    drop_after: int | None = None
    timeout: float = 10.0
    most_bytes: int = 20 * 1024 * 1024
