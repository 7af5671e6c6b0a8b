"""Connection overrides: what a webhook URL asks for in its fragment (`#ct=2000&rc=2&rp=all`).

A value out of range or unreadable counts as not given, as does an unknown key; only a bad retry
policy is an error (11243).
"""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qsl, urlsplit

BAD_RETRY_POLICY = 11243


class RetryOn(StrEnum):
    CLIENT_ERROR = "4xx"
    SERVER_ERROR = "5xx"
    CONNECT = "ct"
    READ = "rt"


class BadRetryPolicyError(ValueError):
    code = BAD_RETRY_POLICY


@dataclass(frozen=True, slots=True)
class Overrides:
    """Seconds. `total` is for all tries together, `retries` are those after the first."""

    connect: float = 5.0
    read: float = 15.0
    total: float = 15.0
    retries: int = 1
    retry_on: frozenset[RetryOn] = frozenset({RetryOn.CONNECT})
    sni: bool = True
    edges: tuple[str, ...] = ("ashburn",)


DEFAULT = Overrides()


def split(url: str) -> tuple[str, Overrides]:
    """The URL as it is requested and signed, and what its fragment asks for."""
    url, _, fragment = url.partition("#")
    return _with_path(url), parse(fragment) if fragment else DEFAULT


def parse(fragment: str) -> Overrides:
    given = dict(parse_qsl(fragment))
    return Overrides(
        connect=_seconds(given.get("ct"), 10_000, DEFAULT.connect),
        read=_seconds(given.get("rt"), 15_000, DEFAULT.read),
        total=_seconds(given.get("tt"), 15_000, DEFAULT.total),
        retries=_whole(given.get("rc"), range(6), DEFAULT.retries),
        retry_on=_policy(given["rp"]) if "rp" in given else DEFAULT.retry_on,
        sni=given.get("sni", "y").lower() != "n",
        edges=_list(given.get("e", "")) or DEFAULT.edges,
    )


def _with_path(url: str) -> str:
    # A client requests `/` where a URL has no path, and validators sign what was requested.
    parts = urlsplit(url)
    if parts.path or not parts.netloc:
        return url
    head, mark, query = url.partition("?")
    return f"{head}/{mark}{query}"


def _seconds(text: str | None, most: int, default: float) -> float:
    milliseconds = _whole(text, range(100, most + 1), 0)
    return milliseconds / 1000 if milliseconds else default


def _whole(text: str | None, allowed: range, default: int) -> int:
    if text is None or not text.isascii() or not text.isdigit() or len(text) > len("15000"):
        return default
    return int(text) if int(text) in allowed else default


def _policy(text: str) -> frozenset[RetryOn]:
    asked = _list(text)
    if "all" in asked:
        asked = (*(one for one in asked if one != "all"), *RetryOn)
    try:
        policy = frozenset(map(RetryOn, asked))
    except ValueError as error:
        raise BadRetryPolicyError(str(error)) from error
    if not policy:
        raise BadRetryPolicyError("empty")
    return policy


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip().lower() for part in text.split(",") if part.strip())
