"""The main job, end to end, by the official Python SDK."""

import hashlib
from typing import Any
from urllib.request import urlopen

import pytest
from tests.sdk.world import PICTURE, Customer, Platform, until
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

PHONE = "+15558675310"


def test_a_picture_arrives(platform: Platform, client: Client, customer: Customer) -> None:
    """The seed snippet of every tutorial puts its picture on the handset, byte for byte."""
    message = client.messages.create(
        from_="+15017122661",
        to=PHONE,
        body="A bird for you",
        media_url=[f"{customer.url}/bird.png"],
        status_callback=f"{customer.url}/status",
    )
    assert (message.status, message.num_media, message.sid[:2]) == ("queued", "1", "MM")
    until(lambda: "delivered" in customer.statuses("/status", str(message.sid)))
    got = next(one for one in platform.handset() if one["body"] == "A bird for you")
    assert (got["from"], got["to"], got["type"]) == ("+15017122661", PHONE, "mms")
    (part,) = got["parts"]
    assert part["content_type"] == "image/png"
    assert part["sha256"] == hashlib.sha256(PICTURE).hexdigest()
    assert platform.raw(part["url"])[2] == PICTURE
    assert customer.statuses("/status", str(message.sid)) == ["sending", "sent", "delivered"]
    calls = customer.heard("/status")
    assert all(call.valid for call in calls)
    assert len({call.headers["I-Twilio-Idempotency-Token"] for call in calls}) == len(calls)
    stored = client.messages(str(message.sid)).fetch()
    assert stored.status == "delivered"
    assert stored.date_sent is not None


def test_media_can_be_fetched_and_deleted(
    platform: Platform, client: Client, customer: Customer, sender: Any
) -> None:
    """Media have metadata in JSON and bytes without a suffix; deleted ones are gone."""
    message = client.messages.create(
        from_=sender.phone_number, to=PHONE, media_url=[f"{customer.url}/{n}.png" for n in "ab"]
    )
    sid = str(message.sid)
    until(lambda: client.messages(sid).fetch().status == "delivered")
    first, second = client.messages(sid).media.list()
    assert first.content_type == "image/png"
    assert first.parent_sid == sid
    path = f"/2010-04-01/Accounts/{platform.auth[0]}/Messages/{sid}/Media/{first.sid}"
    status, headers, content = platform.raw(path)
    assert (status, headers["content-type"], content) == (200, "image/png", PICTURE)
    signed = platform.ask(f"/magpie/v1/Messages/{sid}/Media")["media"][0]
    with urlopen(signed["signed_url"], timeout=20) as answer:
        assert answer.read() == PICTURE
    with pytest.raises(OSError, match="401"):
        urlopen(signed["signed_url"].replace("Signature=", "Signature=0"), timeout=20)
    client.messages(sid).media(str(first.sid)).delete()
    assert platform.raw(path)[0] == 404
    assert [one.sid for one in client.messages(sid).media.list()] == [second.sid]
    assert client.messages(sid).fetch().num_media == "1"


def test_one_url_is_fetched_once(client: Client, customer: Customer, sender: Any) -> None:
    """A second message with the same picture does not ask its server again."""
    for _ in range(2):
        message = client.messages.create(
            from_=sender.phone_number, to=PHONE, media_url=[f"{customer.url}/once.png"]
        )
        until(lambda sid=str(message.sid): client.messages(sid).fetch().status == "delivered")
    assert customer.fetches == 1


def test_a_phone_answers_with_a_picture(
    platform: Platform, client: Client, customer: Customer, sender: Any
) -> None:
    """An inbound MMS calls the webhook, and the TwiML that comes back reaches the phone."""
    customer.answers["/inbound"] = (
        200,
        "text/xml",
        (
            b'<Response><Message action="/action"><Body>Thanks</Body><Media>/thanks.png</Media>'
            b"</Message></Response>"
        ),
    )
    sender.update(sms_url=f"{customer.url}/inbound")
    platform.say(sender.phone_number, "look", PICTURE)
    call = until(lambda: customer.heard("/inbound"))[0]
    assert call.valid
    wanted = {"From": PHONE, "To": sender.phone_number, "Body": "look", "NumMedia": "1"}
    assert wanted.items() <= call.params.items()
    assert call.params["MediaContentType0"] == "image/png"
    assert platform.raw(call.params["MediaUrl0"])[2] == PICTURE
    reply = until(lambda: [one for one in platform.handset() if one["body"] == "Thanks"])[0]
    assert reply["parts"][0]["sha256"] == hashlib.sha256(PICTURE).hexdigest()
    until(lambda: "delivered" in [c.params["MessageStatus"] for c in customer.heard("/action")])
    (sent,) = client.messages.list(from_=sender.phone_number, to=PHONE)
    assert sent.direction == "outbound-reply"
    (received,) = client.messages.list(from_=PHONE, to=sender.phone_number)
    assert (received.direction, received.status) == ("inbound", "received")


def test_a_bot_sends_a_picture_back(
    platform: Platform, client: Client, customer: Customer, sender: Any
) -> None:
    """The URL that the webhook was told can be sent on: it is read from the store."""
    sender.update(sms_url=f"{customer.url}/echo")
    platform.say(sender.phone_number, "echo me", PICTURE)
    call = until(lambda: customer.heard("/echo"))[0]
    client.messages.create(
        from_=sender.phone_number, to=PHONE, body="echo", media_url=[call.params["MediaUrl0"]]
    )
    got = until(lambda: [one for one in platform.handset() if one["body"] == "echo"])[0]
    assert got["parts"][0]["sha256"] == hashlib.sha256(PICTURE).hexdigest()


def test_stop_and_start(platform: Platform, client: Client, sender: Any) -> None:
    """STOP leads to 21610 and is answered; START lets messages through again."""
    platform.say(sender.phone_number, "stop")
    until(lambda: [one for one in platform.handset() if one["from"] == sender.phone_number])
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(from_=sender.phone_number, to=PHONE, body="hello?")
    assert (refused.value.code, refused.value.status) == (21610, 400)
    platform.say(sender.phone_number, "START")
    message = client.messages.create(from_=sender.phone_number, to=PHONE, body="welcome back")
    until(lambda: client.messages(str(message.sid)).fetch().status == "delivered")


def test_a_broken_picture_fails_its_message(
    platform: Platform, client: Client, customer: Customer, sender: Any
) -> None:
    """A MediaUrl that answers 404 ends as failed with 11200, and the callback says so."""
    customer.answers["/gone"] = (404, "text/plain", b"no")
    message = client.messages.create(
        from_=sender.phone_number,
        to=PHONE,
        media_url=[f"{customer.url}/gone"],
        status_callback=f"{customer.url}/status",
    )
    until(lambda: customer.statuses("/status", str(message.sid)) == ["failed"])
    assert customer.heard("/status")[0].params["ErrorCode"] == "11200"
    stored = client.messages(str(message.sid)).fetch()
    assert (stored.status, stored.error_code) == ("failed", 11200)
    assert [hop["hop"] for hop in platform.timeline(str(message.sid))][:2] == ["accepted", "media"]


def test_nobody_has_this_number(client: Client, sender: Any) -> None:
    """A number that no phone has ends as undelivered with 30005."""
    message = client.messages.create(from_=sender.phone_number, to="+15558679999", body="anyone?")
    sid = str(message.sid)
    until(lambda: client.messages(sid).fetch().status == "undelivered")
    assert client.messages(sid).fetch().error_code == 30005


def test_a_fallback_answers_for_a_broken_webhook(
    platform: Platform, customer: Customer, sender: Any
) -> None:
    """When the webhook answers 500, the fallback is called with the error and its TwiML is run."""
    customer.answers["/broken"] = (500, "text/plain", b"oh")
    customer.answers["/fallback"] = (
        200,
        "text/xml",
        b"<Response><Message>from the fallback</Message></Response>",
    )
    sender.update(sms_url=f"{customer.url}/broken", sms_fallback_url=f"{customer.url}/fallback")
    platform.say(sender.phone_number, "hi")
    until(lambda: [one for one in platform.handset() if one["body"] == "from the fallback"])
    call = customer.heard("/fallback")[0]
    assert call.valid
    assert call.params["ErrorCode"] == "11200"
    assert call.params["ErrorUrl"] == f"{customer.url}/broken"


def test_a_session_keeps_cookies_and_redirects(
    platform: Platform, customer: Customer, sender: Any
) -> None:
    """A Redirect is followed with the same parameters."""
    customer.answers["/one"] = (
        200,
        "text/xml",
        b"<Response><Redirect>/two</Redirect><Message>never</Message></Response>",
    )
    customer.answers["/two"] = (200, "text/plain", b"plain answer")
    sender.update(sms_url=f"{customer.url}/one")
    platform.say(sender.phone_number, "go")
    until(lambda: [one for one in platform.handset() if one["body"] == "plain answer"])
    assert customer.heard("/two")[0].params["Body"] == "go"
    assert not [one for one in platform.handset() if one["body"] == "never"]


@pytest.mark.parametrize(
    ("kind", "body", "code", "level"),
    [
        ("text/xml", b"<Response><Message>", 12100, "error"),
        ("text/xml", b"<Answer/>", 12102, "error"),
        ("text/xml", b"<Response><Message colour='blue'>hi</Message></Response>", 12200, "warning"),
        ("application/json", b"{}", 12300, "error"),
    ],
)
def test_a_wrong_answer_is_an_alert(
    platform: Platform,
    customer: Customer,
    sender: Any,
    kind: str,
    body: bytes,
    code: int,
    level: str,
) -> None:
    """What a webhook answers wrongly is told by its number."""
    customer.answers["/wrong"] = (200, kind, body)
    sender.update(sms_url=f"{customer.url}/wrong")
    platform.say(sender.phone_number, "hi")
    sid = until(lambda: customer.heard("/wrong"))[0].params["MessageSid"]
    path = f"/magpie/v1/Alerts?MessageSid={sid}"
    (found,) = until(lambda: platform.ask(path)["alerts"])
    assert (found["error_code"], found["level"]) == (code, level)
