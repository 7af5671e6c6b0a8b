import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.protocols import mime
from magpie.protocols.mime import Part, Transfer, WriteError, write

LEAF = st.builds(
    lambda body, number: Part(
        (("Content-Type", "image/jpeg; name=i.jpg"), ("Content-ID", f"<{number}>")), body
    ),
    st.binary(max_size=60) | st.sampled_from([b"\r\n--1_abc\r\n", b"1_abc", b"\r\n--2_abc--"]),
    st.integers(0, 9),
)


def _whole(parts: list[Part]) -> Part:
    head = (("Content-Type", 'multipart/related; type="application/smil"'), ("X-A", "1"))
    return Part(head, b"", tuple(parts))


WHOLE = st.recursive(LEAF, lambda inner: st.lists(inner, min_size=1, max_size=4).map(_whole))


def without_boundary(part: Part) -> Part:
    head = tuple(
        (name, str(mime.Value(kind.text, tuple(p for p in kind.parameters if p[0] != "boundary"))))
        if name == "Content-Type"
        else (name, value)
        for name, value in part.headers
        for kind in [mime.parse_value(value)]
    )
    return Part(tuple(sorted(head)), part.body, tuple(map(without_boundary, part.parts)))


@given(WHOLE, st.sampled_from(Transfer))
@settings(max_examples=200, deadline=None)
def test_what_is_written_is_read(whole: Part, transfer: Transfer) -> None:
    """Nested at will, in both encodings, even where bodies hold the boundary."""
    kind, headers, chunks = write(whole, "abc", transfer)
    found = mime.read_entity((("Content-Type", kind), *headers), b"".join(chunks))
    assert without_boundary(found) == without_boundary(whole)


def test_a_multipart_as_it_is_written() -> None:
    """The same input gives the same octets; a body goes into the chunks as it is."""
    image = Part((("Content-ID", "<i>"), ("Content-Type", "image/gif")), b"GIF89a" * 1000)
    whole = Part((("Content-Type", 'multipart/related; start="<i>"'),), b"", (image,))
    written = write(whole, "a:b/c")
    assert written.content_type == 'multipart/related; start="<i>"; boundary=1_abc'
    assert any(chunk is image.body for chunk in written.chunks)
    assert written.size == len(b"".join(written.chunks))
    assert b"".join(written.chunks) == (
        b"--1_abc\r\nContent-Type: image/gif\r\nContent-ID: <i>\r\n\r\n%b\r\n--1_abc--\r\n"
        % image.body
    )


def test_base64_has_short_lines() -> None:
    """76 characters, so that mail carries them."""
    image = Part((("Content-Type", "image/gif"),), bytes(range(256)))
    written = write(
        Part((("Content-Type", "multipart/mixed"),), b"", (image,)), "x", Transfer.BASE64
    )
    lines = b"".join(written.chunks).split(b"\r\n")
    assert b"Content-Transfer-Encoding: base64" in lines
    assert max(map(len, lines)) == 76


def test_boundaries_do_not_begin_with_each_other() -> None:
    """Some readers compare only the beginning of a line."""
    whole = Part((("Content-Type", "text/plain"),), b"x")
    for _ in range(7):
        whole = Part((("Content-Type", "multipart/mixed"),), b"", (whole, whole))
    lines = b"".join(write(whole, "s" * 200).chunks).split(b"\r\n")
    found = {line for line in lines if line.startswith(b"--") and not line.endswith(b"--")}
    assert len(found) == 127
    assert max(map(len, found)) <= 72
    assert not any(a != b and a.startswith(b) for a in found for b in found)


@pytest.mark.parametrize(
    "headers",
    [
        (("Content-ID", "<a>\r\nX: 1"),),
        (("Content-Type", "image/jpeg; name=a\r\nX: 1"),),
        (("X\n", "1"),),
    ],
)
def test_a_header_cannot_be_broken_open(headers: mime.Headers) -> None:
    """Names of files come from strangers."""
    whole = Part((("Content-Type", "multipart/mixed"),), b"", (Part(headers, b""),))
    with pytest.raises(WriteError):
        write(whole, "x")


def test_a_body_full_of_boundaries() -> None:
    """Somebody who knows all that we would try is refused."""
    body = b"".join(b"%d_x " % number for number in range(200))
    with pytest.raises(WriteError):
        write(Part((("Content-Type", "multipart/mixed"),), b"", (Part((), body),)), "x")


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("; b\xe9=x", "application/octet-stream"),
        ("t\xe9xt/plain; a=b", "application/octet-stream; a=b"),
        ("text/plain; name=\xe9", "text/plain; name*=utf-8''%C3%A9"),
        ("", "text/plain"),
    ],
)
def test_letters_beyond_ascii_in_a_content_type(kind: str, written: str) -> None:
    """It stays a content type that is read as it was written."""
    assert write(Part((("Content-Type", kind),), b"x"), "b").content_type == written
