"""A link to a provider's API over real sockets: what its answers and failures become."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from tests.pairs.provider import Answer, Provider, delivered, provided
from tests.pairs.simulator_rig import PHONE, picture
from tests.pairs.simulator_rig import Platform as Behind

from magpie.carriers import traffic as t
from magpie.carriers.berth import Berth
from magpie.carriers.door import Knock
from magpie.carriers.http import HttpCarrier, options_of
from magpie.carriers.mms import Contents
from magpie.carriers.model import Origin
from magpie.kit.blobs import Blobs
from magpie.kit.egress import Policy

NAMES = ("twilio", "bandwidth", "telnyx")


@pytest.fixture(params=NAMES)
async def provider(request: pytest.FixtureRequest) -> AsyncIterator[Provider]:
    async with provided(request.param) as made:
        yield made


def link_to(provider: Provider, **changes: object) -> HttpCarrier:
    options = options_of(provider.settings(**{"timeout": 2.0} | changes), "http://127.0.0.1:9")
    return HttpCarrier(options, Contents(Blobs.open("memory://")), Policy(allow_loopback=True))


@pytest.fixture
async def link(provider: Provider) -> AsyncIterator[HttpCarrier]:
    made = link_to(provider)
    await made.start(Behind())
    yield made
    await made.stop()


async def test_a_message_is_taken(provider: Provider, link: HttpCarrier) -> None:
    """The provider's id names it; that it was asked, and by whom, is in the request."""
    assert await link.submit(picture(PHONE)) == t.Accepted(("provider-1",))
    (asked,) = provider.asked
    assert asked.headers["Authorization"].split()[0] in {"Basic", "Bearer"}
    assert "Idempotency-Key" not in asked.headers
    state = link.state()
    assert (state.counters.submitted, state.counters.accepted, state.down) == (1, 1, "")


async def test_a_provider_that_knows_repeated_ones(provider: Provider) -> None:
    """It is told by what to know them."""
    link = link_to(provider, dedupes=True)
    await link.start(Behind())
    asked = picture(PHONE)
    await link.submit(asked)
    await link.stop()
    assert provider.asked[0].headers["Idempotency-Key"] == asked.key


async def test_a_throttle(provider: Provider, link: HttpCarrier) -> None:
    """Nothing leaves for as long as the provider says."""
    provider.answers.append(Answer(429, b"{}", {"Retry-After": "3"}))
    outcome = await link.submit(picture(PHONE))
    assert isinstance(outcome, t.Deferred)
    assert (outcome.throttled, outcome.after) == (True, 3.0)
    assert link.state().counters.throttled == 1


@pytest.mark.parametrize(("status", "certain"), [(503, True), (500, False), (502, False)])
async def test_a_provider_that_fails(
    provider: Provider, link: HttpCarrier, status: int, *, certain: bool
) -> None:
    """Perhaps it has the message, unless it promises that it has not."""
    provider.answers.append(Answer(status))
    outcome = await link.submit(picture(PHONE))
    sure = certain or provider.name == "bandwidth"
    assert isinstance(outcome, t.Deferred if sure else t.Unknown)


async def test_who_is_locked_out_does_not_hammer(provider: Provider, link: HttpCarrier) -> None:
    """A wrong secret is no fault of messages: they wait, and the link is shown as down."""
    provider.answers.append(Answer(401, b"{}"))
    first, second = await link.submit(picture(PHONE)), await link.submit(picture(PHONE))
    assert isinstance(first, t.Deferred)
    assert isinstance(second, t.Deferred)
    assert len(provider.asked) == 1
    assert "401" in link.state().down


async def test_an_answer_that_says_nothing(provider: Provider, link: HttpCarrier) -> None:
    """It was a yes, but nobody knows to what."""
    provider.answers.append(Answer(200, b"<html>"))
    assert isinstance(await link.submit(picture(PHONE)), t.Unknown)


async def test_nobody_there(provider: Provider) -> None:
    """What was not sent waits for the link."""
    link = link_to(provider, url="http://127.0.0.1:1")
    await link.start(Behind())
    outcome = await link.submit(picture(PHONE))
    await link.stop()
    assert isinstance(outcome, t.Deferred)
    assert link.state().counters.unreached == 1


async def test_a_link_that_has_stopped(provider: Provider, link: HttpCarrier) -> None:
    """It asks nothing more."""
    await link.stop()
    assert isinstance(await link.submit(picture(PHONE)), t.Deferred)
    assert provider.asked == []


async def test_an_operator_looks(provider: Provider, link: HttpCarrier) -> None:
    """People, texts and the keys of addresses are hidden unless they are asked for."""
    await link.submit(picture(PHONE))
    out, answer = link.trace()
    assert (out.what, answer.what, answer.status) == ("submit", "answer", "201")
    assert PHONE not in str(out)
    assert "signature" not in str(out)
    assert "s3cret" not in str(link.trace(personal=True))
    assert PHONE[1:].encode() in link.trace(personal=True)[0].octets
    assert provider.asked[0].body == link.trace(personal=True)[0].octets


class Busy(HttpCarrier):
    """It has something under way for as long as one likes."""

    done: asyncio.Event

    async def stop(self) -> None:
        await self.done.wait()
        await super().stop()


async def test_a_callback_while_the_link_is_changed(provider: Provider) -> None:
    """The new one takes it though the old one has not finished: nobody may call again."""
    berth, behind = Berth("north", Origin.API), Behind()
    settings = provider.settings()
    options = options_of(settings, "http://127.0.0.1:9")
    contents, policy = Contents(Blobs.open("memory://")), Policy(allow_loopback=True)
    old, new = Busy(options, contents, policy), HttpCarrier(options, contents, policy)
    old.done = asyncio.Event()
    berth.put(settings, old)
    berth.open(behind)
    berth.put(settings, new)
    headers, body = provider.signed(options.door, delivered(provider.name))
    small = {name.lower(): value for name, value in headers.items()}
    knock = Knock(
        method="POST", path="", query="", headers=small, body=body, peer="::1", url=options.door
    )
    assert (await new.answer(knock)).status == 200
    assert len(behind.receipts) == 1
    old.done.set()
    await berth.close()
    assert (await new.answer(knock)).status == 503
