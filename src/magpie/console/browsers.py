"""Which browser a session is in, as people call it."""

from typing import Final

# The first that is named counts: most browsers also name those that they are like.
_BROWSERS: Final = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
_LONGEST: Final = 60


def browser(user_agent: str) -> str:
    """`Firefox on Windows`; of what is none of them, its own words."""
    found = [_first(user_agent, _BROWSERS), _first(user_agent, _SYSTEMS)]
    return " on ".join(filter(None, found)) if found[0] else user_agent[:_LONGEST]


def _first(user_agent: str, known: tuple[tuple[str, str], ...]) -> str:
    return next((name for sign, name in known if sign in user_agent), "")
