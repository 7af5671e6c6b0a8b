import re

import pytest

from magpie.errors import CATALOGUE, Refused, more_info, status_of, text_of


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (20003, 401),
        (20004, 405),
        (20005, 403),
        (20007, 400),
        (20009, 409),
        (20404, 404),
        (20413, 413),
        (20429, 429),
        (20503, 503),
        (20106, 401),
        (21211, 400),
        (21481, 400),
        (21606, 400),
        (21611, 429),
        (21623, 400),
        (21717 + 100_000, 400),
        (30036, 400),
        (35118, 400),
        (63044, 400),
    ],
)
def test_status(code: int, status: int) -> None:
    """Every code answers with the HTTP status that Twilio gives it."""
    assert status_of(code) == status
    assert Refused(code).status == status


def test_catalogue_texts() -> None:
    """Every code of the catalogue has a text that is one line and a sentence."""
    for code, fault in CATALOGUE.items():
        assert fault.code == code
        assert re.fullmatch(r"[A-Z'][^\t\n]+[.)]|Authenticate", fault.text), fault


def test_delivery_codes_have_texts() -> None:
    """The codes that end a message have a text, because it becomes its error_message."""
    for code in (*range(30001, 30012), 30017, 30019, *range(30021, 30044), 30410, 30450, 63019):
        assert text_of(code) != "Unknown error.", code


def test_refused_says_what_was_wrong() -> None:
    """A refusal may say more than the catalogue and keeps its code, status and details."""
    refused = Refused(21211, "The 'To' number +1555 is not valid.", status=422, details={"a": 1})
    assert (refused.code, refused.status, refused.details) == (21211, 422, {"a": 1})
    assert refused.message == "The 'To' number +1555 is not valid."
    assert str(refused) == "21211: The 'To' number +1555 is not valid."


def test_more_info_can_be_pointed_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """The documentation link is Twilio's unless the application sets another base."""
    assert Refused(21211).more_info == "https://www.twilio.com/docs/errors/21211"
    monkeypatch.setattr(Refused, "documentation", "https://sms.example.org/errors")
    assert more_info(21211) == "https://sms.example.org/errors/21211"


def test_unknown_codes_have_a_text() -> None:
    """A code that no table knows still reads as a sentence."""
    assert Refused(99999).message == "Unknown error."
