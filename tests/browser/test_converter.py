"""A picture to a carrier without MMS, seen by who opens the link in its text."""

import asyncio
import re
from collections.abc import Iterator

import pytest
from playwright.async_api import Browser, ViewportSize
from tests.sdk.conftest import platform
from tests.sdk.world import Customer, Platform, serving, until

__all__ = ["platform"]

NO_MMS = "+15558675311"
PHONE = ViewportSize(width=390, height=844)


@pytest.fixture
def customer(platform: Platform) -> Iterator[Customer]:
    with serving(platform.auth[1]) as made:
        yield made


async def test_the_link_of_a_text_shows_the_picture(
    platform: Platform, customer: Customer, chromium: Browser
) -> None:
    """From the official SDK to a page on a phone: the picture is there, nothing else is asked."""

    def sent() -> str:
        platform.client().messages.create(
            from_="+15017122661",
            to=NO_MMS,
            body="Seen in a browser",
            media_url=[f"{customer.url}/a.png"],
        )
        texts = until(
            lambda: [m["body"] for m in platform.handset(NO_MMS) if "in a browser" in m["body"]]
        )
        found = re.search(r"http://\S+$", texts[0])
        assert found
        return found[0]

    link = await asyncio.to_thread(sent)
    context = await chromium.new_context(viewport=PHONE)
    page = await context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(link)
    await page.wait_for_function("document.images[0].complete")
    width = await page.evaluate("document.images[0].naturalWidth")
    await context.close()
    assert width == 64
    assert problems == []
    assert all(url.startswith((platform.base, "data:")) for url in asked)
