"""A real Chromium, as Debian packages it."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect
from tests.browser.visits import visiting
from tests.browser.watcher import watching
from tests.browser.xss_world import Visited
from tests.pairs.webhooks_world import World
from tests.pairs.webhooks_world import world as webhooks_world

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Whoever expects something gets it as soon as it is there; a busy machine may take long.
_PATIENCE_MS = 20_000


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One for all tests; each opens contexts of its own."""
    expect.set_options(timeout=_PATIENCE_MS)
    path = shutil.which("chromium") or "/usr/bin/chromium"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=[*_FLAGS])
        yield browser
        await browser.close()


@pytest.fixture
async def world(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with webhooks_world(database_url, tmp_path) as made:
        yield made


@pytest.fixture
async def page(chromium: Browser, world: World) -> AsyncIterator[Page]:
    """Signed in; nothing may be complained of, nothing asked of others."""
    async with visiting(chromium, world) as made:
        yield made


@pytest.fixture
async def visited(chromium: Browser, world: World) -> AsyncIterator[Visited]:
    """Signed in, and watched: what others have written may not do anything."""
    async with watching(chromium, "127.0.0.1") as (watcher, page):
        await page.goto(await world.platform.sign_in_url())
        await page.get_by_role("button").click()
        yield Visited(world, watcher, page)
