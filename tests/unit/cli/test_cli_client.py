from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request

from magpie.cli.client import multipart, refusal, segment
from magpie.cli.failed import Exit
from magpie.cli.follow import reached
from magpie.cli.send import Order, form
from magpie.messages.lifecycle import Status


async def test_multipart(tmp_path: Path) -> None:
    """Files and fields arrive as they were, whatever their names and contents."""
    file = tmp_path / 'a "quoted"\\name.png'
    file.write_bytes(b"\r\n--\x00\xff")
    kind, body = multipart([("To", "+1"), ("Body", "héllo\r\n€")], [file])

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [(b"content-type", kind.encode())]
    async with Request({"type": "http", "headers": headers}, receive).form() as given:
        media = given["Media"]
        assert not isinstance(media, str)
        assert (media.filename, media.content_type) == ("a _quoted__name.png", "image/png")
        assert await media.read() == b"\r\n--\x00\xff"
        assert (given["To"], given["Body"]) == ("+1", "héllo\r\n€")


@pytest.mark.parametrize(
    ("status", "told", "code", "what"),
    [
        (401, {"code": 20003, "message": "Authenticate"}, Exit.AUTH, "Authenticate (20003)"),
        (404, {"code": 20404, "message": "gone"}, Exit.NOT_FOUND, "gone (20404)"),
        (409, {"message": "twice"}, Exit.CONFLICT, "twice"),
        (400, {"code": 21610, "message": "STOP"}, Exit.REFUSED, "STOP (21610)"),
        (400, {"code": 21211, "message": "bad To"}, Exit.FAILURE, "bad To (21211)"),
        (503, {}, Exit.FAILURE, "HTTP status 503"),
    ],
)
def test_refusal(status: int, told: dict[str, Any], code: Exit, what: str) -> None:
    """Each kind of refusal has its exit code, and the words of the API."""
    failed = refusal(status, told)
    assert (failed.what, failed.code) == (what, code)


def test_order(tmp_path: Path) -> None:
    """URLs are sent to be fetched, files are sent along."""
    file = tmp_path / "cat.png"
    file.touch()
    order = Order("+1", "hi", ("https://a/b.png", str(file)), None)
    assert form(order) == (
        [("To", "+1"), ("MediaUrl", "https://a/b.png"), ("Body", "hi")],
        [file],
    )


@pytest.mark.parametrize(
    ("wanted", "now", "expected"),
    [
        (Status.DELIVERED, Status.DELIVERED, True),
        (Status.SENT, Status.DELIVERED, True),
        (Status.DELIVERED, Status.SENT, False),
        (Status.READ, Status.DELIVERED, False),
        (Status.FAILED, Status.FAILED, True),
        (Status.FAILED, Status.DELIVERED, False),
        (Status.SENT, Status.UNDELIVERED, False),
    ],
)
def test_reached(wanted: Status, now: Status, expected: bool) -> None:
    """A status that was passed on the way counts as reached."""
    assert reached(wanted, now) is expected


def test_segment() -> None:
    """What somebody types cannot lead out of its place in a path."""
    assert segment("../x?y") == "..%2Fx%3Fy"
