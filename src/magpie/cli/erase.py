"""The end of a data folder: `magpie up --fresh`."""

import asyncio
import shutil
import sys
from contextlib import suppress
from pathlib import Path

import typer

from magpie.cli.failed import Exit, Failed
from magpie.cli.terminal import say
from magpie.kit.db.embedded import Embedded, running

# By these we know a folder of ours; nobody else's is ever erased.
_SIGNS = ("magpie.lock", "card.json", "secret.key")


def erase(data: Path, *, yes: bool) -> None:
    if not data.exists() or not any(data.iterdir()):
        return
    if not any((data / sign).is_file() for sign in _SIGNS) or (data / ".git").exists():
        raise Failed(
            f"{data} does not look like a data folder of Magpie",
            cause=f"none of {', '.join(_SIGNS)} is in it",
            fix="erase it yourself, or choose another with --data",
            code=Exit.REFUSED,
        )
    _confirm(data, yes=yes)
    asyncio.run(_stop_database(data))
    for one in data.iterdir():
        if one.is_dir() and not one.is_symlink():
            shutil.rmtree(one)
        else:
            one.unlink()
    say(f"Erased what was in {data}.")


def _confirm(data: Path, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise Failed(
            f"all messages, media and keys in {data} would be erased",
            cause="there is nobody to ask",
            fix="magpie up --fresh --yes",
            code=Exit.USAGE,
        )
    if not typer.confirm(f"Erase all messages, media and keys in {data}?", err=True):
        raise Failed("nothing was erased", code=Exit.FAILURE)


async def _stop_database(data: Path) -> None:
    """A server that outlived its Magpie is taken over, and then ended as always."""
    if running((data / "postgres").absolute()) is None:
        return
    embedded = Embedded(data)
    with suppress(asyncio.CancelledError):
        await embedded.start()
        await embedded.stop()
