import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.protocols.gsm import Concat, Element, Ports, UserDataHeader


def test_an_eight_bit_concatenation_header() -> None:
    """Reference, total and index stand in six octets."""
    header = UserDataHeader((Concat(0xA7, 3, 2).element(),))
    assert header.encode() == bytes.fromhex("050003a70302")
    read, text = UserDataHeader.split(header.encode() + b"text")
    assert (read.concat, text, read.sound) == (Concat(0xA7, 3, 2), b"text", True)


def test_a_sixteen_bit_concatenation_header() -> None:
    """The wider reference makes seven octets."""
    header = UserDataHeader((Concat(0xBEEF, 2, 1).element(reference_bits=16),))
    assert header.encode() == bytes.fromhex("060804beef0201")
    assert UserDataHeader.split(header.encode())[0].concat == Concat(0xBEEF, 2, 1)


def test_ports_are_read_in_both_widths() -> None:
    """WAP push goes to port 2948, whichever element says so."""
    wide = UserDataHeader((Ports(2948, 9200).element(),))
    assert wide.encode() == bytes.fromhex("0605040b8423f0")
    assert wide.ports == Ports(2948, 9200)
    assert UserDataHeader((Element(0x04, b"\xf5\xf6"),)).ports == Ports(0xF5, 0xF6)


def test_national_tables_stay_raw_beside_the_rest() -> None:
    """A language element neither hides the concatenation nor is lost."""
    read, text = UserDataHeader.split(bytes.fromhex("080003010201240101") + b"x")
    assert read.elements == (Element(0x00, b"\x01\x02\x01"), Element(0x24, b"\x01"))
    assert read.concat == Concat(1, 2, 1)
    assert text == b"x"


@pytest.mark.parametrize(
    ("octets", "elements", "text"),
    [
        (b"", (), b""),
        (b"\x00abc", (), b"abc"),
        (b"\x05\x00\x03", (), b"\x05\x00\x03"),
        (b"\xffhello", (), b"\xffhello"),
        (b"\x03\x00\x09\x01abc", (), b"abc"),
        (b"\x04\x70\x01\xaa\x00abc", (Element(0x70, b"\xaa"),), b"abc"),
    ],
)
def test_lying_lengths_lose_no_text(
    octets: bytes, elements: tuple[Element, ...], text: bytes
) -> None:
    """A header that claims more than there is is not believed; the text is kept."""
    header, rest = UserDataHeader.split(octets)
    assert (header.elements, rest) == (elements, text)


@pytest.mark.parametrize("data", [b"\x01\x00\x00", b"\x01\x02\x00", b"\x01\x02\x03", b"\x01\x02"])
def test_senseless_counts_are_no_concatenation(data: bytes) -> None:
    """Part 3 of 2, part 0 and a short element are ignored, as the specification asks."""
    assert UserDataHeader((Element(0x00, data),)).concat is None


@given(st.binary(max_size=160))
def test_any_octets_split(octets: bytes) -> None:
    """No sequence of octets upsets the reader."""
    header, rest = UserDataHeader.split(octets)
    assert octets.endswith(rest)
    assert isinstance(header.concat, Concat | None)


ELEMENTS = st.builds(Element, st.integers(0, 255), st.binary(max_size=20))


@given(st.lists(ELEMENTS, max_size=6).map(tuple), st.binary(max_size=120))
def test_what_is_written_is_read(elements: tuple[Element, ...], text: bytes) -> None:
    """Any elements, known or not, stand before any text and come back in their order."""
    header = UserDataHeader(elements)
    assert UserDataHeader.split(header.encode() + text) == (header, text)
