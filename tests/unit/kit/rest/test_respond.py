import msgspec
import pytest
from defusedxml.ElementTree import fromstring
from twilio.base.exceptions import TwilioRestException
from twilio.base.version import Version
from twilio.http.response import Response as SdkResponse

from magpie.kit.rest.respond import empty, problem

MORE = "https://www.twilio.com/docs/errors/21211"


def test_problem_in_json() -> None:
    """A failure is told with its code, its text, where to read more and the status again."""
    answer = problem(400, 21211, "No.", MORE, "json")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/json"
    assert msgspec.json.decode(answer.body) == {
        "code": 21211,
        "message": "No.",
        "more_info": MORE,
        "status": 400,
    }


def test_problem_in_xml() -> None:
    """The same failure as a RestException."""
    answer = problem(404, 20404, "Not <there>", "x", "xml")
    assert answer.headers["content-type"] == "application/xml"
    (fault,) = fromstring(bytes(answer.body))
    assert fault.tag == "RestException"
    assert {part.tag: part.text for part in fault} == {
        "Status": "404",
        "Message": "Not <there>",
        "Code": "20404",
        "MoreInfo": "x",
    }


def test_problem_with_details_and_headers() -> None:
    """Details and headers go out as they are given."""
    answer = problem(
        401, 20003, "Authenticate", "x", details={"a": [1]}, headers={"WWW-Authenticate": "Basic"}
    )
    assert answer.headers["www-authenticate"] == "Basic"
    assert msgspec.json.decode(answer.body)["details"] == {"a": [1]}


@pytest.mark.parametrize(("status", "code"), [(400, 21211), (429, 21611)])
def test_the_sdk_reads_our_problems(status: int, code: int) -> None:
    """The official library makes its exception of our body, with its code and text."""
    body = bytes(problem(status, code, "No.", MORE).body).decode()
    told = Version.exception("POST", "/x", SdkResponse(status, body), "Failed")
    assert isinstance(told, TwilioRestException)
    assert (told.status, told.code, told.msg) == (status, code, "Failed: No.")


def test_empty() -> None:
    """What was deleted is answered with nothing."""
    assert (empty().status_code, empty().body) == (204, b"")
