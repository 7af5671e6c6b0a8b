"""The payloads in the shapes that fields can take, and the ways by which they get there."""

import asyncio
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from playwright.async_api import Page
from tests.browser.payloads import payloads
from tests.browser.watcher import Watcher
from tests.pairs.webhooks_world import World

from magpie.carriers.traffic import InboundMedia

# No text column can hold a NUL: what has one is refused.
KEPT: Final = tuple(one for one in payloads() if "\0" not in one.text)
TEXTS: Final = tuple(one.text for one in KEPT)
ALL: Final = {one.number for one in KEPT}
# As long as a name may be.
NAMES: Final = {one.text: one.number for one in KEPT if len(one.text) <= 64}
BODY: Final = 1600
_UNFIT_FOR_URLS: Final = re.compile(r"[\x00-\x20\x7f\\#?]")
_UNFIT_FOR_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UNFIT_FOR_LINES: Final = re.compile(r"[\x00-\x1f\x7f]")
_TO_A_CARD: Final = 40
_POST: Final = """([path, fields]) => {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: path });
  for (const [name, value] of Object.entries({ csrf: document.body.dataset.csrf, ...fields }))
    form.append(Object.assign(document.createElement("textarea"), { name, value }));
  document.body.append(form);
  form.submit();
}"""


def joined(most: int, texts: Iterable[str] = TEXTS) -> list[str]:
    """All of them in few texts, none longer than that."""
    made = [""]
    for text in texts:
        if len(made[-1]) + len(text) >= most:
            made.append("")
        made[-1] += f"{text} "
    return made


def in_urls(most: int) -> list[str]:
    """With what parts attributes, too, in place of what no URL may have."""
    return [_UNFIT_FOR_URLS.sub("/", text) for text in joined(most)]


def in_lines(most: int) -> list[str]:
    return [_UNFIT_FOR_LINES.sub(" ", text) for text in joined(most)]


def in_xml(most: int) -> list[str]:
    return [_UNFIT_FOR_XML.sub(" ", text) for text in joined(most)]


def cards() -> list[str]:
    """Files of contacts, whose names, firms, numbers and addresses they are."""
    lines = [_UNFIT_FOR_LINES.sub(" ", text) for text in TEXTS]
    contacts = [_card(lines[at : at + _TO_A_CARD]) for at in range(0, len(lines), _TO_A_CARD)]
    return ["".join(contacts[at : at + 10]) for at in range(0, len(contacts), 10)]


def _card(texts: Sequence[str]) -> str:
    name, firm, *others = [*texts, ""]
    entries = [f"{'TEL' if n % 2 else 'EMAIL'}:{one}" for n, one in enumerate(others)]
    told = ["BEGIN:VCARD", "VERSION:3.0", f"FN:{name}", f"ORG:{firm}", *entries, "END:VCARD", ""]
    return "\r\n".join(told)


def part(content: str, kind: str, name: str | None = None) -> InboundMedia:
    return InboundMedia(content_type=kind, content=content.encode(), name=name)


class Visited:
    """A browser that somebody has signed in with, at a platform."""

    def __init__(self, world: World, watcher: Watcher, page: Page) -> None:
        self.world = world
        self.watcher = watcher
        self.page = page
        self._base = f"{world.platform.base_url}/console"

    async def sees(self, path: str) -> set[int]:
        await self.page.goto(f"{self._base}{path}")
        return await self.look()

    async def sees_all(self, *paths: str) -> set[int]:
        seen = set[int]()
        for path in paths:
            seen |= await self.sees(path)
        return seen

    async def look(self) -> set[int]:
        return await self.watcher.look(self.page)

    async def posts(self, path: str, fields: dict[str, str]) -> set[int]:
        """By a form of a page of ours; what is looked at is the answer."""
        await self.page.goto(f"{self._base}/you")
        async with self.page.expect_navigation():
            await self.page.evaluate(_POST, [f"{self._base}{path}", fields])
        return await self.look()

    async def make(self, path: str, forms: Iterable[dict[str, str]]) -> list[dict[str, Any]]:
        """By the API, many at a time; each must be taken."""
        gate = asyncio.Semaphore(16)

        async def one(form: dict[str, str]) -> dict[str, Any]:
            async with gate:
                status, answer = await self.world.ask("POST", path, **form)
            assert status in {200, 201}, (answer, form)
            made: dict[str, Any] = answer
            return made

        return await asyncio.gather(*map(one, forms))

    def account(self, rest: str) -> str:
        return f"/2010-04-01/Accounts/{self.world.auth[0]}{rest}.json"

    async def listed(self, path: str, **filters: str) -> dict[str, Any]:
        status, answer = await self.world.ask("GET", path, PageSize="1000", **filters)
        assert status == 200, answer
        listed: dict[str, Any] = answer
        return listed

    async def ended(self, messages: Iterable[dict[str, Any]]) -> list[str]:
        """The paths of their pages, once nothing more will happen to them."""
        sids = [one["sid"] for one in messages]
        async with asyncio.timeout(150):
            for sid in sids:
                while (await self._status(sid)) not in {"delivered", "failed"}:
                    await asyncio.sleep(0.05)
        return [f"/messages/{sid}" for sid in sids]

    async def _status(self, sid: str) -> str:
        status: str = (await self.listed(self.account(f"/Messages/{sid}")))["status"]
        return status
