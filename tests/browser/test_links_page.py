"""The page of a media link in Chromium, as large as a phone, by day and by night."""

import io
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import av
import pytest
from PIL import Image, ImageDraw
from playwright.async_api import Browser, ConsoleMessage, Page, Request
from tests.pairs.links_world import World, world

from magpie.kit.db import Database
from magpie.kit.rest import File
from magpie.links.page.style import ICON_PATH
from magpie.links.shorten import path_of

Scheme = Literal["light", "dark"]
SHOTS = Path(__file__).parents[2] / "build" / "browser"
PHONE = {"width": 390, "height": 844}
EVIL = "\"'><img src=x onerror=alert(1)><script>alert(1)</script><svg onload=alert(1)>"
VCARD = """BEGIN:VCARD
VERSION:3.0
FN:Jane Doe
ORG:Example Birds
TITLE:Head of Sales
TEL;TYPE=CELL:+1 555 010 0199
TEL;TYPE=WORK:+1 555 010 0100
EMAIL:jane.doe@example.com
END:VCARD
"""


@pytest.fixture
async def site(database: Database, tmp_path: Path) -> AsyncIterator[World]:
    async with world(database, tmp_path) as made:
        yield made


@dataclass
class Seen:
    """A page, and what went wrong or elsewhere while it was open."""

    page: Page
    errors: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@asynccontextmanager
async def opened(
    chromium: Browser, site: World, path: str, scheme: Scheme = "light"
) -> AsyncIterator[Seen]:
    context = await chromium.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        device_scale_factor=2,
        color_scheme=scheme,
        is_mobile=True,
        has_touch=True,
    )
    seen = Seen(await context.new_page())

    def said(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            seen.errors.append(message.text)

    def asked(request: Request) -> None:
        seen.asked.append(request.url)
        if not request.url.startswith(f"{site.base}/"):
            seen.elsewhere.append(request.url)

    seen.page.on("console", said)
    seen.page.on("pageerror", lambda error: seen.errors.append(str(error)))
    seen.page.on("dialog", lambda dialog: seen.errors.append(dialog.message))
    seen.page.on("request", asked)
    response = await seen.page.goto(site.base + path, wait_until="networkidle")
    assert response is not None
    yield seen
    await context.close()


def jpeg(width: int = 1200, height: int = 900) -> bytes:
    """A sky over hills."""
    sky = Image.linear_gradient("L").resize((width, height))
    image = Image.composite(
        Image.new("RGB", sky.size, "#f7c873"), Image.new("RGB", sky.size, "#3d6fb4"), sky
    )
    draw = ImageDraw.Draw(image)
    for step, colour in enumerate(("#4d7d5a", "#2f5a43", "#1d3b31")):
        top = height * (5 + step) // 8
        draw.ellipse((-width // 2 + step * 400, top, width + step * 300, height * 2), fill=colour)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def mp4() -> bytes:
    """Its index is at the end, so that a player has to ask for ranges."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("h264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for number in range(10):
            colour = (20 * number, 90, 160)
            image = Image.new("RGB", (320, 180), colour)
            frame = av.VideoFrame.from_image(image)  # type: ignore[no-untyped-call]
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return out.getvalue()


def wav() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(16000))
    return out.getvalue()


async def shoot(seen: Seen, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    await seen.page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


async def fits(page: Page) -> bool:
    wide: bool = await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return wide


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_picture_is_seen(site: World, chromium: Browser, scheme: Scheme) -> None:
    """It is loaded and as wide as the phone allows; nothing else is asked for."""
    link, _ = await site.message(
        File("hills.jpg", "image/jpeg", jpeg()),
        body="Good morning! The hills from my window \U0001f304",
    )
    async with opened(chromium, site, path_of(link), scheme) as seen:
        await shoot(seen, f"picture-{scheme}")
        image = seen.page.locator("img")
        assert await image.evaluate("one => one.naturalWidth") == 1200
        box = await image.bounding_box()
        assert box is not None
        assert box["width"] > 340
        assert await fits(seen.page)
        dark = await seen.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert dark == ("rgb(16, 18, 22)" if scheme == "dark" else "rgb(243, 244, 247)")
        assert (seen.errors, seen.elsewhere) == ([], [])
        at = path_of(link)
        assert {one.removeprefix(site.base) for one in seen.asked} == {at, f"{at}/1", ICON_PATH}


async def test_a_tap_opens_the_picture_in_full_size(site: World, chromium: Browser) -> None:
    """The bytes by themselves, shown and not saved."""
    link, _ = await site.message(File("hills.jpg", "image/jpeg", jpeg()))
    async with opened(chromium, site, path_of(link)) as seen:
        await seen.page.locator("a.view").tap()
        await seen.page.wait_for_url(f"**{path_of(link)}/1")
        assert await seen.page.locator("img").evaluate("one => one.naturalWidth") == 1200


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_kind_is_seen(site: World, chromium: Browser, scheme: Scheme) -> None:
    """Pictures in a column, players that know how long they play, a contact, files to save."""
    link, _ = await site.message(
        File("hills.jpg", "image/jpeg", jpeg()),
        File("tall.jpg", "image/jpeg", jpeg(600, 1600)),
        File("clip.mp4", "video/mp4", mp4()),
        File("note.wav", "audio/vnd.wave", wav()),
        File("jane.vcf", "text/vcard", VCARD.encode()),
        File("menu.pdf", "application/pdf", b"%PDF-1.4" + bytes(240_000)),
        File("party.ics", "text/calendar", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),
        body="All of it at once.\nSecond line.",
    )
    async with opened(chromium, site, path_of(link), scheme) as seen:
        await seen.page.evaluate("scrollTo(0, document.body.scrollHeight)")
        for player in ("video", "audio"):
            loaded = f"document.querySelector('{player}').readyState > 0"
            await seen.page.wait_for_function(loaded)
            assert await seen.page.locator(player).evaluate("one => one.duration") == pytest.approx(
                1
            )
        widths = await seen.page.locator("img").evaluate_all("all => all.map(x => x.naturalWidth)")
        await shoot(seen, f"kinds-{scheme}")
        assert widths == [1200, 600]
        assert await seen.page.get_by_text("Jane Doe").is_visible()
        assert await fits(seen.page)
        assert (seen.errors, seen.elsewhere) == ([], [])


async def test_every_control_can_be_touched_and_seen(site: World, chromium: Browser) -> None:
    """Targets of 24 pixels and more; the keyboard's focus has an outline."""
    link, _ = await site.message(
        File("hills.jpg", "image/jpeg", jpeg()), File("jane.vcf", "text/vcard", VCARD.encode())
    )
    async with opened(chromium, site, path_of(link)) as seen:
        links = await seen.page.locator("a").all()
        boxes = [await one.bounding_box() for one in links]
        assert len(boxes) == 6
        assert all(box is not None and min(box["width"], box["height"]) >= 24 for box in boxes)
        await seen.page.keyboard.press("Tab")
        outline = "getComputedStyle(document.activeElement).outlineStyle"
        assert await seen.page.evaluate(outline) == "solid"


async def test_hostile_texts_stay_texts(site: World, chromium: Browser) -> None:
    """Nothing of a body, a sender, a file name or a contact runs or becomes an element."""
    card = f"BEGIN:VCARD\nFN:{EVIL}\nORG:{EVIL}\nTEL:{EVIL}1\nEMAIL:{EVIL}\nEND:VCARD\n"
    link, (_, pdf) = await site.message(
        File("c.vcf", "text/vcard", card.encode()),
        File("d.pdf", "application/pdf", b"%PDF-"),
        body=f"{EVIL} " + "a" * 200,
        sender=EVIL,
    )
    await site.database.execute("update media set file_name = $1 where sid = $2", EVIL, pdf.sid)
    async with opened(chromium, site, path_of(link)) as seen:
        await shoot(seen, "hostile")
        assert await seen.page.locator("img, script, svg, [onerror], [onload]").count() == 0
        assert EVIL in (await seen.page.locator(".text").inner_text())
        assert await fits(seen.page)
        assert (seen.errors, seen.elsewhere) == ([], [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_link_that_leads_nowhere(site: World, chromium: Browser, scheme: Scheme) -> None:
    """The same design says so, and asks for nothing more."""
    path = "/m/" + "0" * 22
    async with opened(chromium, site, path, scheme) as seen:
        await shoot(seen, f"nothing-{scheme}")
        assert await seen.page.locator("h1").inner_text() == "There is nothing here"
        assert await fits(seen.page)
        assert seen.elsewhere == []
        assert {one.removeprefix(site.base) for one in seen.asked} == {path, ICON_PATH}
