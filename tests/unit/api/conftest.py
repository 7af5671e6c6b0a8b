from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
from starlette.types import ASGIApp, Message


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.content)


Ask = Callable[..., Awaitable[Answer]]


@pytest.fixture
def ask() -> Ask:
    """One request to an ASGI application."""
    return _ask


async def _ask(
    app: ASGIApp,
    path: str,
    *,
    method: str = "GET",
    chunks: tuple[bytes, ...] = (b"",),
    headers: Mapping[str, str] | None = None,
) -> Answer:
    given = {"host": "sms.example.org"} | dict(headers or {})
    scope: dict[str, Any] = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "scheme": "http",
        "client": ("192.0.2.1", 40000),
    }
    waiting = [
        {"type": "http.request", "body": chunk, "more_body": number < len(chunks)}
        for number, chunk in enumerate(chunks, 1)
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], told, b"".join(one.get("body", b"") for one in sent[1:]))
