"""What the options of most commands are."""

import re
from pathlib import Path
from typing import Annotated

import typer

from magpie.cli.terminal import Listing, Output

Data = Annotated[
    Path | None,
    typer.Option(help="Data folder; else MAGPIE_DATA, else .magpie.", show_default=False),
]
Form = Annotated[Output, typer.Option("-o", "--output", help="How stdout is written.")]
Lists = Annotated[Listing, typer.Option("-o", "--output", help="How stdout is written.")]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="Of the handset, as +15558675310.")]


_PATIENCE = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)([smh]?)")
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600}


def seconds(text: str | float) -> float:
    """`10`, `10s` or `2m`. Typer lets a default come through here as well, as the number it is."""
    found = _PATIENCE.fullmatch(str(text))
    if found is None:
        raise typer.BadParameter(f"{text} is no time as 10, 10s or 2m")
    return float(found[1]) * _SECONDS[found[2]]


def examples(*lines: str) -> str:
    return "**Examples**\n\n" + "\n\n".join(f"`{line}`" for line in lines)
