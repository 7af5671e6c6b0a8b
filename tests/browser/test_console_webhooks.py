"""Webhooks and errors in a real browser: they appear by themselves, are explained and repeated."""

from playwright.async_api import Page, expect
from tests.pairs.webhooks_world import Answer, World
from twilio.request_validator import RequestValidator

EVIL = '<img src="/console/evil" onerror="document.title=1">'


async def test_a_phone_speaks_and_the_call_is_looked_into(world: World, page: Page) -> None:
    """The call appears without a reload, tells its whole story, and can be made again."""
    world.answers["/sms"] = Answer(body=b"<Response><Message>Thanks</Message><Say/></Response>")
    await world.listen_at("/sms")
    await page.goto(f"{world.platform.base_url}/console/webhooks")
    await expect(page.get_by_text("No webhooks yet")).to_be_visible()
    await expect(page.locator("#stream")).to_have_class("stream on")
    await world.say(EVIL)
    row = page.locator("tr[data-href]").filter(has_text="inbound")
    await expect(row).to_have_count(1)
    await row.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="TwiML")).to_be_visible()
    await expect(page.get_by_text("Reply: Thanks")).to_be_visible()
    await expect(page.get_by_text("14110").first).to_be_visible()
    await expect(page.get_by_role("cell", name=EVIL, exact=True).first).to_be_visible()
    await page.get_by_role("button", name="Replay", exact=True).click()
    await expect(page.get_by_text("Called again: 200.")).to_be_visible()
    await expect(page.get_by_text("A replay of")).to_be_visible()
    first, second = (one for one in world.heard if one.path == "/sms")
    assert (first.body, "X-Magpie-Replay" in second.headers) == (second.body, True)
    await expect(page.get_by_role("heading", name="All tries of this delivery")).to_be_visible()


async def test_edit_and_replay(world: World, page: Page) -> None:
    """What is changed in the form is what the other address hears, with a signature for it."""
    sid = await world.send(f"{world.there}/ok")
    [call, *_] = await world.webhooks(MessageSid=sid)
    await page.goto(f"{world.platform.base_url}/console/webhooks/{call['sid']}")
    await page.get_by_label("URL", exact=True).fill(f"{world.there}/elsewhere")
    await page.get_by_label("Value 3", exact=True).fill("read")
    await page.get_by_role("button", name="Replay as edited").click()
    await expect(page.get_by_text("Called again: 200.")).to_be_visible()
    heard = world.heard[-1]
    assert (heard.path, dict(heard.params)["MessageStatus"]) == ("/elsewhere", "read")
    signature = heard.headers["X-Twilio-Signature"]
    official = RequestValidator(world.auth[1])
    assert official.validate(f"{world.there}/elsewhere", dict(heard.params), signature)


async def test_why_a_check_fails(world: World, page: Page) -> None:
    """A program that takes https:// for http:// is told so by what it computes."""
    await world.send(f"{world.there}/ok")
    heard = world.heard[-1]
    call = (await world.webhooks())[0]
    computed = RequestValidator(world.auth[1]).compute_signature(
        f"{world.there}/ok".replace("http:", "https:"), dict(heard.params)
    )
    await page.goto(f"{world.platform.base_url}/console/webhooks/{call['sid']}")
    await page.get_by_text("Why would my check fail?").click()
    await page.get_by_label("The signature that your program computes").fill(computed)
    await page.get_by_role("button", name="Compare").click()
    await expect(page.get_by_text("The URL begins with https://.")).to_be_visible()


async def test_from_an_error_to_the_call(world: World, page: Page) -> None:
    """Failures gather under their code by themselves, with advice and the way to the calls."""
    world.answers["/bad"] = Answer(500, b"oops", "text/plain")
    await page.goto(f"{world.platform.base_url}/console/errors")
    await expect(page.get_by_text("Nothing went wrong")).to_be_visible()
    await world.send(f"{world.there}/bad")
    await page.get_by_role("link", name="11200").first.click()
    await expect(page.get_by_role("heading", name="Error 11200")).to_be_visible()
    await expect(page.get_by_text("What to do", exact=True)).to_be_visible()
    await page.get_by_role("link", name=f"{world.there}/bad").first.click()
    await expect(page.locator("tr[data-href]")).to_have_count(3)
    await expect(page.get_by_label("Went")).to_have_value("true")
