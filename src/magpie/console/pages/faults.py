"""The faults of simulated networks, as a switch with a few named positions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import msgspec

from magpie.errors import Refused
from magpie.kit.rest import Call, Form, PageRequest, Params
from magpie.simulator.carriers.resources import Carriers as Networks
from magpie.simulator.profile import BY_NAME, Faults, Profile, When

_ALL: Final = PageRequest(size=1000)
_CALM: Final[Mapping[str, Any]] = {"faults": {}, "latency": 0, "receipts": "normal"}
_NOTHING: Final = Params.parse(Form())

PRESETS: Final[Mapping[str, Mapping[str, Any]]] = {
    "nothing wrong": {},
    "refusing": {"faults": {"refuse": 1}},
    "throttling": {"faults": {"throttle": 0.5}},
    "failing now and then": {"faults": {"temporary": 0.3}},
    "silent": {"faults": {"silence": 1}},
    "hanging up": {"faults": {"disconnect": 0.3}},
    "answering garbage": {"faults": {"garbage": 0.3}},
    "cut off in its answers": {"faults": {"cut": 0.3}},
    "not delivering": {"faults": {"undelivered": 1}},
    "delivering twice": {"faults": {"duplicate": 1}},
    "slow": {"latency": [1, 3]},
    "without receipts": {"receipts": "none"},
    "receipts late": {"receipts": "late"},
    "receipts twice": {"receipts": "duplicate"},
    "receipts too early": {"receipts": "before_response"},
}


class Network(msgspec.Struct, frozen=True):
    """`troubles` are what it does wrong, `set` says that it was told to and can be put back.

    `preset` is the position of the switch, blank where it is between them.
    """

    name: str
    troubles: list[str]
    set: bool
    preset: str


async def every(networks: Networks | None, call: Call) -> Sequence[Network]:
    if networks is None:
        return ()
    found = await networks.list(call, _NOTHING, _ALL)
    return [_network(one.profile) for one in found.items]


async def switch(networks: Networks, call: Call, name: str, preset: str) -> None:
    if preset not in PRESETS:
        raise Refused(20422, f"{preset} is no preset.")
    await _change(networks, call, name, {**_CALM, **PRESETS[preset]})


async def off(networks: Networks, call: Call, name: str) -> None:
    """A built-in network is as it was at first, another one has no faults."""
    if name in BY_NAME:
        await networks.delete(call, name)
    else:
        await _change(networks, call, name, _CALM)


async def _change(networks: Networks, call: Call, name: str, change: Mapping[str, Any]) -> None:
    asked = replace(call, body=msgspec.json.encode(change))
    await networks.update(asked, name, _NOTHING)


def _network(profile: Profile) -> Network:
    troubles = _troubles(profile)
    known = BY_NAME.get(profile.name)
    told = profile != known if known else bool(troubles)
    return Network(profile.name, troubles, set=told, preset=_preset(profile))


def _preset(profile: Profile) -> str:
    done = profile.faults, profile.latencies, profile.receipts
    for name, preset in PRESETS.items():
        wanted = msgspec.convert({"name": profile.name, **_CALM, **preset}, Profile)
        if (wanted.faults, wanted.latencies, wanted.receipts) == done:
            return name
    return ""


def _troubles(profile: Profile) -> list[str]:
    told = [
        f"{name} {_share(hit)}"
        for name in Faults.__struct_fields__
        if not name.endswith("_code") and (hit := getattr(profile.faults, name))
    ]
    low, high = profile.latencies
    if high:
        told.append(f"latency {low:g} to {high:g} s" if low != high else f"latency {low:g} s")
    return told + ([f"receipts {profile.receipts}"] if profile.receipts != "normal" else [])


def _share(hit: float | When) -> str:
    if not isinstance(hit, When):
        return f"{hit:.0%}"
    to = f" to …{hit.to}" if hit.to else ""
    return f"{hit.share:.0%}{to}" + (f", first {hit.attempts} tries" if hit.attempts else "")
