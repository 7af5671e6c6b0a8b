from collections.abc import Mapping
from typing import Any

import pytest
from tests.unit.api.conftest import Ask

from magpie.api import failures
from magpie.api.base_url import Outside
from magpie.api.front import Front
from magpie.api.limits import Concurrency
from magpie.api.openapi import PATH, Served, document
from magpie.kit.rest import Router


@pytest.fixture
def front() -> Front:
    return _front(Outside(None))


def described(url: str) -> dict[str, Any]:
    return document([], version="9.9", url=url)


def _front(outside: Outside) -> Front:
    return Front(
        {},
        Router((), failure=failures.answer),
        outside=outside,
        concurrency=Concurrency(5),
        alone={PATH: Served(described, outside)},
    )


async def test_anybody_may_read_it(front: Front, ask: Ask) -> None:
    """No credentials are asked for, and it says where it was asked."""
    answer = await ask(front, PATH, headers={"host": "phones.example"})
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json["info"]["version"] == "9.9"
    assert answer.json["servers"] == [{"url": "http://phones.example"}]


async def test_a_public_url_stands_before_the_host(ask: Ask) -> None:
    """As in every link."""
    front = _front(Outside("https://sms.example.org/"))
    answer = await ask(front, PATH, headers={"host": "elsewhere"})
    assert answer.json["servers"] == [{"url": "https://sms.example.org"}]


async def test_who_has_it_is_told_so(front: Front, ask: Ask) -> None:
    """By its tag, which is another one for another host."""
    tag = (await ask(front, PATH)).headers["etag"]
    again = await ask(front, PATH, headers={"if-none-match": tag})
    assert (again.status, again.content) == (304, b"")
    other: Mapping[str, str] = {"if-none-match": tag, "host": "other.example"}
    assert (await ask(front, PATH, headers=other)).status == 200


async def test_it_is_only_read(front: Front, ask: Ask) -> None:
    """Nothing can be posted there."""
    answer = await ask(front, PATH, method="POST")
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD"


async def test_it_is_made_once(ask: Ask) -> None:
    """Whoever makes up hosts does not make it be made again."""
    made: list[str] = []

    def describe(url: str) -> dict[str, Any]:
        made.append(url)
        return described(url)

    outside = Outside(None)
    served = Served(describe, outside)
    nothing = Router((), failure=failures.answer)
    front = Front({}, nothing, outside=outside, concurrency=Concurrency(5), alone={PATH: served})
    assert made == []
    for host in ("one.example", "two.example"):
        answer = await ask(front, PATH, headers={"host": host})
        assert answer.json["servers"] == [{"url": f"http://{host}"}]
    assert len(made) == 1
