"""The forms of time that the API reads. What has no zone is UTC."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, NamedTuple

from magpie.kit.rest.parsers import Parser, Wrong
from magpie.kit.rest.shape import Schema

_AMERICAN = re.compile(r"(\d\d)/(\d\d)/(\d{4})(.*)", re.ASCII | re.DOTALL)
_LONGEST = 64
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


class Span(NamedTuple):
    """From `start` up to, but not with, `end`: one UTC day or one second.

    `DateSent=` asks for times in the span, `DateSent>=` for those from its start on,
    `DateSent<=` for those before its end. Midnight is the day that it begins, because the
    SDKs write a date as its midnight.
    """

    start: datetime
    end: datetime


def _iso(given: str) -> datetime:
    return datetime.fromisoformat(given)


def _american(given: str) -> datetime:
    """06/11/2019 22:05:25 MST, by way of RFC 2822, which knows the names of the zones."""
    parts = _AMERICAN.fullmatch(given)
    if parts is None:
        raise ValueError(given)
    month, day, year, rest = parts.groups()
    on = date(int(year), int(month), int(day))
    return parsedate_to_datetime(f"{on:%d %b %Y}{rest or ' 00:00:00'}")


_FORMS: tuple[Callable[[str], datetime], ...] = (_iso, _american, parsedate_to_datetime)


def _instant(given: str) -> datetime:
    for form in _FORMS if len(given) <= _LONGEST else ():
        try:
            read = form(given.strip())
            aware = read if read.tzinfo else read.replace(tzinfo=UTC)
            return aware.astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    raise Wrong("must be a date or a time such as 2019-06-11T22:05:25Z")


def _span(given: str) -> Span:
    at = _instant(given)
    start = at.replace(microsecond=0)
    whole_day = start == start.replace(hour=0, minute=0, second=0)
    try:
        return Span(start, start + (_DAY if whole_day else _SECOND))
    except OverflowError as wrong:
        raise Wrong("is too far in the future") from wrong


def _day(given: str) -> date:
    return _instant(given).date()


_TIME: Final[Schema] = {"type": "string", "format": "date-time"}
_DATE: Final[Schema] = {"type": "string", "format": "date"}

instant = Parser(_instant, schema=_TIME)
span = Parser(_span, schema={"anyOf": [_DATE, _TIME]})
day = Parser(_day, schema=_DATE)
