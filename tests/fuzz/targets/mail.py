"""MIME, mails of MM4, and what stands behind SMTP's DATA."""

from collections.abc import Iterator

import msgspec
from tests.fuzz.outcome import Outcome

from magpie.carriers.mm4.incoming import Incoming, has_bare_ends, has_long_line
from magpie.protocols import mime, mm4

_MOST = 20_000


def typed(data: bytes) -> tuple[str, bytes]:
    """The first line is the content type, the rest the body."""
    first, _, body = data.partition(b"\n")
    return first.decode("latin-1").strip(), body


def mime_body(data: bytes) -> Outcome:
    try:
        part = mime.read(*typed(data))
    except mime.ReadError:
        return Outcome.REFUSED
    try:
        settled = _rewritten(part)
    except mime.WriteError:
        return Outcome.READ
    assert _bodies(settled) == _bodies(part), (part, settled)
    # Settled, for headers have their order, and texts in them are encoded words.
    assert _plain(_rewritten(settled)) == _plain(settled)
    return Outcome.KEPT


def _plain(part: mime.Part) -> mime.Part:
    """Boundaries are made up anew."""
    kind = part.content_type
    kept = tuple(pair for pair in kind.parameters if pair[0] != "boundary")
    headers = (("Content-Type", str(mime.Value(kind.text, kept))), *part.headers[1:])
    return mime.Part(headers, part.body, tuple(map(_plain, part.parts)))


def _rewritten(part: mime.Part) -> mime.Part:
    kind, headers, chunks = mime.write(part, "b")
    return mime.read_entity((("Content-Type", kind), *headers), b"".join(chunks))


def _bodies(part: mime.Part) -> list[bytes]:
    return [body for inner in part.parts for body in _bodies(inner)] or [part.body]


def mm4_mail(data: bytes) -> Outcome:
    try:
        message = mm4.read(data)
    except mm4.ReadError:
        return Outcome.REFUSED
    mm4.dump(message)
    try:
        written = mm4.write(message)
    except mm4.WriteError:
        return Outcome.READ
    assert written.isascii()
    assert not has_bare_ends(written)
    assert not has_long_line(written)
    settled = mm4.read(written)
    if isinstance(message, mm4.ForwardReq) and isinstance(settled, mm4.ForwardReq):
        assert _bodies(settled.content) == _bodies(message.content), (message, settled)
    assert _comparable(mm4.read(mm4.write(settled))) == _comparable(settled)
    return Outcome.KEPT


def _comparable(message: mm4.Message) -> mm4.Message:
    if not isinstance(message, mm4.ForwardReq):
        return message
    return msgspec.structs.replace(message, content=_plain(message.content))


def smtp_data(data: bytes) -> Outcome:
    """Torn in two it is the same mail; with its dots before dots again, too."""
    incoming, torn = Incoming(_MOST), Incoming(_MOST)
    rest = incoming.feed(data)
    middle = len(data) // 2
    torn_rest = torn.feed(data[:middle])
    torn_rest = torn.feed(data[middle:]) if torn_rest is None else torn_rest + data[middle:]
    assert torn_rest == rest
    if rest is None or incoming.too_large:
        return Outcome.REFUSED
    content = incoming.content()
    again = Incoming(_MOST)
    assert again.feed(b"".join(_stuffed(content)) + b".\r\n") == b""
    assert again.content() == content == torn.content()
    if has_long_line(content) or has_bare_ends(content):
        return Outcome.REFUSED
    return Outcome.KEPT


def _stuffed(content: bytes) -> Iterator[bytes]:
    for line in content.split(b"\r\n")[:-1]:
        yield (b"." if line.startswith(b".") else b"") + line + b"\r\n"
