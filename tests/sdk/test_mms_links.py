"""Pictures over real wires: from the API to a simulated handset and back, receipts included.

Each platform reaches its own simulated network by a protocol of carriers instead of by a call.
"""

import hashlib
from collections.abc import Iterator

import pytest
from tests.ports import free_port
from tests.sdk.mms_world import LINKS, OWN, PHONE, ROUTES, running
from tests.sdk.world import PICTURE, Customer, Platform, serving, until


@pytest.fixture(scope="module", params=sorted(LINKS))
def linked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Platform]:
    """A platform whose pictures go by one kind of link."""
    port = free_port()
    made = LINKS[request.param](port) | {"routes": ROUTES}
    with running(tmp_path_factory.mktemp(request.param), made, port) as one:
        yield one


@pytest.fixture
def customer(linked: Platform) -> Iterator[Customer]:
    with serving(linked.auth[1]) as made:
        yield made


def test_a_picture_goes_and_its_receipt_comes(linked: Platform, customer: Customer) -> None:
    """The handset has the very picture and the text, and the callback tells of its delivery."""
    sent = linked.client().messages.create(
        from_=OWN,
        to=PHONE,
        body="Over a wire",
        media_url=[f"{customer.url}/a.png"],
        status_callback=f"{customer.url}/status",
    )
    until(lambda: "delivered" in customer.statuses("/status", str(sent.sid)))
    assert customer.statuses("/status", str(sent.sid)) == ["sending", "sent", "delivered"]
    got = next(one for one in linked.handset(PHONE) if one["body"] == "Over a wire")
    assert (got["from"], got["type"]) == (OWN, "mms")
    (part,) = got["parts"]
    assert part["sha256"] == hashlib.sha256(PICTURE).hexdigest()
    hops = {hop["hop"]: hop["detail"] for hop in linked.timeline(str(sent.sid))}
    assert hops["taken"]["carrier"] == hops["receipt"]["carrier"] == "north"


def test_a_picture_comes_from_a_phone(linked: Platform, customer: Customer) -> None:
    """It is called in as what it is, with its bytes to be fetched."""
    number = linked.client().incoming_phone_numbers.list(phone_number=OWN)[0]
    number.update(sms_url=f"{customer.url}/in")
    linked.say(OWN, "Back over the wire", PICTURE, number=PHONE)
    call = until(lambda: [c for c in customer.heard("/in") if c.params["From"] == PHONE])[0]
    assert (call.params["Body"], call.params["NumMedia"]) == ("Back over the wire", "1")
    assert call.valid
    assert linked.raw(call.params["MediaUrl0"])[2] == PICTURE


@pytest.mark.parametrize("fault", ["garbage", "cut"])
def test_an_answer_that_is_none(linked: Platform, customer: Customer, fault: str) -> None:
    """Whether the centre had the message nobody knows: it goes again, and is shown once."""
    once = {"faults": {fault: {"share": 1.0, "attempts": 1}}}
    linked.ask("/simulator/v1/Carriers/simulator", once)
    try:
        sent = linked.client().messages.create(
            from_=OWN,
            to=PHONE,
            body=f"After {fault}",
            send_as_mms=True,
            status_callback=f"{customer.url}/{fault}",
        )
        until(lambda: "delivered" in customer.statuses(f"/{fault}", str(sent.sid)), 40)
    finally:
        linked.ask("/simulator/v1/Carriers/simulator", method="DELETE")
    hops = [hop["hop"] for hop in linked.timeline(str(sent.sid))]
    assert hops.count("unknown") == hops.count("taken") == 1
    assert [one["body"] for one in linked.handset(PHONE)].count(f"After {fault}") == 1


def test_a_phone_that_flies(linked: Platform) -> None:
    """What cannot be delivered is told as that, with a code of ours."""
    linked.ask(f"/simulator/v1/Handsets/{PHONE}", {"state": "airplane"})
    try:
        sent = linked.client().messages.create(
            from_=OWN, to=PHONE, body="Nobody home", send_as_mms=True
        )
        client = linked.client()
        until(lambda: client.messages(str(sent.sid)).fetch().status == "undelivered", 30)
        assert client.messages(str(sent.sid)).fetch().error_code == 30003
    finally:
        linked.ask(f"/simulator/v1/Handsets/{PHONE}", {"state": "on"})
