"""The way back from a refusal: only to pages of ours, and never round in a circle."""

import pytest
from starlette.requests import Request

from magpie.console.back import way_back

PAGES = {"/console", "/console/messages", "/console/people", "/console/queues", "/m/abc"}


def asked(referer: str, method: str = "POST", path: str = "/console/queues/pause") -> Request:
    headers = [(b"host", b"magpie.test"), (b"referer", referer.encode())]
    return Request({"type": "http", "method": method, "path": path, "headers": headers})


@pytest.mark.parametrize(
    ("referer", "way"),
    [
        ("http://magpie.test/console", "/console"),
        ("http://magpie.test/console/queues?note=Saved&seal=1a", "/console/queues"),
        ("http://magpie.test/console/messages?q=to%3A1&note=x", "/console/messages?q=to%3A1"),
        ("http://magpie.test/console/people/users", "/console/people"),
        ("http://other.test/console/queues", ""),
        ("http://magpie.test/m/abc", ""),
        ("http://magpie.test/consoles", ""),
        ("javascript:alert(1)", ""),
        ("http://[/console", ""),
        ("", ""),
    ],
)
def test_a_way_back_is_a_page_of_ours(referer: str, way: str) -> None:
    """Its search stays, what was said there once does not."""
    assert way_back(asked(referer), PAGES.__contains__) == way


def test_a_page_does_not_lead_to_itself() -> None:
    """A page that is refused when it is looked at would only be refused again."""
    here, there = "/console/queues", "http://magpie.test/console/queues"
    assert way_back(asked(there, "GET", here), PAGES.__contains__) == ""
    assert way_back(asked(there, "POST", here), PAGES.__contains__) == here
