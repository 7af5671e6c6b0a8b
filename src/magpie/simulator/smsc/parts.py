"""Long texts come in parts, in any order; what was resent has the id it had before."""

from collections import OrderedDict

import msgspec

from magpie.protocols.gsm import Concat

_MOST_TEXTS = 10_000
_MOST_KNOWN = 1_000_000


class Part(msgspec.Struct, frozen=True):
    text: str
    key: str


class Whole(msgspec.Struct, frozen=True):
    """`key` is that of the first part."""

    body: str
    key: str


class Assembler:
    """Texts that never become whole are dropped when there are too many."""

    def __init__(self) -> None:
        self._texts: OrderedDict[tuple[object, ...], dict[int, Part]] = OrderedDict()

    def add(self, from_: str, to: str, concat: Concat | None, part: Part) -> Whole | None:
        if concat is None or concat.total < 2:  # noqa: PLR2004 - a text of one part
            return Whole(part.text, part.key)
        name = (from_, to, concat.reference, concat.total)
        parts = self._texts.setdefault(name, {})
        parts[concat.index] = part
        if len(parts) < concat.total:
            if len(self._texts) > _MOST_TEXTS:
                self._texts.popitem(last=False)
            return None
        del self._texts[name]
        return Whole("".join(parts[n].text for n in sorted(parts)), parts[min(parts)].key)


class Known(msgspec.Struct):
    """`id` is blank until the message was taken over."""

    at: float
    id: str = ""
    tries: int = 0


class References:
    """What was submitted under which reference, the latest million of them."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Known] = OrderedDict()

    def met(self, key: str, now: float, lasting: float | None) -> Known:
        """`lasting` is for how many seconds a reference names the same message."""
        known = self._known.get(key)
        if known is None or (lasting is not None and now - known.at > lasting):
            known = self._known[key] = Known(now)
            if len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)
        known.tries += 1
        return known
