"""Tables with long things in them."""

from playwright.async_api import Page, expect
from tests.pairs.webhooks_world import World

from magpie.audit import actions as audit

LONG = "x" * 200
_TWO_LINES = 30


async def test_the_book_keeps_its_columns_in_sight(world: World, page: Page) -> None:
    """However long what somebody gave is: where it came from stands beside it."""
    await audit.note(
        world.platform.database,
        account_sid=world.auth[0],
        who="somebody",
        address="192.0.2.7",
        action="POST /console/somewhere",
        detail={"name": LONG},
    )
    await page.goto(f"{world.platform.base_url}/console/audit")
    card = page.locator(".card.scroll")
    assert await card.evaluate("(card) => card.scrollWidth <= card.clientWidth")
    await expect(page.get_by_role("cell", name="192.0.2.7")).to_be_in_viewport(ratio=1)


async def test_a_short_sid_stands_in_one_line(world: World, page: Page) -> None:
    """Beside a name that takes all the room there is."""
    base = f"{world.platform.base_url}/console/people"
    await page.goto(base)
    await page.get_by_placeholder("Name of a subaccount").fill("x " * 32)
    await page.get_by_role("button", name="Make one").click()
    sids = page.locator("td x-copy code")
    await expect(page.locator("main .alert.good")).to_be_visible()
    await expect(sids).to_have_count(2)
    heights = await sids.evaluate_all("(all) => all.map((one) => one.offsetHeight)")
    assert max(heights) < _TWO_LINES
