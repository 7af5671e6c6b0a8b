import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.protocols import smpp
from magpie.protocols.gsm import Concat, Ports
from magpie.protocols.smpp import AddressRules, Alphabet, LongText, Tag, TextOptions, Tlv

FROM, TO = "+15017122661", "+15558675310"


def submits(body: str, options: TextOptions | None = None, **more: str) -> list[smpp.SubmitSm]:
    return smpp.build_submits(
        FROM, TO, body, options=options or TextOptions(), reference=0x1234, **more
    )


def joined(parts: list[smpp.SubmitSm], alphabet: Alphabet = Alphabet.GSM) -> str:
    texts = [smpp.read_text(part, alphabet) for part in reversed(parts)]
    texts.sort(key=lambda text: text.concat.index if text.concat else 0)
    return "".join(text.body or "" for text in texts)


def test_a_short_text_is_one_plain_submit() -> None:
    """GSM-7, no header, E.164 without its plus, a receipt wanted."""
    assert submits("Hi @ €5") == [
        smpp.SubmitSm(
            source=smpp.Address(1, 1, "15017122661"),
            destination=smpp.Address(1, 1, "15558675310"),
            registered_delivery=1,
            short_message=b"Hi \x00 \x1b\x655",
        )
    ]


def test_other_scripts_go_as_ucs_2() -> None:
    """Data coding 8 and UTF-16, surrogate pairs included."""
    (submit,) = submits("日😀")
    assert submit.data_coding == 8
    assert submit.short_message == bytes.fromhex("65e5d83dde00")


@pytest.mark.parametrize(
    ("long_text", "header"),
    [(LongText.UDH_8, "050003340201"), (LongText.UDH_16, "06080412340201")],
)
def test_headers_join_the_parts(long_text: LongText, header: str) -> None:
    """The UDH indicator is set and the header counts towards sm_length."""
    first, second = submits("a" * 200, TextOptions(long_text=long_text))
    assert first.esm_class == second.esm_class == 0x40
    assert first.short_message.startswith(bytes.fromhex(header))
    text = smpp.read_text(second)
    assert text.concat
    assert (text.concat.total, text.concat.index) == (2, 2)


def test_parameters_join_the_parts() -> None:
    """SAR leaves the header to the message centre."""
    first, second = submits("a" * 200, TextOptions(long_text=LongText.SAR))
    assert first.esm_class == 0
    assert first.tlvs == (
        Tlv(Tag.SAR_MSG_REF_NUM, b"\x12\x34"),
        Tlv(Tag.SAR_TOTAL_SEGMENTS, b"\2"),
        Tlv(Tag.SAR_SEGMENT_SEQNUM, b"\1"),
    )
    assert smpp.read_text(second).concat == Concat(0x1234, 2, 2)


def test_the_payload_takes_all_at_once() -> None:
    """One submit_sm with an empty short_message."""
    (submit,) = submits("a" * 200, TextOptions(long_text=LongText.PAYLOAD))
    assert submit.short_message == b""
    assert smpp.read_text(submit).body == "a" * 200


BODIES = st.text(st.sampled_from("abc @€[é😀日\n"), min_size=1, max_size=500)


@given(BODIES, st.sampled_from(LongText), st.sampled_from(Alphabet))
@settings(max_examples=150, deadline=None)
def test_every_text_comes_back(body: str, long_text: LongText, alphabet: Alphabet) -> None:
    """Whichever way it is carried, out of order, through the wire and back."""
    options = TextOptions(long_text=long_text, default_alphabet=alphabet)
    parts = submits(body, options)
    wire = [smpp.decode(smpp.encode(part)) for part in parts]
    assert wire == parts
    assert all(len(part.short_message) <= 160 for part in parts)
    assert joined(parts, alphabet) == body


def test_a_latin_1_carrier_gets_latin_1() -> None:
    """And UCS-2 where its alphabet lacks what the handset's has."""
    options = TextOptions(default_alphabet=Alphabet.LATIN_1)
    assert submits("é@", options)[0].short_message == b"\xe9@"
    assert submits("€", options)[0].data_coding == 8


@pytest.mark.parametrize("body", ["a" * 159 + "\r", "a" * 152 + "\r" + "b" * 20])
def test_a_full_packed_part_may_end_in_a_carriage_return(body: str) -> None:
    """It is not doubled, as it would be in a shorter one: no part is longer than 140 octets."""
    parts = submits(body, TextOptions(default_alphabet=Alphabet.GSM_PACKED))
    assert len(parts[0].short_message) == 140
    assert joined(parts, Alphabet.GSM_PACKED) == body.replace("\r", "")
    assert submits("a" * 7 + "\r", TextOptions(default_alphabet=Alphabet.GSM_PACKED))[
        0
    ].short_message.endswith(b"\x0d")


def test_a_packed_carrier_gets_septets_packed() -> None:
    """Seven bits each; behind a header from a septet boundary on."""
    options = TextOptions(default_alphabet=Alphabet.GSM_PACKED)
    assert submits("hellohello", options)[0].short_message.hex() == "e8329bfd4697d9ec37"
    first, _ = submits("a" * 161, options)
    assert len(first.short_message) == 140


def test_each_part_has_its_own_reference() -> None:
    """What a carrier echoes tells which part of which message it was."""
    options = TextOptions(message_reference=True, reference_tag=0x1500)
    parts = submits("a" * 200, options, unique="SM1")
    assert [part.tlv_number(Tag.USER_MESSAGE_REFERENCE) for part in parts] == [0x1234, 0x1235]
    assert [part.tlv_string(0x1500) for part in parts] == ["SM1-1", "SM1-2"]


def test_a_reference_tag_must_be_a_vendors() -> None:
    """A standard parameter cannot be misused for it."""
    with pytest.raises(ValueError, match="vendor"):
        TextOptions(reference_tag=0x0424)


def test_the_validity_period_stands_in_each_part() -> None:
    """A part that outlives its brothers helps nobody."""
    parts = submits("a" * 200, validity_period="000000040000000R")
    assert {part.validity_period for part in parts} == {"000000040000000R"}


@pytest.mark.parametrize(
    ("number", "rules", "address"),
    [
        ("+15017122661", AddressRules(), (1, 1, "15017122661")),
        ("15017122661", AddressRules(), (1, 1, "15017122661")),
        ("+15017122661", AddressRules(plus=True), (1, 1, "+15017122661")),
        ("12345", AddressRules(), (3, 0, "12345")),
        ("12345", AddressRules(short_code=(6, 0)), (6, 0, "12345")),
        ("MAGPIE", AddressRules(), (5, 0, "MAGPIE")),
    ],
)
def test_numbers_become_addresses(
    number: str, rules: AddressRules, address: tuple[int, int, str]
) -> None:
    """Long numbers, short codes and names each have their type."""
    assert smpp.to_address(number, rules) == smpp.Address(*address)
    assert smpp.to_number(smpp.Address(*address), rules).lstrip("+") == number.lstrip("+")


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ((1, 1, "15017122661"), "+15017122661"),
        ((1, 1, "+15017122661"), "+15017122661"),
        ((0, 0, "15017122661"), "+15017122661"),
        ((2, 1, "5017122661"), "+15017122661"),
        ((3, 0, "12345"), "12345"),
        ((0, 1, "12345"), "12345"),
        ((5, 0, "12345678901"), "12345678901"),
        ((0, 0, ""), ""),
    ],
)
def test_addresses_become_numbers(address: tuple[int, int, str], number: str) -> None:
    """E.164 gets its plus; codes and names stay."""
    assert smpp.to_number(smpp.Address(*address), AddressRules(country_code="1")) == number


@pytest.mark.parametrize(
    ("data_coding", "octets", "body"),
    [
        (0x00, b"\x00\x1b\x65", "@€"),
        (0x01, b"hi", "hi"),
        (0x03, b"caf\xe9", "café"),
        (0x05, b"\x93\xfa", "日"),
        (0x06, b"\xbf", "П"),
        (0x07, b"\xf9", "ש"),
        (0x08, "日😀".encode("utf-16-be"), "日😀"),
        (0x08, b"\xfe\xff\x00a", "a"),
        (0x08, b"\xff\xfea\x00", "a"),
        (0x08, b"\x00a\x00", "a\ufffd"),
        (0x08, b"\xd8\x3d\x00a", "\ufffda"),
        (0x0E, b"\xc7\xd1", "한"),
        (0x10, b"\x00", "@"),
        (0x18, b"\x00a", "a"),
        (0xC8, b"\x00", "@"),
        (0xE0, b"\x00a", "a"),
        (0xF0, b"\x00", "@"),
        (0xF5, b"\x00", None),
        (0x04, b"\x01", None),
        (0x02, b"\x01", None),
        (0x14, b"\x01", None),
        (0x0B, b"hi", "hi"),
        (0x9F, b"hi", "hi"),
    ],
)
def test_every_data_coding_is_read(data_coding: int, octets: bytes, body: str | None) -> None:
    """Unknown values are read as best one can; binary stays binary."""
    text = smpp.read_text(smpp.DeliverSm(data_coding=data_coding, short_message=octets))
    assert (text.body, text.octets) == (body, octets)


def test_the_payload_wins_over_the_short_message() -> None:
    """A sender may not fill both; if it does, nothing fails."""
    payload = (Tlv(Tag.MESSAGE_PAYLOAD, b"payload"),)
    assert smpp.read_text(smpp.DeliverSm(short_message=b"short", tlvs=payload)).body == "payload"
    empty = (Tlv(Tag.MESSAGE_PAYLOAD, b""),)
    assert smpp.read_text(smpp.DeliverSm(short_message=b"short", tlvs=empty)).body == "short"


def test_ports_are_read_from_header_and_parameters() -> None:
    """Binary content goes to an application, not to a reader."""
    header = bytes.fromhex("0605040b8423f0") + b"wap"
    push = smpp.read_text(smpp.DeliverSm(esm_class=0x40, data_coding=4, short_message=header))
    assert (push.ports, push.octets, push.body) == (Ports(2948, 9200), b"wap", None)
    tlvs = (Tlv(Tag.DESTINATION_PORT, b"\x0b\x84"),)
    assert smpp.read_text(smpp.DeliverSm(tlvs=tlvs)).ports == Ports(2948, 0)


@pytest.mark.parametrize("octets", [b"", b"\xff", b"\x05\x00\x03"])
def test_a_header_that_is_not_there_is_told(octets: bytes) -> None:
    """The UDH indicator with an empty body has crashed message centres."""
    text = smpp.read_text(smpp.DeliverSm(esm_class=0x40, short_message=octets))
    assert not text.sound
    assert text.octets == octets


@given(st.integers(0, 255), st.integers(0, 255), st.binary(max_size=160), st.sampled_from(Alphabet))
@settings(max_examples=300, deadline=None)
def test_any_content_is_read(
    esm_class: int, data_coding: int, octets: bytes, alphabet: Alphabet
) -> None:
    """Every data coding over every rubbish; no NUL reaches the store."""
    message = smpp.DeliverSm(esm_class=esm_class, data_coding=data_coding, short_message=octets)
    body = smpp.read_text(message, alphabet).body
    assert body is None or "\0" not in body
    if body is not None:
        body.encode()
