"""A visitor of the console in a real browser, of whom nothing may be complained."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, expect
from tests.pairs.webhooks_world import World

NARROW = ViewportSize(width=390, height=844)
TABLET = ViewportSize(width=820, height=1180)
WIDE = ViewportSize(width=1440, height=900)
_SHOWN = ("data:", "blob:")


@asynccontextmanager
async def signed_in(chromium: Browser, base: str, link: str, **given: Any) -> AsyncIterator[Page]:
    """By a printed link, through its button."""
    async with stranger(chromium, base, **given) as page:
        await page.goto(link)
        await page.get_by_role("button").click()
        await expect(page.locator("#rail")).to_be_attached()
        yield page


@asynccontextmanager
async def stranger(chromium: Browser, base: str, **given: Any) -> AsyncIterator[Page]:
    """Who has not signed in. Errors and requests to others fail the test."""
    context = await chromium.new_context(**({"viewport": WIDE} | given))
    wrong = watched(context, base)
    yield await context.new_page()
    await context.close()
    assert wrong == []


async def at_rest(page: Page) -> None:
    """All is loaded, and the stream of a page that has one is open."""
    if await page.locator("#stream").count():
        await expect(page.locator("#stream")).to_have_class("stream on")
    await page.wait_for_load_state()


def watched(context: BrowserContext, base: str) -> list[str]:
    """What the browser complains of, violations of the policy among it, and who else is asked."""
    wrong: list[str] = []
    context.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    context.on(
        "request",
        lambda it: None if it.url.startswith((base, *_SHOWN)) else wrong.append(it.url),
    )
    return wrong


@asynccontextmanager
async def visiting(chromium: Browser, world: World, **given: Any) -> AsyncIterator[Page]:
    link = await world.platform.sign_in_url()
    async with signed_in(chromium, world.platform.base_url, link, **given) as page:
        yield page
