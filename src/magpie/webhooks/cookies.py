"""Cookies of a session between a phone and a sender (lifecycle.md section 3)."""

import re
from collections.abc import Iterable, Mapping

_BAD_NAME = re.compile(r"[\t\r\n\v\f]")
_MOST = 50
_LONGEST = 4096


def header(jar: Mapping[str, str]) -> str | None:
    return "; ".join(f"{name}={value}" for name, value in jar.items()) or None


def merge(jar: Mapping[str, str], set_cookies: Iterable[str]) -> dict[str, str]:
    """Give the jar after an answer; an empty name or one with white space is passed over.

    Attributes do not matter: a jar belongs to one session, and lives as long as that.
    """
    merged = dict(jar)
    for line in set_cookies:
        name, equals, value = line.partition(";")[0].partition("=")
        name = name.strip(" ")
        if not equals or not name or _BAD_NAME.search(name + value) or len(line) > _LONGEST:
            continue
        merged[name] = value.strip(" ")
    return dict(list(merged.items())[-_MOST:])
