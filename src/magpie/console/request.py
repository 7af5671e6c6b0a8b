"""The request by which a message came, as its page shows it."""

from typing import NamedTuple

from magpie.carriers.smpp import trace
from magpie.carriers.trace import Traced
from magpie.carriers.trace_resources import TraceRecord, shown
from magpie.messages.model import Message
from magpie.messages.raw import told
from magpie.messages.raw.model import MOST, RawRequest
from magpie.messages.request import SendMessage
from magpie.protocols.smpp import Framer


class Field(NamedTuple):
    """`known` where the call has such a parameter: others are ignored, as at Twilio."""

    name: str
    value: str
    known: bool


class Came(NamedTuple):
    """`text` is the request on the wire, `pdus` what SMPP had in its place."""

    request: RawRequest
    fields: list[Field]
    text: str
    pdus: list[TraceRecord]

    @property
    def cut(self) -> bool:
        return self.request.size > MOST and len(self.request.body) == MOST

    @property
    def ignored(self) -> list[str]:
        return [field.name for field in self.fields if not field.known]


def came(message: Message, request: RawRequest) -> Came:
    if request.door == "smpp":
        return Came(request, [], "", _pdus(message, request.body))
    known = {*SendMessage.names(), "Media"}
    fields = [Field(name, value, name in known) for name, value in told.parameters(request)]
    return Came(request, fields, told.text(request), [])


def _pdus(message: Message, octets: bytes) -> list[TraceRecord]:
    read = [trace.read(frame, personal=True) for frame in Framer().feed(octets)]
    return [
        shown(
            Traced(
                number=number,
                at=message.date_created,
                direction="in",
                what=one.what,
                status=one.status,
                sequence=one.sequence,
                fields=one.fields,
                octets=one.octets,
                names=one.names,
            )
        )
        for number, one in enumerate(read, 1)
    ]
