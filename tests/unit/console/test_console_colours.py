"""Contrast of the console's colours, by the formula of WCAG 2.2, in both themes."""

import re

import pytest

from magpie.console import static

_INKS = ("text", "faint", "accent", "good", "warn", "bad")
_GROUNDS = ("ground", "card", "sunken")
_CHIPS = ("good", "warn", "bad", "wait")
_TEXTS = [
    *((ink, ground) for ink in _INKS for ground in _GROUNDS),
    *((name, f"{name}-ground") for name in _CHIPS),
    ("accent", "wait-ground"),
    ("text", "wait-ground"),
    ("on-accent", "accent"),
]
_EDGES = [("edge", ground) for ground in _GROUNDS]


def _colours() -> dict[str, tuple[str, str]]:
    text = (static.FOLDER / "app.css").read_text()
    found = re.findall(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", text)
    return {name: (light, dark) for name, light, dark in found}


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [*((*pair, 4.5) for pair in _TEXTS), *((*pair, 3.0) for pair in _EDGES)],
)
def test_contrast(ink: str, ground: str, least: float, theme: int) -> None:
    """4.5 for text, 3 for the edge of what can be pressed or written in."""
    colours = _colours()
    lights = sorted(_light(colours[name][theme]) for name in (ink, ground))
    assert (lights[1] + 0.05) / (lights[0] + 0.05) >= least


def _light(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
