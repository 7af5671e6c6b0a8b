"""`magpie handset`, `magpie chaos`: the simulated network from the terminal."""

from pathlib import Path
from typing import Annotated

import typer

from magpie.cli.options import Data, Form, Lists, Number, examples, seconds
from magpie.cli.terminal import Listing, Output

handset = typer.Typer(help="The phones of the simulated network.", no_args_is_help=True)
chaos = typer.Typer(help="Faults of the simulated carriers.", no_args_is_help=True)


@handset.command(epilog=examples("magpie handset ls", "magpie handset ls -o json"))
def ls(data: Data = None, output: Lists = Listing.TABLE) -> None:
    """List the phones."""
    from magpie.cli.handset import ls as command

    command(data, output)


@handset.command(
    epilog=examples(
        'magpie handset say +15558675310 "STOP"',
        'magpie handset say +15558675310 "Look" --to +15017122661 --media cat.jpg',
    )
)
def say(
    number: Number,
    body: Annotated[str, typer.Argument(metavar="[TEXT]", help="The text.")] = "",
    to: Annotated[
        str | None, typer.Option(help="Else who wrote last, or the first sender.")
    ] = None,
    media: Annotated[list[Path] | None, typer.Option(help="File; may be repeated.")] = None,
    data: Data = None,
    output: Form = Output.TABLE,
) -> None:
    """Let a phone send a message."""
    from magpie.cli.handset import say as command

    command(number, body, to, media or [], data, output)


@handset.command(
    epilog=examples(
        "magpie handset wait +15558675310",
        "magpie handset wait +15558675310 --contains code --timeout 10s -o json",
    )
)
def wait(
    number: Number,
    contains: Annotated[str, typer.Option(help="Words of its text.")] = "",
    timeout: Annotated[
        float, typer.Option(parser=seconds, metavar="TIME", help="Seconds, or as 10s or 2m.")
    ] = 30.0,
    since: Annotated[
        float, typer.Option(min=0, help="Take one that came so many seconds ago, too.")
    ] = 5.0,
    data: Data = None,
    output: Form = Output.TABLE,
) -> None:
    """Wait until a phone gets a message, and print it."""
    from magpie.cli.handset import wait as command

    command(number, contains, timeout, since, data, output)


@handset.command(epilog=examples("magpie handset shot +15558675310 phone.png"))
def shot(
    number: Number,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A PNG.")],
    data: Data = None,
) -> None:
    """Draw what a phone shows."""
    from magpie.cli.shot import shot as command

    command(number, file, data)


Share = Annotated[float, typer.Option(min=0, max=100, help="Per cent of the messages.")]


@chaos.command(
    name="set",
    epilog=examples(
        "magpie chaos set simulator --latency 2 --throttle 20",
        "magpie chaos set small-mms --refuse 100 --refuse-code 30007",
    ),
)
def set_(
    carrier: Annotated[str, typer.Argument(metavar="CARRIER", help="As simulator, no-mms.")],
    latency: Annotated[float | None, typer.Option(min=0, help="Seconds to its answer.")] = None,
    throttle: Share = 0.0,
    temporary: Share = 0.0,
    refuse: Share = 0.0,
    refuse_code: Annotated[int, typer.Option(help="Our code of a refusal.")] = 30007,
    undelivered: Share = 0.0,
    silence: Share = 0.0,
    disconnect: Share = 0.0,
    garbage: Share = 0.0,
    cut: Share = 0.0,
    duplicate: Share = 0.0,
    receipts: Annotated[
        str, typer.Option(help="normal, none, late, duplicate or before_response.")
    ] = "normal",
    data: Data = None,
) -> None:
    """Let a simulated carrier misbehave; the same seed, the same faults."""
    from magpie.cli.chaos import set_ as command

    shares = {
        "throttle": throttle,
        "temporary": temporary,
        "refuse": refuse,
        "undelivered": undelivered,
        "silence": silence,
        "disconnect": disconnect,
        "garbage": garbage,
        "cut": cut,
        "duplicate": duplicate,
    }
    command(carrier, shares, refuse_code, latency, receipts, data)


@chaos.command(epilog=examples("magpie chaos off simulator", "magpie chaos off"))
def off(
    carrier: Annotated[
        str, typer.Argument(metavar="[CARRIER]", help="Else all that misbehave.")
    ] = "",
    data: Data = None,
) -> None:
    """Let a simulated carrier, or all, behave as they did at first."""
    from magpie.cli.chaos import off as command

    command(carrier, data)
