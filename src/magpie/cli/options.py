"""What the options of most commands are."""

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


def examples(*lines: str) -> str:
    return "**Examples**\n\n" + "\n\n".join(f"`{line}`" for line in lines)
