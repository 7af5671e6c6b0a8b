import base64
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from magpie.accounts.seal import SealBroken, Sealer

SEALER = Sealer(bytes(range(32)))


@limits(max_examples=50, deadline=None)
@given(st.text())
def test_round_trip(text: str) -> None:
    """What was sealed for an account and a column is opened there as it was."""
    assert SEALER.open(SEALER.seal(text, "AC1", "auth_token"), "AC1", "auth_token") == text


def test_no_two_seals_are_alike() -> None:
    """The same text sealed twice gives different bytes, and neither shows the text."""
    one, other = (SEALER.seal("sesame", "AC1", "auth_token") for _ in range(2))
    assert one != other
    assert b"sesame" not in one


@pytest.mark.parametrize(
    ("account_sid", "column", "key"),
    [
        ("AC2", "auth_token", bytes(range(32))),
        ("AC1", "password", bytes(range(32))),
        ("AC1", "auth_token", bytes(32)),
    ],
)
def test_bound_to_its_place(account_sid: str, column: str, key: bytes) -> None:
    """Sealed bytes open in no other account, in no other column and with no other key."""
    sealed = SEALER.seal("sesame", "AC1", "auth_token")
    with pytest.raises(SealBroken, match="MAGPIE_SECRET_KEY"):
        Sealer(key).open(sealed, account_sid, column)


@limits(max_examples=50, deadline=None)
@given(st.integers(0, 34), st.integers(1, 255))
def test_tampering_is_seen(place: int, flip: int) -> None:
    """No byte of what is sealed can be changed without notice."""
    sealed = bytearray(SEALER.seal("sesame", "AC1", "auth_token"))
    sealed[place] ^= flip
    with pytest.raises(SealBroken):
        SEALER.open(bytes(sealed), "AC1", "auth_token")


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" + bytes(12), b"\x02" + bytes(40)])
def test_what_is_no_seal(sealed: bytes) -> None:
    """Bytes that were never sealed are refused as well."""
    with pytest.raises(SealBroken):
        SEALER.open(sealed, "AC1", "auth_token")


def test_hashes() -> None:
    """A hash depends on the secret and on the platform's key, and is not the sealing key's work."""
    assert SEALER.hash_secret("a") == SEALER.hash_secret("a") != SEALER.hash_secret("b")
    assert SEALER.hash_secret("a") != Sealer(bytes(32)).hash_secret("a")
    assert len(SEALER.hash_secret("\udcff")) == 32


def test_key_file(tmp_path: Path) -> None:
    """The first start makes a key that only the owner can read, and later ones take it."""
    data = tmp_path / "data"
    sealed = Sealer.of(data).seal("sesame", "AC1", "auth_token")
    assert Sealer.of(data).open(sealed, "AC1", "auth_token") == "sesame"
    assert stat.S_IMODE((data / "secret.key").stat().st_mode) == 0o600
    assert [file.name for file in data.iterdir()] == ["secret.key"]


def test_key_of_the_settings(tmp_path: Path) -> None:
    """A key from the settings needs no file, so that several nodes can share it."""
    key = base64.b64encode(bytes(range(32))).decode()
    sealed = Sealer.of(tmp_path, key).seal("sesame", "AC1", "auth_token")
    assert SEALER.open(sealed, "AC1", "auth_token") == "sesame"
    assert not list(tmp_path.iterdir())
