"""What a person did, in words, by the address that a form of the console was sent to. Pure."""

import re
from collections.abc import Mapping
from typing import Final

_DEEDS: Final[Mapping[str, str]] = {
    "sign-in": "signed in",
    "sign-out": "signed out",
    "send": "sent a message",
    "handsets": "added a phone",
    "handsets/{number}/send": "let {number} send a message",
    "handsets/{number}/state": "switched the airplane mode of {number}",
    "handsets/{number}/carrier": "moved {number} to another carrier",
    "handsets/{number}/remove": "removed the phone {number}",
    "messages/{sid}/cancel": "canceled a message",
    "messages/{sid}/redact": "redacted a message",
    "messages/{sid}/settle": "said what became of a message",
    "messages/{sid}/delete": "deleted a message",
    "webhooks/{sid}/replay": "called a program again",
    "numbers/buy": "got a number",
    "numbers/{sid}": "changed a number",
    "numbers/{sid}/release": "released a number",
    "services": "made a service",
    "services/{sid}": "changed a service",
    "services/{sid}/delete": "deleted a service",
    "services/{sid}/add": "put a sender into a service",
    "services/{sid}/take": "took a sender out of a service",
    "queues/pause": "paused a queue",
    "queues/resume": "let a queue go on",
    "queues/drain": "drained a queue",
    "queues/reopen": "reopened a queue",
    "carriers/new": "made a link",
    "carriers/links/{name}": "changed the link {name}",
    "carriers/links/{name}/status": "switched the link {name}",
    "carriers/links/{name}/delete": "deleted the link {name}",
    "carriers/routes": "made a route",
    "carriers/routes/{sid}": "changed a route",
    "carriers/routes/{sid}/delete": "deleted a route",
    "carriers/networks/{name}": "set the faults of {name}",
    "people/token": "looked at an auth token",
    "people/accounts": "made an account",
    "people/accounts/{sid}": "changed an account",
    "people/keys": "made a key",
    "people/keys/{sid}/revoke": "revoked a key",
    "people/users": "invited somebody",
    "people/users/{id}": "changed a role",
    "people/users/{id}/link": "made a link to sign in by",
    "people/users/{id}/remove": "removed somebody",
    "audit/verify": "verified the book",
    "you/password": "set a password",
    "you/sessions/{id}/end": "ended a session",
    "account": "turned to another account",
    "docs": "looked at an auth token",
}
_KNOWN: Final = [
    (re.compile("POST /console/" + re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", path)), words)
    for path, words in _DEEDS.items()
]


def deed(action: str) -> str:
    """Blank for what a program did: its request says it."""
    for known, words in _KNOWN:
        if found := known.fullmatch(action):
            return words.format(**found.groupdict())
    return ""
