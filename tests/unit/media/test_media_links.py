from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from magpie.media.links import LIFE, Signer, public_url

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
BASE = "https://sms.example"
NAMES = ("AC" + "a" * 32, "MM" + "b" * 32, "ME" + "c" * 32)
SIGNER = Signer(b"k" * 32)


def signed(life: timedelta = LIFE) -> tuple[str, str]:
    query = parse_qs(urlsplit(SIGNER.signed_url(BASE, *NAMES, NOW, life)).query)
    return query["Expires"][0], query["Signature"][0]


def test_the_public_url_has_no_suffix() -> None:
    """Webhooks name media as the API does, without .json."""
    assert public_url(BASE, *NAMES) == (
        f"{BASE}/2010-04-01/Accounts/{NAMES[0]}/Messages/{NAMES[1]}/Media/{NAMES[2]}"
    )


@pytest.mark.parametrize(
    ("after", "allowed"),
    [
        (timedelta(0), True),
        (timedelta(hours=3, minutes=59), True),
        (timedelta(hours=4), False),
        (timedelta(days=1), False),
    ],
)
def test_a_signed_url_ends_after_four_hours(after: timedelta, allowed: bool) -> None:
    """However long a life is asked for, it is four hours at most."""
    assert SIGNER.allows(*NAMES, *signed(timedelta(days=30)), NOW + after) is allowed


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_signature_is_bound_to_its_media(place: int) -> None:
    """For another account, message or media it is worth nothing."""
    names = list(NAMES)
    names[place] = names[place][:-1] + "0"
    assert not SIGNER.allows(names[0], names[1], names[2], *signed(), NOW)


@pytest.mark.parametrize(
    ("expires", "signature"),
    [
        ("", ""),
        ("9999999999", ""),
        ("٣", "x"),
        ("1", "é\ud800"),
        ("-1", "0" * 64),
    ],
)
def test_a_forged_signature_is_refused(expires: str, signature: str) -> None:
    """Nothing that we did not sign opens anything, nor makes the check fail."""
    assert not SIGNER.allows(*NAMES, expires, signature, NOW)


def test_the_end_of_life_is_signed_too() -> None:
    """A later end with the old signature is refused, and so is the signature of another key."""
    expires, signature = signed(timedelta(minutes=5))
    assert SIGNER.allows(*NAMES, expires, signature, NOW)
    assert not SIGNER.allows(*NAMES, str(int(expires) + 60), signature, NOW)
    assert not Signer(b"o" * 32).allows(*NAMES, expires, signature, NOW)
