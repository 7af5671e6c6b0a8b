"""`magpie up` and `magpie serve`: the same platform, for a laptop and for the world."""

import sys
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from magpie.app.card import Card
from magpie.cli.failed import Exit, Failed
from magpie.cli.running import found, settings
from magpie.cli.terminal import put, say
from magpie.cli.welcome import welcome
from magpie.settings import Settings

Options = Mapping[str, Any]


def up(options: Options, *, fresh: bool, yes: bool, secrets: bool | None) -> None:
    chosen = settings({**options, "profile": "development"})
    _refuse_production(settings(), chosen)
    _refuse_everywhere(chosen)
    card = found(chosen.data)
    if fresh:
        _erase(chosen, card, yes=yes)
    elif card is not None:
        put(f"Magpie is already running: pid {card.pid}, {card.console_url}")
        return
    shown = sys.stdout.isatty() if secrets is None else secrets
    _run(chosen, lambda card, link: put(welcome(card, link, Path.cwd(), secrets=shown)))


def serve(options: Options) -> None:
    chosen = settings({**options, "profile": "production"})
    _refuse_everywhere(chosen)
    if card := found(chosen.data):
        put(f"Magpie is already running: pid {card.pid}, {card.console_url}")
        return
    if chosen.database_url is None:
        say(f"MAGPIE_DATABASE_URL is not set: an own PostgreSQL runs in {chosen.data}/postgres")
    _run(chosen, lambda card, _: put(f"Magpie is running: pid {card.pid}, {card.base_url}"))


def _run(chosen: Settings, ready: Callable[[Card, str], None]) -> None:
    import uvloop

    from magpie.app import serve as platform
    from magpie.kit import telemetry

    telemetry.set_up(show_pii=chosen.show_pii)
    uvloop.run(platform(chosen, ready=ready))


def _refuse_production(loaded: Settings, chosen: Settings) -> None:
    if loaded.profile == "production":
        raise Failed(
            "this folder is set up for production",
            cause=f"profile = production ({loaded.origin('profile')}); `up` lets webhooks and"
            " media reach this machine",
            fix=f"magpie serve --data {chosen.data}",
            code=Exit.REFUSED,
        )


def _refuse_everywhere(chosen: Settings) -> None:
    """Whoever opens the API to the network says so in the command itself."""
    if _everywhere(chosen.host) and chosen.origin("host") != "option --host":
        command = "up" if chosen.profile == "development" else "serve"
        raise Failed(
            f"{chosen.host} would open Magpie to every network of this machine",
            cause=f"host = {chosen.host} ({chosen.origin('host')})",
            fix=f"magpie {command} --host {chosen.host}",
            code=Exit.REFUSED,
        )


def _everywhere(host: str) -> bool:
    try:
        return ip_address(host).is_unspecified
    except ValueError:
        return host == ""


def _erase(chosen: Settings, card: Card | None, *, yes: bool) -> None:
    from magpie.cli.erase import erase

    if card is not None:
        raise Failed(
            "Magpie is running on this data folder",
            cause=f"pid {card.pid}, {card.base_url}",
            fix=f"kill {card.pid}",
            code=Exit.CONFLICT,
        )
    if chosen.database_url is not None:
        raise Failed(
            "--fresh erases only what Magpie itself keeps",
            cause=f"the data are in another database ({chosen.origin('database_url')})",
            fix="make a new database there and change MAGPIE_DATABASE_URL",
            code=Exit.REFUSED,
        )
    erase(chosen.data, yes=yes)
