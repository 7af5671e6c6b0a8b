import pytest
from tests.pairs.provider import PUBLIC

from magpie.carriers.http import options_of
from magpie.settings import HttpSettings, Secret

HERE = "https://magpie.example"


def test_the_least_that_settings_say() -> None:
    """An account and its token make a link to Twilio."""
    options = options_of(
        HttpSettings(name="n", provider="twilio", account="AC1", token=Secret("t")), HERE
    )
    assert options.url == "https://api.twilio.com"
    assert options.door == f"{HERE}/carriers/v1/n"


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"provider": "twilio"}, "account"),
        ({"provider": "bandwidth", "account": "1"}, "username"),
        ({"provider": "bandwidth", "account": "1", "username": "u"}, "application"),
        (
            {
                "provider": "bandwidth",
                "account": "1",
                "username": "u",
                "application": "a",
                "callback_secret": Secret("no-pair"),
            },
            "NAME:PASSWORD",
        ),
        ({"provider": "telnyx"}, "callback_secret"),
        ({"provider": "telnyx", "callback_secret": Secret("nonsense")}, "public key"),
    ],
)
def test_what_a_provider_needs(given: dict[str, str], missing: str) -> None:
    """It is said by name, before anything is sent."""
    with pytest.raises(ValueError, match=f"carrier n: .*{missing}"):
        options_of(HttpSettings(name="n", token=Secret("t"), **given), HERE)  # type: ignore[arg-type]


def test_another_address() -> None:
    """With or without a slash at its end."""
    options = options_of(
        HttpSettings(
            name="n",
            provider="telnyx",
            token=Secret("t"),
            callback_secret=Secret(PUBLIC),
            url="https://proxy.example/v2/",
        ),
        HERE,
    )
    assert options.url == "https://proxy.example/v2"
