"""A message as the octets of a mail: lines of at most 998, each ended by CR LF."""

import re
from collections.abc import Iterator
from typing import Final

from magpie.protocols import mime
from magpie.protocols.mime import Part, Transfer
from magpie.protocols.mm4.errors import WriteError
from magpie.protocols.mm4.fields import FIELDS, MOST_RECIPIENTS, TYPE
from magpie.protocols.mm4.values import ForwardReq, Message

_LONGEST: Final = 998
"""RFC 5322 clause 2.1.1."""
_WAP: Final = re.compile(r"application/vnd\.wap\.multipart\.", re.IGNORECASE)
_ALNUM: Final = re.compile(r"[^A-Za-z0-9]")


def write(message: Message, *, eight_bit: bool = False) -> bytes:
    """Seven bits, unless the peer has 8BITMIME; the same message gives the same octets.

    Content that is a multipart in one piece goes as it is. Raise WriteError.
    """
    lacking = [name for name in message.mandatory if not getattr(message, name)]
    if isinstance(message, ForwardReq) and not (message.to or message.cc):
        lacking.append("to")
    if lacking:
        raise WriteError(f"{message.type_} needs {FIELDS[lacking[0]].name}")
    try:
        content, body = _content(message, eight_bit=eight_bit)
        head = mime.write_headers((*_headers(message), *content))
    except mime.WriteError as error:
        raise WriteError(str(error)) from error
    mail = head + body
    _check(mail, eight_bit=eight_bit)
    return mail


def _headers(message: Message) -> Iterator[tuple[str, str]]:
    yield TYPE.name, message.type_
    for name in message.__struct_fields__:
        value = getattr(message, name)
        if name == "content" or value is None or value in ("", ()):
            continue
        if isinstance(value, tuple) and len(value) > MOST_RECIPIENTS:
            raise WriteError(f"more than {MOST_RECIPIENTS} of {FIELDS[name].name}")
        for text in FIELDS[name].form.write(value):
            yield FIELDS[name].name, text


def _content(message: Message, *, eight_bit: bool) -> tuple[mime.Headers, bytes]:
    head = ("MIME-Version", "1.0")
    if not isinstance(message, ForwardReq):
        return (head, ("Content-Type", "text/plain; charset=us-ascii")), b""
    content = _of_mail(message.content)
    if not content.parts and content.content_type.family == "multipart":
        return (head, *_of_whole(content)), content.body
    boundary = _ALNUM.sub("", message.message_id)[:40] or "mm4"
    written = mime.write(content, boundary, Transfer.EIGHT_BIT if eight_bit else Transfer.BASE64)
    kind = ("Content-Type", written.content_type)
    return (head, kind, *written.headers), b"".join(written.chunks)


def _of_whole(content: Part) -> mime.Headers:
    others = (pair for pair in content.headers if pair[0].lower() != "content-type")
    transfer = ("Content-Transfer-Encoding", "7bit" if content.body.isascii() else "8bit")
    return (("Content-Type", mime.ascii_type(content)), *others, transfer)


def _of_mail(part: Part) -> Part:
    """What WAP calls a multipart is one for mail, too."""
    headers = tuple(
        (name, _WAP.sub("multipart/", value, count=1) if name.lower() == "content-type" else value)
        for name, value in part.headers
    )
    return Part(headers, part.body, tuple(_of_mail(each) for each in part.parts))


def _check(mail: bytes, *, eight_bit: bool) -> None:
    ends = mail.count(b"\r\n")
    if mail.count(b"\r") != ends or mail.count(b"\n") != ends:
        raise WriteError("a line does not end with CR LF")
    if b"\0" in mail or not (eight_bit or mail.isascii()):
        raise WriteError("the content does not fit into seven bits")
    if max(map(len, mail.split(b"\r\n"))) > _LONGEST:
        raise WriteError(f"a line is longer than {_LONGEST} octets")
