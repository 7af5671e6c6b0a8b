"""Profiles of carriers are files."""

from pathlib import Path

import pytest

from magpie.media.profile import ProfileError, Profiles


@pytest.mark.parametrize(
    ("carrier", "sender", "most"),
    [
        ("att", "local", 1_000_000),
        ("att", "toll-free", 600_000),
        ("att", "short-code", 600_000),
        ("t-mobile", "local", 1_500_000),
        ("t-mobile", "toll-free", 600_000),
        ("t-mobile", "short-code", 1_000_000),
        ("verizon", "local", 1_000_000),
        ("verizon", "toll-free", 600_000),
        ("verizon", "short-code", 1_200_000),
        ("us-cellular", "local", 600_000),
        ("nobody-knows", "local", 600_000),
    ],
)
def test_the_table_of_carriers(carrier: str, sender: str, most: int) -> None:
    """What media-and-mms.md section 2 says; the safe floor for who is not in it."""
    assert Profiles.load().get(carrier).most(sender) == most


def test_an_operators_file_adds_a_profile(tmp_path: Path) -> None:
    """It takes over what it does not name from the profile that it extends."""
    (tmp_path / "island.toml").write_text('title = "Island"\nextends = "att"\npart_bytes = 7\n')
    island = Profiles.load(tmp_path).get("island")
    assert (island.name, island.title, island.part_bytes) == ("island", "Island", 7)
    assert island.most("local") == 1_000_000


def test_an_operators_file_changes_a_shipped_profile(tmp_path: Path) -> None:
    """One with the name of a shipped profile replaces only what it names."""
    (tmp_path / "att.toml").write_text("max_bytes = { default = 300_000 }\n")
    changed = Profiles.load(tmp_path).get("att")
    assert changed.most("local") == 300_000
    assert changed.title == "AT&T"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title = ", "cannot be read"),
        ('title = "X"\n', "missing required field"),
        ('title = "X"\nextends = "nowhere"\n', "nowhere"),
        ('extends = "att"\nmax_bytes = { local = 5_000 }\n', "default"),
        ('extends = "att"\nmax_bytes = { default = 5 }\n', ">= 1000"),
        ('extends = "att"\nmost = 5\n', "most"),
        ('extends = "own"\n', "own"),
    ],
)
def test_a_wrong_file_is_told(tmp_path: Path, text: str, told: str) -> None:
    """The sentence names the file and what is wrong with it."""
    (tmp_path / "own.toml").write_text(text)
    with pytest.raises(ProfileError, match=r"own\.toml") as raised:
        Profiles.load(tmp_path)
    assert told in str(raised.value)
