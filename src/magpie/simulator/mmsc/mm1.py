"""The centre's side of MM1: messages that wait for their phones, as the octets phones get."""

from collections import OrderedDict
from hashlib import sha256
from typing import Final

import msgspec

from magpie.carriers.mm1.forms import content_of
from magpie.carriers.mms import related
from magpie.carriers.traffic import InboundMedia, Submission
from magpie.kit import clock
from magpie.protocols import mm1

_MOST_WAITING: Final = 10_000
_LASTS: Final = 3 * 86400
# Short, so that a notification fits into one short message (OMA-TS-MMS_CTR clause 8.1).
_NAME: Final = 8


class Waiting(msgspec.Struct, frozen=True):
    """A message in the centre, until its phone has it."""

    message_id: str
    transaction_id: str
    to: str
    octets: bytes


class Mm1Centre:
    """`address` is where phones find it; what waits longest is dropped when there is too much."""

    def __init__(self, address: str) -> None:
        self._address = address.rstrip("/")
        self._waiting: OrderedDict[str, Waiting] = OrderedDict()

    def hold(
        self, submission: Submission, media: list[InboundMedia], message_id: str
    ) -> mm1.NotificationInd:
        """Keep a message; gives what tells its phone of it."""
        name = sha256(f"{message_id}>{submission.to}".encode()).hexdigest()[: 2 * _NAME]
        whole = related(media, submission.body, submission.smil)
        retrieve = mm1.RetrieveConf(
            transaction_id=name,
            message_id=message_id,
            date=int(clock.now().timestamp()),
            from_=mm1.typed(submission.from_),
            to=(mm1.typed(submission.to),),
            message_class=mm1.MessageClass.PERSONAL,
            priority=mm1.Priority.NORMAL,
            content=content_of(whole),
        )
        octets = mm1.encode(retrieve)
        self._put(name, Waiting(message_id, name, submission.to, octets))
        return mm1.NotificationInd(
            transaction_id=name,
            from_=mm1.typed(submission.from_),
            message_class=mm1.MessageClass.PERSONAL,
            message_size=len(octets),
            expiry=mm1.Relative(_LASTS),
            content_location=f"{self._address}/{name}",
        )

    def pushed(self, notification: mm1.NotificationInd) -> list[bytes]:
        """The user data of the short messages that carry it."""
        number = clock.chance().getrandbits(8)
        return mm1.push.split(mm1.push.wrap(mm1.encode(notification), number), number)

    def retrieve(self, location: str) -> bytes:
        """What a GET is answered; of a message that is gone, too."""
        waiting = self._waiting.get(location.rpartition("/")[2])
        if waiting is not None:
            return waiting.octets
        gone = mm1.RetrieveConf(
            date=int(clock.now().timestamp()),
            retrieve_status=mm1.RetrieveStatus.PERMANENT_MESSAGE_NOT_FOUND,
            retrieve_text="This message is not here any more",
            content=mm1.Content(mm1.ContentType("text/plain")),
        )
        return mm1.encode(gone)

    def answered(self, octets: bytes) -> Waiting | None:
        """The message that a phone says it has now; None for one that is unknown, or deferred.

        Raises DecodeError for what is no answer of a phone.
        """
        pdu = mm1.decode(octets)
        match pdu:
            case mm1.AcknowledgeInd():
                return self._waiting.pop(pdu.transaction_id, None)
            case mm1.NotifyRespInd(status=mm1.Status.RETRIEVED | mm1.Status.REJECTED):
                return self._waiting.pop(pdu.transaction_id, None)
            case mm1.NotifyRespInd():
                return None
        raise mm1.DecodeError(f"{type(pdu).__name__} is no answer of a phone", 0)

    def _put(self, name: str, waiting: Waiting) -> None:
        self._waiting[name] = waiting
        if len(self._waiting) > _MOST_WAITING:
            self._waiting.popitem(last=False)
