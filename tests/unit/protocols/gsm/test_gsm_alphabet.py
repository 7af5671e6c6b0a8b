import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.protocols.gsm import decode_gsm7, encode_gsm7, is_gsm7, pack, septets, unpack
from magpie.protocols.gsm.alphabet import DEFAULT, EXTENSION

ALPHABET = DEFAULT.replace("\x1b", "") + "".join(EXTENSION.values())


@pytest.mark.parametrize(
    ("text", "octets"),
    [
        ("", b""),
        ("hello", b"hello"),
        ("@", b"\x00"),
        ("$_", b"\x02\x11"),
        ("€", b"\x1b\x65"),
        ("{[^]}", b"\x1b\x28\x1b\x3c\x1b\x14\x1b\x3e\x1b\x29"),
        ("\\|~\f", b"\x1b\x2f\x1b\x40\x1b\x3d\x1b\x0a"),
        ("ÇéÉà", b"\x09\x05\x1f\x7f"),
        ("¡¿§ñ", b"\x40\x60\x5f\x7d"),
        ("a@b", b"a\x00b"),
    ],
)
def test_encoding_follows_the_published_table(text: str, octets: bytes) -> None:
    """Each character takes the septet, or the escaped pair, that GSM 03.38 gives it."""
    assert encode_gsm7(text) == octets
    assert decode_gsm7(octets) == text


@pytest.mark.parametrize("char", ["`", "ç", "“", "\u00a0", "\t", "\x1b", "\0", "😀", "日"])
def test_characters_outside_the_alphabet_are_refused(char: str) -> None:
    """The backtick, the small c with cedilla and typographic signs are not GSM-7."""
    assert not is_gsm7(char)
    assert not is_gsm7(f"é{char}")
    with pytest.raises(UnicodeEncodeError):
        encode_gsm7(f"plain {char}")


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (b"a\x1b", "a "),
        (b"\x1b\x1ba", " a"),
        (b"\x1bA", "A"),
        (b"\x1b\x65\x1b", "€ "),
        (b"caf\xe9", "café"),
        (b"\x1b\xe9", "é"),
    ],
)
def test_decoding_never_fails(octets: bytes, text: str) -> None:
    """A stray escape shows a space, an unknown extension the default character."""
    assert decode_gsm7(octets) == text


@given(st.text(ALPHABET))
def test_every_text_of_the_alphabet_comes_back(text: str) -> None:
    """Encoding loses nothing, and the septets counted are the septets sent."""
    assert is_gsm7(text)
    octets = encode_gsm7(text)
    assert len(octets) == septets(text)
    assert decode_gsm7(octets) == text


@given(st.binary())
def test_any_octets_decode(octets: bytes) -> None:
    """Whatever a carrier sends becomes some text."""
    assert isinstance(decode_gsm7(octets), str)


def test_packing_matches_the_known_example() -> None:
    """`hellohello` packs into nine octets as in every text book."""
    assert pack(b"hellohello") == bytes.fromhex("e8329bfd4697d9ec37")


def test_seven_spare_bits_are_filled_with_a_carriage_return() -> None:
    """Seven characters are padded with CR, or the reader would see an `@`."""
    assert pack(b"1234567") == bytes.fromhex("31d98c56b3dd1a")
    assert unpack(bytes.fromhex("31d98c56b3dd1a")) == b"1234567"


@given(st.binary(max_size=170).map(lambda raw: bytes(octet & 0x7F for octet in raw)))
def test_packing_is_undone(septet_string: bytes) -> None:
    """With the count known, every string of septets comes back."""
    assert unpack(pack(septet_string), len(septet_string)) == septet_string


def test_a_last_carriage_return_survives_packing() -> None:
    """A text that ends in CR where padding could stand is given a second CR."""
    assert unpack(pack(b"1234567\r"))[:8] == b"1234567\r"
