"""`magpie webhooks`, `listen`, `trigger`: what a program is told, from the terminal."""

from typing import Annotated

import typer

from magpie.cli.options import Data, Form, Lists, examples
from magpie.cli.terminal import Listing, Output

webhooks = typer.Typer(help="Calls of your program in the last week.", no_args_is_help=True)

Failed = Annotated[bool, typer.Option("--failed", help="Only those that went wrong.")]
Message = Annotated[
    str | None, typer.Option(help="SID of the message they were about.", show_default=False)
]
Endpoint = Annotated[
    str | None, typer.Option("--url", help="What the URL begins with.", show_default=False)
]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")]


@webhooks.command(
    name="list",
    epilog=examples(
        "magpie webhooks list",
        "magpie webhooks list --failed --limit 5",
        "magpie webhooks list --message SM0123456789abcdef0123456789abcdef -o json",
    ),
)
def list_(
    failed: Failed = False,
    message: Message = None,
    url: Endpoint = None,
    limit: Limit = 20,
    data: Data = None,
    output: Lists = Listing.TABLE,
) -> None:
    """List calls, newest first."""
    from magpie.cli.webhooks import Wanted
    from magpie.cli.webhooks import list_ as command

    command(Wanted(failed, message, url, limit), data, output)


@webhooks.command(
    epilog=examples(
        "magpie webhooks show WA0123456789abcdef0123456789abcdef",
        "magpie webhooks show WA0123456789abcdef0123456789abcdef -o json",
    )
)
def show(
    sid: Annotated[str, typer.Argument(metavar="SID", help="SID of a call.")],
    data: Data = None,
    output: Form = Output.TABLE,
) -> None:
    """Show a call: its request and its answer, whole."""
    from magpie.cli.webhooks import show as command

    command(sid, data, output)


@webhooks.command(
    epilog=examples(
        "magpie webhooks replay WA0123456789abcdef0123456789abcdef",
        "magpie webhooks replay WA0123456789abcdef0123456789abcdef --to localhost:3000/sms",
        "magpie webhooks replay --failed --limit 100",
    )
)
def replay(
    sids: Annotated[
        list[str] | None, typer.Argument(metavar="[SID ...]", help="SIDs of calls.")
    ] = None,
    failed: Failed = False,
    message: Message = None,
    url: Endpoint = None,
    to: Annotated[
        str | None, typer.Option(help="Call this URL instead.", show_default=False)
    ] = None,
    limit: Limit = 20,
    data: Data = None,
    output: Form = Output.TABLE,
) -> None:
    """Call again: those that are named, or those that a filter finds, oldest first."""
    from magpie.cli.webhooks import Wanted
    from magpie.cli.webhooks import replay as command

    command(sids or [], Wanted(failed, message, url, limit), to, data, output)


def listen(
    forward_to: Annotated[
        str, typer.Option("--forward-to", help="Your program, as localhost:3000/sms.")
    ] = "",
    print_secret: Annotated[
        bool, typer.Option("--print-secret", help="Print what calls are signed with, and end.")
    ] = False,
    times: Annotated[
        int | None, typer.Option(min=1, help="End after so many calls.", show_default=False)
    ] = None,
    data: Data = None,
    output: Form = Output.TABLE,
) -> None:
    """Let all that an account's webhooks are told come to your program, until Ctrl-C.

    Numbers without an SmsUrl have yours meanwhile, and what it answers is done. What goes
    elsewhere is replayed to it, signed, and its answer is only looked at.
    """
    from magpie.cli.listen import listen as command
    from magpie.cli.listen import secret

    if print_secret:
        secret(data)
    else:
        command(forward_to, times, data, output)


def trigger(
    event: Annotated[
        str,
        typer.Argument(
            metavar="EVENT",
            help="inbound-sms, inbound-mms, opt-out, delivered, failed:CODE or undelivered:CODE.",
        ),
    ],
    sender: Annotated[
        str | None, typer.Option("--sender", help="Number of yours; else the first.")
    ] = None,
    callback: Annotated[
        str | None, typer.Option(help="StatusCallback of what is sent; not of what a phone sends.")
    ] = None,
    data: Data = None,
    output: Form = Output.TABLE,
) -> None:
    """Let something happen in the simulated network, with all that follows from it."""
    from magpie.cli.trigger import trigger as command

    command(event, sender, callback, data, output)


def hang(app: typer.Typer) -> None:
    app.add_typer(webhooks, name="webhooks")
    app.command(
        epilog=examples(
            "magpie listen --forward-to localhost:3000/sms",
            "magpie listen --forward-to localhost:3000/sms --times 1 -o json",
            "magpie listen --print-secret",
        )
    )(listen)
    app.command(
        epilog=examples(
            "magpie trigger inbound-mms",
            "magpie trigger opt-out",
            "magpie trigger failed:30005 --callback http://localhost:3000/status",
        )
    )(trigger)
