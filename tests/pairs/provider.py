"""A provider's API on a port: what it is asked is kept, and it answers as it is told."""

import base64
import json
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qs, urlencode

import aiohttp
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from magpie.kit import clock
from magpie.settings import HttpSettings, Secret
from magpie.webhooks.signature import sign

KEY: Final = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC: Final = base64.b64encode(
    KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
).decode()
ID: Final = "provider-1"
CREATED: Final[Mapping[str, Any]] = {
    "twilio": {"sid": ID, "status": "queued"},
    "bandwidth": {"id": ID, "direction": "out"},
    "telnyx": {"data": {"id": ID, "record_type": "message"}},
}


class Asked(NamedTuple):
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def fields(self) -> Any:
        """JSON, or a form of lists."""
        if self.headers["Content-Type"] == "application/json":
            return json.loads(self.body)
        return parse_qs(self.body.decode(), keep_blank_values=True)


class Answer(NamedTuple):
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = {}


class Provider:
    """`answers` go first, then every submission is taken. `media` are behind its credentials."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.url = ""
        self.asked: list[Asked] = []
        self.answers: deque[Answer] = deque()
        self.media: dict[str, bytes] = {}
        self.fetched: list[tuple[str, str]] = []

    def settings(self, **changes: Any) -> HttpSettings:
        """Of a link to it."""
        given = {
            "name": "north",
            "provider": self.name,
            "account": "AC1",
            "username": "user",
            "token": Secret("s3cret"),
            "application": "group",
            "callback_secret": Secret(
                {"twilio": "s3cret", "bandwidth": "them:us", "telnyx": PUBLIC}[self.name]
            ),
            "url": self.url,
        }
        return HttpSettings(**given | changes)

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.method == "GET":
            return self._medium(request)
        self.asked.append(Asked(request.path, request.headers.copy(), await request.read()))
        taken = Answer(201, json.dumps(CREATED[self.name]).encode())
        told = self.answers.popleft() if self.answers else taken
        return web.Response(status=told.status, body=told.body, headers=dict(told.headers))

    def _medium(self, request: web.BaseRequest) -> web.Response:
        self.fetched.append((request.path, request.headers.get("Authorization", "")))
        if self.answers:
            return web.Response(status=self.answers.popleft().status)
        return web.Response(body=self.media[request.path], content_type="image/png")

    async def tell(self, door: str, event: Any) -> int:
        """Call back as this provider does; gives the status that it gets."""
        headers, body = self.signed(door, event)
        async with (
            aiohttp.ClientSession() as client,
            client.post(door, data=body, headers=headers) as answer,
        ):
            await answer.read()
            return answer.status

    def signed(self, door: str, event: Any) -> tuple[dict[str, str], bytes]:
        match self.name:
            case "twilio":
                kind = {"Content-Type": "application/x-www-form-urlencoded"}
                signature = sign("s3cret", door, list(event.items()))
                return {"X-Twilio-Signature": signature, **kind}, urlencode(event).encode()
            case "bandwidth":
                pair = base64.b64encode(b"them:us").decode()
                return {"Authorization": f"Basic {pair}"}, json.dumps([event]).encode()
            case _:
                body, stamp = json.dumps(event).encode(), str(int(clock.now().timestamp()))
                signature = base64.b64encode(KEY.sign(f"{stamp}|".encode() + body)).decode()
                return {"telnyx-signature-ed25519": signature, "telnyx-timestamp": stamp}, body


@asynccontextmanager
async def provided(name: str) -> AsyncIterator[Provider]:
    made = Provider(name)
    runner = web.ServerRunner(web.Server(made.serve))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


def delivered(provider: str, **changes: Any) -> Any:
    """A callback that tells of it."""
    match provider:
        case "twilio":
            return {"MessageSid": ID, "MessageStatus": "delivered"} | changes
        case "bandwidth":
            return {"type": "message-delivered", "message": {"id": ID}, "to": "+1"} | changes
        case _:
            payload = {"id": ID, "to": [{"phone_number": "+1", "status": "delivered"}]} | changes
            return {"data": {"event_type": "message.finalized", "payload": payload}}


def arrived(provider: str, from_: str, to: str, body: str, *media: str) -> Any:
    """A callback that brings a message from a phone."""
    match provider:
        case "twilio":
            told = {f"MediaUrl{n}": url for n, url in enumerate(media)}
            start = {"MessageSid": "MM9", "SmsStatus": "received", "NumMedia": str(len(media))}
            return {**start, "From": from_, "To": to, "Body": body, **told}
        case "bandwidth":
            message = {"id": "in-9", "from": from_, "to": [to], "text": body}
            slides = ["https://slides.example/0.smil"] if media else []
            message["media"] = [*slides, *media]
            return {"type": "message-received", "to": to, "message": message}
        case _:
            payload = {
                "id": "in-9",
                "type": "MMS" if media else "SMS",
                "from": {"phone_number": from_},
                "to": [{"phone_number": to, "status": "delivered"}],
                "text": body,
                "media": [{"url": url, "content_type": "image/png"} for url in media],
            }
            return {"data": {"event_type": "message.received", "payload": payload}}
