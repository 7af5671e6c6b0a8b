"""MM7, TwiML and presentations."""

from xml.etree import ElementTree as ET

from tests.fuzz.outcome import Outcome
from tests.fuzz.targets.mail import typed

from magpie.protocols import mm7, smil, twiml

_URL = "https://customer.example/in"
_XML = "text/xml"
_MEDIA = {"img": "image/gif", "video": "video/mp4", "audio": "audio/amr", "text": "text/plain"}


def mm7_soap(data: bytes) -> Outcome:
    """The first line is the content type, as it is for `mime_body`."""
    try:
        message = mm7.read_message(*typed(data))
    except mm7.ReadError as error:
        _answer(error)
        return Outcome.REFUSED
    mm7.dump(message)
    try:
        settled = _rewritten(message)
    except mm7.WriteError:
        return Outcome.READ
    assert type(settled.operation) is type(message.operation)
    assert settled.transaction_id == message.transaction_id
    assert (settled.content is None) == (message.content is None)
    # Settled, for moments then are in whole seconds of UTC, and addresses without their types.
    assert _rewritten(settled) == settled
    return Outcome.KEPT


def _rewritten(message: mm7.Message) -> mm7.Message:
    framed = mm7.write_message(
        message.operation, message.transaction_id, mm7.Dialect(), message.content, "b"
    )
    return mm7.read_message(dict(framed.headers)["Content-Type"], b"".join(framed.chunks))


def _answer(error: mm7.ReadError) -> None:
    """Whatever was asked, its answer can be written and read."""
    refused = mm7.refusal(error, mm7.Role.RELAY)
    framed = mm7.write_message(refused, error.transaction_id, mm7.Dialect())
    again = mm7.read_message(dict(framed.headers)["Content-Type"], b"".join(framed.chunks))
    assert type(again.operation) is type(refused)


def twiml_answer(data: bytes) -> Outcome:
    """There is no writer of TwiML here but this one."""
    kind, body = typed(data)
    try:
        document = twiml.parse(body, kind, _URL)
    except twiml.TwimlError:
        return Outcome.REFUSED
    if not kind.startswith(_XML):
        return Outcome.READ
    assert twiml.parse(_written(document), _XML, _URL).actions == document.actions
    return Outcome.KEPT


def _written(document: twiml.Document) -> bytes:
    root = ET.Element("Response")
    for action in document.actions:
        if isinstance(action, twiml.Redirect):
            ET.SubElement(root, "Redirect", method=action.method).text = action.url
        else:
            _write_reply(root, action)
    return ET.tostring(root, encoding="unicode").replace("\r", "&#13;").encode()


def _write_reply(root: ET.Element, reply: twiml.SendReply) -> None:
    named = {
        "to": reply.to,
        "from": reply.sender,
        "action": reply.action,
        "method": reply.method,
        "statusCallback": reply.status_callback,
    }
    given = {name: value for name, value in named.items() if value is not None}
    message = ET.SubElement(root, "Message", given)
    ET.SubElement(message, "Body").text = reply.body
    for url in reply.media:
        ET.SubElement(message, "Media").text = url


def smil_slides(data: bytes) -> Outcome:
    """Shown again in slides of ours, and those in slides once more."""
    slides = smil.read(data)
    settled = _shown_again(slides)
    assert _shown_again(settled) == settled, (slides, settled)
    return Outcome.KEPT if settled else Outcome.READ


def _shown_again(slides: list[smil.Slide]) -> list[smil.Slide]:
    shown = [one for slide in slides for one in slide.shown if one.tag in _MEDIA]
    return smil.read(smil.presentation([smil.Part(_MEDIA[one.tag], one.src) for one in shown]))
