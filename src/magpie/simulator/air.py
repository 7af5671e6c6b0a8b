"""What goes between the simulated network and its phones: octets of SMS and of MM1."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, TypeAlias

from msgspec.structs import replace

from magpie.carriers.mm1 import trace as mm1_trace
from magpie.carriers.trace import Shown, Trace, digits_hidden
from magpie.carriers.traffic import Kind, Submission
from magpie.kit import clock
from magpie.kit.blobs import Blobs
from magpie.protocols import mm1, tpdu
from magpie.simulator.mmsc.mm1 import Mm1Centre
from magpie.simulator.mmsc.over_the_air import OverTheAir

Said: TypeAlias = "tpdu.Deliver | mm1.Pdu"


class Air:
    """A phone shows what it read of these octets, and nothing else. Traced by carrier."""

    def __init__(self, blobs: Blobs) -> None:
        self._pictures = OverTheAir(blobs, Mm1Centre("http://mmsc"))
        self._traces: defaultdict[str, Trace[Said]] = defaultdict(lambda: Trace(read))

    def trace_of(self, carrier: str) -> Trace[Said]:
        return self._traces[carrier]

    async def bring(self, carrier: str, submission: Submission, message_id: str) -> Submission:
        """The message as its phone shows it."""
        trace = self._traces[carrier]
        if submission.kind is Kind.MMS:
            return await self._pictures.bring(submission, message_id, trace)
        heard = list(_heard(submission))
        for one in heard:
            trace.sent(one, about=submission.key)
        return replace(submission, from_=heard[0].source, body=tpdu.read(heard))


def _heard(submission: Submission) -> Iterator[tpdu.Deliver]:
    reference = clock.chance().getrandbits(8)
    for one in tpdu.build(submission.body, submission.from_, clock.now(), reference):
        yield tpdu.decode(tpdu.encode(one))


def read(said: Said, personal: bool) -> Shown:  # noqa: FBT001 - as every Reader
    if isinstance(said, mm1.Pdu):
        return mm1_trace.read(said, personal)
    safe = said if personal else _masked(said)
    concat = safe.header.concat
    return Shown(
        what="sms-deliver",
        sequence=f"{concat.index} of {concat.total}" if concat else "",
        fields=_fields(safe),
        octets=tpdu.encode(safe),
    )


def _fields(pdu: tpdu.Deliver) -> dict[str, Any]:
    told = {
        "from": pdu.source,
        "sent_at": pdu.sent_at.isoformat(),
        "encoding": pdu.encoding.value,
        "text": pdu.text,
    }
    return told | ({"more": True} if pdu.more else {})


def _masked(pdu: tpdu.Deliver) -> tpdu.Deliver:
    """As long as it was, without who it is from and what it says."""
    return replace(pdu, source=digits_hidden(pdu.source), text="*" * len(pdu.text))
