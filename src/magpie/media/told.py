"""An adaptation in words and figures, for people: the timeline, a preflight, the command line."""

from typing import Any

import msgspec

from magpie.media.fit import Fit, Fitted
from magpie.media.recipe import Facts, Made


def told(made: Fit, whom: str) -> dict[str, Any]:
    """What the timeline says of it, part by part."""
    return {
        "for": whom,
        "budget": made.budget,
        "bytes": sum(part.size for part in made.sent),
        "parts": [part_told(part) for part in made.parts],
    }


def part_told(part: Fitted) -> dict[str, Any]:
    """Bytes and dimensions before and after, what was done, why, and what it cost."""
    shown: dict[str, Any] = {
        "action": part.step.action.value,
        "why": part.step.why,
        "was": _form(part.source.content_type, part.source.size, part.facts),
    }
    if part.step.code is not None:
        shown["code"] = part.step.code
    if part.result is not None:
        made = _form(part.content_type, part.size, part.result.made)
        shown["is"] = made | {"digest": part.digest}
        cost = part.result.cost
        shown |= {"cached": True} if cost is None else msgspec.to_builtins(cost)
    return shown


def _form(content_type: str, size: int, known: Facts | Made | None) -> dict[str, Any]:
    form: dict[str, Any] = {"content_type": content_type, "bytes": size}
    if known is not None and known.width:
        form |= {"width": known.width, "height": known.height}
    if known is not None and known.frames > 1:
        form["frames"] = known.frames
    if known is not None and known.seconds:
        form["seconds"] = round(known.seconds, 2)
    return form
