import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.simulator.profile import BUILT_IN, BY_NAME, Fault, Faults, Profile, When, fate

TO = "+15558675310"
MOODY = Profile(
    name="moody",
    latency=(0.1, 0.9),
    faults=Faults(
        throttle=0.2, temporary=0.2, refuse=0.1, silence=0.1, disconnect=0.2, duplicate=0.3
    ),
)


def tallied(profile: Profile, tries: int = 400) -> dict[Fault, int]:
    met = [fate(profile, f"m{n}", TO).fault for n in range(tries)]
    return {fault: met.count(fault) for fault in Fault}


@settings(max_examples=50)
@given(seed=st.integers(), key=st.text(max_size=40), attempt=st.integers(1, 9))
def test_a_seed_replays(seed: int, key: str, attempt: int) -> None:
    """The same seed, message and attempt meet the same fate, whenever they are asked."""
    profile = msgspec.structs.replace(MOODY, seed=seed)
    assert fate(profile, key, TO, attempt) == fate(profile, key, TO, attempt)


def test_another_seed_is_another_run() -> None:
    """A different seed hands the same messages different fates."""
    other = msgspec.structs.replace(MOODY, seed=2)
    assert any(fate(MOODY, f"{n}", TO) != fate(other, f"{n}", TO) for n in range(20))


def test_shares_are_kept() -> None:
    """Of 400 messages about a fifth is throttled when a fifth is asked for."""
    met = tallied(Profile(name="x", faults=Faults(throttle=0.2)))
    assert 50 <= met[Fault.THROTTLE] <= 110
    assert met[Fault.THROTTLE] + met[Fault.NONE] == 400


def test_one_share_does_not_change_the_others() -> None:
    """Asking for more duplicates leaves who is throttled as it was."""
    few = Profile(name="x", faults=Faults(throttle=0.3))
    many = Profile(name="x", faults=Faults(throttle=0.3, duplicate=0.9))
    assert [fate(few, f"{n}", TO).fault for n in range(50)] == [
        fate(many, f"{n}", TO).fault for n in range(50)
    ]


def test_a_pattern_of_attempts() -> None:
    """A carrier may throttle exactly the first two tries of every message."""
    profile = Profile(name="x", faults=Faults(throttle=When(attempts=2)))
    met = [fate(profile, "m", TO, attempt).fault for attempt in (1, 2, 3)]
    assert met == [Fault.THROTTLE, Fault.THROTTLE, Fault.NONE]


def test_a_pattern_of_numbers() -> None:
    """A fault may be kept for numbers with certain last digits."""
    profile = Profile(name="x", faults=Faults(refuse=When(to="99")))
    assert fate(profile, "m", "+15550000099").fault is Fault.REFUSE
    assert fate(profile, "m", TO).fault is Fault.NONE


def test_what_is_taken() -> None:
    """A silent carrier has the message, a throttling one has not, one that spoils answers half."""
    silent = Profile(name="x", faults=Faults(silence=1.0))
    throttling = Profile(name="x", faults=Faults(throttle=1.0))
    assert fate(silent, "m", TO).taken
    assert not fate(throttling, "m", TO).taken
    for fault in ("disconnect", "garbage", "cut"):
        spoiling = Profile(name="x", faults=msgspec.convert({fault: 1.0}, Faults))
        taken = [fate(spoiling, f"{n}", TO).taken for n in range(100)]
        assert 25 < sum(taken) < 75


def test_latency_in_a_range() -> None:
    """A range of latencies is kept to, and used."""
    seen = [fate(MOODY, f"{n}", TO).latency for n in range(100)]
    assert 0.1 <= min(seen) < 0.3
    assert 0.7 < max(seen) <= 0.9


@pytest.mark.parametrize(
    ("name", "receipts", "early"),
    [
        ("simulator", 1, False),
        ("no-receipts", 0, False),
        ("duplicate-receipts", 2, False),
        ("late-receipts", 1, False),
        ("early-receipts", 1, True),
    ],
)
def test_receipts(name: str, receipts: int, *, early: bool) -> None:
    """Each built-in carrier owes as many receipts as its name says."""
    happens = fate(BY_NAME[name], "m", TO)
    assert (len(happens.receipts), happens.early) == (receipts, early)


def test_early_receipts() -> None:
    """A receipt before the answer is owed once and marked as early."""
    happens = fate(Profile(name="x", receipts="before_response"), "m", TO)
    assert (happens.receipts, happens.early) == ((0.0,), True)


@pytest.mark.parametrize(
    ("name", "mms", "most"),
    [
        ("simulator", True, 1_000_000),
        ("small-mms", True, 300_000),
        ("mid-mms", True, 600_000),
        ("no-mms", False, 0),
    ],
)
def test_built_in_limits(name: str, most: int, *, mms: bool) -> None:
    """The built-in carriers have the limits that the first handsets are there to show."""
    assert (BY_NAME[name].mms, BY_NAME[name].max_bytes) == (mms, most)


@pytest.mark.parametrize("profile", BUILT_IN, ids=lambda profile: profile.name)
def test_profiles_go_through_json(profile: Profile) -> None:
    """What a profile is told as JSON makes the same profile again."""
    assert msgspec.json.decode(msgspec.json.encode(profile), type=Profile) == profile


@pytest.mark.parametrize(
    "given",
    [
        '{"name": "x", "faults": {"throttle": 1.5}}',
        '{"name": "x", "faults": {"throttling": 1}}',
        '{"name": "x", "faults": {"refuse": {"to": "abc"}}}',
        '{"name": "x", "latency": -1}',
        '{"name": "x", "receipts": "sometimes"}',
        '{"name": "Not A Name"}',
    ],
)
def test_nonsense_is_refused(given: str) -> None:
    """A profile with a value that makes no sense is refused, not bent."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(given, type=Profile)
