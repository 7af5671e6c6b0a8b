"""What somebody sees whose change is refused."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect
from tests.pairs.webhooks_world import PHONE, World
from tests.pictures import png


@pytest.fixture
async def visitor(world: World, chromium: Browser) -> AsyncIterator[Page]:
    """Of whom the browser may complain: it does of every answer that refuses."""
    context = await chromium.new_context()
    page = await context.new_page()
    await page.goto(await world.platform.sign_in_url())
    await page.get_by_role("button").click()
    await expect(page.locator("#rail")).to_be_attached()
    yield page
    await context.close()


async def test_a_phone_that_sends_to_nobody(world: World, visitor: Page) -> None:
    """The reason, beside what was written and attached: all of it stays, and goes once mended."""
    await visitor.goto(f"{world.platform.base_url}/console/handsets")
    phone = visitor.locator(f"#phone-{PHONE[1:]}")
    to, text = phone.get_by_label("To", exact=True), phone.get_by_label("Text", exact=True)
    picture = phone.locator("[type=file]")
    own = await to.input_value()
    await to.fill("\u05e9\u05dc\u05d5\u05dd 100%")
    await text.fill("a long story")
    await picture.set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": png(8, 8)})
    await phone.get_by_role("button", name="Send").click()
    told = "\u05e9\u05dc\u05d5\u05dd 100% is not a number that can be dialled."
    await expect(visitor.locator("#toasts")).to_have_text(told)
    await expect(text).to_have_value("a long story")
    assert await picture.evaluate("field => field.files.length") == 1
    await to.fill(own)
    await phone.get_by_role("button", name="Send").click()
    await expect(phone.locator(".thread")).to_contain_text("a long story")
    await expect(phone.locator(".thread").get_by_role("img")).to_have_count(1)
    await expect(text).to_have_value("")


async def test_a_form_stays_as_it_was_written(world: World, visitor: Page) -> None:
    """Where the browser sees nothing wrong, the answer says what is; mended, it is taken."""
    await visitor.goto(f"{world.platform.base_url}/console/numbers")
    await visitor.locator("tr[data-href] a").last.click()
    name, url = visitor.get_by_label("Name"), visitor.get_by_label("URL for what phones send")
    await name.fill("Front desk")
    await url.fill("ftp://example.com/sms")
    await visitor.get_by_role("button", name="Save").click()
    await expect(visitor.locator("#toasts")).to_contain_text("must be an http or https URL")
    await expect(name).to_have_value("Front desk")
    await url.fill("http://example.com/sms")
    await visitor.get_by_role("button", name="Save").click()
    await expect(visitor.locator("main .alert.good")).to_have_text("Saved.")
    await expect(name).to_have_value("Front desk")


async def test_a_refusal_on_a_page_of_its_own_leads_back(world: World, visitor: Page) -> None:
    """To the page that asked, without what was said there before."""
    await visitor.goto(f"{world.platform.base_url}/console/people")
    people = visitor.locator("section", has_text="A viewer looks")
    for _ in range(2):
        await people.get_by_label("Name", exact=True).fill("Anna")
        await people.get_by_role("button", name="Invite").click()
    await expect(visitor.get_by_role("heading")).to_have_text("There is a user Anna already.")
    await visitor.get_by_role("link", name="Back").click()
    await expect(visitor).to_have_url(f"{world.platform.base_url}/console/people")


async def test_nobody_answers(world: World, visitor: Page) -> None:
    """It is said once, what was written stays, and it can be asked for again."""
    await visitor.goto(f"{world.platform.base_url}/console/numbers")
    await visitor.locator("tr[data-href] a").last.click()
    name, save = visitor.get_by_label("Name"), visitor.get_by_role("button", name="Save")
    await name.fill("Front desk")
    await visitor.context.set_offline(True)
    for _ in range(2):
        await save.click()
        await expect(visitor.locator("#toasts")).to_have_text(
            "Magpie does not answer: this may not be done."
        )
        await expect(save).to_be_enabled()
    await visitor.context.set_offline(False)
    await save.click()
    await expect(visitor.locator("main .alert.good")).to_have_text("Saved.")
    await expect(name).to_have_value("Front desk")
