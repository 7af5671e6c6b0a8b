"""`magpie open`: the console in a browser, signed in."""

import webbrowser
from pathlib import Path
from urllib.parse import quote

from magpie.cli.client import Client
from magpie.cli.running import needed
from magpie.cli.terminal import put, say


def open_(page: str, data: Path | None, *, browser: bool) -> None:
    """`page` is a path of the console, or a message's SID."""
    card = needed(data)
    link: str = Client(card).post("/magpie/v1/SignInLinks", [])["url"]
    where = (
        f"/messages/{page}" if page[:2] in {"SM", "MM"} else f"/{page.strip('/')}" if page else ""
    )
    url = f"{link}?to={quote(f'/console{where}')}" if where else link
    if browser and webbrowser.open(url):
        say(f"Opened {card.console_url}{where}")
        return
    put(url)
