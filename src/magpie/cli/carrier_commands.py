"""The commands about links: what runs, what went over the wire, what bytes mean."""

from pathlib import Path
from typing import Annotated

import typer

from magpie.cli.options import Data, Form, Lists, examples
from magpie.cli.terminal import Listing, Output

carriers = typer.Typer(help="Links to carriers.", no_args_is_help=True)
smpp = typer.Typer(help="SMPP, as it is on the wire.", no_args_is_help=True)
mm7 = typer.Typer(help="MM7, as it is on the wire.", no_args_is_help=True)
mm1 = typer.Typer(help="MM1, as it is on the wire.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the link.")]
File = Annotated[
    Path, typer.Argument(metavar="FILE", help="A capture; - is standard input.", allow_dash=True)
]


@carriers.command(epilog=examples("magpie carriers ls", "magpie carriers ls -o json"))
def ls(data: Data = None, output: Lists = Listing.TABLE) -> None:
    """List the links: which are up, how much is under way, what went wrong."""
    from magpie.cli.carriers import ls as command

    command(data, output)


@carriers.command(epilog=examples("magpie carriers show acme", "magpie carriers show acme -o json"))
def show(name: Name, data: Data = None, output: Form = Output.TABLE) -> None:
    """Show how one link is set, and how it is on each node."""
    from magpie.cli.carriers import show as command

    command(name, data, output)


@carriers.command(
    epilog=examples("magpie carriers pause acme", "magpie carriers pause acme --drain")
)
def pause(
    name: Name,
    drain: Annotated[
        bool, typer.Option("--drain", help="Finish what is under way, then hang up.")
    ] = False,
    data: Data = None,
) -> None:
    """Give a link nothing new; it stays connected. Other routes are taken, or messages wait."""
    from magpie.cli.carriers import status as command

    command(name, "draining" if drain else "paused", data)


@carriers.command(
    epilog=examples("magpie carriers resume acme", "magpie carriers resume acme --data /srv/magpie")
)
def resume(name: Name, data: Data = None) -> None:
    """Use a link again that was paused or drained."""
    from magpie.cli.carriers import status as command

    command(name, "active", data)


@carriers.command(
    epilog=examples(
        "magpie carriers trace acme",
        "magpie carriers trace acme --follow",
        "magpie carriers trace acme --message SM01a2287b590c764991c3637ea50cfba8 --hex",
        "magpie carriers trace acme -o json",
    )
)
def trace(
    name: Name,
    message: Annotated[
        str | None, typer.Option(metavar="SID", help="Only what is about this message.")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until ^C.")] = False,
    octets: Annotated[bool, typer.Option("--hex", help="Show the bytes, too.")] = False,
    data: Data = None,
    output: Form = Output.TABLE,
) -> None:
    """Show what went over a link; passwords never, numbers and texts only with `show_pii`."""
    from magpie.cli.carriers import trace as command

    command(name, message, data, output, follow=follow, octets=octets)


@smpp.command(
    name="decode",
    epilog=examples(
        "magpie smpp decode 00000010000000150000000000000001",
        "magpie smpp decode '00 00 00 10 80 00 00 15 00 00 00 00 00 00 00 01' -o json",
    ),
)
def smpp_decode(
    octets: Annotated[
        str, typer.Argument(metavar="HEX", help="PDUs; blanks do not matter; - is standard input.")
    ],
    output: Form = Output.TABLE,
) -> None:
    """Explain PDUs; needs no running Magpie."""
    from magpie.cli.decode import smpp as command

    command(octets, output)


@mm7.command(
    name="decode",
    epilog=examples("magpie mm7 decode capture.txt", "magpie mm7 decode - < submit.xml"),
)
def mm7_decode(file: File) -> None:
    """Explain a message of MM7, with or without its HTTP headers; needs no running Magpie."""
    from magpie.cli.decode import mm7 as command

    command(file)


@mm1.command(
    name="decode",
    epilog=examples("magpie mm1 decode m-send-req.bin", "magpie mm1 decode - < notification.bin"),
)
def mm1_decode(file: File) -> None:
    """Explain a PDU of MM1, or a WAP push with one; needs no running Magpie."""
    from magpie.cli.decode import mm1 as command

    command(file)


def hang(app: typer.Typer) -> None:
    for name, commands in {"carriers": carriers, "smpp": smpp, "mm7": mm7, "mm1": mm1}.items():
        app.add_typer(commands, name=name)
