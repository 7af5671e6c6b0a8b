import os

import pytest

from magpie.protocols import mime, mm7
from magpie.protocols.mime import Part
from magpie.protocols.mm7 import Dialect, read_message, write_message

SUBMIT = mm7.SubmitReq(recipients=mm7.Recipients((mm7.Address("+15551"),)))
IMAGE = Part((("Content-Type", "image/gif"), ("Content-ID", "<i>")), b"GIF89a")
SMIL = Part((("Content-Type", "application/smil"), ("Content-ID", "<s>")), b"<smil/>")
NESTED = Part(
    (("Content-Type", 'multipart/related; start="<s>"'), ("Content-ID", "<c/1 2>")),
    b"",
    (SMIL, IMAGE),
)


def envelope(hrefs: str = "") -> Part:
    inner = "".join(f'<Content href="{href}"/>' for href in hrefs.split())
    xml = (
        "<Envelope><Header><TransactionID>t</TransactionID></Header><Body><SubmitReq><Recipients>"
        f"<To><Number>1</Number></To></Recipients>{inner}</SubmitReq></Body></Envelope>"
    )
    return Part((("Content-Type", "text/xml"), ("Content-ID", "<root/1>")), xml.encode())


def content(parts: list[Part], start: str = "") -> list[str]:
    """Content-IDs of the media that are found, in order."""
    related = mime.Value("multipart/related", (("type", "text/xml"), ("start", start)))
    written = mime.write(Part((("Content-Type", str(related)),), b"", tuple(parts)), "b")
    found = read_message(written.content_type, b"".join(written.chunks))
    return [part.content_id for part in mm7.leaves(found.content)] if found.content else []


def test_without_content() -> None:
    """Plain XML, and a SOAPAction on requests alone."""
    written = write_message(SUBMIT, "t", Dialect())
    assert written.headers == (
        ("Content-Type", 'text/xml; charset="utf-8"'),
        ("SOAPAction", '""'),
    )
    found = read_message(written.headers[0][1], b"".join(written.chunks))
    assert (found.operation, found.content, found.transaction_id) == (SUBMIT, None, "t")
    answer = write_message(mm7.SubmitRsp(status=mm7.Status.of(1000)), "t", Dialect())
    assert [name for name, _ in answer.headers] == ["Content-Type"]


@pytest.mark.parametrize("part", [IMAGE, NESTED])
def test_with_content(part: Part) -> None:
    """The operation refers to the content by its id, percent-encoded as a URL must be."""
    written = write_message(SUBMIT, "t", Dialect(soap_action="x"), part)
    assert dict(written.headers)["SOAPAction"] == "x"
    found = read_message(written.headers[0][1], b"".join(written.chunks))
    assert isinstance(found.operation, mm7.SubmitReq)
    assert found.operation.content == (mm7.Content(mm7.href_of(part)),)
    assert found.content is not None
    assert [one.body for one in mm7.leaves(found.content)] == [one.body for one in mm7.leaves(part)]


def test_a_content_that_was_made_before() -> None:
    """A multipart may be given as octets: they are neither parsed nor copied."""
    inner = mime.write(NESTED, "inner")
    ready = Part((("Content-Type", inner.content_type), *inner.headers), b"".join(inner.chunks))
    written = write_message(SUBMIT, "t", Dialect(), ready)
    assert any(chunk is ready.body for chunk in written.chunks)
    found = read_message(written.headers[0][1], b"".join(written.chunks)).content
    assert found is not None
    assert [one.content_id for one in mm7.leaves(found)] == ["s", "i"]


@pytest.mark.parametrize(
    ("parts", "start", "found"),
    [
        ([envelope("cid:i"), IMAGE], "<root/1>", ["i"]),
        ([IMAGE, envelope("cid:i")], "root/1", ["i"]),
        ([envelope("cid:i"), IMAGE], "<wrong>", ["i"]),
        ([envelope("i"), IMAGE], "", ["i"]),
        ([envelope("CID:%69"), IMAGE], "", ["i"]),
        ([envelope("cid:&lt;i&gt;"), IMAGE], "", ["i"]),
        ([envelope("cid:wrong"), IMAGE], "", ["i"]),
        ([envelope(""), IMAGE], "", ["i"]),
        ([envelope(""), NESTED], "", ["s", "i"]),
        ([envelope("cid:c/1%202"), IMAGE, NESTED], "", ["s", "i"]),
        ([envelope("cid:s"), SMIL, IMAGE], "", ["s", "i"]),
        ([envelope("cid:i"), SMIL, IMAGE], "", ["i", "s"]),
        ([envelope("cid:i cid:s"), SMIL, IMAGE, SMIL], "", ["i", "s"]),
        ([envelope("cid:wrong"), SMIL, IMAGE], "", ["s", "i"]),
        ([envelope("cid:i"), IMAGE, IMAGE], "", ["i", "i"]),
        ([envelope("cid:i")], "", []),
    ],
)
def test_which_parts_are_the_content(parts: list[Part], start: str, found: list[str]) -> None:
    """By its id however it is written, else whatever stands beside the envelope."""
    assert content(parts, start) == found


@pytest.mark.parametrize("content_type", ["", "text/xml", "application/octet-stream"])
def test_a_multipart_that_does_not_say_so(content_type: str) -> None:
    """The body shows what it is."""
    written = write_message(SUBMIT, "t", Dialect(), IMAGE)
    found = read_message(content_type, b"\r\n" + b"".join(written.chunks))
    assert found.content is not None
    assert found.content.body == b"GIF89a"


def test_a_multipart_header_over_bare_xml() -> None:
    """Some centres answer so."""
    written = write_message(SUBMIT, "t", Dialect())
    assert read_message("multipart/related", written.chunks[0]).operation == SUBMIT


@pytest.mark.parametrize("transaction_id", ["a\r\nX: 1", "ü", "", "\0", "x" * 300])
def test_a_transaction_id_breaks_nothing(transaction_id: str) -> None:
    """It comes from the peer, and the boundary is made of it."""
    written = write_message(SUBMIT, transaction_id, Dialect(), IMAGE)
    assert not any("\n" in value or "\r" in value for _, value in written.headers)


def test_a_content_with_a_broken_header() -> None:
    """Names come from strangers; nothing of them becomes a header."""
    with pytest.raises(mm7.WriteError):
        write_message(SUBMIT, "t", Dialect(), Part((("Content-ID", "<a>\r\nX: 1"),)))


def test_a_dump() -> None:
    """What a person sees of a message."""
    operation = mm7.SubmitReq(
        recipients=mm7.Recipients((mm7.Address("+15551"),)), delivery_report=False, subject="Hi"
    )
    written = write_message(operation, "t1", Dialect(), NESTED)
    head = "".join(f"{name}: {value}\r\n" for name, value in written.headers)
    capture = f"POST /mm7 HTTP/1.1\r\n{head}\r\n".encode() + b"".join(written.chunks)
    assert mm7.dump(mm7.read_capture(capture)).split("\n") == [
        "SubmitReq 6.8.0",
        f"  namespace: {mm7.REL_6}",
        "  transaction: t1",
        "  sender:",
        "  recipients:",
        "    to: +15551 [Number]",
        "  delivery report: False",
        "  subject: Hi",
        "  content:",
        "    href: cid:c/1%202",
        "    adaptations: True",
        "  part multipart/related 2 parts <c/1 2>",
        "    part application/smil 7 octets <s>",
        "      '<smil/>'",
        "    part image/gif 6 octets <i>",
    ]


@pytest.mark.parametrize("head", [b"", b"\r\n", b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n"])
def test_a_capture_may_be_a_body_alone(head: bytes) -> None:
    """With its headers or without."""
    answer = mm7.SubmitRsp(status=mm7.Status.of(1000), message_id="m")
    written = write_message(answer, "t", Dialect())
    assert mm7.read_capture(head + written.chunks[0]).operation == answer


def test_a_large_content_is_not_copied() -> None:
    """One picture to a million recipients is the same octets each time."""
    image = Part((("Content-ID", "<i>"),), os.urandom(1_000_000))
    written = write_message(SUBMIT, "t", Dialect(), image)
    assert any(chunk is image.body for chunk in written.chunks)
