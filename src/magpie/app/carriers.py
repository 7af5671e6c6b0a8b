"""The links and routes that the settings ask for; without any, the simulated network takes all."""

from collections.abc import Sequence

from magpie.carriers.base import Carrier
from magpie.carriers.loopback import LoopbackCarrier, Network
from magpie.carriers.routes import Route
from magpie.carriers.smpp import SmppCarrier, options_of
from magpie.carriers.traffic import Kind
from magpie.settings import CarrierSettings, Settings, SmppSettings

SIMULATOR = "simulator"


def carriers_of(settings: Settings, network: Network | None) -> dict[str, Carrier]:
    links: dict[str, Carrier] = {}
    if network is not None:
        links[SIMULATOR] = LoopbackCarrier(SIMULATOR, network)
    for wanted in settings.carriers:
        link = _link(wanted, network)
        if link is not None:
            links[wanted.name] = link
    return links


def _link(wanted: CarrierSettings, network: Network | None) -> Carrier | None:
    if isinstance(wanted, SmppSettings):
        return SmppCarrier(options_of(wanted))
    return None if network is None else LoopbackCarrier(wanted.name, network)


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
