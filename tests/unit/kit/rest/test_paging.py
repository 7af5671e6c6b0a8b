from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.base.page import Page as SdkPage
from twilio.http.response import Response as SdkResponse

from magpie.kit.rest.failures import Mistake
from magpie.kit.rest.form import Form
from magpie.kit.rest.paging import Page, PageRequest, envelope_2010, envelope_v1, links

ITEMS = [f"SM{n:032x}" for n in range(95, 0, -1)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", PageRequest(50)),
        ("To=1", PageRequest(50)),
        ("PageSize=", PageRequest(50)),
        ("PageSize=1", PageRequest(1)),
        ("PageSize=1000", PageRequest(1000)),
        ("Page=2", PageRequest(50, 2)),
        ("Page=x", PageRequest(50, 0)),
        ("Page=-1", PageRequest(50, 0)),
        ("Page=1&PageToken=PASM1", PageRequest(50, 1, "PASM1", after="SM1")),
        ("Page=0&PageToken=PBSM1", PageRequest(50, 0, "PBSM1", before="SM1")),
        ("PageToken=", PageRequest(50)),
    ],
)
def test_page_request(query: str, expected: PageRequest) -> None:
    """Size and place come from the query; the page number is only the client's."""
    assert PageRequest.parse(Form.parse(query)) == expected


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("PageSize=1001", 20007),
        ("PageSize=999999999", 20007),
        ("PageSize=0", 20422),
        ("PageSize=-1", 20422),
        ("PageSize=many", 20422),
        ("PageToken=x", 21481),
        ("PageToken=PA", 21481),
        ("PageToken=PC123", 21481),
        ("PageToken=PA%0A", 21481),
        ("PageToken=PA" + "x" * 257, 21481),
    ],
)
def test_wrong_page_requests(query: str, code: int) -> None:
    """A size that is too large and a token that we never gave have codes of their own."""
    with pytest.raises(Mistake) as told:
        PageRequest.parse(Form.parse(query))
    assert told.value.code == code


def test_lists_with_smaller_pages() -> None:
    """A list may allow less than the usual thousand items on a page."""
    assert PageRequest.parse(Form.parse("PageSize=20"), most=20).size == 20
    assert PageRequest.parse(Form.parse("To=1"), most=20).size == 20
    with pytest.raises(Mistake, match="at most 20"):
        PageRequest.parse(Form.parse("PageSize=21"), most=20)


def test_cut() -> None:
    """One row too many says that there is more; rows read backwards are turned round."""
    forward, on = PageRequest(2), PageRequest(2, 1, "PAb", after="b")
    back = PageRequest(2, 0, "PBc", before="c")
    assert Page.cut(["a", "b", "c"], forward) == Page(["a", "b"], has_next=True)
    assert Page.cut(["c"], on) == Page(["c"], has_next=False, has_previous=True)
    assert Page.cut(["b", "a"], back) == Page(["a", "b"], has_next=True, has_previous=False)
    assert Page.cut(["b", "a", "z"], back) == Page(["a", "b"], has_next=True, has_previous=True)


def follow(url: str, dialect: str) -> dict[str, Any]:
    query = Form.parse(url.partition("?")[2])
    asked = PageRequest.parse(query)
    page = Page.of(ITEMS, asked, key=str)
    to = links("/2010-04-01/M.json", query, ("To", "Date>"), asked=asked, page=page, cursor=str)
    build = envelope_2010 if dialect == "2010" else envelope_v1
    made: dict[str, Any] = msgspec.json.decode(
        msgspec.json.encode(build("messages", page.items, asked, to))
    )
    return made


class Domain:
    def absolute_url(self, uri: str) -> str:
        return f"https://sms.example.org{uri}"


class Version:
    domain = Domain()


class Pages(SdkPage):  # type: ignore[misc]
    def get_instance(self, payload: Any) -> Any:
        return payload


def sdk(made: dict[str, Any]) -> Any:
    return Pages(Version(), SdkResponse(200, msgspec.json.encode(made).decode()))


@pytest.mark.parametrize("dialect", ["2010", "v1"])
@given(size=st.integers(1, 120))
def test_the_sdk_walks_to_the_end_and_back(dialect: str, size: int) -> None:
    """The official library reads every item once on its way through the pages, both ways."""
    page = sdk(follow(f"?PageSize={size}", dialect))
    there = list(page)
    back: list[str] = []
    while page.next_page_url:
        page = sdk(follow(page.next_page_url, dialect))
        there += page
    assert there == ITEMS
    while page.previous_page_url:
        page = sdk(follow(page.previous_page_url, dialect))
        back = [*page, *back]
    assert back == ITEMS[: len(back)]
    assert len(ITEMS) - len(back) <= size


def test_envelope_2010() -> None:
    """The old envelope has only the keys that the SDKs know, and repeats filters everywhere."""
    first = follow("?To=%2B1&Date%3E=2008-01-02&PageSize=40&Unknown=1", "2010")
    begin = "/2010-04-01/M.json?To=%2B1&Date%3E=2008-01-02&PageSize=40"
    assert {key: value for key, value in first.items() if key != "messages"} == {
        "page": 0,
        "page_size": 40,
        "start": 0,
        "end": 39,
        "uri": f"{begin}&Page=0",
        "first_page_uri": f"{begin}&Page=0",
        "next_page_uri": f"{begin}&Page=1&PageToken=PA{ITEMS[39]}",
        "previous_page_uri": None,
    }
    second = follow(first["next_page_uri"], "2010")
    assert second["uri"] == first["next_page_uri"]
    assert second["previous_page_uri"] == f"{begin}&Page=0&PageToken=PB{ITEMS[40]}"
    assert (second["page"], second["start"], second["end"]) == (1, 40, 79)


def test_envelope_v1() -> None:
    """The new envelope names its list in its meta object."""
    made = follow("?PageSize=95", "v1")
    assert made["meta"] == {
        "page": 0,
        "page_size": 95,
        "first_page_url": "/2010-04-01/M.json?PageSize=95&Page=0",
        "previous_page_url": None,
        "url": "/2010-04-01/M.json?PageSize=95&Page=0",
        "next_page_url": None,
        "key": "messages",
    }


def test_empty_list() -> None:
    """A list of nothing starts and ends at nought and leads nowhere."""
    asked = PageRequest()
    page: Page[str] = Page([], has_previous=True)
    to = links("/M", Form(), (), asked=asked, page=page, cursor=str)
    made = envelope_2010("m", page.items, asked, to)
    assert (made["start"], made["end"]) == (0, 0)
    assert made["next_page_uri"] is made["previous_page_uri"] is None


def test_going_back_past_the_first_number() -> None:
    """A client that goes back further than it came still gets pages, numbered from nought."""
    asked = PageRequest(2, 0, "PBx", before="x")
    page = Page(["b", "c"], has_next=True, has_previous=True)
    to = links("/M", Form(), (), asked=asked, page=page, cursor=str)
    assert to.previous == "/M?PageSize=2&Page=0&PageToken=PBb"
