"""Pictures over real wires: from the API to a simulated handset and back, receipts included.

Each platform reaches its own simulated network by a protocol of carriers instead of by a call.
"""

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.sdk.world import PICTURE, Customer, Platform, serving, until

OWN = "+15017122661"
PHONE = "+15558675310"
Make = dict[str, Any]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def by_mm7(port: int) -> Make:
    relay = free_port()
    door = f"http://127.0.0.1:{port}/carriers/v1/north"
    return {
        "mmsc": {"mm7_port": relay, "mm7_url": door, "numbers": [OWN]},
        "carriers": [
            {
                "name": "north",
                "kind": "mm7",
                "url": f"http://127.0.0.1:{relay}/mm7",
                "vasp_id": "magpie",
                "dedupes": True,
            }
        ],
    }


def by_mm1(port: int) -> Make:
    centre = free_port()
    door = f"http://127.0.0.1:{port}/carriers/v1/north"
    return {
        "mmsc": {"mm1_port": centre, "mm1_url": door, "numbers": [OWN]},
        "carriers": [
            {
                "name": "north",
                "kind": "mm1",
                "url": f"http://127.0.0.1:{centre}/",
                "number": OWN,
                "headers": {"X-MSISDN": OWN},
            }
        ],
    }


def by_mm4(_: int) -> Make:
    centre, own = free_port(), free_port()
    return {
        "mmsc": {"mm4_port": centre, "mm4_peer_port": own, "numbers": [OWN]},
        "carriers": [
            {
                "name": "north",
                "kind": "mm4",
                "host": "127.0.0.1",
                "port": centre,
                "domain": "mms.simulator.example",
                "own_domain": "mms.magpie.example",
                "listen_port": own,
            }
        ],
    }


ROUTES = [
    {"carrier": "north", "prefix": "+1555", "kinds": ["mms"]},
    {"carrier": "simulator", "kinds": ["sms"]},
]
LINKS = {"mm1": by_mm1, "mm4": by_mm4, "mm7": by_mm7}


@contextmanager
def running(folder: Path, made: Make, port: int) -> Iterator[Platform]:
    data, log = folder / "data", folder / "log"
    settings = {"MAGPIE_PORT": str(port), "MAGPIE_DATA": str(data)}
    settings |= {f"MAGPIE_{name.upper()}": json.dumps(value) for name, value in made.items()}
    kept = {k: v for k, v in os.environ.items() if not k.startswith("MAGPIE_")}
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "magpie", "up"],
            env=kept | settings,
            cwd=folder,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        until(lambda: (data / "card.json").exists() or process.poll() is not None, 60)
        assert process.poll() is None, log.read_text()
        yield Platform(data, json.loads((data / "card.json").read_text()), process)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0, log.read_text()


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
