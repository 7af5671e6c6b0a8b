"""The request by which a message came, as its page shows it."""

from tests.unit.queued import queued

from magpie.console.request import came
from magpie.messages.raw.came import of_pdus
from magpie.messages.raw.model import MOST, RawRequest
from magpie.protocols import smpp


def form(body: bytes, size: int | None = None) -> RawRequest:
    headers = [("content-type", "application/x-www-form-urlencoded")]
    return RawRequest("api", "AC1", "", "POST", "/x", headers, body, size or len(body))


def test_what_the_call_does_not_have_is_marked() -> None:
    """A misspelt parameter is ignored by the API: here it is seen."""
    shown = came(queued(), form(b"Body=a&mediaurl=b&To="))
    assert shown.ignored == ["mediaurl"]
    assert [(field.name, field.value) for field in shown.fields] == [
        ("Body", "a"),
        ("mediaurl", "b"),
        ("To", ""),
    ]


def test_the_request_stands_there_whole() -> None:
    """The line, the headers, nothing, and the body."""
    shown = came(queued(), form(b"Body=a"))
    assert shown.text == "POST /x\ncontent-type: application/x-www-form-urlencoded\n\nBody=a"
    assert not shown.cut


def test_what_was_cut_says_so() -> None:
    """A file that was left out is no cut."""
    assert came(queued(), form(b"x" * MOST, MOST + 1)).cut
    assert not came(queued(), form(b"Media=(9 bytes)", 4 * MOST)).cut


def test_pdus_are_decoded() -> None:
    """Each with its fields and its bytes; what is no PDU is left out."""
    one = smpp.encode(smpp.SubmitSm(short_message=b"hello"), sequence=7)
    shown = came(queued(), of_pdus("shop", [one, one, b"\0\0\0"]))
    assert [(pdu.number, pdu.what, pdu.sequence) for pdu in shown.pdus] == [
        (1, "SubmitSm", "7"),
        (2, "SubmitSm", "7"),
    ]
    assert shown.pdus[0].bytes == one.hex()
    assert (shown.text, shown.fields) == ("", [])


def test_octets_that_are_no_pdu_show_nothing() -> None:
    """They hurt nobody."""
    assert came(queued(), of_pdus("shop", [b"\xff" * 20])).pdus == []
