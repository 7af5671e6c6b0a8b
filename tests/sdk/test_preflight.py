"""What a message would become, asked before it is sent."""

from typing import Any
from urllib.error import HTTPError

import pytest
from tests import pictures
from tests.sdk.world import Customer, Platform
from twilio.base.exceptions import TwilioRestException

PATH = "/magpie/v1/Messages/Preflight"


def asked(platform: Platform, **fields: str) -> dict[str, Any]:
    answer: dict[str, Any] = platform.form(PATH, **fields)
    return answer


def test_a_text_by_its_characters(platform: Platform) -> None:
    """Encoding, segments, price, and the characters that cost a segment."""
    found = asked(platform, To="+15558675310", Body="x" * 160 + "\u20ac\u4f60")
    assert found["text"]["encoding"] == "UCS-2"
    assert found["text"]["segments"] == 3
    assert found["text"]["outside_gsm"] == ["\u4f60"]
    (verdict,) = found["verdicts"]
    assert (verdict["kind"], verdict["carrier"], verdict["converted"]) == (
        "sms",
        "simulator",
        False,
    )
    assert float(verdict["price"]["total"]) == pytest.approx(3 * 0.0083)


def test_a_photo_on_several_carriers(platform: Platform, customer: Customer) -> None:
    """Each carrier's parts with bytes and sides, for a sender of this kind, and the queue."""
    before = platform.handset("+15558675312")
    customer.files["/big.jpg"] = ("image/jpeg", pictures.photo(2400, 1800))
    found = asked(
        platform,
        To="+15558675312",
        From="+15017122661",
        MediaUrl=f"{customer.url}/big.jpg",
        Carrier="att",
    )
    small, att = found["verdicts"]
    assert (small["carrier"], small["budget"]) == ("small-mms", 300_000)
    assert (att["carrier"], att["budget"]) == ("att", 1_000_000)
    for verdict in (small, att):
        (part,) = verdict["parts"]
        assert part["is"]["bytes"] == verdict["bytes"] <= verdict["budget"]
        assert part["is"]["width"] > 300
        assert verdict["kind"] == "mms"
    assert found["queue"]["rate"] == 1.0
    assert platform.handset("+15558675312") == before


def test_where_it_would_be_converted(platform: Platform, customer: Customer) -> None:
    """A carrier without MMS makes it a text, with the segments that the link takes."""
    found = asked(platform, To="+15558675311", Body="x" * 150, MediaUrl=f"{customer.url}/a.png")
    (verdict,) = found["verdicts"]
    assert (verdict["kind"], verdict["converted"], verdict["segments"]) == ("sms", True, 2)


def test_what_is_too_much_together(platform: Platform, customer: Customer) -> None:
    """Files that may go one by one, and are more than 5 MB."""
    for name in ("/one.jpg", "/two.jpg"):
        customer.files[name] = ("image/jpeg", pictures.photo(64, 48) + bytes(3_000_000))
    urls = [f"{customer.url}/one.jpg", f"{customer.url}/two.jpg"]
    found = platform.form(PATH, To="+15558675310", From="+15017122661", MediaUrl=urls)
    assert found["verdicts"][0]["refused"]["code"] == 11751


def test_without_the_converter(platform: Platform, customer: Customer) -> None:
    """The verdict is the number with which the message itself would be refused."""
    platform.form("/magpie/v1/Settings", MmsConverter="false")
    try:
        found = asked(platform, To="+15558675311", MediaUrl=f"{customer.url}/a.png")
    finally:
        platform.form("/magpie/v1/Settings", MmsConverter="true")
    assert found["verdicts"][0]["refused"]["code"] == 21612


def test_a_file_that_cannot_be_had(platform: Platform, customer: Customer) -> None:
    """The code of the fetch is told, and nothing is sent or stored."""
    customer.answers["/gone"] = (404, "text/plain", b"no")
    found = asked(platform, To="+15558675310", MediaUrl=f"{customer.url}/gone")
    assert found["media"][0]["code"] == 11200
    assert found["verdicts"][0]["refused"]["code"] == 11200


@pytest.mark.parametrize(
    ("from_", "code"),
    [("Magpie", 21612), ("+15005550000", 21606), ("+1", 21212), ("+15558675310", 21606)],
)
def test_a_sender_that_may_not(
    platform: Platform, customer: Customer, from_: str, code: int
) -> None:
    """What the API would answer at once is the verdict, whatever the carrier takes."""
    media = f"{customer.url}/a.png"
    found = asked(platform, To="+15558675310", From=from_, MediaUrl=media, Carrier="att")
    assert [verdict["refused"]["code"] for verdict in found["verdicts"]] == [code, code]
    with pytest.raises(TwilioRestException) as refused:
        platform.client().messages.create(to="+15558675310", from_=from_, media_url=[media])
    assert refused.value.code == code


def test_a_wrong_carrier(platform: Platform) -> None:
    """The answer names those that there are."""
    with pytest.raises(HTTPError) as refused:
        asked(platform, Body="x", Carrier="nobody")
    assert refused.value.code == 400
    assert b"t-mobile" in refused.value.read()
