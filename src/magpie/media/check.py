"""Whether a file may go into a message: decided by what it says it is and what it begins with."""

from collections.abc import Sequence
from typing import Final

from magpie.media.model import MOST_BYTES, Verdict, plain_type, verdict
from magpie.media.sniff import agrees

EMPTY: Final = 63019
REFUSED_BY_CHANNEL: Final = 63021
NOT_HANDLED: Final = 12300
TOO_LARGE: Final = 11751


def check_all(files: Sequence[tuple[str, bytes]]) -> tuple[int, str] | None:
    """What is wrong with types and contents of one message: of them all, or the first that is."""
    size = sum(len(content) for _, content in files)
    if size > MOST_BYTES:
        return TOO_LARGE, f"{size} bytes are more than {MOST_BYTES}"
    return next(filter(None, (check(kind, content) for kind, content in files)), None)


def check(content_type: str, content: bytes) -> tuple[int, str] | None:
    """Give the code and the sentence of what is wrong with a file."""
    if not content:
        return EMPTY, "the file is empty"
    kind = plain_type(content_type)
    found = verdict(kind)
    if found is Verdict.OTHER_CHANNELS:
        return REFUSED_BY_CHANNEL, f"{kind} cannot be sent by MMS"
    if found is Verdict.UNKNOWN:
        return NOT_HANDLED, f"content type {kind[:80] or 'missing'}"
    if not agrees(kind, content):
        return NOT_HANDLED, f"the content is not {kind}"
    return None
