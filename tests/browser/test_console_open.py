"""What somebody has opened stays open while the page goes on, and stays the same thing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect
from tests.browser.visits import at_rest, visiting
from tests.pairs.provider import Provider, provided
from tests.pairs.webhooks_world import OWN, PHONE, World
from tests.pairs.webhooks_world import world as webhooks_world

from magpie.settings import RouteSettings


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    async with provided("twilio") as made:
        yield made


@pytest.fixture
async def linked(
    provider: Provider, database_url: str, tmp_path: Path
) -> AsyncIterator[tuple[World, str]]:
    links = {"carriers": (provider.settings(),), "routes": (RouteSettings(carrier="north"),)}
    async with webhooks_world(database_url, tmp_path, **links) as made:
        yield made, f"/2010-04-01/Accounts/{made.auth[0]}/Messages.json"


async def test_a_request_in_the_trace(linked: tuple[World, str], chromium: Browser) -> None:
    """Newer ones come above it."""
    world, at = linked
    async with visiting(chromium, world) as page:
        await world.ask("POST", at, From=OWN, To=PHONE, Body="one")
        await page.goto(f"{world.platform.base_url}/console/carriers/links/north")
        await at_rest(page)
        opened = page.locator("#trace details[open]")
        await expect(page.locator("#trace tbody tr")).to_have_count(2)
        await page.locator("#north-1 summary").click()
        await expect(opened).to_have_count(1)
        await page.mouse.move(0, 0)
        await page.evaluate("document.activeElement.blur()")
        await world.ask("POST", at, From=OWN, To=PHONE, Body="two")
        await expect(page.locator("#trace tbody tr")).to_have_count(4)
        await expect(opened).to_have_count(1)
        await expect(page.locator("#north-1 details")).to_have_attribute("open", "")
