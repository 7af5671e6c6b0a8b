from collections.abc import Mapping
from dataclasses import dataclass

from multidict import CIMultiDictProxy

from magpie.kit.egress.url import Credentials, Target

Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and bytes; `read` holds until the first byte and between two, `total` over all."""

    connect: float = 5.0
    read: float = 15.0
    total: float = 15.0
    most_bytes: int = 64 * 1024

    @classmethod
    def within(cls, connect: float, answer: float, most_bytes: int) -> "Limits":
        """Of a peer that has `answer` seconds once it is reached."""
        return cls(connect, answer, connect + answer, most_bytes)


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Seconds of the last hop; `total` since the first. `connect` is 0 on a kept connection."""

    connect: float
    first_byte: float
    total: float


@dataclass(frozen=True, slots=True)
class Reply:
    """`url` is where the answer came from, after redirects; `address` the peer's."""

    status: int
    headers: CIMultiDictProxy[str]
    body: bytes
    url: str
    address: str | None
    elapsed: Elapsed


@dataclass(frozen=True, slots=True)
class Hop:
    method: str
    target: Target
    headers: Headers
    body: bytes | None
    auth: Credentials | None
    limits: Limits
    verify: bool
    repeatable: bool
