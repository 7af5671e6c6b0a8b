import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.webhooks.overrides import (
    DEFAULT,
    BadRetryPolicyError,
    Overrides,
    RetryOn,
    parse,
    split,
)


@pytest.mark.parametrize(
    ("url", "requested"),
    [
        ("https://h.example", "https://h.example/"),
        ("https://h.example?a=1", "https://h.example/?a=1"),
        ("https://h.example/a?b=1", "https://h.example/a?b=1"),
        ("https://h.example#rc=0", "https://h.example/"),
        ("https://u:p@h.example:8080/a#rc=0&rc=1#x", "https://u:p@h.example:8080/a"),
        ("not a url", "not a url"),
    ],
)
def test_the_fragment_is_taken_off(url: str, requested: str) -> None:
    """What is requested and signed has a path and no fragment."""
    assert split(url)[0] == requested


def test_without_a_fragment_the_defaults_hold() -> None:
    """Five seconds to connect, fifteen in all, one more try when connecting fails."""
    assert split("https://h.example/")[1] == DEFAULT == Overrides()
    assert (DEFAULT.connect, DEFAULT.total, DEFAULT.retries) == (5.0, 15.0, 1)
    assert DEFAULT.retry_on == {RetryOn.CONNECT}


def test_all_keys_are_read() -> None:
    """Milliseconds become seconds, lists become tuples."""
    fragment = "ct=2000&rt=3000&tt=9000&rc=3&rp=4xx,rt&sni=n&e=dublin,ashburn"
    assert parse(fragment) == Overrides(
        2.0,
        3.0,
        9.0,
        3,
        frozenset({RetryOn.CLIENT_ERROR, RetryOn.READ}),
        sni=False,
        edges=("dublin", "ashburn"),
    )


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("ct=100", Overrides(connect=0.1)),
        ("ct=10000", Overrides(connect=10.0)),
        ("rt=15000", Overrides(read=15.0)),
        ("tt=100", Overrides(total=0.1)),
        ("rc=0", Overrides(retries=0)),
        ("rc=5", Overrides(retries=5)),
        ("rp=ALL", Overrides(retry_on=frozenset(RetryOn))),
        ("rp=5xx%2Cct", Overrides(retry_on=frozenset({RetryOn.SERVER_ERROR, RetryOn.CONNECT}))),
        *[
            (fragment, DEFAULT)
            for fragment in ("ct=99", "ct=10001", "rt=15001", "tt=0", "rc=6", "rc=-1", "ct=x")
        ],
        *[
            (fragment, DEFAULT)
            for fragment in ("ct=", "ct=1e3", "ct=\u0665\u0660\u0660", "section", "x=1", "&&")
        ],
        ("ct=" + "9" * 10000, DEFAULT),
    ],
)
def test_ranges(fragment: str, expected: Overrides) -> None:
    """Both ends of a range count, and what lies outside is as if not given."""
    assert parse(fragment) == expected


@pytest.mark.parametrize("policy", ["6xx", "5xx,never", "all,never", ",", "ct;rt"])
def test_a_bad_retry_policy_is_an_error(policy: str) -> None:
    """Only a retry policy is refused, with its own code."""
    with pytest.raises(BadRetryPolicyError) as raised:
        parse(f"rp={policy}")
    assert raised.value.code == 11243


@given(st.text())
def test_any_fragment_is_read(fragment: str) -> None:
    """No fragment breaks the reader or leaves the ranges."""
    try:
        found = parse(fragment)
    except BadRetryPolicyError:
        return
    assert 0.1 <= found.connect <= 10
    assert 0.1 <= found.total <= 15
    assert 0 <= found.retries <= 5
