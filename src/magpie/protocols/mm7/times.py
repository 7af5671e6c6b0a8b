"""Dates and spans as XML Schema writes them (part 2, 3.2.6 and 3.2.7)."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from magpie.protocols.mm7.values import Moment

# A century or two at most, so that it can be added to any date.
_SPAN: Final = re.compile(
    r"(-?)P(?:([0-9]{1,2})Y)?(?:([0-9]{1,3})M)?(?:([0-9]{1,5})D)?"
    r"(?:T(?:([0-9]{1,6})H)?(?:([0-9]{1,8})M)?(?:([0-9]{1,9})(?:[.][0-9]{1,9})?S)?)?"
)


def read_moment(text: str) -> Moment | None:
    """None for what is neither; a date without a zone is UTC, a month has 30 days."""
    text = text.strip()
    try:
        if found := _SPAN.fullmatch(text):
            return _span(found)
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_date(text: str) -> datetime | None:
    found = read_moment(text)
    return found if isinstance(found, datetime) else None


def _span(found: re.Match[str]) -> timedelta:
    years, months, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    days += 365 * years + 30 * months
    span = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -span if found[1] else span


def write_moment(moment: Moment) -> str:
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    minutes, seconds = divmod(abs(moment) // timedelta(seconds=1), 60)
    days, minutes = divmod(minutes, 24 * 60)
    sign = "-" if moment < timedelta() else ""
    return f"{sign}P{days}DT{minutes // 60}H{minutes % 60}M{seconds}S"
