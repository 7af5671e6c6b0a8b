"""What would become of a message on a carrier, found out without sending it: pure but for media."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from magpie.errors import text_of
from magpie.media.fit import Fit, Maker, Source, fit
from magpie.media.profile import Profile
from magpie.media.recipe import Unusable
from magpie.media.terms import Terms
from magpie.media.told import part_told
from magpie.protocols import gsm
from magpie.usage.prices import Kind, PriceBook, Quote, SenderKind

# A short link is appended with a blank: its path and token, and what stands before them.
_LINK: Final = " {base}/m/" + "0" * 22


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A message as it would be sent.

    `converts` says whether its owner uses the MMS Converter, `rescues` whether also for what a
    carrier refuses.
    """

    body: str
    smart: bool
    mms: bool
    sources: Sequence[Source]
    sender_kind: SenderKind
    converts: bool
    rescues: bool
    link_url: str


class Network(msgspec.Struct, frozen=True, kw_only=True):
    """Where it would go; `most_bytes` is what the link or the handset allows besides."""

    name: str
    profile: Profile
    mms: bool = True
    most_bytes: int | None = None


class Foresight:
    def __init__(self, maker: Maker, prices: PriceBook) -> None:
        self._maker = maker
        self._prices = prices

    async def verdict(self, asked: Question, network: Network) -> dict[str, Any]:
        """Media are really made, so that sizes are those which will be sent."""
        base = {"carrier": network.name, "profile": network.profile.name}
        if not asked.mms:
            return base | self._text(asked, asked.body, network)
        if not network.mms:
            return base | self._instead(asked, network, 21612, wanted=asked.converts)
        try:
            made = await fit(asked.sources, _terms(asked, network), self._maker)
        except Unusable as unusable:
            return base | _refused(unusable.code, unusable.why)
        return base | self._picture(asked, network, made)

    def _picture(self, asked: Question, network: Network, made: Fit) -> dict[str, Any]:
        told = {
            "budget": made.budget,
            "bytes": sum(part.size for part in made.sent),
            "parts": [part_told(part) for part in made.parts],
        }
        if made.dropped:
            step = made.dropped[0].step
            rescued = asked.converts and asked.rescues
            if not rescued or not made.sent:
                return told | self._instead(asked, network, step.code or 30019, wanted=rescued)
        return told | {
            "kind": "mms",
            "converted": bool(made.dropped),
            "segments": 1,
            "price": _price(self._quote("mms", asked, network, 1)),
            "refused": None,
        }

    def _instead(
        self, asked: Question, network: Network, code: int, *, wanted: bool
    ) -> dict[str, Any]:
        if not wanted:
            return _refused(code, text_of(code))
        link = _LINK.format(base=asked.link_url) if asked.sources else ""
        return self._text(asked, (asked.body + link).strip(), network) | {"converted": bool(link)}

    def _text(self, asked: Question, body: str, network: Network) -> dict[str, Any]:
        shown = encoding(body, smart=asked.smart)
        segments = shown["segments"]
        return {
            "kind": "sms",
            "converted": False,
            **shown,
            "price": _price(self._quote("sms", asked, network, segments)),
            "refused": None,
        }

    def _quote(self, kind: Kind, asked: Question, network: Network, segments: int) -> Quote:
        return self._prices.quote(
            kind=kind,
            direction="outbound",
            sender_kind=asked.sender_kind,
            carrier=network.profile.name,
            segments=segments,
        )


def encoding(body: str, *, smart: bool) -> dict[str, Any]:
    """How a text would travel; `outside_gsm` are the characters that make it UCS-2."""
    sent = gsm.smart_encode(body) if smart else body
    kind = gsm.encoding_of(sent)
    outside = dict.fromkeys(char for char in sent if not gsm.is_gsm7(char))
    return {
        "encoding": kind.value,
        "segments": gsm.count(sent),
        "units": gsm.units(sent, kind),
        "outside_gsm": [*outside],
    }


def _terms(asked: Question, network: Network) -> Terms:
    return Terms(
        profile=network.profile,
        sender_kind=asked.sender_kind,
        most_bytes=network.most_bytes,
        text_bytes=len(asked.body.encode()),
    )


def _refused(code: int, why: str) -> dict[str, Any]:
    return {"kind": None, "converted": False, "price": None, "refused": {"code": code, "why": why}}


def _price(quote: Quote) -> dict[str, str]:
    return {"total": f"{quote.total:.5f}", "unit": quote.currency}
