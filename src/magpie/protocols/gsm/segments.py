"""How many parts a text takes and where it is cut (GSM 03.38, 03.40 clause 9.2.3.24.1).

Units are septets for GSM-7 and UTF-16 code units for UCS-2. A cut never falls inside an escape
pair or a surrogate pair, nor inside what a reader sees as one character unless that alone is
longer than a part.
"""

import enum
from typing import Final, Literal

import msgspec

from magpie.protocols.gsm import alphabet
from magpie.protocols.gsm.clusters import joined

MAX_PARTS: Final = 255

ReferenceBits = Literal[8, 16]


class Encoding(enum.Enum):
    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


class TooManyPartsError(ValueError):
    """A text longer than 255 parts cannot be numbered."""


class Segmentation(msgspec.Struct, frozen=True):
    encoding: Encoding
    units: int
    parts: tuple[str, ...]


_WHOLE: Final = {Encoding.GSM_7: 160, Encoding.UCS_2: 70}
_PART: Final = {
    (Encoding.GSM_7, 8): 153,
    (Encoding.GSM_7, 16): 152,
    (Encoding.UCS_2, 8): 67,
    (Encoding.UCS_2, 16): 66,
}


def count(body: str, *, reference_bits: ReferenceBits = 8) -> int:
    """Parts that `plan` would make, without making them. An empty body still takes one."""
    encoding = encoding_of(body)
    total = units(body, encoding)
    if total <= _WHOLE[encoding]:
        return 1
    size = _PART[encoding, reference_bits]
    if encoding is Encoding.GSM_7 and total == len(body):
        return -(-total // size)
    return len(_cuts(body, encoding, size))


def plan(
    body: str, *, encoding: Encoding | None = None, reference_bits: ReferenceBits = 8
) -> Segmentation:
    """Cut `body`; a given `encoding` overrules the cheapest one."""
    encoding = encoding or encoding_of(body)
    total = units(body, encoding)
    if total <= _WHOLE[encoding]:
        return Segmentation(encoding, total, (body,))
    ends = _cuts(body, encoding, _PART[encoding, reference_bits])
    if len(ends) > MAX_PARTS:
        raise TooManyPartsError(f"{len(ends)} parts")
    starts = [0, *ends[:-1]]
    parts = tuple(body[start:end] for start, end in zip(starts, ends, strict=True))
    return Segmentation(encoding, total, parts)


def encoding_of(body: str) -> Encoding:
    return Encoding.GSM_7 if alphabet.is_gsm7(body) else Encoding.UCS_2


def units(text: str, encoding: Encoding) -> int:
    if encoding is Encoding.GSM_7:
        return alphabet.septets(text)
    return len(text.encode("utf-16-be", "surrogatepass")) // 2


def _cuts(body: str, encoding: Encoding, size: int) -> list[int]:
    """Where each part ends, as indexes into `body`."""
    ends = [0]
    while ends[-1] < len(body):
        ends.append(_end(body, ends[-1], encoding, size))
    return ends[1:]


def _end(body: str, start: int, encoding: Encoding, size: int) -> int:
    limit = _fit(body, start, encoding, size)
    if encoding is Encoding.GSM_7:
        return limit
    end = limit
    while end > start and joined(body, end):
        end -= 1
    return end if end > start else limit


def _fit(body: str, start: int, encoding: Encoding, size: int) -> int:
    """The furthest index that stays within `size` units, a character being one or two of them."""
    end = min(start + size, len(body))
    while (excess := units(body[start:end], encoding) - size) > 0:
        end -= (excess + 1) // 2
    return end
