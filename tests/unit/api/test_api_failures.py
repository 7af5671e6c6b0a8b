from typing import Any

import msgspec
import pytest
from starlette.requests import Request

from magpie.accounts.auth import LockedOut, NotAuthenticated
from magpie.api.failures import answer
from magpie.api.limits import TooManyAtOnce
from magpie.errors import Refused
from magpie.kit.db import DatabaseUnavailable, Overloaded
from magpie.kit.rest import Mistake, NotAllowed, NotFound, TooLarge

REQUEST = Request({"type": "http", "method": "GET", "path": "/", "headers": []})


@pytest.mark.parametrize(
    ("wrong", "status", "code", "headers"),
    [
        (Refused(21211), 400, 21211, {}),
        (Refused(21611), 429, 21611, {}),
        (Refused(20005), 403, 20005, {}),
        (NotAuthenticated(), 401, 20003, {"www-authenticate": 'Basic realm="Twilio API"'}),
        (LockedOut(3.2), 429, 20429, {"retry-after": "4"}),
        (TooManyAtOnce(5), 429, 20429, {"retry-after": "1"}),
        (Mistake(20422, "PageSize", "must be a whole number"), 400, 20422, {}),
        (Mistake(21617, "Body", "is too long"), 400, 21617, {}),
        (NotFound.at("/x"), 404, 20404, {}),
        (NotAllowed("PUT", ("GET", "POST")), 405, 20004, {"allow": "GET, POST"}),
        (TooLarge("large"), 413, 20413, {}),
        (DatabaseUnavailable("away"), 503, 20503, {"retry-after": "2"}),
        (TimeoutError(), 503, 20503, {"retry-after": "2"}),
        (Overloaded("full"), 429, 20429, {"retry-after": "1"}),
        (KeyError("x"), 500, 20500, {}),
    ],
)
def test_answers(wrong: Exception, status: int, code: int, headers: dict[str, str]) -> None:
    """Each exception has its status, its code and its headers, in JSON and in XML."""
    response = answer(wrong, REQUEST, "json")
    told = msgspec.json.decode(response.body)
    assert (response.status_code, told["status"], told["code"]) == (status, status, code)
    assert told["more_info"] == f"https://www.twilio.com/docs/errors/{code}"
    assert headers.items() <= dict(response.headers).items()
    written = bytes(answer(wrong, REQUEST, "xml").body).decode()
    assert f"<Code>{code}</Code>" in written
    assert f"<Status>{status}</Status>" in written


def test_unauthenticated() -> None:
    """Wrong credentials are answered word for word as the SDKs have it on record."""
    told: dict[str, Any] = msgspec.json.decode(answer(NotAuthenticated(), REQUEST, "json").body)
    assert told == {
        "code": 20003,
        "detail": "Your AccountSid or AuthToken was incorrect.",
        "message": "Authenticate",
        "more_info": "https://www.twilio.com/docs/errors/20003",
        "status": 401,
    }


def test_mistake_names_the_parameter() -> None:
    """The message of a wrong parameter says which one and what it may be."""
    wrong = Mistake(20422, "PageSize", "must be a whole number")
    told = msgspec.json.decode(answer(wrong, REQUEST, "json").body)
    assert "PageSize must be a whole number." in told["message"]


def test_details() -> None:
    """What a refusal knows in detail is told."""
    told = msgspec.json.decode(answer(Refused(21211, details={"to": "x"}), REQUEST, "json").body)
    assert told["details"] == {"to": "x"}
