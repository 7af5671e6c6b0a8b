"""A range of bytes that is asked for (RFC 9110, 14.1.2 and 14.2)."""

import re
from typing import Final

_RANGE: Final = re.compile(r"bytes=[ \t]*(\d{0,18})-(\d{0,18})[ \t]*", re.ASCII)


class Unsatisfiable(Exception):  # noqa: N818 - the word of the RFC
    """Nothing of the content lies in the range."""


def byte_range(header: str, size: int) -> tuple[int, int] | None:
    """First byte, and the one after the last; None means the whole: no range, or several."""
    match = _RANGE.fullmatch(header)
    if match is None or not (match[1] or match[2]):
        return None
    if match[1]:
        first = int(match[1])
        last = int(match[2]) if match[2] else size - 1
        if last < first:  # not a range at all, unless it is open (14.1.1)
            if match[2]:
                return None
            raise Unsatisfiable
        end = min(last + 1, size)
    else:
        first, end = max(0, size - int(match[2])), size
    if first >= end:
        raise Unsatisfiable
    return first, end


def matches(header: str, etag: str) -> bool:
    """If-None-Match: weak comparison, any of a list (RFC 9110, 13.1.2)."""
    given = {tag.strip().removeprefix("W/") for tag in header.split(",")}
    return "*" in given or etag in given
