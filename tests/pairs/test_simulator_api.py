"""`/simulator/v1` over real HTTP and PostgreSQL."""

import asyncio
import base64
import json
import socket
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from tests.pairs.simulator_rig import FROM, PHONE, Rig, first_start, rigged, text

from magpie.accounts import actions as accounts
from magpie.accounts.auth import Authenticator
from magpie.accounts.seal import Sealer
from magpie.api import places
from magpie.api.mounts import Mounts
from magpie.kit.db import Database
from magpie.kit.egress import Egress, Policy
from magpie.settings import Settings
from magpie.simulator.carriers.resources import Carriers
from magpie.simulator.messages.resources import HandsetMessages
from magpie.simulator.profile import BUILT_IN
from magpie.simulator.resources import Handsets

TOKEN = "0123456789abcdef0123456789abcdef"
PNG = b"\x89PNG\r\n\x1a\n and so on"


class Api:
    base: str

    def __init__(self, rig: Rig, sid: str) -> None:
        self.rig = rig
        self.pair = base64.b64encode(f"{sid}:{TOKEN}".encode()).decode()

    async def __call__(
        self, method: str, path: str, body: Any = None, *, kind: str = "application/json"
    ) -> tuple[int, Any]:
        return await asyncio.to_thread(self._ask, method, path, body, kind)

    def _ask(self, method: str, path: str, body: Any, kind: str) -> tuple[int, Any]:
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        headers = {"Authorization": f"Basic {self.pair}", "Content-Type": kind}
        url = f"{self.base}/simulator/v1/{path}"
        request = urllib.request.Request(url, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=40) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as wrong:
            with wrong:
                return wrong.code, json.loads(wrong.read())


async def _well() -> dict[str, str]:
    return {}


@pytest.fixture
async def api(database: Database, tmp_path: Path) -> AsyncIterator[Api]:
    await first_start(database)
    sealer = Sealer.of(tmp_path)
    async with database.transaction() as connection:
        main = await accounts.ensure_main(connection, sealer, auth_token=TOKEN)
    async with rigged(database) as rig, Egress(Policy(allow_loopback=True)) as egress:
        mounts = Mounts(Authenticator(database, sealer), Settings())
        mounts.hang(
            places.version("simulator"),
            Handsets(database, rig.directory),
            HandsetMessages(database, rig.network, egress),
            Carriers(database, rig.directory),
        )
        api = Api(rig, main.sid)
        listener = socket.create_server(("127.0.0.1", 0))
        api.base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = uvicorn.Config(mounts.app(_well), log_level="warning", lifespan="off")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve([listener]))
        yield api
        server.should_exit = True
        await serving


async def test_handsets(api: Api) -> None:
    """A handset is made on a carrier, listed, moved into airplane mode, and removed."""
    made = {"number": "+1 (555) 867-5399", "carrier": "no-mms"}
    status, handset = await api("POST", "Handsets", made)
    assert (status, handset["number"], handset["carrier"]) == (201, "+15558675399", "no-mms")
    _, listed = await api("GET", "Handsets")
    assert listed["handsets"][0]["number"] == PHONE
    assert "+15558675399" in [one["number"] for one in listed["handsets"]]
    status, changed = await api("POST", "Handsets/+15558675399", {"state": "airplane"})
    assert (status, changed["state"], changed["carrier"]) == (200, "airplane", "no-mms")
    assert (await api("DELETE", "Handsets/+15558675399"))[0] == 204
    assert (await api("GET", "Handsets/+15558675399"))[0] == 404


async def test_what_the_phone_got(api: Api) -> None:
    """Messages are listed newest first, as the phone has them."""
    await api.rig.link.submit(text())
    await api.rig.link.submit(text())
    status, listed = await api("GET", f"Handsets/{PHONE}/Messages")
    assert status == 200
    first, second = listed["messages"]
    assert first["id"] > second["id"]
    del first["id"], first["received_at"]
    assert first == {
        "direction": "received",
        "from": FROM,
        "to": PHONE,
        "body": "hello",
        "type": "sms",
        "parts": [],
    }


async def test_waiting_for_a_message(api: Api) -> None:
    """A long poll is answered by the message that comes while it waits, and by no older one."""
    await api.rig.link.submit(text())
    _, before = await api("GET", f"Handsets/{PHONE}/Messages")
    path = f"Handsets/{PHONE}/Messages?wait=30&after={before['messages'][0]['id']}"
    waiting = asyncio.create_task(api("GET", path))
    while PHONE not in api.rig.network.bell._waiting:
        await asyncio.sleep(0.01)
    assert not waiting.done()
    await api.rig.link.submit(text())
    _, after = await waiting
    assert len(after["messages"]) == 1
    assert after["messages"][0]["id"] > before["messages"][0]["id"]


async def test_the_phone_sends_a_picture(api: Api) -> None:
    """A picture posted in base64 reaches the platform, and is among what the phone sent."""
    media = [{"content_type": "image/png", "base64": base64.b64encode(PNG).decode()}]
    path = f"Handsets/{PHONE}/Messages"
    status, sent = await api("POST", path, {"to": FROM, "body": "look", "media": media})
    assert status == 201
    part = sent["parts"][0]
    assert (part["content_type"], part["size"]) == ("image/png", len(PNG))
    assert part["sha256"] == sha256(PNG).hexdigest()
    assert api.rig.platform.inbounds[0].media[0].content == PNG
    assert (await api("GET", path))[1]["messages"] == []
    _, own = await api("GET", f"{path}?direction=sent")
    assert own["messages"] == [sent]


async def test_the_phone_sends_by_form(api: Api) -> None:
    """Whoever has only a form at hand may send that."""
    status, sent = await api(
        "POST",
        f"Handsets/{PHONE}/Messages",
        b"to=%2B15017122661&body=STOP",
        kind="application/x-www-form-urlencoded",
    )
    assert (status, sent["body"]) == (201, "STOP")
    assert api.rig.platform.inbounds[0].body == "STOP"


async def test_carriers(api: Api) -> None:
    """A carrier's profile is changed field by field, obeyed at once, and reset."""
    change = {"mms": False, "faults": {"refuse": {"to": "10"}}}
    status, profile = await api("PUT", "Carriers/simulator", change)
    assert (status, profile["mms"], profile["max_bytes"]) == (200, False, 1_000_000)
    outcome = await api.rig.link.submit(text())
    assert getattr(outcome, "code", None) == 30007
    assert (await api("DELETE", "Carriers/simulator"))[0] == 204
    _, profile = await api("GET", "Carriers/simulator")
    assert profile["mms"] is True
    assert len((await api("GET", "Carriers"))[1]["carriers"]) == len(BUILT_IN)


async def test_a_carrier_of_ones_own(api: Api) -> None:
    """A new carrier may be made, and handsets put on it."""
    status, _ = await api("POST", "Carriers", {"name": "mine", "latency": [0, 0.01], "seed": 7})
    assert status == 201
    status, _ = await api("POST", "Handsets", {"number": "+15558675400", "carrier": "mine"})
    assert status == 201


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", "Handsets", {"number": "hello"}, 400, 21211),
        ("POST", "Handsets", {"number": PHONE, "carrier": "none"}, 400, 20422),
        ("POST", "Handsets", {"carrier": "simulator"}, 400, 20422),
        ("POST", "Handsets", b"{", 400, 20422),
        ("POST", f"Handsets/{PHONE}", {"state": "lost"}, 400, 20422),
        ("GET", "Handsets/+15550000000/Messages", None, 404, 20404),
        ("POST", f"Handsets/{PHONE}/Messages", {"to": "hello"}, 400, 21211),
        ("POST", f"Handsets/{PHONE}/Messages", {"to": FROM, "body": "\0"}, 400, 20422),
        ("POST", f"Handsets/{PHONE}/Messages", {"to": FROM, "media": [{}]}, 400, 20422),
        (
            "POST",
            f"Handsets/{PHONE}/Messages",
            {"to": FROM, "media": [{"url": "http://169.254.169.254/"}]},
            400,
            11200,
        ),
        ("GET", f"Handsets/{PHONE}/Messages?after=x", None, 400, None),
        ("PUT", "Carriers/simulator", {"latency": -1}, 400, 20422),
        ("PUT", "Carriers/none", {"mms": True}, 404, 20404),
    ],
)
async def test_mistakes(
    api: Api, method: str, path: str, body: Any, status: int, code: int | None
) -> None:
    """A mistake is answered with its number and changes nothing."""
    answered, told = await api(method, path, body)
    assert answered == status
    assert code in {None, told["code"]}
    assert api.rig.platform.inbounds == []
