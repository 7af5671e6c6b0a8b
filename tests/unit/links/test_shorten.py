"""Texts with links in them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.links import shorten, tokens
from magpie.links.domains.model import Domain, host_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ACCOUNT = "AC" + "a" * 32
MESSAGE = UUID(int=7)


def domain(*, disable_https: bool = False) -> Domain:
    return Domain(
        account_sid=ACCOUNT,
        sid="DN" + "d" * 32,
        name="s.example",
        config_sid="ZK" + "e" * 32,
        fallback_url=None,
        callback_url=None,
        continue_on_failure=False,
        disable_https=disable_https,
        date_created=NOW,
        date_updated=NOW,
    )


def shown(body: str) -> tuple[str, list[str | None]]:
    """The body with each short URL as its number in angle brackets, and the targets."""
    text, links = shorten.shorten(body, ACCOUNT, MESSAGE, domain(), now=NOW)
    for number, link in enumerate(links):
        text = text.replace(f"https://s.example/{link.token}", f"<{number}>")
    return text, [link.target for link in links]


@pytest.mark.parametrize(
    ("body", "text", "targets"),
    [
        ("", "", []),
        ("no link", "no link", []),
        ("see http://a.example/b", "see <0>", ["http://a.example/b"]),
        ("HTTPS://A.example", "<0>", ["HTTPS://A.example"]),
        ("Go to https://a.example.", "Go to <0>.", ["https://a.example"]),
        ("https://a.example/x, https://b.example!", "<0>, <1>!", None),
        ("(https://a.example/x)", "(<0>)", ["https://a.example/x"]),
        ("https://a.example/x_(y)", "<0>", ["https://a.example/x_(y)"]),
        ("(https://a.example/x_(y)).", "(<0>).", ["https://a.example/x_(y)"]),
        ("[https://a.example/?a[]=1]", "[<0>]", ["https://a.example/?a[]=1"]),
        ("'https://a.example/x'?", "'<0>'?", ["https://a.example/x"]),
        ('"https://a.example/x"', '"<0>"', ["https://a.example/x"]),
        ("<https://a.example/x>", "<<0>>", ["https://a.example/x"]),
        ("https://a.example/x\u2026", "<0>\u2026", ["https://a.example/x"]),
        ("\u8acb\u770bhttps://a.example/x\u3002", "\u8acb\u770b<0>\u3002", None),
        ("https://a.example/?q=1&r=2#f", "<0>", ["https://a.example/?q=1&r=2#f"]),
        ("https://a.example/\u00e4", "<0>", ["https://a.example/\u00e4"]),
        ("https://a.example/x\nhttps://a.example/y", "<0>\n<1>", None),
        ("https://a.example and https://a.example", "<0> and <0>", ["https://a.example"]),
        ("https://", "https://", []),
        ("https://...", "https://...", []),
        ("https://a.example:99999/", "https://a.example:99999/", []),
        ("https://[oops/", "https://[oops/", []),
        ("xhttps://a.example", "xhttps://a.example", []),
        ("ftp://a.example", "ftp://a.example", []),
        ("a.example/x", "a.example/x", []),
        ("https://s.example/0123456789", "https://s.example/0123456789", []),
    ],
)
def test_each_url_becomes_a_short_one(body: str, text: str, targets: list[str] | None) -> None:
    """The URL alone is replaced: what surrounds it, and the stop after it, stay."""
    got = shown(body)
    assert got[0] == text
    assert targets is None or got[1] == targets


@pytest.mark.parametrize(
    ("body", "url"),
    [
        ("no link", None),
        ("https://a.example/x?q=a%20b&r=(1)#f", None),
        ("https://b\u00fccher.example/", None),
        ("first https://a.example, then https://a.example/50%.", "https://a.example/50%"),
        ("https://a.example/%zz", "https://a.example/%zz"),
        ("https://a.example/ma\u00f1ana", "https://a.example/ma\u00f1ana"),
        ("https://a.example:99999/", "https://a.example:99999/"),
        ("https://[oops/", "https://[oops/"),
        ("https://...", "https://"),
    ],
)
def test_what_cannot_be_shortened(body: str, url: str | None) -> None:
    """A URL must have a host, and what needs it must be percent-encoded."""
    assert shorten.unfit(body) == url


def test_without_https_the_scheme_is_left_out() -> None:
    """DisableHttps saves eight characters of every link."""
    text, (link,) = shorten.shorten(
        "at https://a.example/x.", ACCOUNT, MESSAGE, domain(disable_https=True), now=NOW
    )
    assert text == f"at s.example/{link.token}."


def test_what_a_link_knows() -> None:
    """Whose it is, of which message, for whom, and that it ends after 90 days."""
    _, (link,) = shorten.shorten(
        "https://a.example",
        ACCOUNT,
        MESSAGE,
        domain(),
        now=NOW,
        messaging_service_sid="MG1",
        from_="+15550001",
        to="+15550002",
    )
    assert (link.kind, link.message_sid) == ("url", "SM" + MESSAGE.hex)
    assert (link.messaging_service_sid, link.from_, link.to) == ("MG1", "+15550001", "+15550002")
    assert link.expires_at - NOW == timedelta(days=90)
    assert not link.is_over(NOW + timedelta(days=89))
    assert link.is_over(NOW + timedelta(days=90))


@given(st.text(max_size=60), st.lists(st.sampled_from(["/a", "/b?c=d", ""]), max_size=3))
def test_nothing_of_a_body_is_lost(filler: str, paths: list[str]) -> None:
    """Putting the targets back where their short URLs stand gives the body again."""
    body = filler + " ".join(f"https://h.example{path}" for path in paths)
    text, links = shorten.shorten(body, ACCOUNT, MESSAGE, domain(), now=NOW)
    for link in links:
        text = text.replace(f"https://s.example/{link.token}", link.target or "")
    assert text == body


@pytest.mark.parametrize(
    ("body", "after"),
    [
        ("Look!", "Look! https://p.example/m/x"),
        ("", "https://p.example/m/x"),
        (" \n", "https://p.example/m/x"),
    ],
)
def test_the_link_to_media_stands_at_the_end(body: str, after: str) -> None:
    """Behind a space; alone where there is no text."""
    url = "https://p.example/m/x"
    assert shorten.with_link(body, url) == after
    assert shorten.without_link(after, "/m/x") == body.strip()
    assert shorten.without_link(body, "/m/x") == body


@pytest.mark.parametrize("disable_https", [False, True])
@pytest.mark.parametrize(
    "body",
    [
        "Read https://a.example/b?c=1, then (http://d.example/\\1) and https://a.example/b?c=1.",
        "https://a.example/only",
        "no URL",
    ],
)
def test_a_body_as_it_was_written(body: str, *, disable_https: bool) -> None:
    """Short URLs and the link to media are taken out again, to send it once more."""
    made, links = shorten.shorten(
        body, ACCOUNT, MESSAGE, domain(disable_https=disable_https), now=NOW
    )
    media = shorten.media_link(ACCOUNT, MESSAGE, NOW)
    whole = shorten.with_link(made, f"https://p.example{shorten.path_of(media)}")
    assert shorten.as_written(whole, [*links, media]) == body
    assert shorten.as_written(f"http://p.example{shorten.path_of(media)}", [media]) == ""


def test_a_link_to_media_lives_for_a_year() -> None:
    """Its token has 22 characters, of which no two are alike."""
    links = [shorten.media_link(ACCOUNT, MESSAGE, NOW) for _ in range(100)]
    assert len({link.token for link in links}) == 100
    assert all(tokens.is_media_token(link.token) for link in links)
    assert links[0].expires_at - NOW == timedelta(days=365)
    assert shorten.path_of(links[0]) == f"/m/{links[0].token}"


@pytest.mark.parametrize(
    ("number", "length", "text"),
    [(0, 3, "000"), (61, 2, "0Z"), (62, 2, "10"), (2**128 - 1, 22, "7N42dgm5tFLK9N8MT7fHC7")],
)
def test_numbers_to_base_62(number: int, length: int, text: str) -> None:
    """Digits, then small letters, then capitals; of one length, with zeros in front."""
    assert tokens.base62(number, length) == text


@pytest.mark.parametrize(
    ("given_", "name"),
    [
        ("S.Example", "s.example"),
        ("s.example.", "s.example"),
        ("localhost:8000", "localhost:8000"),
        ("127.0.0.1:8000", "127.0.0.1:8000"),
        ("[::1]:80", "[::1]:80"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("", None),
        ("a..b", None),
        ("-a.example", None),
        ("https://s.example", None),
        ("s.example/x", None),
        ("s.example:0", None),
        ("s.example:65536", None),
        ("s.example:", None),
        ("user@s.example", None),
        ("[::zz]", None),
        ("b\u00fccher.example", None),
        ("a." * 127 + "com", None),
        ("s_x.example", None),
    ],
)
def test_names_of_domains(given_: str, name: str | None) -> None:
    """A host, or a host and its port, in lower case; anything else is none."""
    assert host_of(given_) == name
