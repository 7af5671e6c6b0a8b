"""Why a message would go to no carrier at all, asked before it is sent: pure."""

from collections.abc import Sequence

from magpie import sids
from magpie.errors import Refused
from magpie.media.check import TOO_LARGE
from magpie.media.fetch import Copy, FetchFailed
from magpie.media.fit import Source
from magpie.media.model import MOST_BYTES
from magpie.messages import compose
from magpie.senders.model import Sender

Reason = tuple[int, str]


def of_sender(
    content: compose.Content, from_: str | None, to: str | None, sender: Sender | None, files: int
) -> Reason | None:
    """What the API answers; it chooses the sender itself where a service is named, or nobody."""
    if not from_ or not to or sids.is_sid(from_, "MG"):
        return None
    try:
        compose.check_content(content, compose.origin_of(from_, to, sender), to, files)
    except Refused as refused:
        return refused.code, refused.message
    return None


def of_media(copies: Sequence[Copy | FetchFailed], kept: Sequence[Source]) -> Reason | None:
    """Of the first that could not be had, or of all together."""
    for copy in copies:
        if isinstance(copy, FetchFailed):
            return copy.code, copy.detail
    size = sum(one.size for one in (*copies, *kept) if not isinstance(one, FetchFailed))
    if size > MOST_BYTES:
        return TOO_LARGE, f"{size} bytes are more than {MOST_BYTES}"
    return None
