"""A message as the call of the API that would send it again, for people to copy. Pure."""

import json
import shlex
from collections.abc import Mapping, Sequence
from typing import Final

Fields = Sequence[tuple[str, str]]

LANGUAGES: Final = ("Python", "Node", "curl", "CLI")
_PYTHON: Final[Mapping[str, str]] = {
    "From": "from_",
    "To": "to",
    "Body": "body",
    "MediaUrl": "media_url",
    "MessagingServiceSid": "messaging_service_sid",
    "StatusCallback": "status_callback",
}


def snippets(fields: Fields, base_url: str, account_sid: str) -> dict[str, str]:
    """By language; secrets are taken from the environment."""
    return {
        "Python": _python(fields),
        "Node": _node(fields),
        "curl": _curl(fields, base_url, account_sid),
        "CLI": _command(fields),
    }


def _grouped(fields: Fields) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, value in fields:
        grouped.setdefault(name, []).append(value)
    return grouped


def _python(fields: Fields) -> str:
    given = [
        f"    {_PYTHON.get(name, _snake(name))}={_literal(name, values)},"
        for name, values in _grouped(fields).items()
    ]
    lines = ["from twilio.rest import Client", "", "message = Client().messages.create("]
    return "\n".join([*lines, *given, ")", "print(message.sid)"])


def _node(fields: Fields) -> str:
    given = [
        f"    {_camel(name)}: {_literal(name, values)},"
        for name, values in _grouped(fields).items()
    ]
    head = ['const client = require("twilio")();', "", "client.messages", "  .create({"]
    return "\n".join([*head, *given, "  })", "  .then((message) => console.log(message.sid));"])


def _curl(fields: Fields, base_url: str, account_sid: str) -> str:
    lines = [
        f"curl {base_url}/2010-04-01/Accounts/{account_sid}/Messages.json",
        '  -u "$TWILIO_ACCOUNT_SID:$TWILIO_AUTH_TOKEN"',
        *(f"  --data-urlencode {shlex.quote(f'{name}={value}')}" for name, value in fields),
    ]
    return " \\\n".join(lines)


def _command(fields: Fields) -> str:
    grouped = _grouped(fields)
    words = ["magpie", "send", *grouped.get("To", []), *grouped.get("Body", [])]
    for sender in grouped.get("From", []):
        words += ["--from", sender]
    for url in grouped.get("MediaUrl", []):
        words += ["--media", url]
    return shlex.join(words)


def _literal(name: str, values: Sequence[str]) -> str:
    if name == "MediaUrl":
        return json.dumps([*values], ensure_ascii=False)
    return json.dumps(values[-1], ensure_ascii=False)


def _snake(name: str) -> str:
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name).lstrip("_")


def _camel(name: str) -> str:
    return name[:1].lower() + name[1:]
