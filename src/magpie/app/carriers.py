"""What links are made of, and which the settings ask for."""

from dataclasses import dataclass

from magpie.carriers.base import Carrier
from magpie.carriers.fleet import Given
from magpie.carriers.http import HttpCarrier
from magpie.carriers.http import options_of as http_options_of
from magpie.carriers.loopback import LoopbackCarrier, Network
from magpie.carriers.mm1 import Mm1Carrier
from magpie.carriers.mm1 import options_of as mm1_options_of
from magpie.carriers.mm4 import Knows, Mm4Carrier
from magpie.carriers.mm4 import options_of as mm4_options_of
from magpie.carriers.mm7 import Mm7Carrier
from magpie.carriers.mm7 import options_of as mm7_options_of
from magpie.carriers.mms import Contents
from magpie.carriers.model import Origin
from magpie.carriers.routes import Route
from magpie.carriers.smpp import SmppCarrier
from magpie.carriers.smpp import options_of as smpp_options_of
from magpie.carriers.traffic import Kind
from magpie.kit.egress import Policy
from magpie.settings import (
    HttpSettings,
    LinkSettings,
    LoopbackSettings,
    Mm1Settings,
    Mm4Settings,
    Mm7Settings,
    Settings,
    SmppSettings,
)

SIMULATOR = "simulator"


@dataclass(frozen=True, slots=True)
class Means:
    """What links are made with; `knows` says which numbers are ours, `base_url` where we are."""

    network: Network | None
    contents: Contents
    policy: Policy
    knows: Knows
    base_url: str


def given_of(settings: Settings, means: Means) -> Given:
    """What the file says; without any route all goes to the simulated network, if there is one."""
    links: list[tuple[Origin, LinkSettings]] = [(Origin.FILE, one) for one in settings.carriers]
    named = {one.name for one in settings.carriers}
    if means.network is not None and SIMULATOR not in named:
        links.insert(0, (Origin.BUILT_IN, LoopbackSettings(name=SIMULATOR)))
        named.add(SIMULATOR)
    otherwise = (Route(prefix="", carrier=SIMULATOR),) if SIMULATOR in named else ()
    return Given(links, routes_of(settings), otherwise)


def link_of(wanted: LinkSettings, means: Means) -> Carrier | None:
    """None for the simulated network where that does not run."""
    match wanted:
        case SmppSettings():
            return SmppCarrier(smpp_options_of(wanted))
        case HttpSettings():
            options = http_options_of(wanted, means.base_url)
            return HttpCarrier(options, means.contents, means.policy)
        case LoopbackSettings():
            return LoopbackCarrier(wanted.name, means.network) if means.network else None
        case _:
            return _mms_link_of(wanted, means)


def _mms_link_of(wanted: LinkSettings, means: Means) -> Carrier:
    match wanted:
        case Mm7Settings():
            return Mm7Carrier(mm7_options_of(wanted), means.contents, means.policy)
        case Mm4Settings():
            return Mm4Carrier(mm4_options_of(wanted), means.contents, means.knows)
        case _:
            assert isinstance(wanted, Mm1Settings)
            return Mm1Carrier(mm1_options_of(wanted), means.contents, means.policy)


def routes_of(settings: Settings) -> tuple[Route, ...]:
    return tuple(
        Route(
            prefix=route.prefix,
            carrier=route.carrier,
            kinds=frozenset(Kind(kind) for kind in route.kinds),
            priority=route.priority,
        )
        for route in settings.routes
    )
