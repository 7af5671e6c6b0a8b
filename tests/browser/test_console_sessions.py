"""What becomes of a page, and of what is written on it, when it is left or its session ends."""

from playwright.async_api import Browser, Page, expect
from tests.browser.visits import at_rest, visiting
from tests.pairs.webhooks_world import PHONE, World

from magpie.users import actions
from magpie.users.model import Role


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


async def test_a_half_written_message_survives(world: World, page: Page) -> None:
    """A reload, and the sign-in; it is gone once sent, and what a link fills in is taken."""
    send = f"{world.platform.base_url}/console/send"
    to, text = page.get_by_label("To", exact=True), page.get_by_label("Text", exact=True)
    await page.goto(send)
    await text.fill("Dear guest,\nsee you")
    await page.get_by_text("More parameters").click()
    await page.get_by_label("ValidityPeriod").fill("60")
    await page.reload()
    await expect(text).to_have_value("Dear guest,\nsee you")
    await expect(page.get_by_label("ValidityPeriod")).to_have_value("60")
    await expect(page.locator("#preview")).to_contain_text("Dear guest")
    await page.goto(f"{send}?To=%2B15558675311")
    await expect(to).to_have_value("+15558675311")
    await expect(text).to_have_value("")
    await page.goto(send)
    await to.fill(PHONE)
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.get_by_text("It is on its way.")).to_be_visible()
    await page.goto(send)
    await expect(text).to_have_value("")


async def test_a_draft_is_its_writers(world: World, page: Page) -> None:
    """Whoever signs in at the same tab after him does not see it."""
    send = f"{world.platform.base_url}/console/send"
    await page.goto(send)
    await page.get_by_label("Text", exact=True).fill("For nobody else")
    other = await actions.add(world.platform.database, "Anna", Role.AGENT)
    link = await actions.link(world.platform.database, other)
    await page.context.clear_cookies()
    await page.goto(f"{world.platform.base_url}/console/sign-in/{link}")
    await page.get_by_role("button").click()
    await page.goto(send)
    await at_rest(page)
    await expect(page.get_by_label("Text", exact=True)).to_have_value("")
