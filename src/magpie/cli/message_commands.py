"""`magpie messages`, `watch`, `segments`, `completion`."""

from enum import StrEnum
from typing import Annotated

import typer

from magpie.cli.options import Data, Form, Lists, examples
from magpie.cli.terminal import Listing, Output


class Outcome(StrEnum):
    SENT = "sent"
    FAILED = "failed"
    RESEND = "resend"


messages = typer.Typer(help="Messages, searched as in the console.", no_args_is_help=True)


@messages.command(
    name="list",
    epilog=examples(
        "magpie messages list",
        'magpie messages list "status:failed since:2h"',
        "magpie messages list to:+15558675310 --limit 5 -o json",
    ),
)
def list_(
    query: Annotated[
        list[str] | None,
        typer.Argument(metavar="[QUERY ...]", help="As status:failed since:2h has:media words."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20,
    data: Data = None,
    output: Lists = Listing.TABLE,
) -> None:
    """List messages, newest first."""
    from magpie.cli.messages import list_ as command

    command(" ".join(query or []), limit, data, output)


@messages.command(
    epilog=examples(
        "magpie messages show SM0123456789abcdef0123456789abcdef",
        "magpie messages show SM0123456789abcdef0123456789abcdef --request",
    )
)
def show(
    sid: Annotated[str, typer.Argument(metavar="SID", help="SID of a message.")],
    request: Annotated[
        bool, typer.Option("--request", help="Also the request by which it came.")
    ] = False,
    data: Data = None,
    output: Form = Output.TABLE,
) -> None:
    """Show a message and every hop of it."""
    from magpie.cli.messages import show as command

    command(sid, data, output, request=request)


@messages.command(
    epilog=examples(
        "magpie messages settle SM0123456789abcdef0123456789abcdef sent",
        "magpie messages settle SM0123456789abcdef0123456789abcdef resend",
    )
)
def settle(
    sid: Annotated[str, typer.Argument(metavar="SID", help="SID of a message that is held.")],
    outcome: Annotated[Outcome, typer.Argument(help="What became of it, or once more.")],
    data: Data = None,
    output: Form = Output.TABLE,
) -> None:
    """Say what became of a message when its carrier did not."""
    from magpie.cli.messages import settle as command

    command(sid, outcome.value, data, output)


def watch(
    interval: Annotated[float, typer.Option(min=0.2, help="Seconds between looks.")] = 1.0,
    times: Annotated[
        int | None, typer.Option(min=1, help="Look so often, then end.", show_default=False)
    ] = None,
    data: Data = None,
) -> None:
    """Watch messages and lanes until Ctrl-C."""
    from magpie.cli.watch import watch as command

    command(interval, times, data)


def segments(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The text of a message.")],
    smart: Annotated[
        bool, typer.Option("--smart", help="With smart encoding, as a service has it.")
    ] = False,
    output: Form = Output.TABLE,
) -> None:
    """Tell how a text would travel: its encoding, its segments, and what makes it long."""
    from magpie.cli.segments import segments as command

    command(text, smart=smart, output=output)


def completion(
    shell: Annotated[str, typer.Argument(metavar="SHELL", help="bash, zsh or fish.")],
) -> None:
    """Print the script by which a shell completes this command."""
    from magpie.cli.completion import completion as command

    command(shell)


def hang(app: typer.Typer) -> None:
    app.add_typer(messages, name="messages")
    app.command(epilog=examples("magpie watch", "magpie watch --times 1"))(watch)
    app.command(epilog=examples('magpie segments "Hello"', 'magpie segments "It\u2019s" --smart'))(
        segments
    )
    app.command(epilog=examples("magpie completion bash > ~/.local/share/magpie.bash"))(completion)
