"""Phones of which two people look at the same."""

import aiohttp
from playwright.async_api import Browser, Page, expect
from tests.browser.visits import at_rest, visiting
from tests.pairs.webhooks_world import PHONE, World

ID = f"#phone-{PHONE[1:]}"


async def api(world: World, method: str, **body: str) -> None:
    at = f"{world.platform.base_url}/simulator/v1/Handsets/{PHONE}"
    headers = {"Authorization": aiohttp.encode_basic_auth(*world.auth)}
    async with (
        aiohttp.ClientSession(headers=headers) as client,
        client.request(method, at, json=body or None) as answer,
    ):
        assert answer.status < 300


async def opened(page: Page, world: World) -> None:
    await page.goto(f"{world.platform.base_url}/console/handsets?show={PHONE.replace('+', '%2B')}")
    await at_rest(page)


async def test_airplane_mode_is_seen_by_all(world: World, chromium: Browser, page: Page) -> None:
    """The page shows the same phones as before, its drawer open; what is half written stays."""
    await opened(page, world)
    text = page.locator(f"{ID} textarea")
    await text.fill("half written")
    async with visiting(chromium, world) as other:
        await opened(other, world)
        await other.locator(f"{ID} summary").click()
        await other.get_by_role("button", name="Airplane mode on").click()
        await expect(other.locator(f"{ID} .flying")).to_be_visible()
        await expect(other.get_by_role("button", name="Airplane mode off")).to_be_visible()
        await expect(other.locator("article.phone")).to_have_count(1)
        await expect(page.locator(f"{ID} .flying")).to_be_visible()
        await api(world, "POST", state="on")
        await expect(other.locator(f"{ID} .flying")).to_have_count(0)
    await expect(page.locator(f"{ID} .flying")).to_have_count(0)
    await expect(text).to_have_value("half written")


async def test_a_phone_that_is_taken_away(world: World, page: Page) -> None:
    """Whoever looks at it is told so in its place, once."""
    await opened(page, world)
    await api(world, "DELETE")
    await expect(page.locator(ID)).to_contain_text("This phone is gone")
    await expect(page.locator("#toasts")).to_be_empty()
