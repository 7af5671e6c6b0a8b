from urllib.parse import urlsplit

import pytest

from magpie.carriers.door import Knock
from magpie.carriers.http.media import LIFE, Offers
from magpie.carriers.traffic import MediaPart

AT = "https://magpie.example/carriers/v1/north"
PART = MediaPart(content_type="image/png; charset=x", size=3, digest="ab" * 32, name="slide 1")
NOW = 1_000_000.0


def knock(url: str) -> Knock:
    parts = urlsplit(url)
    path = parts.path.removeprefix("/carriers/v1/north/")
    return Knock(method="GET", path=path, query=parts.query, headers={}, body=b"", peer="", url=url)


def test_an_address_leads_back() -> None:
    """To the very part, with an ending by which some providers know what it is."""
    url = Offers(AT, "secret").url(PART, NOW)
    assert "/slide%201.png?" in url
    found = Offers(AT, "secret").asked(knock(url), NOW + LIFE - 1)
    assert found is not None
    assert (found.digest, found.content_type) == (PART.digest, "image/png")


@pytest.mark.parametrize(
    ("old", "new"),
    [("ab" * 32, "cd" * 32), ("image", "text"), ("until=1", "until=2"), ("signature=", "s=")],
)
def test_an_address_that_was_changed(old: str, new: str) -> None:
    """Leads nowhere."""
    url = Offers(AT, "secret").url(PART, NOW)
    assert old in url
    assert Offers(AT, "secret").asked(knock(url.replace(old, new)), NOW) is None


def test_an_address_of_old() -> None:
    """Nobody finds the picture in a log of last year."""
    url = Offers(AT, "secret").url(PART, NOW)
    assert Offers(AT, "secret").asked(knock(url), NOW + LIFE + 1) is None


def test_the_address_of_another_link() -> None:
    """Each link signs with its own secret."""
    url = Offers(AT, "secret").url(PART, NOW)
    assert Offers(AT, "other").asked(knock(url), NOW) is None


def test_no_address_at_all() -> None:
    """Without anything of it."""
    assert Offers(AT, "secret").asked(knock(f"{AT}/media/"), NOW) is None
