"""In what providers differ. Pure: values in, values out."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, Protocol, TypeVar

import msgspec

from magpie.carriers.door import Answer, Knock
from magpie.carriers.traffic import Kind, Outcome, ReceiptState, Submission

T = TypeVar("T")

UNKNOWN_ERROR: Final = 30008
OK: Final = range(200, 300)
LOCKED: Final = frozenset({401, 403})
_DETAIL: Final = 200


class Call(NamedTuple):
    """One POST that submits a message."""

    url: str
    headers: Mapping[str, str]
    body: bytes


class LockedOut(NamedTuple):
    """The provider does not know us: no message is at fault, all of them wait."""

    detail: str


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A callback about a message of ours, by the provider's id. `code` is ours."""

    carrier_id: str
    state: ReceiptState
    code: int | None = None
    detail: str = ""


class Came(msgspec.Struct, frozen=True, kw_only=True):
    """A callback with a message from a phone; `media` are addresses at the provider."""

    key: str
    from_: str
    to: str
    body: str
    kind: Kind
    media: tuple[str, ...] = ()


class Unread(ValueError):  # noqa: N818 - what the caller is told
    """A callback that cannot be understood."""


class Dialect(Protocol):
    """`headers` let us in, to the API and to the media of its messages.

    `all_or_nothing` says that an answer with a server's error means that nothing was taken.
    """

    @property
    def url(self) -> str: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def all_or_nothing(self) -> bool: ...

    @property
    def taken(self) -> Answer: ...

    def call(self, submission: Submission, media: Sequence[str], callback: str) -> Call: ...

    def outcome(self, status: int, body: bytes) -> Outcome | LockedOut: ...

    def allows(self, knock: Knock, now: float) -> bool: ...

    def read(self, knock: Knock) -> list[Told | Came]: ...


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """Who we are at the provider, and by which secret its callbacks are known."""

    url: str
    account: str
    username: str
    token: str
    application: str
    callback_secret: str


def unpacked(body: bytes, kind: type[T]) -> T:
    """Raise Unread for what is no JSON of this kind."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unread(str(error)) from error


def decoded(body: bytes, kind: type[T]) -> T | None:
    """None for what is no JSON of this kind."""
    try:
        return unpacked(body, kind)
    except Unread:
        return None


def number_of(text: str, most: int) -> int | None:
    """None for what is no plain number of at most so many digits: `int` takes far more."""
    plain = text.isascii() and text.isdigit() and len(text) <= most
    return int(text) if plain else None


def basic(username: str, password: str) -> str:
    return "Basic " + b64encode(f"{username}:{password}".encode()).decode()


def short(detail: str) -> str:
    """What a provider says in words ends in a timeline."""
    return detail if len(detail) <= _DETAIL else f"{detail[:_DETAIL]}…"
