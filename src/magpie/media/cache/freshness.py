"""How long what a URL gave may be used without asking again (RFC 9111, 4.2 and 5.2.2)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

# Without a word from the server: long enough for one campaign, too short to show an old picture.
UNSAID: Final = timedelta(minutes=5)
LONGEST: Final = timedelta(days=1)
_NONE: Final = timedelta(0)


def directives(headers: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in headers.get("Cache-Control", "").lower().split(","):
        name, _, value = part.strip().partition("=")
        found[name] = value.strip('"')
    return found


def may_keep(headers: Mapping[str, str]) -> bool:
    return "no-store" not in directives(headers)


def freshness(headers: Mapping[str, str], now: datetime) -> timedelta:
    """What the server says, a day at most; five minutes if it says nothing."""
    said = directives(headers)
    if said.keys() & {"no-cache", "no-store"}:
        return _NONE
    if "max-age" in said:
        return _within(_seconds(said["max-age"]) - _seconds(headers.get("Age", "")))
    if "Expires" in headers:
        return _within(_until(headers["Expires"], now))
    return UNSAID


def _seconds(text: str) -> timedelta:
    """What is no number is none: stale (RFC 9111, 4.2.1)."""
    known = text.isascii() and text.isdigit() and len(text) < len("9" * 10)
    return timedelta(seconds=int(text)) if known else _NONE


def _until(text: str, now: datetime) -> timedelta:
    try:
        return parsedate_to_datetime(text) - now
    except (ValueError, TypeError, OverflowError):  # "0" and the like: stale (RFC 9111, 5.3)
        return _NONE


def _within(time: timedelta) -> timedelta:
    return max(_NONE, min(time, LONGEST))
