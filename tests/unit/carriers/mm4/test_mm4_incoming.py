import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.carriers.mm4.incoming import Incoming, has_long_line


@given(
    st.lists(st.sampled_from([b"", b".", b"..", b"a", b".a", b"\n.", b"\r", b"ab" * 9])),
    st.integers(1, 40),
)
def test_in_pieces(lines: list[bytes], size: int) -> None:
    """However a mail is cut, it ends where it ends, and has its dots again."""
    stuffed = b"".join((b"." + one if one[:1] == b"." else one) + b"\r\n" for one in lines)
    wire = stuffed + b".\r\n" + b"QUIT\r\n"
    incoming = Incoming(10_000)
    rest, at = None, 0
    while rest is None:
        rest = incoming.feed(wire[at : at + size])
        at += size
    assert rest + wire[at:] == b"QUIT\r\n"
    assert incoming.content() == b"".join(one + b"\r\n" for one in lines)


@pytest.mark.parametrize(
    "tail", [b"\n.\n", b"\r.\r", b"\n.\r\n", b"\r\n.\n", b"\r\n.\r", b"\r\n. \r\n", b".\r\n"]
)
def test_what_does_not_end_a_mail(tail: bytes) -> None:
    """Other servers have taken some of these for the end."""
    assert Incoming(1000).feed(b"a" + tail + b"MAIL FROM:<x>\r\n") is None


@pytest.mark.parametrize(("size", "too_large"), [(100, False), (101, True), (5000, True)])
@pytest.mark.parametrize("piece", [1, 7, 10_000])
def test_too_large(size: int, too_large: bool, piece: int) -> None:
    """Of what is too large nothing is kept, and its end is found all the same."""
    incoming = Incoming(100)
    wire = b"x" * (size - 2) + b"\r\n.\r\n"
    rests = [incoming.feed(wire[at : at + piece]) for at in range(0, len(wire), piece)]
    assert rests[-1] == b""
    assert incoming.too_large is too_large
    assert len(incoming._data) < 10_010


@pytest.mark.parametrize(("length", "long"), [(998, False), (999, True)])
def test_long_lines(length: int, long: bool) -> None:
    """Counted without their ends."""
    assert has_long_line(b"a\r\n" + b"x" * length + b"\r\n") is long
