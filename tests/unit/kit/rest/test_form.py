from collections.abc import Iterable
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from magpie.kit.rest.failures import Failure, TooLarge, Unreadable, Unsupported
from magpie.kit.rest.form import MOST_FIELDS, File, Form, read_form

FORM = "application/x-www-form-urlencoded"
MULTIPART = b"\r\n".join(
    [
        b"--x",
        b'Content-Disposition: form-data; name="Title"',
        b"",
        "Größe".encode(),
        b"--x",
        b'Content-Disposition: form-data; name="Media"; filename="a.jpg"',
        b"Content-Type: image/jpeg",
        b"",
        b"\xff\xd8\x00",
        b"--x--",
        b"",
    ]
)


def request(chunks: Iterable[bytes], **headers: str) -> Request:
    waiting = list(chunks)

    async def receive() -> Message:
        if not waiting:
            return {"type": "http.disconnect"}
        body = waiting.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(waiting)}

    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "headers": named}, receive)


@given(st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=8))
def test_round_trip(items: list[tuple[str, str]]) -> None:
    """A form that was encoded is read back, blanks, order and repeated names included."""
    if any("\0" in name + value for name, value in items):
        with pytest.raises(Unreadable):
            Form.parse(urlencode(items))
    else:
        assert Form.parse(urlencode(items)).items == items


def test_get_and_all() -> None:
    """A repeated name gives all its values in order, or its last one."""
    form = Form.parse("MediaUrl=a&Body=&MediaUrl=b")
    assert form.all("MediaUrl") == ["a", "b"]
    assert form.get("MediaUrl") == "b"
    assert form.get("Body") == ""
    assert "Body" in form
    assert form.get("To") is None
    assert form.all("To") == []


async def test_body_in_pieces() -> None:
    """A body that arrives in pieces is read as one."""
    form = await read_form(request([b"To=%2B1", b"555&Bo", b"dy=hi"]), most_bytes=100)
    assert form.items == [("To", "+1555"), ("Body", "hi")]


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        (FORM, [("To", "1")]),
        (f"{FORM}; charset=UTF-8", [("To", "1")]),
        ("Application/X-WWW-Form-URLEncoded", [("To", "1")]),
        ("application/json", []),
        ("text/plain", []),
    ],
)
async def test_only_forms_are_read(content_type: str, expected: list[tuple[str, str]]) -> None:
    """A body of any other type than a form's counts as an empty form."""
    form = await read_form(request([b"To=1"], content_type=content_type), most_bytes=100)
    assert form.items == expected


@pytest.mark.parametrize(
    ("body", "headers", "wrong"),
    [
        (b"Body=%FF", {}, Unreadable),
        (b"Body=\xff", {}, Unreadable),
        (b"Body=a%00b", {}, Unreadable),
        (b"Body=a\0b", {}, Unreadable),
        (b"a=1&" * (MOST_FIELDS + 1), {}, Unreadable),
        (b"Body=" + b"x" * 5000, {}, TooLarge),
        (b"\x1f\x8b", {"content_encoding": "gzip"}, Unsupported),
        (b"nonsense", {"content_type": "multipart/form-data; boundary=x"}, Unreadable),
        (b"nonsense", {"content_type": "multipart/form-data"}, Unreadable),
    ],
)
async def test_refused_bodies(body: bytes, headers: dict[str, str], wrong: type[Failure]) -> None:
    """Bodies that are too large, compressed, not UTF-8 or not storable are refused."""
    most = 5000
    with pytest.raises(wrong):
        await read_form(request([body], **headers), most_bytes=most)


async def test_a_body_of_just_the_most_bytes_is_read() -> None:
    """The cap is the largest body that is taken."""
    assert (await read_form(request([b"A=12"]), most_bytes=4)).get("A") == "12"
    with pytest.raises(TooLarge):
        await read_form(request([b"A=1", b"23"]), most_bytes=4)


async def test_multipart() -> None:
    """Files of a multipart form are kept whole beside its fields."""
    asked = request([MULTIPART], content_type="multipart/form-data; boundary=x")
    form = await read_form(asked, most_bytes=1000)
    assert form.items == [("Title", "Größe")]
    assert form.files == {"Media": [File("a.jpg", "image/jpeg", b"\xff\xd8\x00")]}


async def test_a_caller_who_hangs_up() -> None:
    """A body that ends early is not taken for a whole one."""
    with pytest.raises(ClientDisconnect):
        await read_form(request([]), most_bytes=10)
