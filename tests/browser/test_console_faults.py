"""A fault of a simulated network in a real browser: switched on, met by a message, switched off."""

import asyncio

from playwright.async_api import Page, expect
from tests.pairs.webhooks_world import OWN, PHONE, World


async def failed(world: World, at: str) -> None:
    async with asyncio.timeout(20):
        while (await world.ask("GET", at))[1]["status"] not in {"failed", "undelivered"}:
            await asyncio.sleep(0.05)


async def test_a_fault_is_switched_on_seen_and_switched_off(world: World, page: Page) -> None:
    """The network of the phone refuses what is sent, and the switch says so until it is off."""
    base = world.platform.base_url
    await page.get_by_role("link", name="Carriers").click()
    await page.get_by_label("Faults of simulator", exact=True).select_option("refusing")
    await page.get_by_role("button", name="Switch on for simulator", exact=True).click()
    await expect(page.get_by_text("refuse 100%")).to_have_count(2)
    switch = page.get_by_label("Faults of simulator", exact=True)
    await expect(switch).to_have_value("refusing")
    at = f"/2010-04-01/Accounts/{world.auth[0]}/Messages.json"
    form = {"From": OWN, "To": PHONE, "Body": "Hello"}
    _, message = await world.ask("POST", at, **form)
    await failed(world, f"{at.removesuffix('.json')}/{message['sid']}.json")
    await page.goto(f"{base}/console/messages/{message['sid']}")
    await expect(page.get_by_text("30007").first).to_be_visible()
    await page.goto(f"{base}/console/carriers")
    await page.get_by_role("button", name="Switch off for simulator", exact=True).click()
    await expect(page.get_by_text("refuse 100%")).to_have_count(1)
    await expect(switch).to_have_value("nothing wrong")


async def test_a_route_that_is_being_written_stays(world: World, page: Page) -> None:
    """The list of links asks for itself again, and what somebody types stands elsewhere."""
    await world.ask("POST", "/magpie/v1/Carriers", Name="acme", Kind="loopback")
    await page.goto(f"{world.platform.base_url}/console/carriers")
    await page.locator("#prefix-new").fill("+1555")
    await world.ask("POST", "/magpie/v1/Carriers/acme", Status="paused")
    await expect(page.locator("#links").get_by_text("paused")).to_be_visible()
    await expect(page.locator("#prefix-new")).to_have_value("+1555")


async def test_the_reference_is_searched_while_one_types(world: World, page: Page) -> None:
    """No reload, and the field keeps its focus; what is alone is open."""
    await page.goto(f"{world.platform.base_url}/console/docs/api")
    await page.locator("#find").fill("routes prefix")
    await expect(page.locator("#reference details[open]")).to_have_count(2)
    await expect(page.locator("#find")).to_be_focused()


async def test_an_operation_tells_more_when_it_is_opened(world: World, page: Page) -> None:
    """Asked for then, and once: its parameters, its answer, and a line that does it."""
    await page.goto(f"{world.platform.base_url}/console/docs/api")
    one = page.locator("details", has=page.get_by_text("Create a message", exact=True)).first
    await one.locator("summary").click()
    await expect(one.locator("table").first).to_contain_text("StatusCallback")
    await expect(one.locator("table").last).to_contain_text("num_segments")
    await expect(one.locator("pre")).to_contain_text("/Messages.json")


async def test_the_last_word_of_a_search_is_completed(world: World, page: Page) -> None:
    """Behind what is there already, a minus included; fields, and what each may be."""
    await page.goto(f"{world.platform.base_url}/console/messages")
    field, offered = page.locator("#q"), page.locator("#fields option")
    for typed, before in (("sta", ""), ("from:+1 sta", "from:+1 "), ("from:+1 -", "from:+1 -")):
        await field.fill(typed)
        values = await offered.evaluate_all("every => every.map((one) => one.value)")
        assert {f"{before}status:", f"{before}status:failed"} <= {*values}
