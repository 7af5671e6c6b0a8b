"""The commands and their options; what they do is imported when one is called."""

from pathlib import Path
from typing import Annotated

import typer

from magpie.cli import carrier_commands, message_commands, webhook_commands
from magpie.cli.handset_commands import chaos, handset
from magpie.cli.options import Data, Form, Lists, examples
from magpie.cli.terminal import Listing, Output

_EPILOG = (
    "Exit codes: 0 ok, 1 failure, 2 usage, 3 not authorized, 4 not found, 5 conflict, 6 timeout,"
    " 7 refused by policy, 130 interrupted. `run` gives the exit code of its program."
    "\n\nData goes to stdout, all else to stderr. NO_COLOR is honoured."
)

app = typer.Typer(
    help="Self-hosted messaging, MMS first, with the API that the Twilio SDKs speak.",
    epilog=_EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)

Port = Annotated[
    int | None,
    typer.Option(min=0, max=65535, help="Port; 0 takes any free one.", show_default=False),
]
Host = Annotated[str | None, typer.Option(help="Address to listen on.", show_default=False)]

app.add_typer(handset, name="handset")
app.add_typer(chaos, name="chaos")
message_commands.hang(app)
webhook_commands.hang(app)
carrier_commands.hang(app)


@app.command(
    epilog=examples("magpie up", "magpie up --port 8001 --data /tmp/try", "magpie up --fresh --yes")
)
def up(
    port: Port = None,
    host: Host = None,
    data: Data = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Erase the data folder first.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    secrets: Annotated[
        bool | None,
        typer.Option(
            "--secrets/--no-secrets", help="Print the auth token; else on a terminal only."
        ),
    ] = None,
) -> None:
    """Run Magpie for development, with a phone network and handsets of its own."""
    from magpie.cli.up import up as command

    options = {"port": port, "host": host, "data": data}
    command(options, fresh=fresh, yes=yes, secrets=secrets)


@app.command(epilog=examples("magpie serve", "magpie serve --host 0.0.0.0 --port 8080"))
def serve(port: Port = None, host: Host = None, data: Data = None) -> None:
    """Run Magpie in production: webhooks and media reach no private address that is not listed."""
    from magpie.cli.up import serve as command

    command({"port": port, "host": host, "data": data})


@app.command(
    epilog=examples(
        'magpie send +15558675310 "Hello"',
        'magpie send +15558675310 "A cat" --media cat.jpg --wait',
        "magpie send +15558675310 --media https://example.com/cat.jpg --wait sent --timeout 10",
    )
)
def send(
    to: Annotated[
        str, typer.Argument(metavar="TO", help="Number of the receiver, as +15558675310.")
    ],
    body: Annotated[str, typer.Argument(metavar="[BODY]", help="The text.")] = "",
    media: Annotated[list[str] | None, typer.Option(help="File or URL; may be repeated.")] = None,
    sender: Annotated[
        str | None, typer.Option("--from", help="Else the first of this Magpie.")
    ] = None,
    wait: Annotated[
        str | None,
        typer.Option(metavar="[STATUS]", help="Follow it until it is delivered, or has STATUS."),
    ] = None,
    timeout: Annotated[float, typer.Option(min=0, help="Seconds to wait.")] = 60.0,
    data: Data = None,
    output: Form = Output.TABLE,
) -> None:
    """Send a message and print its SID."""
    from magpie.cli.send import Order
    from magpie.cli.send import send as command

    order = Order(to, body, tuple(media or ()), sender)
    command(order, data, wait=wait, timeout=timeout, output=output)


@app.command(epilog=examples("magpie status", "magpie status -o json"))
def status(data: Data = None, output: Form = Output.TABLE) -> None:
    """Tell whether Magpie runs, since when, and what waits in it."""
    from magpie.cli.status import status as command

    command(data, output)


@app.command(epilog=examples("magpie doctor", "magpie doctor -o json"))
def doctor(data: Data = None, output: Form = Output.TABLE) -> None:
    """Look for what keeps Magpie from working here; each finding comes with its fix."""
    from magpie.cli.doctor import doctor as command

    command(data, output)


@app.command(
    epilog=examples(
        "magpie explain SM0123456789abcdef0123456789abcdef",
        "magpie explain MM0123456789abcdef0123456789abcdef -o json",
    )
)
def explain(
    sid: Annotated[str, typer.Argument(metavar="SID", help="SID of a message.")],
    data: Data = None,
    output: Form = Output.TABLE,
) -> None:
    """Tell in plain words what became of a message, why, and what happens next."""
    from magpie.cli.explain import explain as command

    command(sid, data, output)


numbers = typer.Typer(help="Numbers that you hold at a carrier.", no_args_is_help=True)
app.add_typer(numbers, name="numbers")


@numbers.command(
    epilog=examples(
        "magpie numbers add +15128675309",
        "magpie numbers add 72345 --type short-code",
        "magpie numbers add +447700900123 --type mobile --no-mms",
    )
)
def add(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="As +15128675309, or 72345.")],
    kind: Annotated[
        str | None, typer.Option("--type", help="local, mobile, toll-free or short-code.")
    ] = None,
    mms: Annotated[bool, typer.Option("--mms/--no-mms", help="Whether it can send MMS.")] = True,
    account: Annotated[
        str | None, typer.Option(help="SID of the account that gets it; else the first.")
    ] = None,
    data: Data = None,
    output: Form = Output.TABLE,
) -> None:
    """Enter a number that you hold, and give it to an account."""
    from magpie.cli.numbers import add as command

    more = [("MmsEnabled", str(mms).lower())]
    more += [("Type", kind)] if kind else []
    more += [("AccountSid", account)] if account else []
    command(number, more, data, output)


@numbers.command(epilog=examples("magpie numbers ls", "magpie numbers ls -o json"))
def ls(data: Data = None, output: Lists = Listing.TABLE) -> None:
    """List the numbers that accounts hold."""
    from magpie.cli.numbers import ls as command

    command(data, output)


@app.command(
    name="open", epilog=examples("magpie open", "magpie open messages", "magpie open --print")
)
def open_(
    page: Annotated[
        str, typer.Argument(metavar="[PAGE]", help="As messages, or the SID of a message.")
    ] = "",
    browser: Annotated[
        bool, typer.Option("--browser/--print", help="Open it, or print the link.")
    ] = True,
    data: Data = None,
) -> None:
    """Open the console, signed in by a link that works once."""
    from magpie.cli.open import open_ as command

    command(page, data, browser=browser)


media = typer.Typer(help="Pictures, films and sounds, as carriers get them.", no_args_is_help=True)
app.add_typer(media, name="media")


@media.command(
    epilog=examples(
        "magpie media fit cat.gif --carrier att --explain",
        "magpie media fit holiday.jpg clip.mov --carrier verizon --from toll-free --save out",
    )
)
def fit(
    files: Annotated[list[Path], typer.Argument(metavar="FILE ...", help="Media of one message.")],
    carrier: Annotated[
        list[str] | None, typer.Option(help="A media profile; may be repeated. Else all of them.")
    ] = None,
    sender: Annotated[
        str, typer.Option("--from", help="local, mobile, toll-free or short-code.")
    ] = "local",
    explain: Annotated[bool, typer.Option("--explain", help="Say what was done and why.")] = False,
    save: Annotated[
        Path | None, typer.Option(help="Folder for what was made.", show_default=False)
    ] = None,
    output: Form = Output.TABLE,
) -> None:
    """Show what files become on a carrier; needs no running Magpie."""
    from magpie.cli.media import fit as command

    command(files, carrier or [], sender, explain=explain, save=save, output=output)


@app.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    epilog=examples(
        "magpie run -- python app.py", "magpie run -- npm start", "magpie run -- pytest -q"
    ),
)
def run(
    command: Annotated[list[str], typer.Argument(metavar="-- COMMAND ...", help="The program.")],
    data: Data = None,
) -> int:
    """Run a program whose Twilio traffic comes here, with no change to it.

    For programs that honour HTTPS_PROXY or HTTP_PROXY, as the Twilio SDKs of Python and Node do.
    """
    from magpie.cli.run import run as program

    return program(command, data)
