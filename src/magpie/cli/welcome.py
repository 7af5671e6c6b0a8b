"""What `magpie up` prints first: all that one copies into a program."""

import sys
from pathlib import Path

from magpie.app.card import Card
from magpie.cli.terminal import BOLD, FAINT, paint

_PYTHON = """from twilio.rest import Client

message = Client().messages.create(
    from_="{sender}", to="{handset}", body="Hello from Magpie"
)
print(message.sid)"""
_NODE = """const client = require("twilio")();

client.messages
  .create({{ from: "{sender}", to: "{handset}", body: "Hello from Magpie" }})
  .then((message) => console.log(message.sid))
  .catch((error) => console.error(error.message));"""


def welcome(card: Card, link: str, folder: Path, *, secrets: bool) -> str:
    """`link` signs in to the console once, `folder` is the one that the user works in."""
    token = card.auth_token if secrets else "hidden; see card.json in the data folder"
    rows = [
        ("Console", link if secrets else f"{card.console_url} (magpie open signs you in)"),
        ("API", card.base_url),
        ("Account SID", card.account_sid),
        ("Auth token", token),
        *(("Sender", one.number) for one in card.senders[:1]),
        *(("Handset", f"{one.number}  {one.url}") for one in card.handsets[:1]),
    ]
    lines = [f"  {paint(name.ljust(12), BOLD, sys.stdout)} {value}" for name, value in rows]
    return "\n".join(["Magpie is running.", "", *lines, *_try(card, folder)])


def _try(card: Card, folder: Path) -> list[str]:
    if not card.senders or not card.handsets:
        return []
    node = (folder / "package.json").is_file()
    name, command = ("hello.js", "node hello.js") if node else ("hello.py", "python hello.py")
    code = (_NODE if node else _PYTHON).format(
        sender=card.senders[0].number, handset=card.handsets[0].number
    )
    hint = f"Save this as {name}, then: magpie run -- {command}"
    end = paint("Ctrl-C stops Magpie.", FAINT, sys.stdout)
    return ["", hint, "", *(f"    {line}".rstrip() for line in code.splitlines()), "", end]
