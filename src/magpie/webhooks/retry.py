"""What to do after a webhook was tried.

Two policies: the way of Twilio, whose connection overrides bound a burst of tries, and a durable
one in the way of Standard Webhooks (specification, "Deliverability and reliability").
Failures are named as `magpie.kit.egress.Failure` names them.
"""

from dataclasses import dataclass

from magpie.webhooks.overrides import Overrides, RetryOn

RETRIEVAL_FAILED = 11200
ERROR_STATUS = RETRIEVAL_FAILED  # Twilio also knows 11217 for it; debuggers show 11200

# The codes that the debugger shows (Twilio's error dictionary, 11100 to 11750).
CODES = {
    "bad_url": 11100,
    "denied": RETRIEVAL_FAILED,
    "host_not_found": 11210,
    "connect_timeout": 11201,
    "refused": 11202,
    "unreachable": 11205,
    "tls_handshake": 11220,
    "certificate_host": 11235,
    "certificate_expired": 11236,
    "certificate_path": 11237,
    "connection_lost": 11205,
    "read_timeout": 11205,
    "total_timeout": 11203,
    "protocol_violation": 11206,
    "too_large": 11750,
    "encoded_body": RETRIEVAL_FAILED,
    "redirect_loop": 11215,
    "bad_redirect": 11216,
}

# A bad certificate is no passing trouble, so `ct` leaves it out.
_KINDS = {
    "host_not_found": RetryOn.CONNECT,
    "connect_timeout": RetryOn.CONNECT,
    "refused": RetryOn.CONNECT,
    "unreachable": RetryOn.CONNECT,
    "tls_handshake": RetryOn.CONNECT,
    "connection_lost": RetryOn.READ,
    "read_timeout": RetryOn.READ,
}

GONE = 410


@dataclass(frozen=True, slots=True)
class Done:
    pass


@dataclass(frozen=True, slots=True)
class Retry:
    """Seconds from now; `code` says what was wrong this time."""

    delay: float
    code: int


@dataclass(frozen=True, slots=True)
class GiveUp:
    """`disable` when the endpoint asked never to be called again."""

    code: int
    disable: bool = False


Decision = Done | Retry | GiveUp


@dataclass(frozen=True, slots=True)
class Result:
    """A status or the name of a failure; `partial` when an answer had begun to come."""

    status: int | None = None
    failure: str | None = None
    partial: bool = False
    retry_after: float = 0.0

    @property
    def ok(self) -> bool:
        return self.failure is None and self.status is not None and 200 <= self.status < 300  # noqa: PLR2004


def code(result: Result) -> int:
    if result.failure is not None:
        return CODES.get(result.failure, RETRIEVAL_FAILED)
    return ERROR_STATUS if _kind(result) else RETRIEVAL_FAILED


def decide(overrides: Overrides, tries: int, elapsed: float, result: Result) -> Decision:
    """After the try numbered `tries` (from 1), `elapsed` seconds after the first began."""
    if result.ok:
        return Done()
    again = (
        not result.partial
        and _kind(result) in overrides.retry_on
        and tries <= overrides.retries
        and elapsed < overrides.total
    )
    return Retry(0.0, code(result)) if again else GiveUp(code(result))


def bounds(overrides: Overrides, elapsed: float) -> tuple[float, float, float]:
    """Seconds to connect, to read and in total for a try that begins `elapsed` after the first."""
    left = max(overrides.total - elapsed, 0.0)
    return min(overrides.connect, left), min(overrides.read, left), left


@dataclass(frozen=True, slots=True)
class Durable:
    """Ten tries over 75 hours; `delays` are seconds, each lengthened by up to `spread` of it."""

    delays: tuple[float, ...] = (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
    spread: float = 0.1
    longest: float = 86400

    def decide(self, tries: int, result: Result, jitter: float) -> Decision:
        """`jitter` is drawn evenly from 0 to 1."""
        if result.ok:
            return Done()
        if result.status == GONE:
            return GiveUp(code(result), disable=True)
        if tries > len(self.delays) or result.failure == "bad_url":
            return GiveUp(code(result))
        delay = self.delays[tries - 1] * (1 + self.spread * jitter)
        return Retry(max(delay, min(result.retry_after, self.longest)), code(result))


def _kind(result: Result) -> RetryOn | None:
    if result.failure is not None:
        return _KINDS.get(result.failure)
    return {4: RetryOn.CLIENT_ERROR, 5: RetryOn.SERVER_ERROR}.get((result.status or 0) // 100)
