"""Which Magpie a command means: the one on its data folder."""

import http.client
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from msgspec import structs

from magpie.app.card import Card
from magpie.cli.client import Client
from magpie.cli.failed import Exit, Failed
from magpie.settings import Settings, SettingsError

_SECONDS = 3.0


def settings(options: Mapping[str, Any] | None = None) -> Settings:
    """What is set, with the options of the command over it; an option that is None says nothing."""
    try:
        loaded = Settings.load()
    except SettingsError as wrong:
        raise Failed(
            "a setting is wrong", cause=str(wrong), fix="correct it there", code=Exit.USAGE
        ) from wrong
    given = {name: value for name, value in (options or {}).items() if value is not None}
    origins = loaded.origins | {name: f"option --{name}" for name in given}
    return structs.replace(loaded, **given, origins=origins)


def found(data: Path) -> Card | None:
    """The card of a Magpie that runs; a card may have outlived its Magpie."""
    card = Card.read(data)
    return card if card is not None and _exists(card.pid) and answers(card) else None


def needed(data: Path | None) -> Card:
    folder = settings({"data": data}).data
    card = found(folder)
    if card is None:
        fix = "magpie up" if data is None else f"magpie up --data {data}"
        raise Failed("Magpie is not running", cause=f"no Magpie answers for {folder}", fix=fix)
    return card


def answers(card: Card) -> bool:
    with suppress(OSError, http.client.HTTPException):
        status, _ = Client(card, seconds=_SECONDS).answer("GET", "/livez")
        return status == http.client.OK
    return False


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True
