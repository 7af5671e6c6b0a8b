"""What somebody sees whose change is refused."""

from playwright.async_api import Browser, expect
from tests.pairs.webhooks_world import PHONE, World


async def test_a_phone_that_sends_nothing(world: World, chromium: Browser) -> None:
    """The reason, beside what was written; the page stays as it is."""
    context = await chromium.new_context()
    page = await context.new_page()
    await page.goto(await world.platform.sign_in_url())
    await page.get_by_role("button").click()
    await page.goto(f"{world.platform.base_url}/console/handsets")
    phone = page.locator(f"#phone-{PHONE[1:]}")
    await phone.get_by_label("To", exact=True).fill("\u05e9\u05dc\u05d5\u05dd 100%")
    await phone.get_by_role("button", name="Send").click()
    told = "\u05e9\u05dc\u05d5\u05dd 100% is not a number that can be dialled."
    await expect(page.locator("#toasts")).to_have_text(told)
    await context.close()
