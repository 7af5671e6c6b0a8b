"""A platform as a user runs it, and a customer's server that it calls."""

import base64
import json
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode
from urllib.request import Request, urlopen

from tests.pictures import png
from twilio.request_validator import RequestValidator
from twilio.rest import Client

PICTURE = png(64, 48)
SECONDS = 20.0


@dataclass
class Platform:
    """A Magpie in a process of its own, as a user starts it."""

    data: Path
    card: dict[str, Any]
    process: subprocess.Popen[bytes]

    @property
    def base(self) -> str:
        return str(self.card["base_url"])

    @property
    def auth(self) -> tuple[str, str]:
        return self.card["account_sid"], self.card["auth_token"]

    def client(self, user: str | None = None, secret: str | None = None, **kw: Any) -> Client:
        """Recipe B: two lines a product."""
        client = Client(user or self.auth[0], secret or self.auth[1], **kw)
        client.api.base_url = self.base
        return client

    def ask(self, path: str, body: Any = None, *, method: str | None = None) -> Any:
        """JSON of our own resources."""
        status, _, content = self.raw(path, body, method=method)
        assert status < 300, content
        return json.loads(content) if content else None

    def form(self, path: str, **fields: str | list[str]) -> Any:
        """What a form that is posted is answered with."""
        request = Request(self.base + path, urlencode(fields, doseq=True).encode())
        token = base64.b64encode(":".join(self.auth).encode()).decode()
        request.add_header("Authorization", f"Basic {token}")
        with urlopen(request, timeout=SECONDS) as answer:
            return json.loads(answer.read())

    def raw(
        self, path: str, body: Any = None, *, method: str | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        data = None if body is None else json.dumps(body).encode()
        request = Request(path if "://" in path else self.base + path, data, method=method)
        token = base64.b64encode(":".join(self.auth).encode()).decode()
        request.add_header("Authorization", f"Basic {token}")
        if body is not None:
            request.add_header("Content-Type", "application/json")
        try:
            with urlopen(request, timeout=SECONDS) as answer:
                return answer.status, dict(answer.headers), answer.read()
        except OSError as error:
            code = getattr(error, "code", None)
            if code is None:
                raise
            return code, dict(error.headers), error.read()  # type: ignore[attr-defined]

    def handset(self, number: str = "+15558675310") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask(f"/simulator/v1/Handsets/{number}/Messages")[
            "messages"
        ]
        return found

    def say(self, to: str, body: str, *pictures: bytes, number: str = "+15558675310") -> None:
        media = [
            {"content_type": "image/png", "base64": base64.b64encode(one).decode()}
            for one in pictures
        ]
        self.ask(
            f"/simulator/v1/Handsets/{number}/Messages", {"to": to, "body": body, "media": media}
        )

    def timeline(self, sid: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask(f"/magpie/v1/Messages/{sid}/Timeline")["timeline"]
        return found


@dataclass
class Call:
    path: str
    method: str
    params: dict[str, str]
    headers: dict[str, str]
    valid: bool


@dataclass
class Customer:
    """A customer's web server: it serves a picture, hears callbacks and answers with TwiML."""

    url: str
    token: str
    calls: list[Call] = field(default_factory=list)
    answers: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    fetches: int = 0

    def heard(self, path: str) -> list[Call]:
        return [call for call in self.calls if call.path == path]

    def statuses(self, path: str, sid: str) -> list[str]:
        return [
            call.params["MessageStatus"]
            for call in self.heard(path)
            if call.params["MessageSid"] == sid
        ]


def until(what: Any, seconds: float = SECONDS) -> Any:
    """What `what` gives as soon as it is true."""
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline, "nothing came"
        time.sleep(0.02)
    return found


@contextmanager
def serving(token: str) -> Iterator[Customer]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Silence."""

        def do_GET(self) -> None:
            file = customer.files.get(self.path)
            if file is None and self.path.endswith(".png"):
                file = ("image/png", PICTURE)
            if file is not None:
                customer.fetches += 1
                self._answer(200, *file)
            else:
                self._hear("GET", {})

        def do_HEAD(self) -> None:
            self._answer(200, "image/png", b"")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._hear("POST", dict(parse_qsl(body, keep_blank_values=True)))

        def _hear(self, method: str, params: dict[str, str]) -> None:
            signature = self.headers.get("X-Twilio-Signature", "")
            url = customer.url + self.path
            valid = RequestValidator(token).validate(url, params, signature)
            path = self.path.partition("?")[0]
            call = Call(path, method, params, dict(self.headers), valid)
            self._answer(*customer.answers.get(path, (204, "text/xml", b"")))
            customer.calls.append(call)

        def _answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            if status != 204:
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    customer = Customer(f"http://127.0.0.1:{server.server_port}", token)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield customer
    server.shutdown()
    server.server_close()
    thread.join(5)
