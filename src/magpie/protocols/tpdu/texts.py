"""Texts of any length as short messages, and back."""

from collections.abc import Iterable
from datetime import datetime

from magpie.protocols.gsm import Concat, UserDataHeader, plan
from magpie.protocols.tpdu.deliver import Deliver


def build(body: str, source: str, sent_at: datetime, reference: int) -> list[Deliver]:
    """In their order; `reference` tells the parts of one long text from those of another."""
    planned = plan(body)
    total = len(planned.parts)
    return [
        Deliver(
            source=source,
            sent_at=sent_at,
            encoding=planned.encoding,
            text=text,
            header=_header(Concat(reference & 0xFF, total, index)),
            more=index < total,
        )
        for index, text in enumerate(planned.parts, 1)
    ]


def read(parts: Iterable[Deliver]) -> str:
    """The text of messages that belong together, whatever order they came in."""
    return "".join(part.text for part in sorted(parts, key=_index))


def _header(concat: Concat) -> UserDataHeader:
    return UserDataHeader((concat.element(),)) if concat.total > 1 else UserDataHeader()


def _index(part: Deliver) -> int:
    return part.header.concat.index if part.header.concat else 0
