"""What somebody does who opens the printed link, in a real browser."""

import asyncio
import os
import re
import signal
import sys
from pathlib import Path

from playwright.async_api import Browser, Page, expect
from tests.browser.visits import signed_in
from tests.pairs.webhooks_world import OWN, PHONE, Answer, World
from tests.pictures import png

SHOWN = "img => img.complete && img.naturalWidth"
PHONE_ID = f"#phone-{PHONE[1:]}"


async def go(page: Page, name: str) -> None:
    await page.locator("#rail").get_by_role("link", name=name, exact=True).click()
    await expect(page.locator("#stream")).to_have_class("stream on")


async def test_from_the_printed_link_to_a_picture_on_a_phone(
    chromium: Browser, tmp_path: Path
) -> None:
    """`magpie up`, its link, and nothing but clicks."""
    data, log, picture = tmp_path / "data", tmp_path / "log", tmp_path / "bird.png"
    picture.write_bytes(png(64, 48))
    kept = {k: v for k, v in os.environ.items() if not k.startswith("MAGPIE_")}
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "magpie", "up", "--secrets"),
            env=kept | {"MAGPIE_PORT": "0", "MAGPIE_DATA": str(data)},
            cwd=tmp_path,
            stdout=out,
            stderr=out,
        )
    try:
        link = await _printed(log)
        async with signed_in(chromium, link.partition("/console")[0], link) as page:
            await go(page, "Handsets")
            phone = page.locator(PHONE_ID)
            await phone.get_by_role("link", name="Send it something.").click()
            await expect(page.get_by_label("To", exact=True)).to_have_value(PHONE)
            await page.get_by_label("Pictures, films, sounds").set_input_files(picture)
            await expect(page.locator("#preview").get_by_text("MMS").first).to_be_visible()
            await page.get_by_role("button", name="Send", exact=True).click()
            await expect(page.get_by_text("delivered").first).to_be_visible()
            await go(page, "Handsets")
            shown = phone.get_by_role("img", name="Picture from")
            await expect(shown).to_be_visible()
            assert await shown.evaluate(SHOWN) == 64
    finally:
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0


async def _printed(log: Path) -> str:
    async with asyncio.timeout(60):
        while not (found := re.findall(r"http://\S+/sign-in/\S+", _text(log))):
            await asyncio.sleep(0.05)
    link: str = found[0]
    return link


def _text(log: Path) -> str:
    return log.read_text()


async def test_a_phone_answers_and_the_call_is_made_again(world: World, page: Page) -> None:
    """What is typed into the phone arrives at the program; its call is looked into and replayed."""
    world.answers["/sms"] = Answer(body=b"<Response><Message>Thanks</Message></Response>")
    await world.listen_at("/sms")
    await go(page, "Handsets")
    phone = page.locator(PHONE_ID)
    await phone.get_by_label("To", exact=True).fill(OWN)
    await phone.get_by_label("Text", exact=True).fill("Is anybody there?")
    await phone.get_by_role("button", name="Send", exact=True).click()
    await expect(phone.get_by_text("Is anybody there?")).to_be_visible()
    await expect(phone.get_by_text("Thanks")).to_be_visible()
    await expect(phone.get_by_label("Text", exact=True)).to_have_value("")
    await go(page, "Webhooks")
    await page.locator("tr[data-href]").filter(has_text="inbound").get_by_role("link").first.click()
    await page.get_by_role("button", name="Replay", exact=True).click()
    await expect(page.get_by_text("Called again: 200.")).to_be_visible()
    first, second = (one for one in world.heard if one.path == "/sms")
    assert first.body == second.body


async def test_messages_are_found(world: World, page: Page) -> None:
    """By the grammar, which stands in the address; nonsense is told in words."""
    await world.send(f"{world.there}/ok", "the magpie has landed")
    await world.send(f"{world.there}/ok", "nothing of interest")
    await page.locator("#search").fill("magpie status:delivered")
    await page.keyboard.press("Enter")
    await expect(page.locator("#rows tr[data-href]")).to_have_count(1)
    assert "q=magpie" in page.url
    await page.goto(f"{world.platform.base_url}/console/messages?q=-magpie to:{PHONE}")
    await expect(page.locator("#rows tr[data-href]")).to_have_count(1)
    await expect(page.get_by_text("nothing of interest")).to_be_visible()
    await page.goto(f"{world.platform.base_url}/console/messages?q=status:sideways")
    await expect(page.get_by_role("alert")).to_contain_text("status: is one of")


async def test_a_queue_is_paused_and_goes_on(world: World, page: Page) -> None:
    """What is sent meanwhile waits, is seen to wait, and goes when it may."""
    await go(page, "Queues")
    await page.get_by_role("button", name=f"Pause {OWN}").click()
    row = page.get_by_role("row").filter(has_text=OWN)
    await expect(row.get_by_text("paused")).to_be_visible()
    at = f"/2010-04-01/Accounts/{world.auth[0]}/Messages.json"
    await world.ask("POST", at, From=OWN, To=PHONE, Body="patience")
    await expect(row.locator("td[data-label=Waiting]")).to_contain_text(re.compile("^1 "))
    await row.get_by_role("button", name=f"Go on with {OWN}").click()
    await expect(row.locator("td[data-label=Waiting]")).to_contain_text(re.compile("^0"))
    await go(page, "Messages")
    await expect(page.locator("#rows").get_by_text("delivered")).to_be_visible()


async def test_a_queue_is_drained_and_opened_again(world: World, page: Page) -> None:
    """The program that sends is told, and so is whoever looks."""
    await go(page, "Queues")
    row = page.get_by_role("row").filter(has_text=OWN)
    await row.get_by_role("button", name=f"Drain {OWN}").click()
    await expect(row.get_by_text("draining")).to_be_visible()
    at = f"/2010-04-01/Accounts/{world.auth[0]}/Messages.json"
    status, refused = await world.ask("POST", at, From=OWN, To=PHONE, Body="too late")
    assert (status, refused["code"]) == (429, 21611)
    await row.get_by_role("button", name=f"Reopen {OWN}").click()
    await expect(row.get_by_role("button", name=f"Drain {OWN}")).to_be_visible()
    assert (await world.ask("POST", at, From=OWN, To=PHONE, Body="in time"))[0] == 201


async def test_by_the_keyboard(page: Page) -> None:
    """`g` and a letter go to pages, Control K to anything, `?` tells of the keys."""
    await expect(page.locator("#stream")).to_have_class("stream on")
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.keyboard.press("Control+k")
    await page.keyboard.type("queu")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Queues", level=1)).to_be_visible()
    await page.keyboard.press("g")
    await page.keyboard.press("m")
    await expect(page.get_by_role("heading", name="Messages", level=1)).to_be_visible()
    await page.keyboard.press("/")
    await expect(page.locator("#search")).to_be_focused()
