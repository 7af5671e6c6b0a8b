"""How a link is, whatever its kind: what its own `state()` tells, in the words of all."""

from datetime import datetime
from typing import Any, Final

import msgspec

from magpie.carriers.base import Carrier
from magpie.carriers.model import Health

UP, DOWN, STOPPED, BROKEN = "up", "down", "stopped", "broken"
# A throttle that ends sooner is waited for; behind a longer one others go another way.
_LONG_PAUSE: Final = 2.0


def told_by(carrier: Carrier) -> dict[str, Any]:
    """A kind without a state of its own, as the simulated network, is always up."""
    state = getattr(carrier, "state", None)
    told: dict[str, Any] = msgspec.to_builtins(state()) if state else {}
    return told


def is_up(told: dict[str, Any]) -> bool:
    return bool(told.get("bound", not told.get("down")))


def health(told: dict[str, Any], state: str, since: datetime) -> Health:
    return Health(
        state=state,
        since=since,
        last_error=told.get("last_error") or told.get("down") or "",
        binds=list(told.get("binds", ())),
        window=told.get("window"),
        outstanding=told.get("outstanding", 0),
        waiting=told.get("waiting", 0),
        share=round(told.get("share", 1.0), 3),
        paused_for=round(told.get("paused", 0.0), 3),
        counters=told.get("counters", {}),
    )


def slow(health_: Health) -> str:
    """Why others had better go another way; blank if they need not."""
    if health_.paused_for > _LONG_PAUSE:
        return f"throttled for {health_.paused_for:.0f} s"
    return ""


def blamed(health_: Health, why: str) -> Health:
    return msgspec.structs.replace(health_, last_error=why) if why else health_
