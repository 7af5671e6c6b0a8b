from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

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
    """One request to an ASGI application: app, method, target, then form or body and headers."""
    return _ask


async def _ask(
    app: ASGIApp,
    method: str,
    target: str,
    form: list[tuple[str, str]] | None = None,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
    root_path: str = "",
) -> Answer:
    path, _, query = target.partition("?")
    content = urlencode(form).encode() if form is not None else body or b""
    kind = {"content-type": "application/x-www-form-urlencoded"} if form is not None else {}
    given = {"host": "sms.example.org"} | kind | (headers or {})
    scope: dict[str, Any] = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "scheme": "https",
        "root_path": root_path,
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": content}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    answered = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], answered, b"".join(one.get("body", b"") for one in sent[1:]))
