"""Which sender of a pool sends to a recipient. Pure.

The order is that of Twilio's documents on sender selection, put together: what is able to send,
whom the recipient knows, kind, country, area code, and of those left the one that is least busy.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from magpie import phone
from magpie.services.area_codes import area_of, overlays_of

ALPHANUMERIC: Final = "alphanumeric"
SHORT_CODE: Final = "short-code"
NORTH_AMERICA: Final = frozenset(("US", "CA"))
"""Where area codes say a place, and names are not taken as senders."""


class Candidate(msgspec.Struct, frozen=True):
    """A sender in a pool; `id` is that of its stay there, `country` ISO 3166 alpha-2."""

    id: UUID
    address: str
    kind: str
    country: str | None
    sms: bool
    mms: bool

    @property
    def is_number(self) -> bool:
        return self.kind not in {ALPHANUMERIC, SHORT_CODE}


Busy = Callable[[Candidate], Any]
"""What orders candidates that are as good as each other: the least goes first."""


def choose(
    candidates: Sequence[Candidate],
    to: str,
    *,
    mms: bool,
    busy: Busy,
    sticky: UUID | None = None,
    area_code_geomatch: bool = True,
) -> Candidate | None:
    """`sticky` is the stay of whom the recipient knows, which may be over."""
    country = phone.country_of(to)
    fit = able(candidates, to, mms=mms)
    known = next((one for one in fit if one.id == sticky), None)
    if known is not None and not _is_superseded(known, fit, country):
        return known
    return min(_best(fit, to, country, by_area=area_code_geomatch), key=busy, default=None)


def able(candidates: Sequence[Candidate], to: str, *, mms: bool) -> list[Candidate]:
    """Those that can send this there; nobody writes to themselves."""
    country = phone.country_of(to)
    return [one for one in candidates if one.address != to and _can_send(one, country, mms=mms)]


def _can_send(candidate: Candidate, country: str | None, *, mms: bool) -> bool:
    """Short codes reach their own country, names all but North America, and names send no MMS."""
    if candidate.kind == SHORT_CODE and candidate.country != country:
        return False
    if candidate.kind == ALPHANUMERIC and country in NORTH_AMERICA:
        return False
    return candidate.mms if mms else candidate.sms


def _is_superseded(known: Candidate, fit: Sequence[Candidate], country: str | None) -> bool:
    """A number from abroad gives way to any number or short code of the recipient's country."""
    if not known.is_number or known.country == country:
        return False
    return any(one.country == country and one.kind != ALPHANUMERIC for one in fit)


def _best(
    fit: Sequence[Candidate], to: str, country: str | None, *, by_area: bool
) -> Sequence[Candidate]:
    for kind in (SHORT_CODE, ALPHANUMERIC):
        of_kind = [one for one in fit if one.kind == kind]
        if of_kind:
            return of_kind
    by_area = by_area and country in NORTH_AMERICA
    for wanted in (country or "US", "US"):
        national = [one for one in fit if one.country == wanted]
        if national:
            return _near(national, to) if by_area else national
    return fit


def _near(numbers: Sequence[Candidate], to: str) -> Sequence[Candidate]:
    """Those of the recipient's area code, else of one laid over it, else all."""
    area = area_of(to)
    for areas in ({area}, overlays_of(area)):
        near = [one for one in numbers if area_of(one.address) in areas]
        if near:
            return near
    return numbers
