"""The two ways in which Twilio's APIs write times and links.

2010-04-01 has RFC 2822 dates, relative links and XML beside JSON; all later ones have
ISO 8601 dates, absolute links and JSON alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import Final, Literal, TypeAlias

Format: TypeAlias = Literal["json", "xml"]


@dataclass(frozen=True, slots=True)
class Dialect:
    """`suffixes` of a path, each with the format that it asks for, longest first."""

    name: str
    date: Callable[[datetime], str]
    relative_links: bool
    suffixes: Mapping[str, Format]


def _rfc2822(at: datetime) -> str:
    return _rfc2822_of(int(at.timestamp()))


def _iso8601(at: datetime) -> str:
    return _iso8601_of(int(at.timestamp()))


@lru_cache(maxsize=4096)  # records that are made together share their second
def _rfc2822_of(second: int) -> str:
    return format_datetime(datetime.fromtimestamp(second, UTC))


@lru_cache(maxsize=4096)
def _iso8601_of(second: int) -> str:
    return f"{datetime.fromtimestamp(second, UTC):%Y-%m-%dT%H:%M:%SZ}"


V2010: Final = Dialect("2010-04-01", _rfc2822, True, {".json": "json", ".xml": "xml", "": "xml"})
V1: Final = Dialect("v1", _iso8601, False, {"": "json"})


def format_of(path: str) -> Format:
    """What the answer to a path that leads nowhere should be written in."""
    plain = path.startswith("/2010-04-01") and not path.endswith(".json")
    return "xml" if plain else "json"
