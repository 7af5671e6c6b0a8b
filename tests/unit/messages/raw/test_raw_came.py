"""What is kept of a request."""

from types import SimpleNamespace
from typing import Any

from magpie.kit import clock
from magpie.kit.rest import V2010, Call, File, Form
from magpie.messages.raw import came, model

FORM = b"To=%2B15551230000&Body=caf%C3%A9&Bodi=oops"
MULTIPART = (
    b'--cut\r\nContent-Disposition: form-data; name="To"\r\n\r\n+15551230000\r\n'
    b'--cut\r\nContent-Disposition: form-data; name="Media"; filename="a.png"\r\n'
    b"Content-Type: image/png\r\n\r\n\x89PNG\r\n\r\n\x00\x01\r\n--cut--\r\n"
)


def call(raw: bytes = FORM, files: dict[str, list[File]] | None = None, **changes: Any) -> Call:
    principal = SimpleNamespace(key_sid=None, holder=SimpleNamespace(sid="AC1"))
    given: dict[str, Any] = {
        "account_sid": "AC1",
        "principal": principal,
        "path": {},
        "query": Form.parse("a=1"),
        "form": Form((), files, raw),
        "headers": {"host": "h", "authorization": "Basic QUMxOnNlY3JldA=="},
        "base_url": "http://h",
        "dialect": V2010,
        "format": "json",
        "at": "/x",
        "request_path": "/x.json",
        "extra": {came.ADDRESS: "192.0.2.1"},
    }
    return Call(**given | changes)


def test_a_call_of_the_api_is_kept_as_it_came() -> None:
    """The line, the headers, the octets of the body, and whose it was."""
    assert came.of_call(call()) == model.RawRequest(
        "api",
        "AC1",
        "192.0.2.1",
        "POST",
        "/x.json?a=1",
        [("host", "h"), ("authorization", "Basic AC1:********")],
        FORM,
        len(FORM),
    )


def test_a_key_stands_for_its_account() -> None:
    """It tells which program it was."""
    principal = SimpleNamespace(key_sid="SK1", holder=SimpleNamespace(sid="AC1"))
    assert came.of_call(call(principal=principal)).by == "SK1"


def test_a_call_of_the_console_is_somebodys() -> None:
    """The console makes it for who sits before it."""
    told = came.of_call(call(headers={}, extra={came.USER: "ada", came.ADDRESS: "192.0.2.1"}))
    assert (told.door, told.by, told.headers) == ("console", "ada", [])


def test_files_say_only_how_long_they_were() -> None:
    """They are kept as media; what else stands in the form is as it came."""
    headers = {"content-type": 'multipart/form-data; boundary="cut"'}
    files = {"Media": [File("a.png", "image/png", b"")]}
    kept = came.of_call(call(MULTIPART, files, headers=headers))
    assert kept.body == MULTIPART.replace(b"\x89PNG\r\n\r\n\x00\x01", b"(10 bytes)")
    assert kept.size == len(MULTIPART)


def test_a_form_without_a_boundary_is_left() -> None:
    """It could not have been read either."""
    assert came.without_files(MULTIPART, "multipart/form-data") == MULTIPART


def test_much_is_cut() -> None:
    """The beginning is kept, and how much there was."""
    long = b"Body=" + b"x" * model.MOST
    kept = came.of_call(call(long, headers={f"x-{n}": "y" * 5000 for n in range(200)}))
    assert (kept.body, kept.size) == (long[: model.MOST], len(long))
    assert len(kept.headers) == 100
    assert {len(value) for _, value in kept.headers} == {2048}


def test_passwords_of_urls_are_hidden() -> None:
    """Whatever octets stand around them."""
    body = b"StatusCallback=https%3A%2F%2Fme%3Apw%40h&Body=\xff"
    assert came.of_call(call(body)).body == body.replace(b"pw", b"********")


def test_pdus_follow_each_other() -> None:
    """Each tells its own length."""
    kept = came.of_pdus("shop", [b"ab", b"c"])
    assert (kept.door, kept.by, kept.body, kept.size) == ("smpp", "shop", b"abc", 3)


def test_what_is_kept_is_read_again() -> None:
    """As MessagePack, in which octets stay octets."""
    kept = came.of_call(call(b"Body=\xff"))
    row = model.row("AC1", id_ := clock.uuid7(), kept)
    assert (row.account_sid, row.message_id) == ("AC1", id_)
    assert model.read(row.request) == kept
