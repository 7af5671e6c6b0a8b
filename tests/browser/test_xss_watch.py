"""The watch over foreign texts itself: raw, they run, and it tells; it must not be blind."""

import asyncio
import re
from html import escape
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Browser, Page, Route
from tests.browser.payloads import Payload, payloads
from tests.browser.watcher import Watcher, watching

import magpie.console
from magpie.console import headers

_VENDOR: Final = Path(magpie.console.__file__).with_name("static") / "vendor"
_RAN: Final = re.compile(r"alert (\d{4})|/canary/(\d{4})|canary\.invalid/(\d{4})")
# In every frame: what somebody might do there with the pointer and the keys.
_DO: Final = """() => {
  for (const { contentDocument } of document.querySelectorAll("body > iframe"))
    for (const one of contentDocument?.querySelectorAll("*") ?? []) {
      for (const { name } of [...one.attributes])
        if (name.startsWith("on")) one.dispatchEvent(new Event(name.slice(2)));
      if (["a", "area", "button", "b"].includes(one.localName))
        one.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
    }
}"""
_MARKED: Final = """() => [...document.querySelectorAll("body > iframe")]
  .filter((frame) => frame.contentDocument?.querySelector("[zz]"))
  .map((frame) => Number(frame.id))"""


async def shown(page: Page, body: str, policy: dict[str, str]) -> None:
    """As a page of a site that escapes nothing."""

    async def answer(route: Route) -> None:
        if route.request.url == "http://raw.test/":
            text = f"<!doctype html><meta charset=utf-8><body>{body}"
            await route.fulfill(body=text, content_type="text/html", headers=policy)
        elif route.request.url.endswith("/htmx.js"):
            await route.fulfill(path=_VENDOR / "htmx.min.js", content_type="text/javascript")
        else:
            await route.fulfill(status=404)

    await page.context.route("**/*", answer)
    await page.goto("http://raw.test/")


def framed(one: Payload) -> str:
    """Each in a frame of its own, lest one ends before the next begins."""
    script = "<script src=/htmx.js></script>" if "hx-" in one.text else ""
    return f'<iframe id="{one.number}" srcdoc="{escape(script + one.raw)}"></iframe>'


def ran(watcher: Watcher) -> set[int]:
    found = (_RAN.search(hit) for hit in watcher.hits)
    return {int(next(filter(None, one.groups()))) for one in found if one}


def test_how_many() -> None:
    """Each is another text, even without its number; all tell themselves apart."""
    texts = {one.text.replace(str(one.number), "") for one in payloads()}
    assert len(texts) == len(payloads()) >= 300


async def test_raw_texts_run(chromium: Browser) -> None:
    """Most of them, of every kind and in every place; or they become elements."""
    async with watching(chromium, "raw.test") as (watcher, page):
        await shown(page, "".join(map(framed, payloads())), {})
        marked = set(await page.evaluate(_MARKED))
        await page.evaluate(_DO)
        async with asyncio.timeout(30):
            while len(ran(watcher)) < 300 or not everywhere(ran(watcher)):
                await asyncio.sleep(0.05)
    assert len(marked) > 300


def everywhere(found: set[int]) -> bool:
    """In each place but one: no browser of today ends a value at a backtick."""
    places = {one.frame for one in payloads() if '`@`">' not in one.frame}
    return places <= {one.frame for one in payloads() if one.number in found}


@pytest.mark.parametrize(
    "text",
    [
        "<p zz>",
        "<p onclick=x>",
        "<p style=color:red>",
        "<p hx-on:click=x>",
        "<p data-hx-on:click=x>",
        "<p hx-get=/console>",
        "<a href=javascript:x>",
        "<a href=' data:x'>",
        "<script>x</script>",
        "<script src=/x></script>",
        "<script src=//elsewhere/console/static/app.js></script>",
        "<object>",
        "<x-evil>",
    ],
)
async def test_what_is_strange(chromium: Browser, text: str) -> None:
    """An element, an attribute or an address that is none of ours is found, if it runs or not."""
    async with watching(chromium, "raw.test") as (watcher, page):
        await shown(page, "<p class=ours>x</p>", {})
        assert await watcher.strange(page) == []
        await shown(page, text, {})
        assert await watcher.strange(page)


async def test_the_policy_tells(chromium: Browser) -> None:
    """Where the console's policy keeps a raw text from running, the attempt is seen."""
    async with watching(chromium, "raw.test") as (watcher, page):
        policy = dict(headers.of_page("nonce"))
        for one in payloads()[:4]:
            watcher.hits.clear()
            await shown(page, f"<p>{one.text}</p>", policy)
            async with asyncio.timeout(10):
                while not watcher.hits:
                    await asyncio.sleep(0.02)
            assert not ran(watcher)
