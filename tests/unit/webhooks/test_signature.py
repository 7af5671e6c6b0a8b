from hashlib import sha256
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from magpie.webhooks.signature import sign, sign_json

CALL = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Digits", "1234"),
    ("To", "+18005551212"),
]


@pytest.mark.parametrize(
    ("url", "params", "signature"),
    [
        (
            "https://example.com/myapp.php?foo=1&bar=2",
            [*CALL, ("Caller", "+14158675310"), ("From", "+14158675310")],
            "L/OH5YylLD5NRKLltdqwSvS0BnU=",
        ),
        (
            "https://mycompany.com/myapp.php?foo=1&bar=2",
            [*CALL, ("Caller", "+14158675309"), ("From", "+14158675309")],
            "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
        ),
        (
            "https://mycompany.com/myapp.php?foo=1&bar=2",
            [("Sid", "CA123"), ("SidAccount", "AC123")]
            + [("Digits", digits) for digits in ("5678", "1234", "1234")],
            "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
        ),
    ],
)
def test_published_examples(url: str, params: list[tuple[str, str]], signature: str) -> None:
    """The examples of the documentation and of the SDKs' own tests come out."""
    assert sign("12345", url, params) == signature


@pytest.mark.parametrize(
    "url",
    [
        "https://h.example/a?b=1#ct=2000",
        "https://user:pass@h.example/a?b=1",
        "https://us@er:pa:ss@h.example/a?b=1#x",
    ],
)
def test_fragment_and_credentials_are_not_signed(url: str) -> None:
    """The signature is that of the URL as the other side sees it."""
    assert sign("t", url) == sign("t", "https://h.example/a?b=1")


def test_an_at_sign_in_the_path_stays() -> None:
    """Only the authority is searched for credentials."""
    assert sign("t", "https://h.example/@you") != sign("t", "https://h.example/you")
    assert sign("t", "https://h.example?m=a@b") != sign("t", "https://b")


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
values = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
forms = st.lists(st.tuples(names, values), max_size=12, unique_by=lambda pair: pair[0])
ports = st.sampled_from(["", ":80", ":443", ":8080"])
paths = st.from_regex(r"/[a-zA-Z0-9/._~%-]{0,20}", fullmatch=True)
queries = st.lists(st.tuples(names, values), max_size=3).map(
    lambda pairs: "?" + urlencode(pairs) if pairs else ""
)
urls = st.builds(
    "{}://{}{}{}{}".format,
    st.sampled_from(["http", "https"]),
    st.sampled_from(["h.example", "sub.h.example", "127.0.0.1", "localhost"]),
    ports,
    paths,
    queries,
)
tokens = st.text("0123456789abcdef", min_size=32, max_size=32)


@settings(max_examples=300, deadline=None)
@given(tokens, urls, forms)
def test_the_official_validator_accepts_forms(
    token: str, url: str, form: list[tuple[str, str]]
) -> None:
    """Whatever the form holds, the SDK which customers use accepts our signature."""
    assert RequestValidator(token).validate(url, dict(form), sign(token, url, form))


class Repeated(dict[str, list[str]]):
    """Stands for the multidicts of web frameworks."""

    def getlist(self, name: str) -> list[str]:
        return self[name]


@settings(max_examples=100, deadline=None)
@given(tokens, urls, st.dictionaries(names, st.lists(values, min_size=1, max_size=4), max_size=4))
def test_the_official_validator_accepts_repeated_names(
    token: str, url: str, form: dict[str, list[str]]
) -> None:
    """Names given more than once are signed as the SDKs read them."""
    pairs = [(name, value) for name, given in form.items() for value in given]
    assert RequestValidator(token).validate(url, Repeated(form), sign(token, url, pairs))


@settings(max_examples=100, deadline=None)
@given(tokens, urls, values)
def test_the_official_validator_accepts_json(token: str, url: str, body: str) -> None:
    """A JSON body is bound by its hash in the URL."""
    requested, signature = sign_json(token, url, body.encode())
    assert requested.endswith("bodySHA256=" + sha256(body.encode()).hexdigest())
    assert RequestValidator(token).validate(requested, body, signature)
    assert not RequestValidator(token).validate(requested, body + " ", signature)
