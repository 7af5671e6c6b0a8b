"""The first message in a program: with this account, this sender, this Magpie. Pure."""

import json
import shlex
from typing import Final

import msgspec

HIDDEN: Final = "YOUR_AUTH_TOKEN"


class Start(msgspec.Struct, frozen=True):
    """`token` may be HIDDEN; `base` has no slash at its end."""

    sid: str
    token: str
    base: str
    sender: str
    to: str


def programs(start: Start) -> dict[str, str]:
    """By language; each is whole and runs as it stands."""
    return {"Python": _python(start), "Node": _node(start), "curl": _curl(start)}


def _python(start: Start) -> str:
    return f"""from twilio.rest import Client

client = Client({_quoted(start.sid)}, {_quoted(start.token)})
client.api.base_url = {_quoted(start.base)}

message = client.messages.create(
    from_={_quoted(start.sender)}, to={_quoted(start.to)}, body="Hello from Magpie"
)
print(message.sid)"""


def _node(start: Start) -> str:
    return f"""const client = require("twilio")({_quoted(start.sid)}, {_quoted(start.token)});
client.api.baseUrl = {_quoted(start.base)};

client.messages
  .create({{ from: {_quoted(start.sender)}, to: {_quoted(start.to)}, body: "Hello from Magpie" }})
  .then((message) => console.log(message.sid));"""


def _curl(start: Start) -> str:
    url = f"{start.base}/2010-04-01/Accounts/{start.sid}/Messages.json"
    fields = (f"From={start.sender}", f"To={start.to}", "Body=Hello from Magpie")
    lines = [
        f"curl -sS -f -u {shlex.quote(f'{start.sid}:{start.token}')}",
        f"  {shlex.quote(url)}",
        *(f"  --data-urlencode {shlex.quote(field)}" for field in fields),
    ]
    return " \\\n".join(lines)


def _quoted(text: str) -> str:
    return json.dumps(text)
