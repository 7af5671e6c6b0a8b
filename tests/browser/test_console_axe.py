"""Every page of the console by the rules of WCAG 2.2 AA and of good use, as far as axe knows."""

import asyncio

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Browser, Page, ViewportSize, expect
from tests.browser.furnished import furnished, to_strangers
from tests.browser.visits import NARROW, TABLET, WIDE, at_rest, stranger, visiting
from tests.pairs.webhooks_world import World

Rules = dict[str, tuple[str, ...]]

# But for the list of all codes, on which axe dwells for seconds.
_FOLDED = "main details:not(:has(.codes))"
_OPEN = f"document.querySelectorAll('{_FOLDED}').forEach((one) => (one.open = true))"
_DRESS = "(theme) => (document.documentElement.dataset.theme = theme)"
_ALL = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_COLOURS = ("color-contrast", "link-in-text-block")
_SIZES = ("target-size", "scrollable-region-focusable")
_DESK: Rules = {"dark": _ALL, "light": _COLOURS}
_WALKS: tuple[tuple[ViewportSize, Rules], ...] = (
    (WIDE, _DESK),
    (NARROW, {"light": _ALL}),
    (TABLET, {"dark": _SIZES}),
)
_ASK = """async (rules) => {
  const asked = { runOnly: rules, resultTypes: ["violations"], preload: false, iframes: false };
  const { violations } = await axe.run(asked);
  return violations.flatMap(({ impact, id, nodes }) =>
    nodes.map((node) => `${impact} ${id}: ${node.target.join(" ")} ${node.any[0]?.message ?? ""}`));
}"""

# A figure of a chart as a table may be as wide as it has series.
_WIDE = """() => [...document.querySelectorAll(":root, main .scroll:not(.tall)")]
  .filter((one) => one.scrollWidth > one.clientWidth)
  .map((one) => `${one.tagName} ${one.className} ${one.scrollWidth}`)"""


@pytest.mark.timeout(300)
async def test_axe_finds_nothing(world: World, chromium: Browser) -> None:
    """In each theme and width all rules that may say something new; all that folds is open."""
    paths = await furnished(world)
    async with asyncio.TaskGroup() as group:
        walks = [
            group.create_task(_signed_in(world, chromium, size, rules, paths))
            for size, rules in _WALKS
        ]
    wrong = [line for walk in walks for line in walk.result()]
    assert wrong + await _strangers(world, chromium) == []


async def test_no_page_scrolls_sideways(world: World, chromium: Browser) -> None:
    """Neither the page nor a table in it, whatever is open, on any device."""
    paths = await furnished(world)
    wide = []
    async with visiting(chromium, world) as page:
        for name, path in paths.items():
            await page.goto(f"{world.platform.base_url}/console{path}")
            await page.evaluate(_OPEN)
            for size in (NARROW, TABLET, WIDE):
                await page.set_viewport_size(size)
                wide += [(name, size["width"], what) for what in await page.evaluate(_WIDE)]
    assert wide == []


async def test_axe_finds_nothing_in_what_pops_up(world: World, chromium: Browser) -> None:
    """The palette, the keys, the rail of a phone and the visitor's menu; each goes again."""
    async with visiting(chromium, world, viewport=NARROW) as page:
        await at_rest(page)
        await page.evaluate(AXE_SCRIPT)
        found = []
        for key in ("Control+k", "?"):
            await page.keyboard.press(key)
            await expect(page.get_by_role("dialog")).to_be_visible()
            found += await page.evaluate(_ASK, _ALL)
            await page.keyboard.press("Escape")
        for name, opened in (("Menu", "#rail.open"), ("You", ".menu[open]")):
            await page.get_by_label(name, exact=True).click()
            await expect(page.locator(opened)).to_have_count(1)
            found += await page.evaluate(_ASK, _ALL)
        await expect(page.locator("#rail.open")).to_have_count(0)
        await page.keyboard.press("Escape")
        await expect(page.locator(".menu[open]")).to_have_count(0)
    assert found == []


async def _signed_in(
    world: World, chromium: Browser, size: ViewportSize, rules: Rules, paths: dict[str, str]
) -> list[str]:
    async with visiting(chromium, world, viewport=size) as page:
        return await _violations(page, world, rules, paths)


async def _strangers(world: World, chromium: Browser) -> list[str]:
    paths = await to_strangers(world)
    async with stranger(chromium, world.platform.base_url) as page:
        return await _violations(page, world, _DESK, paths)


async def _violations(page: Page, world: World, rules: Rules, paths: dict[str, str]) -> list[str]:
    found = []
    for name, path in paths.items():
        await page.goto(f"{world.platform.base_url}/console{path}")
        await at_rest(page)
        await page.evaluate(_OPEN)
        await page.evaluate(AXE_SCRIPT)
        for theme, asked in rules.items():
            await page.evaluate(_DRESS, theme)
            found += [f"{name} {theme}: {line}" for line in await page.evaluate(_ASK, asked)]
    return found
