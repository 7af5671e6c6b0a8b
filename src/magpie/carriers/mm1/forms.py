"""Between messages of MM1 and the values that move between dispatch and carriers. Pure."""

from collections.abc import Iterator
from typing import Final

from magpie.carriers.mms.arrived import arrived
from magpie.carriers.traffic import InboundMedia, ReceiptState, Submission
from magpie.protocols import mime, mm1

UNREACHABLE, FILTERED, NO_MMS, UNKNOWN_ERROR = 30003, 30007, 30011, 30008
_STATES: Final = {
    mm1.Status.RETRIEVED: (ReceiptState.DELIVERED, None),
    mm1.Status.DEFERRED: (ReceiptState.PENDING, None),
    mm1.Status.INDETERMINATE: (ReceiptState.PENDING, None),
    mm1.Status.FORWARDED: (ReceiptState.PENDING, None),
    mm1.Status.EXPIRED: (ReceiptState.UNDELIVERED, UNREACHABLE),
    mm1.Status.UNREACHABLE: (ReceiptState.UNDELIVERED, UNREACHABLE),
    mm1.Status.REJECTED: (ReceiptState.UNDELIVERED, FILTERED),
    mm1.Status.UNRECOGNISED: (ReceiptState.UNDELIVERED, NO_MMS),
}


def content_of(whole: mime.Part) -> mm1.Content:
    """Slides, text and media of one multipart/related, as handsets want them."""
    parts = tuple(_part(part) for part in whole.parts)
    if not parts:
        return mm1.Content(mm1.ContentType("text/plain"), ())
    first = parts[0]
    told = (("type", first.content_type.media), ("start", f"<{first.content_id}>"))
    return mm1.Content(mm1.ContentType(mm1.RELATED, told), parts)


def _part(part: mime.Part) -> mm1.Part:
    kind = part.content_type
    return mm1.Part(
        content_type=mm1.ContentType(kind.text.lower(), tuple(_parameters(kind))),
        data=part.body,
        content_id=part.content_id,
        location=part.location,
    )


def _parameters(kind: mime.Value) -> Iterator[tuple[str, str]]:
    for name in ("charset", "name"):
        if value := kind[name]:
            yield name, value.lower() if name == "charset" else value


def arrived_of(content: mm1.Content | None) -> tuple[str, tuple[InboundMedia, ...], bytes]:
    """Text, media in the order of the slides, and the slides."""
    if content is None:
        return "", (), b""
    parts = [_mime(part) for part in content.parts]
    slides = (p.data for p in content.parts if p.content_type.media == "application/smil")
    body, media = arrived(parts)
    return body, media, next(slides, b"")


def _mime(part: mm1.Part) -> mime.Part:
    kind = part.content_type
    charset = f"; charset={kind.charset}" if kind.charset else ""
    name = kind.get("name") or part.filename
    headers = [("Content-Type", f"{kind.media}{charset}")]
    if part.content_id:
        headers.append(("Content-ID", f"<{part.content_id}>"))
    if part.location or name:
        headers.append(("Content-Location", part.location or name or ""))
    return mime.Part(tuple(headers), part.data)


def send_req(submission: Submission, content: mm1.Content, *, insert: bool) -> mm1.SendReq:
    """With `insert` the centre puts in who sends: it knows its handset."""
    until = submission.expires_at
    return mm1.SendReq(
        transaction_id=submission.key,
        from_=None if insert else mm1.typed(submission.from_),
        to=(mm1.typed(submission.to),),
        message_class=mm1.MessageClass.PERSONAL,
        expiry=int(until.timestamp()) if until else None,
        priority=mm1.Priority.NORMAL,
        delivery_report=True,
        content=content,
    )


def fate(indication: mm1.DeliveryInd | mm1.ReadOrigInd) -> tuple[ReceiptState, int | None]:
    if isinstance(indication, mm1.ReadOrigInd):
        read = indication.read_status == mm1.ReadStatus.READ
        return (ReceiptState.READ if read else ReceiptState.DELIVERED), None
    unknown = (ReceiptState.UNDELIVERED, UNKNOWN_ERROR)
    return _STATES.get(indication.status, unknown)  # type: ignore[call-overload, no-any-return]
