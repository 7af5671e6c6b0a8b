"""The API as this command uses it: on the Magpie that left its card in the data folder."""

import http.client
import json
import secrets
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from magpie.app.card import Card
from magpie.cli.failed import Exit, Failed
from magpie.cli.kinds import kind_of

_SECONDS = 15.0
_CODES = {401: Exit.AUTH, 403: Exit.AUTH, 404: Exit.NOT_FOUND, 409: Exit.CONFLICT}
# The receiver said STOP, or the place is not permitted.
_POLICY = frozenset({21408, 21610})

Fields = Sequence[tuple[str, str]]


class Client:
    def __init__(self, card: Card, *, seconds: float = _SECONDS) -> None:
        self._url = urlsplit(card.base_url)
        self._seconds = seconds
        pair = f"{card.account_sid}:{card.auth_token}".encode()
        self._headers = {"Authorization": f"Basic {b64encode(pair).decode()}"}
        self.account = f"/2010-04-01/Accounts/{card.account_sid}"

    def get(self, path: str, **query: str) -> Any:
        return self._json("GET", f"{path}?{urlencode(query)}" if query else path)

    def find(self, path: str, **query: str) -> Any:
        """None where there is no such thing."""
        try:
            return self.get(path, **query)
        except Failed as failed:
            if failed.code == Exit.NOT_FOUND:
                return None
            raise

    def ready(self) -> tuple[bool, dict[str, Any]]:
        """Whether it can serve, and what it says of itself; what is wrong is no failure here."""
        status, content = self.answer("GET", "/readyz")
        return status == http.client.OK, json.loads(content)

    def post(self, path: str, fields: Fields, files: Sequence[Path] = ()) -> Any:
        kind, body = multipart(fields, files) if files else _form(fields)
        return self._json("POST", path, {"Content-Type": kind}, body)

    def post_json(self, path: str, value: Any) -> Any:
        kind = {"Content-Type": "application/json"}
        return self._json("POST", path, kind, json.dumps(value).encode())

    def delete(self, path: str) -> None:
        self._json("DELETE", path)

    def answer(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b""
    ) -> tuple[int, bytes]:
        """Raises OSError or HTTPException when there is no answer."""
        secure = self._url.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(self._url.hostname or "", self._url.port, timeout=self._seconds)
        try:
            there = self._url.path.rstrip("/") + path
            connection.request(method, there, body or None, {**self._headers, **(headers or {})})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def _json(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b""
    ) -> Any:
        try:
            status, content = self.answer(method, path, headers, body)
        except (OSError, http.client.HTTPException) as wrong:
            where = f"{self._url.scheme}://{self._url.netloc}"
            raise Failed(
                f"Magpie does not answer at {where}", cause=str(wrong), fix="magpie doctor"
            ) from wrong
        try:
            told = json.loads(content) if content else {}
        except ValueError as wrong:
            raise Failed(f"{method} {path} was answered {status}, not with JSON") from wrong
        if status >= http.client.BAD_REQUEST:
            raise refusal(status, told)
        return told


def refusal(status: int, told: dict[str, Any]) -> Failed:
    number = told.get("code")
    what = str(told.get("message") or f"HTTP status {status}")
    return Failed(
        f"{what} ({number})" if number else what,
        fix=f"see {told['more_info']}" if told.get("more_info") else "",
        code=Exit.REFUSED if number in _POLICY else _CODES.get(status, Exit.FAILURE),
    )


def segment(text: str) -> str:
    """One piece of a path, whatever somebody typed."""
    return quote(text, safe="")


def _form(fields: Fields) -> tuple[str, bytes]:
    return "application/x-www-form-urlencoded", urlencode(fields).encode()


def multipart(fields: Fields, files: Sequence[Path]) -> tuple[str, bytes]:
    """RFC 7578; each file is a part named Media."""
    boundary = secrets.token_hex(16)
    parts = [_part(boundary, f'name="{name}"', "", value.encode()) for name, value in fields]
    for file in files:
        name = file.name.replace("\\", "_").replace('"', "_").replace("\r", "").replace("\n", "")
        content = file.read_bytes()
        about = f'name="Media"; filename="{name}"'
        parts.append(_part(boundary, about, kind_of(file), content))
    return f"multipart/form-data; boundary={boundary}", b"".join(
        parts
    ) + f"--{boundary}--\r\n".encode()


def _part(boundary: str, disposition: str, kind: str, content: bytes) -> bytes:
    lines = [f"--{boundary}", f"Content-Disposition: form-data; {disposition}"]
    if kind:
        lines.append(f"Content-Type: {kind}")
    return "\r\n".join([*lines, "", ""]).encode() + content + b"\r\n"
