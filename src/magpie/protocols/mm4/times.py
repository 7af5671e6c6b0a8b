"""Dates as mail writes them (RFC 5322 clause 3.3), and as others do."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Final

from magpie.protocols.mm4.values import Moment

_SECONDS: Final = re.compile(r"[0-9]{1,9}")


def read_date(text: str) -> datetime | None:
    """None for what is none: that is no reason to refuse a message."""
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = read(text.strip())
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def read_moment(text: str) -> Moment | None:
    if _SECONDS.fullmatch(text.strip()):
        return timedelta(seconds=int(text))
    return read_date(text)


def write_moment(moment: Moment) -> str:
    if isinstance(moment, timedelta):
        return str(max(0, moment // timedelta(seconds=1)))
    return format_datetime(moment.astimezone(UTC))
