from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from magpie.api import failures
from magpie.api.base_url import Outside
from magpie.api.doors import Doors
from magpie.api.front import Front
from magpie.api.health import Probes
from magpie.api.limits import Concurrency
from magpie.carriers.base import Capabilities, Reach
from magpie.carriers.door import Answer, Knock
from magpie.carriers.loopback import LoopbackCarrier
from magpie.carriers.traffic import Outcome, Rejected, Submission, Traffic
from magpie.kit.rest import Router

Ask = Callable[..., Awaitable[Any]]


class Link:
    """Says what it was asked."""

    name = "north"
    capabilities = Capabilities()
    most_bytes = 10

    async def start(self, _traffic: Traffic) -> None: ...

    async def stop(self) -> None: ...

    async def reach(self, _to: str) -> Reach:
        return Reach(mms=False)

    async def submit(self, _submission: Submission) -> Outcome:
        return Rejected(30008)

    async def answer(self, knock: Knock) -> Answer:
        self.knock = knock
        return Answer(status=202, content_type="text/xml", body=b"<yes/>")


async def _well() -> Mapping[str, str]:
    return {}


@pytest.fixture
def link() -> Link:
    return Link()


@pytest.fixture
def front(link: Link) -> Front:
    outside = Outside("https://sms.example.org")
    mute = LoopbackCarrier("mute", None)  # type: ignore[arg-type]
    doors = Doors({"north": link, "mute": mute}.get, outside)
    nothing = Router((), failure=failures.answer)
    return Front(
        {"carriers": doors},
        nothing,
        outside=outside,
        concurrency=Concurrency(5),
        alone=dict.fromkeys(Probes.paths, Probes(_well)),
    )


async def test_a_network_calls_its_link(front: Front, link: Link, ask: Ask) -> None:
    """What it says reaches the link as it was said, and the link's answer goes back."""
    answer = await ask(front, "/carriers/v1/north/in/box", method="POST", chunks=(b"he", b"llo"))
    assert (answer.status, answer.content) == (202, b"<yes/>")
    assert answer.headers["content-type"].startswith("text/xml")
    knock = link.knock
    assert (knock.method, knock.path, knock.body) == ("POST", "in/box", b"hello")
    assert knock.url == "https://sms.example.org/carriers/v1/north/in/box"
    assert (knock.peer, knock.headers["host"]) == ("192.0.2.1", "sms.example.org")


@pytest.mark.parametrize("path", ["/v1/south/in", "/v1/mute/in", "/v1/north2", "/v1"])
async def test_a_link_that_is_not_called(front: Front, ask: Ask, path: str) -> None:
    """A name that is no link, or one of a link that nobody calls, is not found."""
    assert (await ask(front, f"/carriers{path}", method="POST")).status == 404


async def test_a_body_over_the_cap(front: Front, link: Link, ask: Ask) -> None:
    """More than the link takes is refused before the link hears of it."""
    headers = {"content-length": "11"}
    answer = await ask(front, "/carriers/v1/north/x", method="POST", headers=headers)
    assert answer.status == 413
    assert not hasattr(link, "knock")
