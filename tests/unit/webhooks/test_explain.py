import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from magpie.webhooks.explain import explain, slips

TOKEN = "7f" * 16
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
URLS = st.builds(
    "{}://{}{}{}{}".format,
    st.sampled_from(["http", "https"]),
    st.sampled_from(["h.example", "127.0.0.1", "xn--bcher-kva.example"]),
    st.sampled_from(["", ":80", ":443", ":3000"]),
    st.sampled_from(["/", "/sms", "/sms/", "/s%20m%C3%A4s"]),
    st.sampled_from(["", "?a=b", "?a=b&a=%2B&c="]),
)


class Form(dict[str, list[str]]):
    """Stands for the multidicts of web frameworks."""

    def getlist(self, name: str) -> list[str]:
        return self[name]


@settings(max_examples=1000, deadline=None)
@given(url=URLS, params=st.lists(st.tuples(TEXT, TEXT), max_size=8))
def test_it_agrees_with_the_official_check(url: str, params: list[tuple[str, str]]) -> None:
    """What is explained is what the SDK's validator computes and accepts, whatever is sent."""
    form = Form()
    for name, value in params:
        form.setdefault(name, []).append(value)
    told = explain(TOKEN, url, params)
    assert RequestValidator(TOKEN).validate(url, form, told.signature)
    assert told.base == told.url + "".join(name + value for name, value in told.pieces)


@settings(max_examples=200, deadline=None)
@given(url=URLS, params=st.lists(st.tuples(TEXT, TEXT), max_size=8))
def test_slips_are_wrong_and_different(url: str, params: list[tuple[str, str]]) -> None:
    """No mistake comes to the right signature, and no two to the same."""
    found = [slip.signature for slip in slips(TOKEN, url, params)]
    assert explain(TOKEN, url, params).signature not in found
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("url", "params", "begins"),
    [
        ("http://h.example/sms", {"Body": "x"}, "The URL begins with http://"),
        ("https://h.example:443/sms", {"Body": "x"}, "The port"),
        ("https://h.example/sms/", {"Body": "x"}, "The path has a slash"),
        ("https://h.example/sms", {}, "The form was not read"),
    ],
)
def test_a_check_that_went_wrong_is_known(url: str, params: dict[str, str], begins: str) -> None:
    """The signature that the SDK computes from the wrong URL or form names the mistake."""
    computed = RequestValidator(TOKEN).compute_signature(url, params)
    mistakes = {
        slip.signature: slip.name for slip in slips(TOKEN, "https://h.example/sms", [("Body", "x")])
    }
    assert mistakes[computed].startswith(begins)
