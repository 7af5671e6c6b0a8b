from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.protocols import smpp
from magpie.protocols.smpp import MessageState, Notation, Tag, Tlv

CLASSIC = (
    "id:0123456789 sub:001 dlvrd:001 submit date:2402291430 done date:2402291431"
    " stat:DELIVRD err:000 text:Hello, this is a tes"
)


def receipt(
    text: str | bytes, *tlvs: Tlv, esm_class: int = 4, data_coding: int = 0
) -> smpp.Receipt:
    octets = text.encode("latin-1") if isinstance(text, str) else text
    pdu = smpp.DeliverSm(
        esm_class=esm_class, data_coding=data_coding, short_message=octets, tlvs=tlvs
    )
    read = smpp.read_receipt(pdu)
    assert read
    return read


def test_the_classic_text_is_read_whole() -> None:
    """The form of appendix B."""
    assert receipt(CLASSIC) == smpp.Receipt(
        message_id="0123456789",
        state=MessageState.DELIVERED,
        final=True,
        text_id="0123456789",
        stat="DELIVRD",
        error="000",
        submit_date_raw="2402291430",
        done_date_raw="2402291431",
        text="Hello, this is a tes",
    )


@pytest.mark.parametrize(
    ("text", "message_id", "state", "error"),
    [
        ("ID:a1 STAT:DELIVRD ERR:0", "a1", MessageState.DELIVERED, "0"),
        ("stat:UNDELIV err:1B id:a1", "a1", MessageState.UNDELIVERABLE, "1B"),
        ("id: a1 sub: 001 stat: EXPIRED err: 27", "a1", MessageState.EXPIRED, "27"),
        ("id:a1 stat:DELIVRD err: text: hi", "a1", MessageState.DELIVERED, ""),
        ("id:a1 stat:DELIVRD err: Text:id:zz stat:REJECTD", "a1", MessageState.DELIVERED, ""),
        (
            "id:a1 submitdate:2402291430 donedate:2402291430 stat:REJECTD",
            "a1",
            MessageState.REJECTED,
            "",
        ),
        (
            "id:a1 imsi:310150 mcc:310 price:0.01 stat:DELETED err:05F",
            "a1",
            MessageState.DELETED,
            "05F",
        ),
        ("id:a1 done date:2024-02-29 14:30:05 stat:DELIVRD", "a1", MessageState.DELIVERED, ""),
        ("id:a1,sub:001,stat:DELIVERED,err:000", "a1", MessageState.DELIVERED, "000"),
        ("id:a1 stat:UNDELIVERED", "a1", MessageState.UNDELIVERABLE, ""),
        ("id:a1 stat:UNDELIVRD", "a1", MessageState.UNDELIVERABLE, ""),
        ("id:a1 stat:FAILED err:000123", "a1", MessageState.UNDELIVERABLE, "000123"),
        ("id:a1 stat:REJECTED", "a1", MessageState.REJECTED, ""),
        ("id:a1 stat:delivrd", "a1", MessageState.DELIVERED, ""),
        ("id:a1 stat:WHATEVER", "a1", MessageState.UNKNOWN, ""),
        ("id:a1 dlvrd:001 err:000", "a1", MessageState.UNKNOWN, "000"),
        ("id:a1\0 stat:DELIVRD\0", "a1", MessageState.DELIVERED, ""),
        ("id:a_1$ stat:DELIVRD", "a_1$", MessageState.DELIVERED, ""),
        ("id:a1 id:b2 stat:DELIVRD", "a1", MessageState.DELIVERED, ""),
        ("", "", MessageState.UNKNOWN, ""),
        ("gibberish", "", MessageState.UNKNOWN, ""),
    ],
)
def test_every_vendors_text_is_read(
    text: str, message_id: str, state: MessageState, error: str
) -> None:
    """Any order and case, missing and extra keys, long and cut words; rubbish never fails."""
    read = receipt(text)
    assert (read.message_id, read.state, read.error) == (message_id, state, error)


@pytest.mark.parametrize("stat", ["ACCEPTD", "UNKNOWN", "ENROUTE", "BUFFERED", "SENT", "SUBMITD"])
def test_states_in_between_are_not_final(stat: str) -> None:
    """More may follow."""
    assert not receipt(f"id:1 stat:{stat}").final


def test_an_intermediate_notification_is_never_final() -> None:
    """Whatever state it tells."""
    assert not receipt("id:1 stat:UNDELIV", esm_class=0x20).final


def test_parameters_alone_make_a_receipt() -> None:
    """With or without the NUL behind the id."""
    for value in (b"a1", b"a1\0"):
        read = receipt("", Tlv(Tag.RECEIPTED_MESSAGE_ID, value), Tlv(Tag.MESSAGE_STATE, b"\5"))
        assert (read.message_id, read.state, read.final) == ("a1", MessageState.UNDELIVERABLE, True)


def test_parameters_win_over_the_text() -> None:
    """On conflict the text keeps its id as a second guess."""
    read = receipt(CLASSIC, Tlv(Tag.RECEIPTED_MESSAGE_ID, b"ff\0"), Tlv(Tag.MESSAGE_STATE, b"\3"))
    assert (read.message_id, read.text_id) == ("ff", "0123456789")
    assert read.state is MessageState.EXPIRED


def test_an_unknown_state_number_leaves_the_word() -> None:
    """A vendor's own number must not hide what the text says."""
    assert receipt(CLASSIC, Tlv(Tag.MESSAGE_STATE, b"\x63")).state is MessageState.DELIVERED


def test_the_network_error_is_read() -> None:
    """GSM, absent subscriber."""
    read = receipt(CLASSIC, Tlv(Tag.NETWORK_ERROR_CODE, b"\3\0\x1b"))
    assert read.network_error == (3, 27)
    assert receipt(CLASSIC, Tlv(Tag.NETWORK_ERROR_CODE, b"\3")).network_error is None


def test_a_receipt_may_be_in_ucs_2() -> None:
    """Data coding 8 is decoded before it is parsed."""
    assert receipt(CLASSIC.encode("utf-16-be"), data_coding=8).message_id == "0123456789"


def test_a_receipt_may_carry_a_header_or_be_binary() -> None:
    """A user data header is skipped, and a binary data coding is read all the same."""
    assert receipt(b"\5\0\3\1\2\1" + CLASSIC.encode(), esm_class=0x44).message_id == "0123456789"
    assert receipt(CLASSIC, data_coding=4).message_id == "0123456789"


def test_a_receipt_may_come_by_data_sm() -> None:
    """Its text stands in message_payload."""
    pdu = smpp.DataSm(esm_class=4, tlvs=(Tlv(Tag.MESSAGE_PAYLOAD, CLASSIC.encode()),))
    read = smpp.read_receipt(pdu)
    assert read
    assert read.message_id == "0123456789"


def test_the_text_may_hold_anything() -> None:
    """NULs, UTF-16 and keys inside it change nothing."""
    octets = b"id:1 stat:DELIVRD text:\xff\xfe\0id:2 stat:REJECTD"
    read = receipt(octets)
    assert (read.message_id, read.state) == ("1", MessageState.DELIVERED)


def test_a_subscriber_cannot_forge_a_receipt() -> None:
    """Unmarked text is a message, unless the operator has said that this server is broken."""
    pdu = smpp.DeliverSm(short_message=CLASSIC.encode())
    assert smpp.read_receipt(pdu) is None
    assert smpp.read_receipt(pdu, unmarked=True)
    hello = smpp.DeliverSm(short_message=b"my id:1 is fine")
    assert smpp.read_receipt(hello, unmarked=True) is None


@pytest.mark.parametrize("esm_class", [0x08, 0x10, 0x18])
def test_acknowledgements_by_the_phone_are_no_receipts(esm_class: int) -> None:
    """Other message types are left to the caller."""
    assert smpp.read_receipt(smpp.DeliverSm(esm_class=esm_class)) is None


@given(st.binary(max_size=255), st.integers(0, 255), st.sampled_from([0x04, 0x20, 0x44]))
@settings(max_examples=200)
def test_any_octets_make_some_receipt(octets: bytes, data_coding: int, esm_class: int) -> None:
    """No receipt upsets the reader."""
    read = receipt(octets, esm_class=esm_class, data_coding=data_coding)
    assert read.state in MessageState


@pytest.mark.parametrize("state", MessageState)
def test_our_own_receipts_are_read_back(state: MessageState) -> None:
    """Both forms carry the same id and, as far as words allow, the same state."""
    moment = datetime(2024, 2, 29, 14, 30, tzinfo=UTC)
    pdu = smpp.build_receipt(
        smpp.Address(1, 1, "15558675310"),
        smpp.Address(1, 1, "15017122661"),
        "ab12",
        state,
        submitted=moment,
        done=moment,
        error="005",
        text="“Quoted” and cut after twenty",
    )
    read = smpp.read_receipt(pdu)
    assert read
    assert (read.message_id, read.text_id, read.state) == ("ab12", "ab12", state)
    assert (read.error, read.done_date_raw, len(read.text)) == ("005", "2402291430", 20)


@pytest.mark.parametrize(
    ("response", "receipt_id", "notations"),
    [
        ("255", "FF", (Notation.DECIMAL, Notation.HEXADECIMAL)),
        ("0a1B", "2587", (Notation.HEXADECIMAL, Notation.DECIMAL)),
        ("000255", "255", (Notation.DECIMAL, Notation.DECIMAL)),
        ("00FF", "ff", (Notation.HEXADECIMAL, Notation.HEXADECIMAL)),
        ("uuid-1", "uuid-1", (Notation.DECIMAL, Notation.HEXADECIMAL)),
        ("abc", "abc\0", (Notation.AS_IS, Notation.AS_IS)),
    ],
)
def test_ids_fold_to_one_form(
    response: str, receipt_id: str, notations: tuple[Notation, Notation]
) -> None:
    """Decimal and hexadecimal, zeros and case no longer keep a receipt from its message."""
    assert smpp.fold_id(response, notations[0]) == smpp.fold_id(receipt_id, notations[1])


def test_folding_as_is_changes_only_what_is_asked() -> None:
    """Case and zeros matter to some carriers."""
    assert smpp.fold_id("00aB") == "00aB"
    assert smpp.fold_id("00aB", case=True) == "00ab"
    assert smpp.fold_id("00aB", zeros=True) == "aB"
    assert smpp.fold_id("000", zeros=True) == "0"


@given(st.text(max_size=20), st.sampled_from(Notation))
def test_any_id_folds(text: str, notation: Notation) -> None:
    """Ids are somebody else's text."""
    assert isinstance(smpp.fold_id(text, notation, case=True, zeros=True), str)
