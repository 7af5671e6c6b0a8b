"""How messages are looked for, the same in the console, the API and the command. Pure.

```
query    = { [ "-" ] ( field ":" value | phrase | word ) }
value    = [ ">" | "<" ] ( word | phrase )
```

All that is said must hold; `-` says that it must not. What names no field is looked for in the
text and in both addresses.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple, TypeAlias

import msgspec

from magpie import sids
from magpie.messages.lifecycle import Status

FIELDS: Final[Mapping[str, str]] = {
    "to": "receiver's number, or how it begins or ends",
    "from": "sender's number, code or name",
    "status": "queued, sent, delivered, failed, ...",
    "error": "error code, or any",
    "direction": "in or out",
    "service": "SID of a Messaging Service",
    "sid": "SID of a message",
    "body": "words of the text",
    "has": "media, link",
    "segments": "number of segments, as >1",
    "size": "bytes of its media together, as >300k or <1M",
    "tag": "a tag that it was sent with, or tag:name=value",
    "carrier": "name of the link that took it",
    "since": "2h, 3d, 2026-11-27 or 2026-11-27T10:00",
    "before": "the same",
}
_TOKEN: Final = re.compile(r'(-?)(?:(\w+):)?(?:"([^"]*)"?|(\S+))')
_AGE: Final = re.compile(r"([0-9]{1,5})([smhdw])")
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_NUMBER: Final = re.compile(r"([<>]?)([0-9]{1,9})")
_SIZE: Final = re.compile(r"([<>]?)([0-9]{1,9})([km]?)b?", re.IGNORECASE)
_THOUSANDS: Final = {"": 1, "k": 1000, "m": 1000_000}
# What a field may be, and what is meant by it.
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "status": {status.value: status.value for status in Status},
    "direction": {
        "in": "inbound",
        "inbound": "inbound",
        "out": "outbound",
        "outbound": "outbound",
    },
    "has": {"media": "media", "link": "link"},
}
# What may be typed next: each field, and all that one of them may be.
COMPLETIONS: Final[Mapping[str, str]] = {f"{name}:": told for name, told in FIELDS.items()} | {
    f"{name}:{word}": "" for name, words in (*_WORDS.items(), ("error", {"any"})) for word in words
}
MOST: Final = 20


Value: TypeAlias = str | datetime | tuple[str, int]


class WrongQuery(ValueError):  # noqa: N818 - what somebody typed
    """One sentence for who typed it."""


class Term(NamedTuple):
    """`value` is a text, or for numbers (comparison, number), for times a datetime."""

    field: str
    value: Value
    negated: bool = False


class Query(msgspec.Struct, frozen=True):
    terms: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms)


def parse(text: str, now: datetime) -> Query:
    """Raises WrongQuery; `now` is what ages are counted from."""
    terms = tuple(_terms(text.replace("\0", ""), now))
    if len(terms) > MOST:
        raise WrongQuery(f"At most {MOST} things can be asked for at once.")
    return Query(terms)


def _terms(text: str, now: datetime) -> Iterator[Term]:
    for negation, field, phrase, word in _TOKEN.findall(text):
        value = phrase or word
        if not field and value.lower().removesuffix(":") in FIELDS and value.endswith(":"):
            continue  # still being typed
        if field and field.lower() not in FIELDS and f"{field}:" in text:
            raise WrongQuery(f"{field}: is none of {', '.join(FIELDS)}.")
        if value:
            name = field.lower() if field else "any"
            yield Term(name, _value(name, value, now), negation == "-")


def _value(field: str, value: str, now: datetime) -> Value:
    if field in _WORDS:
        return _one_of(field, value.lower())
    if field in {"since", "before"}:
        return _time(field, value, now)
    if field == "size":
        return _size(value)
    if field == "segments" or (field == "error" and value != "any"):
        return _number(field, value)
    if field == "sid" and not sids.is_sid(value, "SM", "MM"):
        raise WrongQuery("sid: is SM or MM and 32 hexadecimal digits.")
    return value


def _one_of(field: str, value: str) -> str:
    words = _WORDS[field]
    if value not in words:
        raise WrongQuery(f"{field}: is one of {', '.join(sorted(words))}.")
    return words[value]


def _number(field: str, value: str) -> tuple[str, int]:
    match = _NUMBER.fullmatch(value)
    if match is None:
        raise WrongQuery(f"{field}: is a number, as 3 or >1.")
    return match[1] or "=", int(match[2])


def _size(value: str) -> tuple[str, int]:
    match = _SIZE.fullmatch(value)
    if match is None:
        raise WrongQuery("size: is a number of bytes, as >300k or <1M.")
    return match[1] or "=", int(match[2]) * _THOUSANDS[match[3].lower()]


def _time(field: str, value: str, now: datetime) -> datetime:
    age = _AGE.fullmatch(value)
    if age is not None:
        return now - timedelta(**{_UNITS[age[2]]: int(age[1])})
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise WrongQuery(f"{field}: is an age as 2h or 3d, or a time as 2026-11-27.") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
