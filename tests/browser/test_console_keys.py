"""Hands that stay on the keyboard: the keys of rows, of a message and of a call."""

from playwright.async_api import Page, expect
from tests.pairs.webhooks_world import OWN, PHONE, World


async def pressed(page: Page, *keys: str) -> None:
    await expect(page.locator("#stream")).to_have_class("stream on")
    for key in keys:
        await page.keyboard.press(key)


async def opened(page: Page, world: World, path: str) -> None:
    await page.goto(f"{world.platform.base_url}/console{path}")


async def test_a_call(world: World, page: Page) -> None:
    """From its row to its page, `r` replays, `m` leads to its message, `Esc` back to the list."""
    await world.send(f"{world.there}/ok")
    await opened(page, world, "/webhooks")
    await pressed(page, "j", "Enter")
    await expect(page.get_by_role("heading", name="Signature")).to_be_visible()
    before = len(world.heard)
    await pressed(page, "r")
    await expect(page.get_by_text("Called again: 200.")).to_be_visible()
    assert len(world.heard) == before + 1
    await pressed(page, "m")
    await expect(page.get_by_role("heading", name="Every hop")).to_be_visible()
    await page.go_back()
    await pressed(page, "Escape")
    await expect(page.get_by_role("heading", name="Webhooks", level=1)).to_be_visible()


async def test_a_call_is_edited(world: World, page: Page) -> None:
    """`e` goes to the form, where keys are letters again until `Esc` leaves the field."""
    await world.send(f"{world.there}/ok")
    [call, *_] = await world.webhooks()
    await opened(page, world, f"/webhooks/{call['sid']}")
    before = len(world.heard)
    await pressed(page, "e")
    url = page.get_by_label("URL", exact=True)
    await expect(url).to_be_focused()
    await page.keyboard.type("more")
    await expect(url).to_have_value("more")
    await pressed(page, "Escape")
    await expect(url).not_to_be_focused()
    await expect(page.get_by_role("heading", name="Signature")).to_be_visible()
    assert len(world.heard) == before


async def test_a_message(world: World, page: Page) -> None:
    """`w` shows its calls; `r` begins the same again, or an answer to what a phone said."""
    sid = await world.send(f"{world.there}/ok", "See you at 7!")
    await opened(page, world, f"/messages/{sid}")
    await pressed(page, "w")
    await expect(page.get_by_label("Message", exact=True)).to_have_value(sid)
    await page.go_back()
    await pressed(page, "r")
    await expect(page.get_by_label("Text")).to_have_value("See you at 7!")
    await expect(page.get_by_label("To", exact=True)).to_have_value(PHONE)
    await world.say("Until then.")
    await opened(page, world, "/messages?q=direction:in")
    await pressed(page, "j", "Enter")
    await expect(page.get_by_role("link", name="Reply")).to_be_visible()
    await pressed(page, "r")
    await expect(page.get_by_label("To", exact=True)).to_have_value(PHONE)
    await expect(page.locator("select[name=From]")).to_have_value(OWN)
    await expect(page.get_by_label("Text")).to_have_value("")


async def test_they_are_listed(world: World, page: Page) -> None:
    """`?` tells of the keys of this very page first; meanwhile they do nothing."""
    await world.send(f"{world.there}/ok")
    [call, *_] = await world.webhooks()
    await opened(page, world, f"/webhooks/{call['sid']}")
    before = len(world.heard)
    await pressed(page, "?", "r", "Control+k")
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_have_count(1)
    for line in ("r        Replay", "e        Edit and replay", "m        Its message", "g m"):
        await expect(dialog).to_contain_text(line)
    await pressed(page, "Escape")
    await expect(dialog).to_have_count(0)
    await expect(page.get_by_role("heading", name="Signature")).to_be_visible()
    assert len(world.heard) == before


async def test_they_are_turned_off(world: World, page: Page) -> None:
    """By whoever cannot use them; the pointer still finds the way to turn them on."""
    await opened(page, world, "/messages")
    await page.get_by_label("You", exact=True).click()
    await page.get_by_role("button", name="Keys").click()
    await page.get_by_label("Keys work without Control").uncheck()
    await page.keyboard.press("Escape")
    await pressed(page, "g", "w", "?")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.get_by_role("heading", name="Messages", level=1)).to_be_visible()
    await page.get_by_label("You", exact=True).click()
    await page.get_by_role("button", name="Keys").click()
    await page.get_by_label("Keys work without Control").check()
    await page.keyboard.press("Escape")
    await pressed(page, "g", "w")
    await expect(page.get_by_role("heading", name="Webhooks", level=1)).to_be_visible()


async def test_a_picture_that_became_a_link(world: World, page: Page) -> None:
    """To begin it again is to begin with what was written, without the link of the first time."""
    form = {"From": OWN, "To": "+15558675311", "Body": "See", "MediaUrl": f"{world.there}/a.png"}
    path = f"/2010-04-01/Accounts/{world.auth[0]}/Messages.json"
    _, message = await world.ask("POST", path, **form)
    assert "/m/" in message["body"]
    await opened(page, world, f"/messages/{message['sid']}")
    await expect(page.get_by_text('body="See",')).to_be_visible()
    await pressed(page, "r")
    await expect(page.get_by_label("Text")).to_have_value("See")
