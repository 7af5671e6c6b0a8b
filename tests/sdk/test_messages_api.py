"""The Messages resource as the official SDK sees it: errors, lists, changes, idempotency."""

import base64
import json
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen
from xml.etree import ElementTree as ET

import pytest
from tests.sdk.world import PICTURE, Customer, Platform, until
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

PHONE = "+15558675310"
OWN = "+15017122661"
MG = "MG" + "0" * 32
NOBODY = "SM" + "0" * 32
HX = "HX" + "0" * 32


def post(
    platform: Platform, form: list[tuple[str, str]], suffix: str = ".json", **headers: str
) -> tuple[int, bytes]:
    """As curl would: what the SDK does not let through."""
    url = f"{platform.base}/2010-04-01/Accounts/{platform.auth[0]}/Messages{suffix}"
    request = Request(url, urlencode(form).encode(), method="POST")
    token = base64.b64encode(":".join(platform.auth).encode()).decode()
    request.add_header("Authorization", f"Basic {token}")
    for name, value in headers.items():
        request.add_header(name.replace("_", "-"), value)
    try:
        with urlopen(request, timeout=20) as answer:
            return answer.status, answer.read()
    except OSError as error:
        return error.code, error.read()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"From": OWN, "Body": "x"}, 21604),
        ({"To": "12", "From": OWN, "Body": "x"}, 21211),
        ({"To": "hello", "From": OWN, "Body": "x"}, 21211),
        ({"To": OWN, "From": OWN, "Body": "x"}, 21211),
        ({"To": PHONE, "Body": "x"}, 21603),
        ({"To": PHONE, "From": "+1", "Body": "x"}, 21212),
        ({"To": PHONE, "From": "+15005550123", "Body": "x"}, 21606),
        ({"To": PHONE, "From": "Acme", "Body": "x"}, 21612),
        ({"To": PHONE, "From": OWN}, 21602),
        ({"To": PHONE, "From": OWN, "Body": ""}, 21602),
        ({"To": PHONE, "From": OWN, "Body": "x" * 1601}, 21617),
        ({"To": PHONE, "From": OWN, "MediaUrl": "ftp://example.com/a.png"}, 21620),
        ({"To": PHONE, "From": OWN, "MediaUrl": "nonsense"}, 21620),
        ({"To": PHONE, "From": OWN, "Body": "x", "StatusCallback": "nonsense"}, 21609),
        ({"To": PHONE, "From": OWN, "Body": "x", "StatusCallback": "http://a_b.com/"}, 21609),
        ({"To": PHONE, "From": OWN, "Body": "x", "ValidityPeriod": "0"}, 21624),
        ({"To": PHONE, "From": OWN, "Body": "x", "ValidityPeriod": "36001"}, 21624),
        ({"To": PHONE, "From": OWN, "Body": "x", "MaxPrice": "cheap"}, 21627),
        ({"To": PHONE, "From": OWN, "Body": "x", "ContentRetention": "burn"}, 30029),
        ({"To": PHONE, "From": OWN, "Body": "x", "AddressRetention": "burn"}, 30030),
        ({"To": PHONE, "From": OWN, "Body": "x", "ScheduleType": "fixed"}, 35111),
        ({"To": PHONE, "From": OWN, "Body": "x", "ScheduleType": "never"}, 35126),
        (
            {
                "To": PHONE,
                "From": OWN,
                "Body": "x",
                "ScheduleType": "fixed",
                "SendAt": "2030-01-01T00:00:00Z",
            },
            35118,
        ),
        ({"To": PHONE, "From": OWN, "Body": "x", "ContentVariables": '{"1":"a"}'}, 21654),
        ({"To": PHONE, "From": OWN, "ContentSid": HX, "ContentVariables": "{"}, 21656),
        ({"To": PHONE, "From": OWN, "ContentSid": HX}, 21655),
        ({"To": PHONE, "MessagingServiceSid": "MGx", "Body": "x"}, 21705),
        ({"To": PHONE, "MessagingServiceSid": MG, "Body": "x"}, 21701),
        ({"To": "whatsapp:" + PHONE, "From": OWN, "Body": "x"}, 63007),
    ],
)
def test_each_mistake_has_its_number(platform: Platform, form: dict[str, str], code: int) -> None:
    """A wrong parameter is told by its code, with HTTP 400 and a page about it."""
    status, body = post(platform, list(form.items()))
    error = json.loads(body)
    assert (status, error["code"], error["status"]) == (400, code, 400)
    assert error["more_info"].endswith(f"/{code}")
    assert error["message"]


def test_eleven_pictures_are_too_many(platform: Platform) -> None:
    """Ten media are the most: 21623."""
    form = [("To", PHONE), ("From", OWN)] + [("MediaUrl", f"http://h/{n}") for n in range(11)]
    status, body = post(platform, form)
    assert (status, json.loads(body)["code"]) == (400, 21623)


def test_a_json_body_is_not_read(platform: Platform) -> None:
    """A JSON body looks as if To were missing, as at Twilio."""
    path = f"/2010-04-01/Accounts/{platform.auth[0]}/Messages.json"
    status, _, body = platform.raw(path, {"To": PHONE, "From": OWN, "Body": "x"})
    assert (status, json.loads(body)["code"]) == (400, 21604)


def test_unknown_parameters_are_ignored(platform: Platform, sender: Any) -> None:
    """What is not known is passed over; what is known is recorded."""
    form = {
        "To": PHONE,
        "From": sender.phone_number,
        "Body": "x",
        "Colour": "blue",
        "RiskCheck": "disable",
        "TrafficType": "free",
        "Tags": '{"a":"b"}',
        "PersistentAction": "mailto:x",
        "ForceDelivery": "true",
    }
    assert post(platform, list(form.items()))[0] == 201


@pytest.mark.parametrize("secret", ["wrong", ""])
def test_wrong_credentials(platform: Platform, secret: str) -> None:
    """20003 and 401, for whoever comes with another secret."""
    client = platform.client(secret=secret or "x")
    with pytest.raises(TwilioRestException) as refused:
        client.messages(NOBODY).fetch()
    assert (refused.value.code, refused.value.status) == (20003, 401)


@pytest.mark.parametrize("sid", ["SM" + "0" * 32, "nonsense", "MM" + "f" * 32])
def test_unknown_messages_are_not_found(client: Client, sid: str) -> None:
    """20404 names the path."""
    with pytest.raises(TwilioRestException) as refused:
        client.messages(sid).fetch()
    assert (refused.value.code, refused.value.status) == (20404, 404)
    assert sid in refused.value.msg


def test_a_sid_has_its_own_letters(client: Client, sender: Any) -> None:
    """A text's sid begins with SM: with MM before the same digits it is not found."""
    sid = str(client.messages.create(from_=sender.phone_number, to=PHONE, body="x").sid)
    assert client.messages(sid).fetch().sid == sid
    with pytest.raises(TwilioRestException):
        client.messages("MM" + sid[2:]).fetch()


def test_lists_page_both_ways(platform: Platform, client: Client, sender: Any) -> None:
    """Newest first, in pages that lead forth and back with the filters kept."""
    bodies = [f"page {n}" for n in range(7)]
    for body in bodies:
        client.messages.create(from_=sender.phone_number, to=PHONE, body=body)
    listed = client.messages.list(from_=sender.phone_number, page_size=3)
    assert [one.body for one in listed] == bodies[::-1]
    first = client.messages.page(from_=sender.phone_number, page_size=3)
    second = first.next_page()
    assert second is not None
    assert [one.body for one in second] == ["page 3", "page 2", "page 1"]
    back = second.previous_page()
    assert back is not None
    assert [one.body for one in back] == ["page 6", "page 5", "page 4"]
    url = f"/2010-04-01/Accounts/{platform.auth[0]}/Messages.json?PageSize=1001"
    assert json.loads(platform.raw(url)[2])["code"] == 20007
    url = f"/2010-04-01/Accounts/{platform.auth[0]}/Messages.json?PageToken=nonsense"
    assert json.loads(platform.raw(url)[2])["code"] == 21481


def test_lists_filter(client: Client, sender: Any) -> None:
    """To, From and DateSent choose, as the SDK sends them."""
    message = client.messages.create(from_=sender.phone_number, to=PHONE, body="find me")
    sid = str(message.sid)
    until(lambda: client.messages(sid).fetch().status == "delivered")
    sent = client.messages(sid).fetch().date_sent
    day = sent.date()
    mine = {"from_": sender.phone_number}
    assert [m.sid for m in client.messages.list(**mine, to=PHONE)] == [sid]
    assert client.messages.list(**mine, to="+15558675399") == []
    assert [m.sid for m in client.messages.list(**mine, date_sent=day)] == [sid]
    assert [m.sid for m in client.messages.list(**mine, date_sent_after=day)] == [sid]
    assert [m.sid for m in client.messages.list(**mine, date_sent_before=day)] == [sid]
    before = day.replace(year=day.year - 1)
    assert client.messages.list(**mine, date_sent_before=before) == []


def test_redact_and_delete(client: Client, sender: Any) -> None:
    """A finished message can be emptied and deleted; an unfinished one not (20009)."""
    last = [
        str(client.messages.create(from_=sender.phone_number, to=PHONE, body="x" * 1500).sid)
        for _ in range(3)
    ][-1]
    with pytest.raises(TwilioRestException) as early:
        client.messages(last).delete()
    assert (early.value.code, early.value.status) == (20009, 409)
    with pytest.raises(TwilioRestException) as full:
        client.messages(last).update(body="other")
    assert full.value.code == 20422
    with pytest.raises(TwilioRestException) as late:
        client.messages(last).update(status="canceled")
    assert (late.value.code, late.value.status) == (30409, 409)
    until(lambda: client.messages(last).fetch().status == "delivered")
    assert client.messages(last).update(body="").body == ""
    assert client.messages(last).delete()
    with pytest.raises(TwilioRestException) as gone:
        client.messages(last).fetch()
    assert gone.value.code == 20404


def test_feedback(client: Client, sender: Any) -> None:
    """Feedback is confirmed unless said otherwise."""
    sid = str(client.messages.create(from_=sender.phone_number, to=PHONE, body="x").sid)
    assert client.messages(sid).feedback.create().outcome == "confirmed"
    assert client.messages(sid).feedback.create(outcome="unconfirmed").outcome == "unconfirmed"


@pytest.mark.parametrize("header", ["Idempotency_Key", "I_Twilio_Idempotency_Token"])
def test_a_token_is_answered_once(
    platform: Platform, client: Client, sender: Any, header: str
) -> None:
    """The same token gives the same answer and one message; other parameters with it, 20409."""
    form = [("To", PHONE), ("From", sender.phone_number), ("Body", header)]
    first = post(platform, form, **{header: f"token-{header}"})
    second = post(platform, form, **{header: f"token-{header}"})
    assert first == second
    assert first[0] == 201
    status, body = post(platform, [*form, ("Attempt", "2")], **{header: f"token-{header}"})
    assert (status, json.loads(body)["code"]) == (409, 20409)
    assert len(client.messages.list(from_=sender.phone_number)) == 1


def test_xml(platform: Platform, sender: Any) -> None:
    """Without a suffix the answer is XML, errors too."""
    form = [("To", PHONE), ("From", sender.phone_number), ("Body", "xml")]
    status, body = post(platform, form, suffix="")
    root = ET.fromstring(body)
    assert (status, root.tag) == (201, "TwilioResponse")
    assert root.findtext("Message/Body") == "xml"
    assert root.findtext("Message/Status") == "queued"
    status, body = post(platform, form[:1], suffix=".xml")
    assert (status, ET.fromstring(body).findtext("RestException/Code")) == (400, "21603")


def test_segments(client: Client, sender: Any) -> None:
    """Segments are counted by encoding; smart encoding keeps a text in GSM-7."""

    def segments(body: str, **how: Any) -> Any:
        made = client.messages.create(from_=sender.phone_number, to=PHONE, body=body, **how)
        return made.num_segments

    assert segments("a" * 160) == "1"
    assert segments("a" * 161) == "2"
    assert segments("\u20ac" * 81) == "2"
    assert segments("\u4f60" * 71) == "2"
    assert segments("\u2019" + "a" * 100) == "2"
    assert segments("\u2019" + "a" * 100, smart_encoded=True) == "1"
    assert segments("a" * 500, send_as_mms=True) == "1"


def test_what_waits_too_long_fails(client: Client, sender: Any) -> None:
    """A message that is still in its lane when its validity ends fails with 30036."""
    for _ in range(3):
        client.messages.create(from_=sender.phone_number, to=PHONE, body="x" * 1500)
    late = client.messages.create(
        from_=sender.phone_number, to=PHONE, body="too late", validity_period=1
    )
    sid = str(late.sid)
    until(lambda: client.messages(sid).fetch().status == "failed")
    assert client.messages(sid).fetch().error_code == 30036


def test_a_file_comes_with_the_request(platform: Platform, sender: Any) -> None:
    """A multipart field Media carries the picture itself, as an addition of ours."""
    boundary = "frontier"
    fields = {"To": PHONE, "From": sender.phone_number, "Body": "uploaded"}
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    parts.append(
        f'--{boundary}\r\nContent-Disposition: form-data; name="Media"; filename="a.png"\r\n'
        "Content-Type: image/png\r\n\r\n".encode()
        + PICTURE
        + b"\r\n"
    )
    body = b"".join(parts) + f"--{boundary}--\r\n".encode()
    url = f"{platform.base}/2010-04-01/Accounts/{platform.auth[0]}/Messages.json"
    request = Request(url, body, method="POST")
    token = base64.b64encode(":".join(platform.auth).encode()).decode()
    request.add_header("Authorization", f"Basic {token}")
    request.add_header("Content-Type", f"multipart/form-data; boundary={boundary}")
    with urlopen(request, timeout=20) as answer:
        assert json.loads(answer.read())["num_media"] == "1"
    got = until(lambda: [one for one in platform.handset() if one["body"] == "uploaded"])[0]
    assert platform.raw(got["parts"][0]["url"])[2] == PICTURE


def test_an_application_hears_of_its_messages(
    client: Client, customer: Customer, sender: Any
) -> None:
    """ApplicationSid stands for the application's callback URL."""
    application = client.applications.create(
        friendly_name="app", message_status_callback=f"{customer.url}/app"
    )
    message = client.messages.create(
        from_=sender.phone_number, to=PHONE, body="x", application_sid=str(application.sid)
    )
    until(lambda: "delivered" in customer.statuses("/app", str(message.sid)))


def test_retention(client: Client, sender: Any) -> None:
    """What was to be forgotten is forgotten once the message is delivered."""
    message = client.messages.create(
        from_=sender.phone_number,
        to=PHONE,
        body="secret",
        content_retention="discard",
        address_retention="obfuscate",
    )
    sid = str(message.sid)
    until(lambda: client.messages(sid).fetch().status == "delivered")
    stored = client.messages(sid).fetch()
    assert (stored.body, stored.to) == ("", "+1555867XXXX")


def test_a_subaccount_sees_only_its_own(platform: Platform, client: Client) -> None:
    """A subaccount has its own messages; its parent may look, it may not look at its parent."""
    made = client.api.accounts.create(friendly_name="sub")
    below = platform.client(str(made.sid), str(made.auth_token))
    assert below.messages.list(limit=1) == []
    with pytest.raises(TwilioRestException) as foreign:
        below.messages.create(from_=OWN, to=PHONE, body="x")
    assert foreign.value.code == 21606
    above = platform.client(*platform.auth, account_sid=str(made.sid))
    assert above.messages.list(limit=1) == []
    up = platform.client(str(made.sid), str(made.auth_token), account_sid=platform.auth[0])
    with pytest.raises(TwilioRestException) as refused:
        up.messages(NOBODY).fetch()
    assert refused.value.code in {20003, 20404}


def test_a_key_sends(platform: Platform, client: Client, sender: Any) -> None:
    """An API key does what its account does, until it is deleted."""
    key = client.new_keys.create(friendly_name="ci")
    by_key = platform.client(str(key.sid), str(key.secret), account_sid=platform.auth[0])
    assert by_key.messages.create(from_=sender.phone_number, to=PHONE, body="by key").sid
    client.keys(str(key.sid)).delete()
    with pytest.raises(TwilioRestException) as refused:
        by_key.messages(NOBODY).fetch()
    assert refused.value.code == 20003
