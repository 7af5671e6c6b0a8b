"""A message as the call of the API that would send it again, for people to copy. Pure."""

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from typing import Final

from magpie.media.model import Media
from magpie.messages.model import Message

Fields = Sequence[tuple[str, str]]

# Options that are parameters of the call; the others are notes of our own.
_PARAMETER: Final = re.compile("[A-Z][A-Za-z]+")
_OWN: Final = frozenset(("Converted",))
LANGUAGES: Final = ("Python", "Node", "curl", "CLI")
_PYTHON: Final[Mapping[str, str]] = {
    "From": "from_",
    "To": "to",
    "Body": "body",
    "MediaUrl": "media_url",
    "MessagingServiceSid": "messaging_service_sid",
    "StatusCallback": "status_callback",
}


def fields_of(message: Message, media: Sequence[Media]) -> list[tuple[str, str]]:
    """The parameters by which it was sent, as far as they are kept."""
    fields = [("To", message.to)]
    if message.messaging_service_sid:
        fields.append(("MessagingServiceSid", message.messaging_service_sid))
    elif message.from_:
        fields.append(("From", message.from_))
    if message.body:
        fields.append(("Body", message.body))
    fields += [("MediaUrl", item.source_url) for item in media if item.source_url]
    if message.status_callback:
        fields.append(("StatusCallback", message.status_callback))
    fields += [
        (name, str(value).lower() if isinstance(value, bool) else str(value))
        for name, value in (message.options or {}).items()
        if _PARAMETER.fullmatch(name) and name not in _OWN and not isinstance(value, dict | list)
    ]
    return fields


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
