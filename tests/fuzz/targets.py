"""What is fuzzed: each target takes octets, and fails for all but the codec's own errors.

What was read is written and read again; the same must come of it, unless the writer refuses. Where
a reader is tolerant, that holds from the first thing written onwards.
"""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from magpie.protocols import mime, mm1, mm4, mm7, smpp
from magpie.protocols.gsm import UserDataHeader, decode_gsm7, pack, unpack
from magpie.protocols.mm1 import wsp

Target = Callable[[bytes], None]


def smpp_pdu(data: bytes) -> None:
    """A stream: frames are cut, each is decoded, a message is read for its text."""
    try:
        frames = list(smpp.Framer().feed(data))
    except smpp.FramingError:
        frames = [data]
    for frame in frames:
        _frame(frame)


def _frame(frame: bytes) -> None:
    try:
        pdu = smpp.decode(frame)
        again = smpp.decode(smpp.encode(pdu))
    except smpp.SmppError:
        return
    # A failed or cut response may lack fields that the writer fills in.
    assert again == pdu or (pdu.is_response and (pdu.status or pdu.trailing)), (pdu, again)
    if isinstance(pdu, smpp.SubmitSm | smpp.DeliverSm | smpp.DataSm):
        smpp.read_text(pdu)
        smpp.read_receipt(pdu)


def data_coding(data: bytes) -> None:
    """Octets one and two choose the coding and the carrier's alphabet; the rest is the text."""
    coding, alphabet, octets = data[:1], data[1:2], data[2:]
    alphabets = list(smpp.Alphabet)
    chosen = alphabets[(alphabet or b"\0")[0] % len(alphabets)]
    header, rest = UserDataHeader.split(octets)
    if header.sound:
        assert header.encode() + rest == octets, header
    smpp.decode_text(rest, (coding or b"\0")[0], chosen, header=len(octets) - len(rest))
    septets = bytes(octet & 0x7F for octet in rest)
    decode_gsm7(septets)
    assert unpack(pack(septets)).startswith(septets), septets


def mm1_pdu(data: bytes) -> None:
    try:
        pdu = mm1.decode(data)
        settled = mm1.decode(mm1.encode(pdu))
        again = mm1.decode(mm1.encode(settled))
    except mm1.Mm1Error:
        return
    # Settled, for a field that was there and empty is then none.
    assert again == settled, (settled, again)


def wsp_push(data: bytes) -> None:
    """A push as it comes in short messages, and the primitives it is made of."""
    try:
        found = mm1.push.unwrap(data)
        mm1.push.notification([data])
        assert found.body == mm1.push.unwrap(mm1.push.wrap(found.body, found.transaction)).body
    except mm1.Mm1Error:
        pass
    try:
        number = wsp.Reader(data).uintvar()
        assert wsp.Reader(wsp.uintvar(number)).uintvar() == number
    except mm1.Mm1Error:
        pass


def mm4_mail(data: bytes) -> None:
    try:
        settled = mm4.read(mm4.write(mm4.read(data)))
        again = mm4.read(mm4.write(settled))
    except mm4.Mm4Error:
        return
    # Settled, for raw letters in an id are then encoded words.
    assert _bare(again) == _bare(settled), (settled, again)


def _bare(message: mm4.Message) -> Any:
    """Without its content, whose headers the writer puts into the order of mail."""
    if isinstance(message, mm4.ForwardReq):
        return msgspec.structs.replace(message, content=mime.Part())
    return message


def mm7_soap(data: bytes) -> None:
    """The first line is the content type, as it is for `mime_body`."""
    kind, body = _typed(data)
    try:
        message = mm7.read_message(kind, body)
        framed = mm7.write_message(message.operation, message.transaction_id, mm7.Dialect())
        again = mm7.read_message(dict(framed.headers)["Content-Type"], b"".join(framed.chunks))
    except mm7.Mm7Error:
        return
    assert type(again.operation) is type(message.operation), (message, again)


def mime_body(data: bytes) -> None:
    kind, body = _typed(data)
    try:
        part = mime.read(kind, body)
        written = mime.write(part, "b")
        again = mime.read(written.content_type, b"".join(written.chunks))
    except mime.MimeError:
        return
    assert _bodies(again) == _bodies(part), (part, again)


def _bodies(part: mime.Part) -> Any:
    return [_bodies(inner) for inner in part.parts] if part.parts else part.body


def _typed(data: bytes) -> tuple[str, bytes]:
    first, _, body = data.partition(b"\n")
    return first.decode("latin-1").strip(), body


TARGETS: Final[dict[str, Target]] = {
    target.__name__: target
    for target in (smpp_pdu, data_coding, mm1_pdu, wsp_push, mm4_mail, mm7_soap, mime_body)
}
