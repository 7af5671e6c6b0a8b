import binascii
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.protocols import mime
from magpie.protocols.mime import Limits, Part, ReadError, read

MIXED = "multipart/mixed; boundary=b"
HELLO = b"--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n--b--\r\n"


def bodies(content_type: str, body: bytes) -> list[bytes]:
    return [part.body for part in read(content_type, body).parts]


def nested(depth: int) -> tuple[str, bytes]:
    kind, body = "text/plain", b"deep"
    for level in range(depth):
        body = b"--%d.\r\nContent-Type: %b\r\n\r\n%b\r\n--%d.--" % (
            level,
            kind.encode(),
            body,
            level,
        )
        kind = f"multipart/mixed; boundary={level}."
    return kind, body


def test_a_multipart_in_full() -> None:
    """Headers stay in their order and as they are written; bodies are octets."""
    whole = read(
        'multipart/related; type="application/smil"; start="<a>"; boundary="=_b 1"',
        b"for old readers\r\n--=_b 1\r\nContent-Type: application/smil\r\nContent-ID: <a>\r\n\r\n"
        b"<smil/>\r\n--=_b 1  \r\ncontent-type: image/jpeg; name=i.jpg\r\nX-A: 1\r\nX-a: 2\r\n"
        b"Content-Location: i.jpg\r\n\r\n\xff\xd8\r\n\x00--\r\n--=_b 1--\r\nand after\r\n",
    )
    smil, image = whole.parts
    assert (whole.content_type["start"], whole.content_type.text) == ("<a>", "multipart/related")
    assert (smil.content_id, smil.body, smil.content_type.text) == (
        "a",
        b"<smil/>",
        "application/smil",
    )
    assert image.body == b"\xff\xd8\r\n\x00--"
    assert image.headers[1:3] == (("X-A", "1"), ("X-a", "2"))
    assert (image.header("x-a"), image.location, image.filename) == ("1", "i.jpg", "i.jpg")


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (HELLO, [b"Hello"]),
        (HELLO.replace(b"\r\n", b"\n"), [b"Hello"]),
        (b"preamble\r\n" + HELLO + b"epilogue\r\n--b\r\n\r\nno part\r\n", [b"Hello"]),
        (b"--b\r\n\r\nHello\r\n--b\r\n\r\nYou", [b"Hello", b"You"]),
        (b"--b\r\n\r\nHello\r\n--b--", [b"Hello"]),
        (b"--b\r\n\r\n--bc\r\n x--b\r\n--b\r\n--b--", [b"--bc\r\n x--b", b""]),
        (b"--b\r\nHello you\r\n--b--", [b"Hello you"]),
        (b"--b\r\nContent-Type: text/plain\r\n--b--", [b""]),
        (b"--b\r\n--b\r\n--b--", [b"", b""]),
        (b"--b--\r\n", []),
        (b"--b\r\n\r\n\r\n\r\n--b--", [b"\r\n"]),
    ],
    ids=range(11),
)
def test_how_parts_are_parted(body: bytes, found: list[bytes]) -> None:
    """Bare line feeds, a missing end, what stands before and after, parts without headers."""
    assert bodies(MIXED, body) == found


@pytest.mark.parametrize(
    "content_type",
    ["multipart/mixed", "multipart/mixed; boundary=other", "Multipart/Mixed; Boundary"],
)
@pytest.mark.parametrize("boundary", [b"b", b"----=_Part 1.2", b"x" * 200])
def test_a_boundary_that_is_only_in_the_body(content_type: str, boundary: bytes) -> None:
    """Where the header has none, or a wrong one, the first line that looks like one is it."""
    body = b"\r\n-- \r\n-----\r\n" + HELLO.replace(b"--b", b"--" + boundary)
    assert bodies(content_type, body) == [b"Hello"]


def test_a_multipart_without_a_boundary_anywhere() -> None:
    """Its octets are kept: they may be the only part."""
    assert read("multipart/related", b"<xml/>") == Part(
        (("Content-Type", "multipart/related"),), b"<xml/>"
    )


@pytest.mark.parametrize(
    ("transfer", "written", "body"),
    [
        ("base64", b"SGVs\r\nbG8=\r\n", b"Hello"),
        ("BASE64 ", b"SGVsbG8", b"Hello"),
        ("Base64", b"SG!Vs\x00bG\xff8=", b"Hello"),
        ("base64", b"SGVsbG8xX", b"Hello1"),
        ("base64", b"!!!", b""),
        ("base64", b"", b""),
        ("quoted-printable", b"Gr=C3=BC=\r\n=C3=9Fe=zz", "Grüße=zz".encode()),
        ("8bit", b"\xff", b"\xff"),
        ("binary", b"a=\n", b"a=\n"),
        ("x-unheard-of", b"a", b"a"),
    ],
)
def test_transfer_encodings(transfer: str, written: bytes, body: bytes) -> None:
    """What is garbage in them is passed over, and no header tells of them any more."""
    data = b"--b\r\nContent-transfer-encoding: %b\r\n\r\n%b\r\n--b--" % (transfer.encode(), written)
    assert read(MIXED, data).parts == (Part((), body),)


def test_a_part_without_a_type_is_text() -> None:
    """RFC 2045 clause 5.2."""
    [part] = read(MIXED, b"--b\r\n\r\nHi\r\n--b--").parts
    assert (part.content_type.text, part.text) == ("text/plain", "Hi")


@pytest.mark.parametrize(
    ("charset", "octets", "text"),
    [
        ("utf-8", "Grüße".encode(), "Grüße"),
        ("ISO-8859-1", b"Gr\xfc\xdfe", "Grüße"),
        ("shift_jis", "日本".encode("cp932"), "日本"),
        ("euc-kr", "한국".encode("euc_kr"), "한국"),
        ("utf-8", b"Gr\xfc\xdfe", "Grüße"),
        ("us-ascii", "Grüße".encode(), "Grüße"),
        ("punycode", b"abc-", "abc-"),
        ("hex", b"61", "61"),
        ("utf-16", b"\xff\xfea\0", "a"),
    ],
)
def test_text(charset: str, octets: bytes, text: str) -> None:
    """In its charset, else in one that fits."""
    head = (("Content-Type", f"text/plain; charset={charset}"),)
    assert Part(head, octets).text == text


def test_nested_parts_and_the_boundary_of_the_outer() -> None:
    """An inner multipart ends where the outer's part does, even without an end of its own."""
    inner = b"--b2\r\n\r\none\r\n--b2\r\n\r\ntwo"
    body = (
        b"--b\r\nContent-Type: multipart/mixed;\r\n\tboundary=b2\r\n\r\n%b\r\n--b\r\n\r\nthree"
        % inner
    )
    first, second = read(MIXED, body).parts
    assert [part.body for part in first.parts] == [b"one", b"two"]
    assert second.body == b"three"


def test_a_multipart_in_base64() -> None:
    """No standard has it, some senders do."""
    head = b"Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: base64\r\n"
    body = b"--b\r\n%b\r\n%b--b--" % (head, binascii.b2a_base64(HELLO))
    [part] = read(MIXED, body).parts
    assert [inner.body for inner in part.parts] == [b"Hello"]


def test_a_mail() -> None:
    """A whole message has its headers first, and may be of one part."""
    mail = b"From: a\nTo: b,\n c\nContent-Transfer-Encoding: base64\n\nSGVsbG8="
    assert mime.read_message(mail) == Part((("From", "a"), ("To", "b, c")), b"Hello")


@pytest.mark.parametrize("depth", [9, 1000])
def test_what_is_too_deep(depth: int) -> None:
    """A thousand levels end in our error, not in the interpreter's."""
    with pytest.raises(ReadError, match="deeper"):
        read(*nested(depth))
    assert read(*nested(8), Limits(depth=8)).parts


@pytest.mark.parametrize(
    "body",
    [b"--b\r\n\r\n" * 301, b"--b\r\nX: %b\r\n\r\n" % (b"y" * 17_000)],
)
def test_what_is_too_much(body: bytes) -> None:
    """Parts and headers are bounded."""
    with pytest.raises(ReadError):
        read(MIXED, body)


@pytest.mark.parametrize(
    "body",
    [
        b"--b" * 300_000,
        b"\n--bb" * 200_000,
        b"\n--b" + b" " * 1_000_000,
        b"--" + b"-" * 1_000_000,
        b"\n--\t" * 200_000,
        b"\r\n" * 500_000,
        b"--b\r\n:" + b"\r\n " * 5000 + b"\r\n\r\n",
        b"--b\r\nContent-Type: a;" + b'x="' * 4000 + b"\r\n\r\n",
        b"--b\r\nContent-Type: a;" + b"x*1*=%" * 2000 + b"\r\n\r\n",
        b"--b\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"=\xffA" * 300_000,
    ],
    ids=range(10),
)
@pytest.mark.parametrize("content_type", [MIXED, "multipart/mixed"])
def test_nothing_takes_long(content_type: str, body: bytes) -> None:
    """A megabyte that was made to be slow is read, or refused, in a moment."""
    begun = time.process_time()
    with suppress(ReadError):
        for part in read(content_type, body).parts:
            assert part.content_type.text
            assert part.filename is not None
    assert time.process_time() - begun < 1


@given(st.binary(max_size=400), st.sampled_from([MIXED, "multipart/mixed", "a/b", ""]))
@settings(max_examples=300, deadline=None)
def test_any_octets_have_a_meaning(body: bytes, content_type: str) -> None:
    """Reading ends in a value or in our own error."""
    pieces = b"--b\r\n" + body.replace(b"\x00", b"\r\n--b\r\n").replace(b"\x01", b": ")
    for data in (body, pieces):
        try:
            read(content_type, data)
        except mime.MimeError:
            continue
