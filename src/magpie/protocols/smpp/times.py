"""Times as SMPP writes them (3.4 clause 7.1.1), and as receipts write them."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final

_MAX_DAYS: Final = 31
_QUARTER: Final = timedelta(minutes=15)
_LENGTH: Final = 16
_DATE_FORMS: Final = {
    10: ("%y%m%d%H%M",),
    12: ("%y%m%d%H%M%S", "%Y%m%d%H%M"),
    14: ("%Y%m%d%H%M%S",),
}


def absolute(moment: datetime) -> str:
    """`YYMMDDhhmmsstnnp` in UTC."""
    utc = moment.astimezone(UTC)
    return f"{utc:%y%m%d%H%M%S}{utc.microsecond // 100_000}00+"


def relative(span: timedelta) -> str:
    """`YYMMDDhhmmss000R`; at most 31 days, for longer ones depend on the reader's months."""
    if not timedelta() <= span < timedelta(days=_MAX_DAYS + 1):
        raise ValueError(f"{span} cannot be a relative time")
    hours, rest = divmod(span.seconds, 3600)
    return f"0000{span.days:02}{hours:02}{rest // 60:02}{rest % 60:02}000R"


def parse_time(text: str, now: datetime) -> datetime | None:
    """The moment that an absolute or relative time means, None if it means none."""
    digits, sign = text[:15], text[15:]
    if len(text) != _LENGTH or not (digits.isascii() and digits.isdigit()):
        return None
    try:
        return _relative(digits, now) if sign == "R" else _absolute(digits, sign)
    except (ValueError, OverflowError):
        return None


def _relative(digits: str, now: datetime) -> datetime:
    years, months, days, hours, minutes, seconds = (int(digits[i : i + 2]) for i in range(0, 12, 2))
    days += 365 * years + 30 * months
    return now + timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def _absolute(digits: str, sign: str) -> datetime | None:
    if sign not in {"+", "-"}:
        return None
    offset = int(digits[13:15]) * _QUARTER * (1 if sign == "+" else -1)
    plain = datetime.strptime(digits[:12], "%y%m%d%H%M%S")  # noqa: DTZ007 - the zone follows
    tenths = timedelta(milliseconds=100 * int(digits[12]))
    return (plain + tenths).replace(tzinfo=timezone(offset)).astimezone(UTC)


def parse_receipt_date(text: str, zone: tzinfo = UTC) -> datetime | None:
    """Ten, twelve or fourteen digits or ISO text in the carrier's `zone`; else None."""
    text = text.strip()
    try:
        if not (text.isascii() and text.isdigit()):
            return _in_zone(datetime.fromisoformat(text), zone)
    except (ValueError, OverflowError):
        return None
    for form in _DATE_FORMS.get(len(text), ()):
        try:
            return _in_zone(datetime.strptime(text, form), zone)  # noqa: DTZ007 - zone added
        except (ValueError, OverflowError):
            continue
    return None


def _in_zone(moment: datetime, zone: tzinfo) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
