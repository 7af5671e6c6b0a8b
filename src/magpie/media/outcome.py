"""What the fetches of a message come to: all there, broken for good, or to be tried again."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from magpie.media.check import TOO_LARGE
from magpie.media.fetch import Copy, FetchFailed, Trace
from magpie.media.model import MOST_BYTES, Media

_DELAYS: Final = (1.0, 4.0)
"""Seconds before the second and the third try."""


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """All media of a message in order, every one of them stored.

    `adapted` tells what was made of them for where the message goes.
    """

    account_sid: str
    message_id: UUID
    media: Sequence[Media]
    traces: Sequence[Trace] = ()
    adapted: Mapping[str, Any] | None = None


class Broken(msgspec.Struct, frozen=True, kw_only=True):
    """`code` and `detail` say what is wrong with `url`, or with all of them if it is empty."""

    account_sid: str
    message_id: UUID
    code: int
    detail: str
    url: str = ""
    traces: Sequence[Trace] = ()


class Again(msgspec.Struct, frozen=True, kw_only=True):
    """`delay` is in seconds."""

    delay: float


class Whole(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing is missing."""


class Wrong(msgspec.Struct, frozen=True, kw_only=True):
    code: int
    detail: str
    url: str = ""


Decision = Whole | Wrong | Again


def decide(
    results: Sequence[Copy | FetchFailed], stored_bytes: int, tries: int, chance: float
) -> Decision:
    """`stored_bytes` were there before; `tries` counts this one, `chance` (0 to 1) spreads."""
    failed = [result for result in results if isinstance(result, FetchFailed)]
    lasting = [failure for failure in failed if not failure.passing or tries > len(_DELAYS)]
    if lasting:
        return Wrong(code=lasting[0].code, detail=lasting[0].detail, url=lasting[0].trace.url)
    if failed and (again := passing(tries, chance)):
        return again
    total = stored_bytes + sum(result.size for result in results if isinstance(result, Copy))
    if total > MOST_BYTES:
        return Wrong(code=TOO_LARGE, detail=f"{total} bytes in all")
    return Whole()


def passing(tries: int, chance: float) -> Again | None:
    """When to try once more what failed for now; None when it was tried often enough."""
    return Again(delay=_DELAYS[tries - 1] * (1 + chance / 4)) if tries <= len(_DELAYS) else None
