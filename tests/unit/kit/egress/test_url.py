from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.kit.egress import BadURLError, Credentials, parse
from magpie.kit.egress.url import join

GOOD = [
    ("http://example.com", "http://example.com/", "example.com", 80),
    ("HTTPS://Example.COM/A?b=C", "https://Example.COM/A?b=C", "example.com", 443),
    ("https://example.com:443/", "https://example.com:443/", "example.com", 443),
    ("http://example.com?x=1", "http://example.com/?x=1", "example.com", 80),
    ("http://example.com:8080/a#frag", "http://example.com:8080/a", "example.com", 8080),
    ("http://127.0.0.1#@good.example", "http://127.0.0.1/", "127.0.0.1", 80),
    ("http://127.0.0.1?@good.example", "http://127.0.0.1/?@good.example", "127.0.0.1", 80),
    ("http://good.example@127.0.0.1/", "http://127.0.0.1/", "127.0.0.1", 80),
    ("http://good.example:80@127.0.0.1/", "http://127.0.0.1/", "127.0.0.1", 80),
    ("http://[::1]:3000/", "http://[::1]:3000/", "::1", 3000),
    ("http://[2606:4700::1111]/", "http://[2606:4700::1111]/", "2606:4700::1111", 80),
    ("http://my_app:3000/sms", "http://my_app:3000/sms", "my_app", 3000),
    ("http://localhost/", "http://localhost/", "localhost", 80),
    ("http://xn--bcher-kva.example/", "http://xn--bcher-kva.example/", "xn--bcher-kva.example", 80),
    ("http://a.example/d%C3%BC?q=%41", "http://a.example/d%C3%BC?q=%41", "a.example", 80),
    ("http://a.example/dü?q=é", "http://a.example/d%C3%BC?q=%C3%A9", "a.example", 80),
    ("http://a.example/%2e%2e/%00", "http://a.example/%2e%2e/%00", "a.example", 80),
    ("http://1.example/", "http://1.example/", "1.example", 80),
    ("http://127.0.0.1.nip.example/", "http://127.0.0.1.nip.example/", "127.0.0.1.nip.example", 80),
]

BAD = [
    "",
    "example.com",
    "//example.com/",
    "/path",
    "http:/example.com/",
    "http:example.com",
    "http:///path",
    "http://",
    "http://?x",
    "http:// /",
    " http://example.com/",
    "http://example.com/ ",
    "http://example.com/a b",
    "file:///etc/passwd",
    "FILE://localhost/etc/passwd",
    "gopher://127.0.0.1:70/_x",
    "ftp://example.com/",
    "dict://127.0.0.1:11211/stats",
    "data:text/plain,x",
    "unix:/var/run/docker.sock",
    "http+unix://%2Fvar%2Frun/",
    "jar:http://example.com!/a",
    "javascript:alert(1)",
    "ws://example.com/",
    "http\u017f://example.com/",
    # one address in many spellings
    "http://2130706433/",
    "http://4294967296/",
    "http://6425673729/",
    "http://017700000001/",
    "http://0x7f000001/",
    "http://0x7F.0.0.1/",
    "http://0177.0.0.1/",
    "http://0x7f.0x0.0x0.0x1/",
    "http://0x7f.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://0/",
    "http://00/",
    "http://0x/",
    "http://0x0/",
    "http://127.0.0.01/",
    "http://127.000.000.001/",
    "http://127.0.0.1./",
    "http://127.0.0.256/",
    "http://127.0.0.1.2/",
    "http://example.0x10/",
    "http://example.99/",
    "http://\uff11\uff12\uff17.0.0.1/",  # full-width digits
    "http://①②⑦.⓪.⓪.①/",
    "http://127。0。0。1/",
    "http://127\uff0e0\uff0e0\uff0e1/",
    "http://127\uff610\uff610\uff611/",
    "http://127%2e0%2e0%2e1/",
    "http://%31%32%37.0.0.1/",
    "http://l%6fcalhost/",
    "http://localhost%00.example.com/",
    "http://ⓛocalhost/",
    "http://loca\N{KELVIN SIGN}host/",
    "http://\N{KELVIN SIGN}elvin.example/",
    "http://pаypal.example/",  # noqa: RUF001 - a Cyrillic letter
    "http://bücher.example/",
    "http://localhost./",
    "http://example.com../",
    "http://.example.com/",
    "http://a..example/",
    "http://-a.example/",
    "http://a-.example/",
    "http://*.example.com/",
    "http://exa$mple.com/",
    "http://a,b/",
    "http://a;b/",
    "http://a!b/",
    "http://a'b/",
    'http://a"b/',
    "http://a<b>/",
    "http://a|b/",
    "http://a^b/",
    "http://a`b/",
    "http://{a}/",
    "http://" + "a" * 64 + ".example/",
    "http://" + "a." * 130 + "example/",
    "http://example.com/" + "a" * 8000,
    # addresses in brackets
    "http://[::1/",
    "http://::1/",
    "http://[::1]x/",
    "http://[::1%25eth0]/",
    "http://[fe80::1%eth0]/",
    "http://[fe80::1%251]/",
    "http://[:::1]/",
    "http://[1.2.3.4]/",
    "http://[v1.a]/",
    "http://[]/",
    "http://[::ffff:0x7f.1]/",
    "http://[::12345]/",
    # userinfo, backslashes, control characters
    "http://a@b@127.0.0.1/",
    "http://good.example\\@127.0.0.1/",
    "http://127.0.0.1\\@good.example/",
    "http:\\\\127.0.0.1\\",
    "http://good.example/\\..\\a",
    "http://good.example\t.evil/",
    "http://good\n.example/",
    "http://good.example/\r\nX: y",
    "http://good.example\x00/",
    "http://good.example/\x7f",
    "ht\ntp://good.example/",
    "\x01http://good.example/",
    "http://good.example/\ud800",
    # ports
    "http://example.com:/",
    "http://example.com:0/",
    "http://example.com:00080/",
    "http://example.com:65536/",
    "http://example.com:99999/",
    "http://example.com:100080/",
    "http://example.com:-1/",
    "http://example.com:+80/",
    "http://example.com:0x50/",
    "http://example.com:80:81/",
    "http://example.com:٨٠/",  # Arabic digits
    "http://example.com:http/",
]


@pytest.mark.parametrize(("url", "requested", "host", "port"), GOOD)
def test_a_good_url_is_read(url: str, requested: str, host: str, port: int) -> None:
    """What is requested has a path, no userinfo, no fragment; hosts are judged in lower case."""
    target = parse(url)
    assert (target.url, target.host, target.port) == (requested, host, port)


@pytest.mark.parametrize("url", BAD)
def test_a_doubtful_url_is_refused(url: str) -> None:
    """What two parsers could read as two different hosts is refused, not repaired."""
    with pytest.raises(BadURLError):
        parse(url)


@pytest.mark.parametrize(
    ("url", "credentials"),
    [
        ("http://user:pass@example.com/", Credentials("user", "pass")),
        ("http://user@example.com/", Credentials("user", "")),
        ("http://us%40er:p%3Aa:ss@example.com/", Credentials("us@er", "p:a:ss")),
        ("http://@example.com/", None),
        ("http://example.com/", None),
    ],
)
def test_credentials_are_split_off(url: str, credentials: Credentials | None) -> None:
    """Credentials in a URL are decoded and do not stay in what is requested."""
    target = parse(url)
    assert target.credentials == credentials
    assert "@" not in target.url


def test_a_password_is_in_no_repr() -> None:
    """A target can be logged without giving its password away."""
    assert "hunter2" not in repr(parse("http://user:hunter2@example.com/"))


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/next", "https://a.example/next"),
        ("next?x=1", "https://a.example/dir/next?x=1"),
        ("?x", "https://a.example/dir/page?x"),
        ("//b.example/x", "https://b.example/x"),
        ("http://b.example", "http://b.example/"),
        ("../up", "https://a.example/up"),
        ("#only", "https://a.example/dir/page"),
    ],
)
def test_a_location_is_resolved(location: str, url: str) -> None:
    """A Location may be relative to where it was given."""
    assert join("https://a.example/dir/page", location).url == url


@pytest.mark.parametrize(
    "location",
    [
        "\thttp://b.example/",
        "ht\ntp://b.example/",
        "\\\\b.example/",
        "file:///etc/passwd",
        "http://[::1",
        "//[",
        "http:///x",
        "javascript:x",
        "//2130706433/",
        "http:// b/",
    ],
)
def test_a_doubtful_location_is_refused(location: str) -> None:
    """Resolving a Location opens no way round the rules of a URL."""
    with pytest.raises(BadURLError):
        join("https://a.example/dir/page", location)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text makes the reader fail in another way than by refusing."""
    for url in (text, "http://" + text, "http://a.example/" + text):
        with suppress(BadURLError):
            assert parse(url).url.isascii()
