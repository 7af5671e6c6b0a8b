"""From the root of a document to what is to be done."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from magpie.protocols.twiml.document import name_of
from magpie.protocols.twiml.model import (
    BAD_BODY,
    BAD_CALLBACK,
    BAD_METHOD,
    BAD_REDIRECT_URL,
    SCHEMA,
    TOO_MANY_REPLIES,
    UNKNOWN_VERB,
    Document,
    Redirect,
    SendReply,
    TwimlWarning,
)

MOST_REPLIES = 10
MOST_MEDIA = 10
LONGEST_BODY = 1600
MOST_WARNINGS = 20

_WEB = re.compile(r"https?://[^\s/]\S*", re.IGNORECASE)
_MESSAGE_ATTRIBUTES = frozenset({"to", "from", "action", "method", "statusCallback"})


@dataclass(slots=True)
class Warnings:
    """Only the first are kept: a document of 64 kB has room for ten thousand mistakes."""

    found: tuple[TwimlWarning, ...] = ()

    def add(self, code: int, text: str) -> None:
        if len(self.found) < MOST_WARNINGS:
            self.found += (TwimlWarning(code, text[:200]),)


@dataclass(slots=True)
class Reader:
    url: str
    warnings: Warnings = field(default_factory=Warnings)

    def read(self, root: Element) -> Document:
        self._no_attributes(root, root.attrib)
        if _own_text(root):
            self.warnings.add(SCHEMA, "text in Response outside of a verb is ignored")
        return Document(tuple(self._actions(root)), self.warnings.found)

    def _actions(self, root: Element) -> Iterator[SendReply | Redirect]:
        replies = 0
        for verb in root:
            match verb.tag:
                case "Message" | "Sms" if replies == MOST_REPLIES:
                    self.warnings.add(TOO_MANY_REPLIES, f"only {MOST_REPLIES} replies are sent")
                    replies += 1
                case "Message" | "Sms" if replies < MOST_REPLIES:
                    replies += 1
                    yield (reply := self._message(verb))
                    if reply.action:
                        return  # the action's answer goes on, verbs after it are unreachable
                case "Message" | "Sms":
                    pass
                case "Redirect":
                    if redirect := self._redirect(verb):
                        yield redirect
                        return
                case _:
                    self.warnings.add(UNKNOWN_VERB, f"{name_of(verb)} is no verb of messaging")

    def _message(self, verb: Element) -> SendReply:
        self._no_attributes(verb, verb.attrib.keys() - _MESSAGE_ATTRIBUTES)
        bodies, media = self._nouns(verb)
        if bodies and _own_text(verb):
            self.warnings.add(SCHEMA, "text beside Body is ignored")
        return checked(
            SendReply(
                body="".join(bodies) if bodies else _own_text(verb),
                media=media,
                to=verb.get("to"),
                sender=verb.get("from"),
                action=self._callback(verb, "action"),
                method=self._method(verb),
                status_callback=self._callback(verb, "statusCallback"),
            ),
            self.warnings,
        )

    def _nouns(self, verb: Element) -> tuple[list[str], tuple[str, ...]]:
        bodies, media = [], []
        for noun in verb:
            self._no_attributes(noun, noun.attrib)
            for inner in noun:
                self.warnings.add(SCHEMA, f"{name_of(inner)} within {name_of(noun)} is ignored")
            if noun.tag == "Body":
                bodies.append(_own_text(noun))
            elif noun.tag != "Media":
                self.warnings.add(SCHEMA, f"{name_of(noun)} is no noun of {verb.tag}")
            elif (link := self._resolved(_own_text(noun))) is None:
                self.warnings.add(SCHEMA, "Media is no web address")
            else:
                media.append(link)
        if len(media) > MOST_MEDIA:
            self.warnings.add(SCHEMA, f"only {MOST_MEDIA} Media are sent")
        return bodies, tuple(media[:MOST_MEDIA])

    def _redirect(self, verb: Element) -> Redirect | None:
        self._no_attributes(verb, verb.attrib.keys() - {"method"})
        if (url := self._resolved(_own_text(verb))) is None:
            self.warnings.add(BAD_REDIRECT_URL, "Redirect is no web address")
            return None
        return Redirect(url, self._method(verb))

    def _method(self, verb: Element) -> str:
        method = verb.get("method", "POST").strip().upper()
        if method in {"GET", "POST"}:
            return method
        self.warnings.add(BAD_METHOD, f"method {method} is not GET or POST")
        return "POST"

    def _callback(self, verb: Element, name: str) -> str | None:
        if (given := verb.get(name)) is None:
            return None
        if (url := self._resolved(given.strip())) is None:
            self.warnings.add(BAD_CALLBACK, f"{name} is no web address")
        return url

    def _resolved(self, given: str) -> str | None:
        try:
            url = urljoin(self.url, given) if given else ""
        except ValueError:
            return None
        return url if _WEB.fullmatch(url) else None

    def _no_attributes(self, element: Element, names: Collection[str]) -> None:
        for name in sorted(names):
            self.warnings.add(SCHEMA, f"attribute {name} of {name_of(element)} is ignored")


def checked(reply: SendReply, warnings: Warnings) -> SendReply:
    if len(reply.body) <= LONGEST_BODY and (reply.body or reply.media):
        return reply
    text = f"body over {LONGEST_BODY} characters" if reply.body else "neither body nor media"
    warnings.add(BAD_BODY, text)
    return replace(reply, refused=BAD_BODY)


def _own_text(element: Element) -> str:
    """Less that of children, and less the white space that only indents."""
    return "".join([element.text or "", *(child.tail or "" for child in element)]).strip()
