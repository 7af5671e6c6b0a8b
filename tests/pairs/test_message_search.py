"""Messages are found by all that the search knows, and others are not."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.pairs.webhooks_world import OWN, PHONE, World
from tests.pairs.webhooks_world import world as webhooks_world
from tests.pictures import png

from magpie.carriers.traffic import InboundMedia
from magpie.messages.search.grammar import FIELDS

NOBODY = "+15558675399"
PICTURE = png(64, 48)


class Found(NamedTuple):
    """By the names that the messages have here, the newest first."""

    world: World
    names: dict[str, str]

    async def by(self, query: str) -> list[str]:
        return [self.names[one["sid"]] for one in await asked(self.world, query)]


async def asked(world: World, query: str) -> list[dict[str, Any]]:
    status, told = await world.ask("GET", "/magpie/v1/Messages", Q=query)
    assert status == 200, (query, told)
    messages: list[dict[str, Any]] = told["messages"]
    return messages


async def comes(world: World, query: str) -> str:
    """Waits for the one message that is like that; gives its SID."""
    async with asyncio.timeout(20):
        while not (found := await asked(world, query)):
            await asyncio.sleep(0.02)
    [one] = found
    sid: str = one["sid"]
    return sid


@pytest.fixture
async def found(database_url: str, tmp_path: Path) -> AsyncIterator[Found]:
    """Two texts out, of which one is long and failed, and a picture from a phone."""
    async with webhooks_world(database_url, tmp_path) as world:
        at = f"/2010-04-01/Accounts/{world.auth[0]}/Messages.json"
        tags = '{"campaign": "spring", "50%_off": "yes"}'
        await world.ask("POST", at, From=OWN, To=PHONE, Body="hello", Tags=tags)
        short = await comes(world, "status:delivered")
        await world.ask("POST", at, From=OWN, To=NOBODY, Body="a long story " * 20)
        long = await comes(world, "status:undelivered")
        assert world.platform.simulated is not None
        picture = InboundMedia(content_type="image/png", content=PICTURE, name="a.png")
        await world.platform.simulated.network.send(PHONE, OWN, "look 100%", [picture])
        inbound = await comes(world, "status:received")
        yield Found(world, {short: "short", long: "long", inbound: "picture"})


QUERIES = {
    "": ["picture", "long", "short"],
    "hello": ["short"],
    "100%": ["picture"],
    f"to:{PHONE}": ["short"],
    "to:867539": ["long"],
    f"from:{PHONE}": ["picture"],
    "status:delivered": ["short"],
    "-status:delivered": ["picture", "long"],
    "error:any": ["long"],
    "error:30005": ["long"],
    "error:>30005": [],
    "direction:in": ["picture"],
    "direction:out": ["long", "short"],
    "service:MG1": [],
    "body:story": ["long"],
    "has:media": ["picture"],
    "has:link": [],
    "segments:>1": ["long"],
    f"size:{len(PICTURE)}": ["picture"],
    "size:<1M": ["picture"],
    "size:>1M": [],
    "-size:<1M": ["long", "short"],
    "tag:campaign": ["short"],
    "tag:campaign=spring": ["short"],
    "tag:campaign=autumn": [],
    "tag:50%_off=yes": ["short"],
    "-tag:campaign": ["picture", "long"],
    "carrier:simulator": ["long", "short"],
    "since:1h": ["picture", "long", "short"],
    "before:1h": [],
}


async def test_each_field_finds(found: Found) -> None:
    """What has it, and nothing else."""
    assert {query.split(":")[0].strip("-") for query in QUERIES if ":" in query} == {*FIELDS} - {
        "sid"
    }
    assert {query: await found.by(query) for query in QUERIES} == QUERIES
    for sid, name in found.names.items():
        assert await found.by(f"sid:{sid}") == [name]
