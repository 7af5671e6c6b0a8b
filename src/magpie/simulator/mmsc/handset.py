"""What a phone does with a picture: it reads the push, fetches the message, shows and answers.

Octets in and octets out, as over the air; the phone knows nothing but what they say.
"""

from collections.abc import Sequence

import msgspec

from magpie.carriers.mm1.forms import arrived_of
from magpie.carriers.traffic import InboundMedia
from magpie.protocols import mm1


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A message as the phone shows it, what it read, and what it answers once it has it."""

    from_: str
    body: str
    media: tuple[InboundMedia, ...]
    slides: bytes
    pdu: mm1.RetrieveConf
    answer: mm1.AcknowledgeInd


def notified(short_messages: Sequence[bytes]) -> mm1.NotificationInd:
    """What the short messages of a push tell. Raises DecodeError for anything else."""
    octets = mm1.push.notification(short_messages)
    pdu = mm1.decode(octets) if octets is not None else None
    if not isinstance(pdu, mm1.NotificationInd):
        raise mm1.DecodeError("the push tells of no message", 0)
    return pdu


def fetched(notification: mm1.NotificationInd, octets: bytes) -> Shown:
    """Raises DecodeError for what no phone can show."""
    pdu = mm1.decode(octets)
    if not isinstance(pdu, mm1.RetrieveConf) or pdu.content is None:
        raise mm1.DecodeError("there is nothing to show", 0)
    body, media, slides = arrived_of(pdu.content)
    answer = mm1.AcknowledgeInd(
        transaction_id=pdu.transaction_id or notification.transaction_id, report_allowed=True
    )
    return Shown(
        from_=mm1.bare(pdu.from_ or ""),
        body=body,
        media=media,
        slides=slides,
        pdu=pdu,
        answer=answer,
    )
