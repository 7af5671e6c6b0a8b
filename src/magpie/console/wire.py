"""What links of this node still remember of one message."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from magpie.carriers.trace import Tracing, naming
from magpie.carriers.trace_resources import TraceRecord, shown
from magpie.carriers.traffic import keys_of
from magpie.messages.model import Message
from magpie.messages.story import Hop


class Wired(NamedTuple):
    """As the hops the oldest stands first; `trace` is empty once others have taken their place."""

    carrier: str
    trace: list[TraceRecord]


class Wire:
    def __init__(self, links: Mapping[str, object], *, personal: bool) -> None:
        self._links = links
        self._personal = personal

    def of(self, message: Message, hops: Sequence[Hop]) -> list[Wired]:
        """One for each link that was to carry it, and that can be looked at."""
        names = {*keys_of(message.id), *_ids(hops)}
        tries = (hop.detail for hop in hops if hop.name == "submitting")
        carriers = dict.fromkeys(detail.get("carrier", "") for detail in tries)
        return [
            Wired(carrier, self._trace(link, names))
            for carrier in carriers
            if isinstance(link := self._links.get(carrier), Tracing)
        ]

    def _trace(self, link: Tracing, names: set[str]) -> list[TraceRecord]:
        found = naming(link.trace(personal=self._personal), names)
        return [shown(one) for one in found]


def _ids(hops: Sequence[Hop]) -> list[str]:
    """What carriers call it, or its parts."""
    return [id_ for hop in hops if hop.name == "taken" for id_ in hop.detail.get("ids", ())]
