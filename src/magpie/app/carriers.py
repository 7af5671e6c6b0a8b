"""The links and routes that the settings ask for; without any, the simulated network takes all."""

from collections.abc import Sequence
from dataclasses import dataclass

from magpie.carriers.base import Carrier
from magpie.carriers.loopback import LoopbackCarrier, Network
from magpie.carriers.mm7 import Mm7Carrier
from magpie.carriers.mm7 import options_of as mm7_options_of
from magpie.carriers.mms import Contents
from magpie.carriers.routes import Route
from magpie.carriers.smpp import SmppCarrier
from magpie.carriers.smpp import options_of as smpp_options_of
from magpie.carriers.traffic import Kind
from magpie.kit.egress import Policy
from magpie.settings import (
    CarrierSettings,
    LoopbackSettings,
    Mm7Settings,
    Settings,
    SmppSettings,
)

SIMULATOR = "simulator"


class NotLinked(Exception):  # noqa: N818 - what an operator reads
    """A link of this kind is not there yet."""


@dataclass(frozen=True, slots=True)
class Means:
    """What links are made with."""

    network: Network | None
    contents: Contents
    policy: Policy


def carriers_of(settings: Settings, means: Means) -> dict[str, Carrier]:
    links: dict[str, Carrier] = {}
    if means.network is not None:
        links[SIMULATOR] = LoopbackCarrier(SIMULATOR, means.network)
    for wanted in settings.carriers:
        link = link_of(wanted, means)
        if link is not None:
            links[wanted.name] = link
    return links


def link_of(wanted: CarrierSettings, means: Means) -> Carrier | None:
    """None for the simulated network where that does not run."""
    match wanted:
        case SmppSettings():
            return SmppCarrier(smpp_options_of(wanted))
        case Mm7Settings():
            return Mm7Carrier(mm7_options_of(wanted), means.contents, means.policy)
        case LoopbackSettings():
            if means.network is None:
                return None
            return LoopbackCarrier(wanted.name, means.network)
        case _:
            raise NotLinked(f"carrier {wanted.name}: this Magpie has no links of its kind")


def routes_of(settings: Settings, links: Sequence[str]) -> tuple[Route, ...]:
    """Routes given by the operator; else all to the simulated network, if there is one."""
    given = tuple(
        Route(
            prefix=route.prefix,
            carrier=route.carrier,
            kinds=frozenset(Kind(kind) for kind in route.kinds),
            priority=route.priority,
        )
        for route in settings.routes
    )
    if given or SIMULATOR not in links:
        return given
    return (Route(prefix="", carrier=SIMULATOR),)
