"""Looks on while pages show what others wrote: whether it runs, and whether it becomes elements."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Request

import magpie.console

_TEMPLATES: Final = Path(magpie.console.__file__).with_name("templates")
_ELEMENT: Final = re.compile(r"<([a-z][\w-]*)")
# What the parser puts around them, and what our scripts make.
_MORE: Final = ("html", "tbody", "dialog", "canvas", "title")
_NUMBER: Final = re.compile(r"zz(\d{4})")
_POLICY: Final = re.compile("content security policy|trusted", re.IGNORECASE)
# In every frame, before anything else. A payload calls alert, or breaks the policy in trying to.
_FIRST: Final = """
for (const name of ["alert", "confirm", "prompt", "print"])
  window[name] = (...given) => void hit(`${name} ${given}`);
addEventListener("securitypolicyviolation", (event) =>
  hit(`policy ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
"""
_STRANGE: Final = """(known) => {
  const leads = ["href", "xlink:href", "src", "srcset", "action", "formaction", "data", "poster",
    "data-href", "data-count", "hx-get", "hx-post", "hx-sse:connect"];
  const nonce = document.body.getAttribute("hx-nonce");
  const strange = [];
  for (const one of document.querySelectorAll("*")) {
    const tell = (what) => strange.push(`${what}: ${one.outerHTML.slice(0, 200)}`);
    if (!known.includes(one.localName)) tell("element");
    if (one.localName === "script" && !one.src?.startsWith(`${origin}/console/static/`))
      tell("script");
    for (const { name, value } of one.attributes) {
      if (name === "zz" || /^(data-)?(on|hx-on)/.test(name)) tell(name);
      if (name === "style" && !one.closest("x-chart")) tell(name);
      if (name.startsWith("hx-") && (!nonce || one.getAttribute("hx-nonce") !== nonce))
        tell("no nonce");
      if (leads.includes(name) && !/^([/#?]|https?:\\/\\/)/.test(value)) tell(name);
    }
  }
  return strange;
}"""
_SHOWN: Final = """() => {
  const walk = [...document.querySelectorAll("*")];
  const values = walk.flatMap((one) => [...one.attributes].map(({ value }) => value));
  return [document.documentElement.textContent, ...values].join("\\n");
}"""


class Watcher:
    """`hits` tells of each thing that ran, tried to, or asked where nobody of ours asks."""

    def __init__(self, context: BrowserContext, hosts: frozenset[str]) -> None:
        self.hits: list[str] = []
        self._hosts = hosts
        context.on("dialog", self._dialog)
        context.on("request", self._request)
        context.on("console", self._said)
        context.on("weberror", lambda wrong: self.hits.append(str(wrong.error)))

    async def look(self, page: Page) -> set[int]:
        """The numbers of the payloads that the page shows, none of which has become of it."""
        assert (await self.strange(page), self.hits) == ([], []), page.url
        return {int(found) for found in _NUMBER.findall(await page.evaluate(_SHOWN))}

    async def strange(self, page: Page) -> list[str]:
        """Elements that are none of ours, and what ours would never have."""
        found: list[str] = await page.evaluate(_STRANGE, known())
        return found

    def hit(self, _source: object, told: str) -> None:
        self.hits.append(told)

    async def _dialog(self, dialog: Dialog) -> None:
        self.hits.append(f"dialog {dialog.message}")
        await dialog.dismiss()

    def _request(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme in {"http", "https"}:
            asked = url.hostname not in self._hosts or url.path.startswith("/canary")
        else:
            asked = url.scheme != "blob" and not request.url.startswith("data:image/")
        if asked:
            self.hits.append(f"request {request.url[:200]}")

    def _said(self, said: ConsoleMessage) -> None:
        if _POLICY.search(said.text):
            self.hits.append(said.text)


def known() -> list[str]:
    """The elements of which our pages are made."""
    texts = (path.read_text("utf-8") for path in _TEMPLATES.glob("*.html"))
    return sorted({*_MORE, *(name for text in texts for name in _ELEMENT.findall(text))})


@asynccontextmanager
async def watching(
    chromium: Browser, *hosts: str, **given: Any
) -> AsyncIterator[tuple[Watcher, Page]]:
    context = await chromium.new_context(**given)
    watcher = Watcher(context, frozenset(hosts))
    await context.expose_binding("hit", watcher.hit)
    await context.add_init_script(_FIRST)
    yield watcher, await context.new_page()
    await context.close()
