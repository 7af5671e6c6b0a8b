"""A Magpie whose provider is Twilio, as far as it can tell: another Magpie, over HTTP alone."""

import hashlib
import json
from collections.abc import Iterator

import pytest
from tests.ports import free_port
from tests.sdk.mms_world import OWN, PHONE, running
from tests.sdk.world import PICTURE, Customer, Platform, serving, until


def link_to(provider: Platform) -> dict[str, object]:
    sid, token = provider.auth
    return {
        "carriers": [
            {
                "name": "north",
                "kind": "http",
                "provider": "twilio",
                "account": sid,
                "token": token,
                "url": provider.base,
                "dedupes": True,
            }
        ],
        "routes": [{"carrier": "north"}],
    }


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with running(tmp_path_factory.mktemp("provider"), {}, free_port()) as one:
        yield one


@pytest.fixture(scope="module")
def ours(provider: Platform, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """Its provider tells it of all that comes to the number."""
    folder = tmp_path_factory.mktemp("ours")
    with running(folder, link_to(provider), free_port()) as one:
        number = provider.client().incoming_phone_numbers.list(phone_number=OWN)[0]
        number.update(sms_url=f"{one.base}/carriers/v1/north")
        yield one


@pytest.fixture
def customer(ours: Platform) -> Iterator[Customer]:
    with serving(ours.auth[1]) as made:
        yield made


def test_a_picture_goes_by_the_provider(
    provider: Platform, ours: Platform, customer: Customer
) -> None:
    """The provider fetches it from us, its phone has it, and what the provider tells is told on."""
    sent = ours.client().messages.create(
        from_=OWN,
        to=PHONE,
        body="Up the stream",
        media_url=[f"{customer.url}/a.png"],
        status_callback=f"{customer.url}/status",
    )
    until(lambda: "delivered" in customer.statuses("/status", str(sent.sid)))
    assert customer.statuses("/status", str(sent.sid)) == ["sending", "sent", "delivered"]
    got = next(one for one in provider.handset(PHONE) if one["body"] == "Up the stream")
    assert (got["from"], got["type"]) == (OWN, "mms")
    (part,) = got["parts"]
    assert part["sha256"] == hashlib.sha256(PICTURE).hexdigest()
    hops = {hop["hop"]: hop["detail"] for hop in ours.timeline(str(sent.sid))}
    assert hops["taken"]["carrier"] == hops["receipt"]["carrier"] == "north"


def test_a_long_text_goes_as_one(provider: Platform, ours: Platform) -> None:
    """Segments are the provider's business."""
    text = "every word of it " * 30
    sent = ours.client().messages.create(from_=OWN, to=PHONE, body=text)
    client = ours.client()
    until(lambda: client.messages(str(sent.sid)).fetch().status == "delivered")
    assert [one["body"] for one in provider.handset(PHONE)].count(text) == 1
    assert len(provider.client().messages.list(to=PHONE)) >= 1


def test_a_picture_comes_from_a_phone_of_the_provider(
    provider: Platform, ours: Platform, customer: Customer
) -> None:
    """It is fetched with our credentials and told on with an address of ours."""
    number = ours.client().incoming_phone_numbers.list(phone_number=OWN)[0]
    number.update(sms_url=f"{customer.url}/in")
    provider.say(OWN, "Down the stream", PICTURE, number=PHONE)
    call = until(lambda: [c for c in customer.heard("/in") if c.params["From"] == PHONE])[0]
    assert (call.params["Body"], call.params["NumMedia"]) == ("Down the stream", "1")
    assert call.valid
    assert call.params["MediaUrl0"].startswith(ours.base)
    assert ours.raw(call.params["MediaUrl0"])[2] == PICTURE


def test_what_the_provider_refuses(provider: Platform, ours: Platform) -> None:
    """Its code is ours, since both are Twilio's: here that of somebody who has opted out."""
    number = provider.client().incoming_phone_numbers.list(phone_number=OWN)[0]
    number.update(sms_url="")  # as soon as we heard of it we would refuse by ourselves
    provider.say(OWN, "STOP", number="+15558675311")
    until(lambda: provider.client().messages.list(from_="+15558675311", to=OWN))
    number.update(sms_url=f"{ours.base}/carriers/v1/north")
    client = ours.client()
    sent = client.messages.create(from_=OWN, to="+15558675311", body="Are you there?")
    until(lambda: client.messages(str(sent.sid)).fetch().status == "failed")
    assert client.messages(str(sent.sid)).fetch().error_code == 21610


def test_a_phone_that_cannot_be_reached(provider: Platform, ours: Platform) -> None:
    """The code of the provider's callback becomes that of the message."""
    provider.ask(f"/simulator/v1/Handsets/{PHONE}", {"state": "airplane"})
    try:
        client = ours.client()
        sent = client.messages.create(from_=OWN, to=PHONE, body="Nobody home")
        until(lambda: client.messages(str(sent.sid)).fetch().status == "undelivered", 30)
        assert client.messages(str(sent.sid)).fetch().error_code == 30003
    finally:
        provider.ask(f"/simulator/v1/Handsets/{PHONE}", {"state": "on"})


def test_calls_that_are_not_signed(ours: Platform) -> None:
    """Nobody tells of deliveries but the provider, nor fetches what is not theirs."""
    told = {"MessageSid": "SM" + "0" * 32, "MessageStatus": "delivered"}
    assert ours.raw("/carriers/v1/north", told)[0] == 403
    assert ours.raw(f"{ours.base}/carriers/v1/north/media/{'0' * 64}/a.png?until=9")[0] == 404


def test_the_trace_hides_people(ours: Platform) -> None:
    """An operator sees what was said without the numbers and the texts."""
    client = ours.client()
    sent = client.messages.create(from_=OWN, to=PHONE, body="Up the stream")
    until(lambda: client.messages(str(sent.sid)).fetch().status == "delivered")
    shown = json.dumps(ours.ask("/magpie/v1/Carriers/north/Trace"))
    assert "submit" in shown
    assert PHONE not in shown
    assert "Up the stream" not in shown
    assert ours.auth[1] not in shown
