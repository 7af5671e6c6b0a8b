"""How every page of the console looks, in both themes, on a phone, a tablet and a desk.

The pictures are kept in the folder that the environment names in SHOTS, if it does.
"""

import asyncio
import io
import os
from pathlib import Path
from typing import Any, Literal

import pytest
from PIL import Image
from playwright.async_api import Browser, Page, ViewportSize, expect
from tests.browser.furnished import furnished, talk
from tests.browser.visits import NARROW, TABLET, WIDE, at_rest, visiting
from tests.pairs.webhooks_world import World

_THEMES: tuple[Literal["dark", "light"], ...] = ("dark", "light")
_PICTURE = ViewportSize(width=1440, height=834)
_MOST_BYTES = 150_000
_WRITTEN: dict[str, dict[str, Any]] = {
    ".png": {"compress_level": 1},
    ".webp": {"quality": 90, "method": 6},
}
_MOST_SHIFT = 0.05
_LEAST_CONTRAST = 100
# The buffer of an observer is emptied in a task of its own.
_SHIFT = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) sum += one.hadRecentInput ? 0 : one.value;
  }).observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => setTimeout(() => done(sum), 30));
})"""
# On a phone each cell has a label of its own, which may not hang out of it.
_HANGING = """() => [...document.querySelectorAll("td[data-label]")]
  .filter((cell) => cell.scrollHeight > cell.clientHeight + 1)
  .map((cell) => cell.dataset.label)"""


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    folder = Path(os.environ.get("SHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.mark.timeout(300)
async def test_pages_stand_still_and_show_something(
    world: World, chromium: Browser, shots: Path
) -> None:
    """Nothing moves while a page is loaded, and no theme hides what is on it."""
    paths = await furnished(world)
    async with asyncio.TaskGroup() as group:
        walks = [
            group.create_task(_walk(world, chromium, size, paths, shots))
            for size in (NARROW, TABLET, WIDE)
        ]
    assert [wrong for walk in walks for wrong in walk.result()] == []


async def test_the_pictures_of_the_readme(world: World, chromium: Browser, shots: Path) -> None:
    """Phones that have talked and got pictures, by day and by night; small enough for a README."""
    await talk(world)
    async with visiting(chromium, world, viewport=_PICTURE) as page:
        await page.goto(f"{world.platform.base_url}/console/handsets")
        await at_rest(page)
        for theme in _THEMES:
            at = shots / f"console-{theme}.webp"
            assert await _shot(page, theme, at)
            assert at.stat().st_size < _MOST_BYTES


async def test_a_half_written_message_is_foreseen(world: World, page: Page) -> None:
    """Without a receiver yet; nobody is told to fill in anything, and the text keeps the focus."""
    await page.goto(f"{world.platform.base_url}/console/send")
    text = page.get_by_label("Text", exact=True)
    await text.fill("A café — at 7?")
    await expect(page.locator("#preview")).to_contain_text("UCS-2")
    await expect(text).to_be_focused()


async def test_charts_follow_the_theme(page: Page) -> None:
    """They are painted anew when it changes, by the button or with the system."""
    await page.emulate_media(color_scheme="light")
    chart = page.locator("x-chart canvas")
    await expect(chart).to_be_visible()
    light = await chart.evaluate("(canvas) => canvas.toDataURL()")
    await page.emulate_media(color_scheme="dark")
    await page.wait_for_function(
        "(was) => document.querySelector('x-chart canvas').toDataURL() !== was", arg=light
    )
    dark = await chart.evaluate("(canvas) => canvas.toDataURL()")
    await page.get_by_role("button", name="Theme").click()
    await page.wait_for_function(
        "(was) => document.querySelector('x-chart canvas').toDataURL() !== was", arg=dark
    )


async def _walk(
    world: World, chromium: Browser, size: ViewportSize, paths: dict[str, str], shots: Path
) -> list[str]:
    """What is wrong, by page."""
    wrong = []
    async with visiting(chromium, world, viewport=size) as page:
        for name, path in paths.items():
            await page.goto(f"{world.platform.base_url}/console{path}")
            await at_rest(page)
            shift = await page.evaluate(_SHIFT)
            wrong += [f"{name} moves by {shift}"] if shift >= _MOST_SHIFT else []
            hanging = await page.evaluate(_HANGING)
            wrong += [f"{name} covers {hanging}"] if hanging else []
            for theme in _THEMES:
                shown = f"{name}-{size['width']}-{theme}"
                wrong += [] if await _shot(page, theme, shots / f"{shown}.png") else [shown]
    return wrong


async def _shot(page: Page, theme: Literal["dark", "light"], at: Path) -> bool:
    """Whether there is more than one shade on it."""
    await page.emulate_media(color_scheme=theme)
    image = Image.open(io.BytesIO(await page.screenshot(full_page=True))).convert("RGB")
    await asyncio.to_thread(image.save, at, **_WRITTEN[at.suffix])
    shades = image.convert("L").histogram()
    seen = [shade for shade, pixels in enumerate(shades) if pixels]
    return seen[-1] - seen[0] > _LEAST_CONTRAST
