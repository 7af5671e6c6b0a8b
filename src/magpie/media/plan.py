"""What to keep, shrink, convert or drop of a message's media for one carrier, and why.

Pure: parts and terms in, a plan out. The same parts and terms give the same plan, so that what was
made by it can be used again.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

import msgspec

from magpie.media import shares
from magpie.media.profile import Profile
from magpie.media.recipe import (
    NEVER_FITS,
    Animation,
    Facts,
    Film,
    Picture,
    PictureFormat,
    Recipe,
    Sound,
    Strip,
)
from magpie.media.terms import TYPES, Part, Terms, accepted, held, may_stay, type_of

REFUSED_TYPE: Final = 63021
_STRIPPED: Final = frozenset({"jpeg", "png", "gif", "mp4", "3gp", "m4a"})
_SEE_THROUGH: Final[tuple[PictureFormat, ...]] = ("png", "gif")
_ROOMY: Final = 0.6
"""Of its share: so much may an opaque PNG have to stay one when only colours or sides change."""


class Action(StrEnum):
    KEEP = "keep"
    STRIP = "strip"
    SHRINK = "shrink"
    CONVERT = "convert"
    DROP = "drop"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of one part; `why` is for a person, `code` tells why one is dropped."""

    action: Action
    why: str
    content_type: str = ""
    recipe: Recipe | None = None
    code: int | None = None


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Steps in the order of the parts. `budget` is the carrier's, for the whole message."""

    steps: tuple[Step, ...]
    budget: int


def plan(parts: Sequence[Part], terms: Terms, made: Mapping[int, int] | None = None) -> Plan:
    """`made` are sizes, by place, of results that came out smaller than they had to."""
    profile = terms.profile
    free = shares.room(parts, terms)
    fixed = [n for n, part in enumerate(parts) if part.facts is None]
    drops = {n: _refused(profile) for n in fixed if not accepted(parts[n], profile)}
    fixed = [n for n in fixed if n not in drops]
    drops |= {n: _too_large(free) for n in shares.too_large(parts, fixed, free)}
    free -= sum(parts[n].size for n in fixed if n not in drops)
    bytes_for = shares.share(parts, free, profile, made or {})
    steps = [
        drops.get(n) or (_step(part, profile, bytes_for[n]) if part.facts else _kept(part))
        for n, part in enumerate(parts)
    ]
    return Plan(steps=tuple(steps), budget=terms.budget)


def _refused(profile: Profile) -> Step:
    return Step(action=Action.DROP, why=f"{profile.title} does not take it", code=REFUSED_TYPE)


def _too_large(room: int) -> Step:
    why = f"it cannot be made small enough: {room} bytes are left for it"
    return Step(action=Action.DROP, why=why, code=NEVER_FITS)


def _kept(part: Part) -> Step:
    return Step(action=Action.KEEP, why="sent as it is", content_type=type_of(part))


def _step(part: Part, profile: Profile, share: int) -> Step:
    facts = part.facts
    assert facts is not None
    if part.size <= share and may_stay(part, profile):
        if not (profile.strip and facts.tagged and facts.format in _STRIPPED):
            return _kept(part)
        why = "metadata is taken out, the rest stays as it is"
        return Step(action=Action.STRIP, why=why, content_type=type_of(part), recipe=Strip())
    if share < min(shares.LEAST[facts.kind], part.size):
        return _too_large(share)
    recipe, content_type = _recipe(part, facts, profile, share)
    same = content_type == type_of(part)
    return Step(
        action=Action.SHRINK if same else Action.CONVERT,
        why=_why(part, facts, profile, share),
        content_type=content_type,
        recipe=recipe,
    )


def _why(part: Part, facts: Facts, profile: Profile, share: int) -> str:
    if not accepted(part, profile):
        codecs = " with ".join(codec for codec in (facts.video, facts.audio) if codec)
        return f"{profile.title} does not take {type_of(part)}{f' ({codecs})' if codecs else ''}"
    reasons = (
        (part.size > share, f"{part.size} bytes, {share} are its share"),
        (facts.orientation != 1, "turned upright"),
        (facts.profiled, "colours brought to sRGB"),
        (facts.more, "other tracks, such as of places, are taken out"),
        (facts.progressive and profile.picture.baseline, f"{profile.title} shows baseline alone"),
    )
    larger = f"{facts.width} x {facts.height} is larger than {profile.title} takes"
    return next((why for so, why in reasons if so), larger)


def _recipe(part: Part, facts: Facts, profile: Profile, share: int) -> tuple[Recipe, str]:
    film, sound = profile.film, profile.sound
    match facts.kind:
        case "film":
            # The sizes of a 3GP are those of its codec, however it is held.
            width, height = (film.width, film.height) if film.format == "3gp" else held(facts, film)
            return Film(
                format=film.format, most_bytes=share, most_width=width, most_height=height
            ), TYPES[film.format]
        case "sound":
            return Sound(format=sound.format, most_bytes=share), TYPES[sound.format]
        case "image":
            return _image(part, facts, profile, share)


def _image(part: Part, facts: Facts, profile: Profile, share: int) -> tuple[Recipe, str]:
    picture = profile.picture
    width, height = held(facts, picture)
    if facts.frames > 1 and "image/gif" in profile.accepts:
        moving = Animation(most_bytes=share, most_width=width, most_height=height)
        return moving, TYPES["gif"]
    chosen: PictureFormat = "jpeg"
    if facts.alpha or facts.format == "gif":
        chosen = next((name for name in _SEE_THROUGH if TYPES[name] in profile.accepts), "jpeg")
    elif facts.format == "png" and accepted(part, profile) and part.size <= share * _ROOMY:
        chosen = "png"
    still = Picture(
        format=chosen,
        most_bytes=share,
        most_width=width,
        most_height=height,
        progressive=picture.progressive,
    )
    return still, TYPES[chosen]
