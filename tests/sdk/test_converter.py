"""The MMS Converter: what a carrier cannot take arrives as a text with a link."""

import re
from typing import Any
from urllib.request import Request, urlopen

from tests.sdk.world import PICTURE, Customer, Platform, until
from twilio.rest import Client

NO_MMS, SMALL = "+15558675311", "+15558675312"
LINK = re.compile(r"http://\S+/m/[0-9A-Za-z]{22}$")


def text_on(platform: Platform, number: str, body: str) -> dict[str, Any]:
    """The message on a phone that begins so."""
    found: dict[str, Any] = until(
        lambda: next(
            (one for one in platform.handset(number) if one["body"].startswith(body)), None
        )
    )
    return found


def test_a_picture_becomes_a_link(
    platform: Platform, client: Client, customer: Customer, sender: Any
) -> None:
    """To a carrier without MMS goes an SMS whose link shows the picture; the sid stays MM."""
    message = client.messages.create(
        from_=sender.phone_number,
        to=NO_MMS,
        body="See this:",
        media_url=[f"{customer.url}/a.png"],
        status_callback=f"{customer.url}/status",
    )
    assert (message.sid[:2], message.num_media) == ("MM", "1")
    got = text_on(platform, NO_MMS, "See this:")
    assert (got["type"], got["parts"]) == ("sms", [])
    link = LINK.search(got["body"])
    assert link
    until(lambda: "delivered" in customer.statuses("/status", str(message.sid)))
    assert all(call.params["MmsConverted"] == "true" for call in customer.heard("/status"))
    assert client.messages(str(message.sid)).fetch().body == got["body"]
    phone = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1"}
    with urlopen(Request(link[0], headers=phone), timeout=20) as page:
        html = page.read().decode()
    assert "See this:" in html
    with urlopen(f"{link[0]}/1", timeout=20) as picture:
        assert picture.read() == PICTURE
    hops = until(lambda: [h for h in platform.timeline(str(message.sid)) if h["hop"] == "opened"])
    assert hops[0]["detail"]["count"] == 1


def test_a_link_can_be_taken_back(
    platform: Platform, client: Client, customer: Customer, sender: Any
) -> None:
    """After its revocation the page says that the link has ended."""
    message = client.messages.create(
        from_=sender.phone_number, to=NO_MMS, body="Gone", media_url=[f"{customer.url}/a.png"]
    )
    link = LINK.search(text_on(platform, NO_MMS, "Gone")["body"])
    assert link
    (listed,) = platform.ask(f"/magpie/v1/Links?MessageSid={message.sid}")["links"]
    assert link[0].endswith(listed["sid"])
    platform.ask(f"/magpie/v1/Links/{listed['sid']}", method="DELETE")
    assert platform.raw(link[0])[0] == 410


def test_what_a_carrier_refuses_may_become_a_link(
    platform: Platform, client: Client, customer: Customer, sender: Any
) -> None:
    """Who asks for it gets a text also where a file is too large for the carrier."""
    customer.files["/plan.pdf"] = ("application/pdf", b"%PDF-1.7\n" + b"x" * 400_000)
    platform.form("/magpie/v1/Settings", ConvertRefused="true")
    try:
        message = client.messages.create(
            from_=sender.phone_number,
            to=SMALL,
            body="The plan",
            media_url=[f"{customer.url}/plan.pdf"],
        )
        got = text_on(platform, SMALL, "The plan")
    finally:
        platform.form("/magpie/v1/Settings", ConvertRefused="false")
    assert got["type"] == "sms"
    assert LINK.search(got["body"])
    until(lambda: client.messages(str(message.sid)).fetch().status == "delivered")
    story = platform.timeline(str(message.sid))
    assert 30019 in [hop["detail"].get("converts") for hop in story]


def test_what_fits_goes_and_the_rest_is_linked(
    platform: Platform, client: Client, customer: Customer, sender: Any
) -> None:
    """Of a picture and a file that is too large the picture arrives, with a link to both."""
    customer.files["/map.pdf"] = ("application/pdf", b"%PDF-1.7\n" + b"x" * 400_000)
    platform.form("/magpie/v1/Settings", ConvertRefused="true")
    try:
        client.messages.create(
            from_=sender.phone_number,
            to=SMALL,
            body="The map",
            media_url=[f"{customer.url}/map.pdf", f"{customer.url}/a.png"],
        )
        got = text_on(platform, SMALL, "The map")
    finally:
        platform.form("/magpie/v1/Settings", ConvertRefused="false")
    assert (got["type"], [part["content_type"] for part in got["parts"]]) == ("mms", ["image/png"])
    assert LINK.search(got["body"])


def test_a_late_refusal_becomes_a_link(
    platform: Platform, client: Client, customer: Customer, sender: Any
) -> None:
    """A picture whose receipt says that the network took no MMS goes again, once, as a text."""
    late = {"share": 1.0, "attempts": 5}
    profile = {"name": "late-no", "faults": {"undelivered": late, "undelivered_code": 30011}}
    platform.ask("/simulator/v1/Carriers", profile)
    phone = "+15558675377"
    platform.ask("/simulator/v1/Handsets", {"number": phone, "carrier": "late-no"})
    platform.form("/magpie/v1/Settings", ConvertRefused="true")
    try:
        message = client.messages.create(
            from_=sender.phone_number,
            to=phone,
            body="Late",
            media_url=[f"{customer.url}/a.png"],
            status_callback=f"{customer.url}/status",
        )
        got = text_on(platform, phone, "Late")
    finally:
        platform.form("/magpie/v1/Settings", ConvertRefused="false")
    assert (got["type"], got["parts"]) == ("sms", [])
    sid = str(message.sid)
    until(lambda: "delivered" in customer.statuses("/status", sid))
    assert customer.statuses("/status", sid) == ["sending", "sent", "delivered"]
    hops = [hop["hop"] for hop in platform.timeline(sid)]
    assert hops.count("submitting") == 2
