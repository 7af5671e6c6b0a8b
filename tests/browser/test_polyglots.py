"""Media that are also programs, opened in Chromium directly: nothing in them runs."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.async_api import Browser, Dialog, Download, Page
from playwright.async_api import Error as PageError
from tests.pairs import links_world
from tests.pairs.media_site import ACCOUNT
from tests.pairs.test_media_api import World, world
from tests.vectors import others
from tests.vectors.vector import Vector, vector

from magpie.kit import clock
from magpie.kit.db import Database
from magpie.kit.rest import File
from magpie.links.shorten import path_of

__all__ = ["world"]

FILES = [
    *others.POLYGLOTS,
    vector("page", "text/html", others.SCRIPT),
    vector("page as a picture", "image/png", others.SCRIPT),
    vector("page as a text", "text/plain", others.SCRIPT),
    vector("svg", "image/svg+xml", others.svg(b"<script>document.title='ran';alert(1)</script>")),
    vector("svg of a page", "image/svg+xml", others.FOREIGN_OBJECT),
    vector("xhtml", "application/xhtml+xml", others.XHTML),
    vector("script", "text/javascript", others.JAVASCRIPT.strip(b"*/")),
    vector("vcard and page", "text/vcard", others.vcard() + others.SCRIPT),
    vector("page of no type", "", others.SCRIPT),
    vector("page of two types", "image/png, text/html", others.SCRIPT),
]
"""Also those that only a phone can send: they are stored as they come."""
SHOWN = ("image/jpeg", "image/png", "image/gif", "video/mp4")
TAGS = """<script src="{0}"></script><link rel=stylesheet href="{0}"><img src="{0}">
<iframe src="{0}"></iframe><object data="{0}"></object><embed src="{0}"><video src="{0}"></video>"""


@dataclass
class Watched:
    """A page, and what went on in it."""

    page: Page
    dialogs: list[str] = field(default_factory=list)
    downloads: list[str] = field(default_factory=list)

    async def closed(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        await dialog.dismiss()

    def saved(self, download: Download) -> None:
        self.downloads.append(download.url)

    async def ran(self) -> bool:
        titles = [await frame.title() for frame in self.page.frames]
        return bool(self.dialogs) or "ran" in titles


@pytest.fixture
async def watched(chromium: Browser) -> AsyncIterator[Watched]:
    context = await chromium.new_context()
    made = Watched(await context.new_page())
    made.page.on("dialog", made.closed)
    made.page.on("download", made.saved)
    yield made
    await context.close()


async def url_of(world: World, file: Vector) -> str:
    sent = File("a.html", file.content_type, file.make())
    message_sid, (row,) = await world.message(sent)
    return world.signer.signed_url(world.base, ACCOUNT, message_sid, row.sid, clock.now())


async def test_a_page_that_runs_is_noticed(watched: Watched) -> None:
    """What the other tests look for is there when the same bytes are served as a page."""
    await watched.page.set_content(others.SCRIPT.decode())
    assert await watched.ran()
    assert watched.dialogs == ["1"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
async def test_opened_directly_it_does_not_run(
    world: World, watched: Watched, file: Vector
) -> None:
    """A picture is shown as one and no more, the rest is saved to a file."""
    url = await url_of(world, file)
    reply = await world.egress.request("GET", url)
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    shown = file.content_type in SHOWN
    assert reply.headers["Content-Disposition"].startswith("inline" if shown else "attachment")
    with suppress(PageError):  # a download ends a navigation
        await watched.page.goto(url, wait_until="load")
    assert not await watched.ran()
    assert bool(watched.downloads) is not shown


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
async def test_built_into_a_page_it_does_not_run(
    world: World, watched: Watched, file: Vector
) -> None:
    """Neither as a script nor in a frame, whoever's page it is."""
    url = await url_of(world, file)
    await watched.page.set_content(TAGS.format(url.replace("&", "&amp;")), wait_until="load")
    assert not await watched.ran()


async def test_the_page_of_a_link_runs_nothing(
    database: Database, tmp_path: Path, watched: Watched
) -> None:
    """All of them in one message: its page shows what can be shown, and asks nobody else."""
    photo = others.vcard(
        "PHOTO;VALUE=uri:http://elsewhere.invalid/a.png", "URL:javascript:alert(1)"
    )
    files = [File(f"{one.name}.html", one.content_type, one.make()) for one in FILES[:9]]
    asked: list[str] = []
    watched.page.on("request", lambda request: asked.append(request.url))
    async with links_world.world(database, tmp_path) as site:
        link, _ = await site.message(*files, File("a.vcf", "text/vcard", photo))
        await watched.page.goto(site.base + path_of(link), wait_until="networkidle")
        assert not await watched.ran()
        assert await watched.page.locator("img").count() >= 5
        assert all(url.startswith((site.base, "data:")) for url in asked)
