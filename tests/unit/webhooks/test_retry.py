from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.kit.egress import Failure
from magpie.webhooks.overrides import DEFAULT, Overrides, RetryOn, parse
from magpie.webhooks.retry import (
    CODES,
    Done,
    Durable,
    GiveUp,
    Result,
    Retry,
    bounds,
    code,
    decide,
)

ALL = Overrides(retries=5, retry_on=frozenset(RetryOn))


def test_every_failure_has_a_code() -> None:
    """No way in which a request can fail is without its line in the debugger."""
    assert set(CODES) == set(Failure)


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_any_2xx_is_done(status: int) -> None:
    """An answer that accepts ends the matter."""
    assert decide(DEFAULT, 1, 0.0, Result(status)) == Done()


CONNECTING = ("host_not_found", "connect_timeout", "refused", "unreachable", "tls_handshake")


@pytest.mark.parametrize(
    ("result", "again"),
    [(Result(failure=name), name in CONNECTING) for name in CODES]
    + [(Result(status), False) for status in (304, 400, 404, 410, 429, 500, 502, 503)],
)
def test_by_default_only_connecting_is_tried_again(result: Result, *, again: bool) -> None:
    """Twilio's default repeats a failed connection and nothing else, so never a 5xx."""
    found = decide(DEFAULT, 1, 1.0, result)
    assert found == (Retry(0.0, code(result)) if again else GiveUp(code(result)))


@pytest.mark.parametrize(
    ("policy", "result", "again"),
    [
        ("5xx", Result(503), True),
        ("5xx", Result(404), False),
        ("5xx", Result(failure="refused"), False),
        ("4xx", Result(429), True),
        ("rt", Result(failure="read_timeout"), True),
        ("rt", Result(failure="read_timeout", partial=True), False),
        ("rt", Result(failure="connection_lost"), True),
        ("rt", Result(failure="connection_lost", partial=True), False),
        ("all", Result(failure="too_large", partial=True), False),
        ("all", Result(failure="certificate_expired"), False),
        ("all", Result(failure="redirect_loop"), False),
        ("all", Result(500), True),
    ],
)
def test_the_policy_of_the_url_decides(policy: str, result: Result, *, again: bool) -> None:
    """Only what the URL's `rp` names is tried again, and never a partial answer."""
    assert isinstance(decide(parse(f"rp={policy}"), 1, 1.0, result), Retry) is again


@given(st.integers(0, 5), st.floats(0.1, 15), st.floats(0, 5))
def test_tries_and_time_are_bounded(retries: int, total: float, each: float) -> None:
    """There are never more tries than `rc` allows, and none begins after `tt`."""
    overrides = Overrides(total=total, retries=retries, retry_on=frozenset(RetryOn))
    for tries in count(1):
        elapsed = tries * each
        if not isinstance(decide(overrides, tries, elapsed, Result(500)), Retry):
            break
        assert elapsed < total
    assert tries <= retries + 1


def test_a_try_has_the_time_that_is_left() -> None:
    """`tt` is for all tries together, so a late one has shorter limits."""
    assert bounds(DEFAULT, 0.0) == (5.0, 15.0, 15.0)
    assert bounds(DEFAULT, 12.0) == (3.0, 3.0, 3.0)
    assert bounds(DEFAULT, 99.0) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (Result(404), 11200),
        (Result(500), 11200),
        (Result(304), 11200),
        (Result(failure="connect_timeout"), 11201),
        (Result(failure="refused"), 11202),
        (Result(failure="read_timeout"), 11205),
        (Result(failure="host_not_found"), 11210),
        (Result(failure="redirect_loop"), 11215),
        (Result(failure="bad_redirect"), 11216),
        (Result(failure="tls_handshake"), 11220),
        (Result(failure="certificate_host"), 11235),
        (Result(failure="something new"), 11200),
    ],
)
def test_codes(result: Result, expected: int) -> None:
    """Each trouble has the code that Twilio's debugger shows for it."""
    assert code(result) == expected


@given(st.floats(0, 1))
def test_the_durable_policy_tries_ten_times_over_three_days(jitter: float) -> None:
    """An endpoint that never answers is called ten times in 75 hours, give or take the jitter."""
    waits: list[float] = []
    found = Durable().decide(1, Result(503), jitter)
    while isinstance(found, Retry):
        waits.append(found.delay)
        found = Durable().decide(len(waits) + 1, Result(503), jitter)
    assert (len(waits) + 1, found) == (10, GiveUp(11200))
    assert waits == sorted(waits)
    assert 75 <= sum(waits) / 3600 <= 84


def test_gone_disables_the_endpoint() -> None:
    """An endpoint that answers 410 does not want to be called again."""
    assert Durable().decide(1, Result(410), 0.5) == GiveUp(11200, disable=True)


@pytest.mark.parametrize("result", [Result(302), Result(404), Result(failure="certificate_path")])
def test_the_durable_policy_repeats_whatever_may_pass(result: Result) -> None:
    """With days to go even a wrong certificate or a missing page may be mended."""
    assert Durable().decide(1, result, 0.0) == Retry(5, code(result))


def test_a_url_that_cannot_be_read_is_not_repeated() -> None:
    """No time mends a malformed URL."""
    assert Durable().decide(1, Result(failure="bad_url"), 0.0) == GiveUp(11100)


def test_retry_after_is_honoured_within_a_day() -> None:
    """An endpoint may ask for more patience, not for unbounded patience."""
    policy = Durable()
    assert policy.decide(1, Result(503, retry_after=60), 0.0) == Retry(60, 11200)
    assert policy.decide(2, Result(503, retry_after=60), 0.0) == Retry(300, 11200)
    assert policy.decide(1, Result(503, retry_after=1e9), 0.0) == Retry(86400, 11200)
