"""What a page shows whose session ends elsewhere."""

from playwright.async_api import Browser, Page, expect
from tests.browser.visits import at_rest, visiting
from tests.pairs.webhooks_world import World


async def test_a_session_that_is_ended_elsewhere(
    world: World, chromium: Browser, page: Page
) -> None:
    """Its pages go to the sign-in by themselves and know the way back; other sessions stay."""
    base = f"{world.platform.base_url}/console"
    async with visiting(chromium, world) as other:
        await other.goto(f"{base}/messages?q=to:1")
        await at_rest(other)
        await page.goto(f"{base}/you")
        await page.get_by_role("button", name="End").first.click()
        await expect(page.get_by_text("The session has ended.")).to_be_visible()
        await expect(other).to_have_url(f"{base}/sign-in?to=%2Fconsole%2Fmessages%3Fq%3Dto%3A1")
    await at_rest(page)


async def test_all_tabs_of_somebody_who_signs_out(world: World, page: Page) -> None:
    """Another tab of the same browser shows nothing any more."""
    await at_rest(page)
    tab = await page.context.new_page()
    await tab.goto(f"{world.platform.base_url}/console/audit")
    await at_rest(tab)
    await page.locator(".menu summary").click()
    await page.get_by_role("button", name="Sign out").click()
    await expect(tab.get_by_label("Password")).to_be_visible()
