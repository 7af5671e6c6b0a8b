"""What operators are shown of calls, and what they are not."""

from typing import Any

import msgspec

from magpie.carriers.http.trace import read, said

NUMBER = "+15558675310"
WORDS = "a=b, do you see?"


def shown(body: bytes) -> dict[str, Any]:
    told = read(said("inbound", "SM1", "", body), personal=False)
    assert told is not None
    return told.fields


def test_json_and_forms() -> None:
    """Numbers and texts are masked in both."""
    assert shown(b"From=%2B15558675310&Body=hello&NumMedia=0") == {
        "octets": 41,
        "From": "********5310",
        "Body": "*****",
        "NumMedia": "0",
    }
    body = msgspec.json.encode({"from": NUMBER, "text": "hello", "id": "x"})
    assert shown(body) == {
        "octets": len(body),
        "from": "********5310",
        "text": "*****",
        "id": "x",
    }


def test_json_that_was_cut() -> None:
    """It is not read as a form, whose names would be what people wrote."""
    body = msgspec.json.encode({"from": NUMBER, "text": WORDS, "more": "x" * 9000})
    assert shown(body) == {"octets": 8192}


def test_what_cannot_be_read() -> None:
    """The page of the link is there all the same."""
    for body in (b"[" * 5000, b'{"a":' * 1000, b'{"a":"\xff"}', b"[" * 900 + b"]" * 900):
        assert shown(body) == {"octets": len(body)}
