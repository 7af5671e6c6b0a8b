"""SMS-DELIVER: what is written is read, and known octets mean what is known of them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.protocols import gsm, tpdu

AT = datetime(2026, 11, 29, 18, 30, 5, tzinfo=UTC)
SUMMER = timezone(timedelta(hours=2))
KNOWN = bytes.fromhex("040B917238880900F10000993092516195800AE8329BFD4697D9EC37")


def texts(body: str, source: str = "+15017122661") -> list[bytes]:
    return [tpdu.encode(pdu) for pdu in tpdu.build(body, source, AT, 7)]


def test_a_known_message_is_read() -> None:
    """The example that is printed wherever PDU mode is explained."""
    pdu = tpdu.decode(KNOWN)
    assert (pdu.source, pdu.text, pdu.more) == ("+27838890001", "hellohello", False)
    assert pdu.sent_at == datetime(2099, 3, 29, 15, 16, 59, tzinfo=SUMMER)


def test_octets_of_a_text() -> None:
    """Type, address, coding, time, length, and the packed septets (clause 9.2.2.1)."""
    [octets] = texts("hellohello")
    assert octets.hex() == "040b915110172266f1" + "0000" + "62119281035000" + "0ae8329bfd4697d9ec37"


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=1600)
    | st.text(list(gsm.decode_gsm7(bytes(range(128)))), max_size=1600)
)
def test_a_text_comes_through(body: str) -> None:
    """Of any length and in any letters; each part fits, and only the last has none behind it."""
    octets = texts(body)
    pdus = [tpdu.decode(one) for one in octets]
    assert tpdu.read(reversed(pdus)) == body
    assert [pdu.more for pdu in pdus] == [True] * (len(pdus) - 1) + [False]
    assert max(len(one) for one in octets) <= 9 + 9 + 1 + 140
    assert len(pdus) == gsm.count(body)


@pytest.mark.parametrize(
    "body",
    ["", "@", "@" * 8, "a\r", "abcdefg\r", "x" * 153 + "\r" * 153, "\N{EURO SIGN}" * 80, "{" * 161],
)
def test_padding_is_no_letter(body: str) -> None:
    """Neither at the end of an octet nor where spare bits would read as one."""
    assert tpdu.read(tpdu.decode(one) for one in texts(body)) == body


@pytest.mark.parametrize(
    "source",
    ["+15017122661", "+4479460000", "12345", "123456", "Pica", "CAFE PICA 1", "A", "**2661"],
)
def test_senders_come_through(source: str) -> None:
    """Numbers, short codes and names of 1 to 11 characters."""
    [octets] = texts("x", source)
    assert tpdu.decode(octets).source == source


@pytest.mark.parametrize("source", ["", "+" + "1" * 21, "A name too long", "caf\N{SNOWMAN}"])
def test_a_sender_that_has_no_form(source: str) -> None:
    """It is ours to mend."""
    with pytest.raises(tpdu.EncodeError):
        texts("x", source)


def test_too_much_for_one() -> None:
    """A text has to be cut before."""
    pdu = tpdu.Deliver(source="1", sent_at=AT, encoding=gsm.Encoding.UCS_2, text="x" * 71)
    with pytest.raises(tpdu.EncodeError):
        tpdu.encode(pdu)


@pytest.mark.parametrize("at", range(len(KNOWN)))
def test_what_is_cut_off_is_told(at: int) -> None:
    """Wherever it ends."""
    with pytest.raises(tpdu.DecodeError):
        tpdu.decode(KNOWN[:at])


@pytest.mark.parametrize(
    ("place", "value", "why"),
    [
        (0, 0x05, "no SMS-DELIVER"),
        (1, 0xFF, "an address of 255 digits"),
        (3, 0xFF, "a filler"),
        (10, 0x04, "data coding 0x04"),
        (10, 0xF0, "data coding 0xF0"),
        (12, 0x99, "no time"),
        (17, 0xF9, "a filler"),
        (18, 0x0B, "octets of user data"),
    ],
)
def test_what_cannot_be_read_says_why(place: int, value: int, why: str) -> None:
    """With the octet at which it was seen."""
    octets = bytearray(KNOWN)
    octets[place] = value
    with pytest.raises(tpdu.DecodeError, match=why):
        tpdu.decode(bytes(octets))


@given(st.binary(max_size=180), st.sampled_from([0x00, 0x04, 0x44, 0x40]))
def test_nothing_else_comes_of_any_octets(octets: bytes, first: int) -> None:
    """A message, or an error of ours; and what is a message can be written again."""
    try:
        pdu = tpdu.decode(bytes((first,)) + octets)
    except tpdu.DecodeError:
        return
    assert isinstance(pdu.text, str)


def test_hours_west_of_greenwich() -> None:
    """The sign stands in the half that counts tens."""
    octets = bytearray(KNOWN)
    octets[17] = 0x8A  # minus 28 quarters
    assert tpdu.decode(bytes(octets)).sent_at.utcoffset() == timedelta(hours=-7)
