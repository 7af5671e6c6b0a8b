import contextlib
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.protocols import smpp
from magpie.protocols.smpp.codec import KINDS
from magpie.protocols.smpp.pdu import Pdu

OCTET = st.integers(0, 255)
TLVS = st.lists(
    st.builds(smpp.Tlv, st.integers(0, 0xFFFF), st.binary(max_size=20)), max_size=4
).map(tuple)
TIME = st.sampled_from(["", "000002000000000R", "240229120000000+"])


def string(size: int) -> st.SearchStrategy[str]:
    return st.text(st.characters(min_codepoint=1, max_codepoint=255), max_size=size - 1)


def address(size: int) -> st.SearchStrategy[smpp.Address]:
    return st.builds(smpp.Address, OCTET, OCTET, string(size))


CONTENT = {
    "service_type": string(6),
    "source": address(21),
    "esm_class": OCTET,
    "protocol_id": OCTET,
    "priority_flag": OCTET,
    "schedule_delivery_time": TIME,
    "validity_period": TIME,
    "registered_delivery": OCTET,
    "replace_if_present_flag": OCTET,
    "data_coding": OCTET,
    "sm_default_msg_id": OCTET,
    "short_message": st.binary(max_size=255),
}
SHORT = {**CONTENT, "destination": address(21)}
BIND_FIELDS = {
    "system_id": string(16),
    "password": string(9),
    "system_type": string(13),
    "interface_version": OCTET,
    "addr_ton": OCTET,
    "addr_npi": OCTET,
    "address_range": string(41),
}
DESTINATIONS = st.lists(
    st.one_of(address(21), st.builds(smpp.DistributionList, string(21))), max_size=3
).map(tuple)
UNSUCCESS = st.lists(
    st.builds(smpp.Unsuccess, address(21), st.integers(0, 0xFFFFFFFF)), max_size=3
).map(tuple)
MESSAGE_ID = {"message_id": string(65)}

FIELDS: dict[type[Pdu], dict[str, st.SearchStrategy[object]]] = {
    smpp.BindReceiver: {**BIND_FIELDS},
    smpp.BindTransmitter: {**BIND_FIELDS},
    smpp.BindTransceiver: {**BIND_FIELDS},
    smpp.BindReceiverResp: {"system_id": string(16)},
    smpp.BindTransmitterResp: {"system_id": string(16)},
    smpp.BindTransceiverResp: {"system_id": string(16)},
    smpp.Outbind: {"system_id": string(16), "password": string(9)},
    smpp.Unbind: {},
    smpp.UnbindResp: {},
    smpp.EnquireLink: {},
    smpp.EnquireLinkResp: {},
    smpp.GenericNack: {},
    smpp.SubmitSm: {**SHORT},
    smpp.SubmitSmResp: {**MESSAGE_ID},
    smpp.DeliverSm: {**SHORT},
    smpp.DeliverSmResp: {**MESSAGE_ID},
    smpp.SubmitMulti: {**CONTENT, "destinations": DESTINATIONS},
    smpp.SubmitMultiResp: {**MESSAGE_ID, "unsuccess": UNSUCCESS},
    smpp.DataSm: {
        "service_type": string(6),
        "source": address(65),
        "destination": address(65),
        "esm_class": OCTET,
        "registered_delivery": OCTET,
        "data_coding": OCTET,
    },
    smpp.DataSmResp: {**MESSAGE_ID},
    smpp.QuerySm: {**MESSAGE_ID, "source": address(21)},
    smpp.QuerySmResp: {
        **MESSAGE_ID,
        "final_date": TIME,
        "message_state": OCTET,
        "error_code": OCTET,
    },
    smpp.CancelSm: {
        **MESSAGE_ID,
        "service_type": string(6),
        "source": address(21),
        "destination": address(21),
    },
    smpp.CancelSmResp: {},
    smpp.ReplaceSm: {
        **MESSAGE_ID,
        "source": address(21),
        "schedule_delivery_time": TIME,
        "validity_period": TIME,
        "registered_delivery": OCTET,
        "sm_default_msg_id": OCTET,
        "short_message": st.binary(max_size=255),
    },
    smpp.ReplaceSmResp: {},
    smpp.AlertNotification: {"source": address(65), "esme": address(65)},
}


def pdus(kind: type[Pdu]) -> st.SearchStrategy[Pdu]:
    header = {"sequence": st.integers(0, 0xFFFFFFFF), "tlvs": TLVS}
    return st.builds(kind, **header, **FIELDS[kind])


ANY_PDU = st.sampled_from(sorted(FIELDS, key=lambda kind: kind.__name__)).flatmap(pdus)

BIND = (
    "0000002f000000020000000000000001534d50503354455354007365637265743038005355424d4954310050010100"
)
SUBMIT = (
    "0000003d0000000400000000000000 05"
    "00"
    "0101 3135353531323334353637 00"
    "0300 3132333435 00"
    "40 00 00 00 00 01 00 00 00 02 6869"
)


def frame(command_id: int, body: bytes = b"", status: int = 0, sequence: int = 7) -> bytes:
    return struct.pack(">IIII", 16 + len(body), command_id, status, sequence) + body


def test_a_bind_has_the_octets_of_the_specification() -> None:
    """The worked example of SMPP 3.4 clause 3.2, but for the version."""
    bind = smpp.BindTransmitter(
        sequence=1,
        system_id="SMPP3TEST",
        password="secret08",
        system_type="SUBMIT1",
        interface_version=smpp.InterfaceVersion.V5_0,
        addr_ton=1,
        addr_npi=1,
    )
    assert smpp.encode(bind).hex() == BIND
    assert smpp.decode(bytes.fromhex(BIND)) == bind
    assert "secret08" not in repr(bind)


def test_a_submit_stands_on_the_wire_field_by_field() -> None:
    """Each mandatory field of submit_sm takes its place."""
    submit = smpp.SubmitSm(
        sequence=5,
        source=smpp.Address(1, 1, "15551234567"),
        destination=smpp.Address(3, 0, "12345"),
        esm_class=0x40,
        registered_delivery=1,
        short_message=b"hi",
    )
    expected = bytes.fromhex(SUBMIT.replace(" ", ""))
    expected = len(expected).to_bytes(4, "big") + expected[4:]
    assert smpp.encode(submit) == expected
    assert smpp.decode(expected) == submit


def test_every_command_has_its_kind() -> None:
    """Requests and responses of the reference are all there, and each is tried here."""
    assert set(KINDS.values()) == set(FIELDS)
    assert sorted(KINDS) == sorted(
        [0x80000000, 0x0B, 0x102]
        + [
            number | bit
            for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 0x15, 0x21, 0x103)
            for bit in (0, 0x80000000)
        ]
    )


@pytest.mark.parametrize("kind", FIELDS, ids=lambda kind: kind.__name__)
@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_every_pdu_comes_back(kind: type[Pdu], data: st.DataObject) -> None:
    """What is encoded decodes to the same value."""
    pdu = data.draw(pdus(kind))
    assert smpp.decode(smpp.encode(pdu)) == pdu


def test_a_request_with_a_status_keeps_its_body() -> None:
    """Only a failed response goes without one."""
    submit = smpp.SubmitSm(1, smpp.Status.RSYSERR)
    assert smpp.decode(smpp.encode(submit)) == submit
    assert len(smpp.encode(smpp.SubmitSmResp(1, smpp.Status.RSYSERR))) == 16


@given(ANY_PDU, st.integers(0), st.none() | st.integers(0, 255))
@settings(max_examples=300, deadline=None)
def test_mutated_pdus_fail_only_as_declared(pdu: Pdu, at: int, octet: int | None) -> None:
    """A changed octet or a missing end gives a PDU or a DecodeError, nothing else."""
    octets = bytearray(smpp.encode(pdu))
    place = 16 + at % max(len(octets) - 16, 1)
    octets[place:] = b"" if octet is None else bytes((octet,)) + octets[place + 1 :]
    octets[:4] = len(octets).to_bytes(4, "big")
    with contextlib.suppress(smpp.DecodeError):
        assert isinstance(smpp.decode(bytes(octets)), Pdu)


@given(st.sampled_from(sorted(KINDS)), st.binary(max_size=120))
@settings(max_examples=300, deadline=None)
def test_random_bodies_fail_only_as_declared(command_id: int, body: bytes) -> None:
    """Rubbish under a good header is a PDU or a DecodeError; what decodes, encodes or says why."""
    with contextlib.suppress(smpp.DecodeError, smpp.EncodeError):
        assert len(smpp.encode(smpp.decode(frame(command_id, body)))) >= 16


@given(st.sampled_from([kind for kind in KINDS if kind & 0x80000000]), st.binary(max_size=120))
@settings(max_examples=200, deadline=None)
def test_no_body_makes_a_response_unreadable(command_id: int, body: bytes) -> None:
    """A response that cannot be read would leave its request without an outcome."""
    assert smpp.decode(frame(command_id, body)).sequence == 7


@pytest.mark.parametrize("octets", [b"", b"\0" * 15, frame(4) + b"x", b"\xff" * 16])
def test_what_is_no_frame_is_refused(octets: bytes) -> None:
    """The length in the header must be that of the frame."""
    with pytest.raises(smpp.FramingError):
        smpp.decode(octets)


NUL = b"\0"
ADDRESSES = b"\1\1" + b"123\0" + b"\1\1" + b"456\0"
FLAGS = b"\0\0\0" + NUL + NUL + b"\0\0\0\0"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", smpp.Status.RINVSERTYP),
        (b"TOOLONG\0" + ADDRESSES, smpp.Status.RINVSERTYP),
        (NUL + b"\1\1" + b"1" * 21 + NUL, smpp.Status.RINVSRCADR),
        (NUL + b"\1\1no end", smpp.Status.RINVSRCADR),
        (NUL + b"\1\1123\0\1", smpp.Status.RINVDSTADR),
        (NUL + b"\1\1123\0\1\1" + b"1" * 21 + NUL, smpp.Status.RINVDSTADR),
        (NUL + ADDRESSES, smpp.Status.RINVCMDLEN),
        (NUL + ADDRESSES + b"\0\0\0" + b"1" * 17 + NUL, smpp.Status.RINVSCHED),
        (NUL + ADDRESSES + b"\0\0\0\0" + b"1" * 17 + NUL, smpp.Status.RINVEXPIRY),
        (NUL + ADDRESSES + FLAGS, smpp.Status.RINVMSGLEN),
        (NUL + ADDRESSES + FLAGS + b"\5abcd", smpp.Status.RINVMSGLEN),
    ],
)
def test_a_bad_field_names_its_status(body: bytes, status: int) -> None:
    """The peer learns which field of its submit_sm was wrong."""
    with pytest.raises(smpp.DecodeError) as caught:
        smpp.decode(frame(4, body, sequence=0xFFFFFFFF))
    assert caught.value.status == status
    assert caught.value.sequence == 0xFFFFFFFF


@pytest.mark.parametrize(
    ("entry", "status"),
    [
        (b"\3abc\0", smpp.Status.RINVDESTFLAG),
        (b"\2no end", smpp.Status.RINVDLNAME),
        (b"\1\1\1no end", smpp.Status.RINVDSTADR),
        (b"", smpp.Status.RINVNUMDESTS),
    ],
)
def test_a_bad_destination_names_its_status(entry: bytes, status: int) -> None:
    """In submit_multi an entry is an address or a list, nothing third."""
    with pytest.raises(smpp.DecodeError) as caught:
        smpp.decode(frame(0x21, b"\0\1\1" + b"1\0" + b"\1" + entry))
    assert caught.value.status == status


@pytest.mark.parametrize("command_id", [0x0A, 0x111, 0x80000111, 0x8000000B])
def test_an_unknown_command_is_told_apart(command_id: int) -> None:
    """It has a status and a sequence to answer with, and knows whether it is a response."""
    with pytest.raises(smpp.UnknownCommandError) as caught:
        smpp.decode(frame(command_id))
    assert caught.value.status == smpp.Status.RINVCMDID
    assert caught.value.is_response == (command_id >= 0x80000000)


@pytest.mark.parametrize(
    ("body", "message_id"),
    [(b"", ""), (b"\0", ""), (b"abc\0", "abc"), (b"abc", "abc"), (b"x" * 100 + b"\0", "x" * 100)],
)
def test_responses_are_read_as_far_as_they_go(body: bytes, message_id: str) -> None:
    """No body, no NUL and an overlong id do not turn a success into a failure."""
    assert smpp.decode(frame(0x80000004, body)) == smpp.SubmitSmResp(7, message_id=message_id)


def test_a_failed_response_needs_no_body() -> None:
    """It is sent without one and read without one."""
    failed = smpp.SubmitSmResp(7, smpp.Status.RTHROTTLED)
    assert smpp.encode(failed) == frame(0x80000004, status=0x58)
    assert smpp.decode(frame(0x80000004, status=0x58)) == failed
    assert smpp.encode(smpp.SubmitSmResp(7)) == frame(0x80000004, b"\0")


def test_unknown_and_repeated_parameters_are_kept() -> None:
    """A vendor's parameters come through in their order."""
    body = bytes.fromhex("00 1501 0001 aa 1501 0000 ffff 0002 0102")
    pdu = smpp.decode(frame(0x80000004, body))
    tlvs = (smpp.Tlv(0x1501, b"\xaa"), smpp.Tlv(0x1501, b""), smpp.Tlv(0xFFFF, b"\1\2"))
    assert pdu.tlvs == tlvs
    assert pdu.tlv(0x1501) == b"\xaa"
    assert pdu.tlv(0x1502) is None
    assert smpp.encode(pdu) == frame(0x80000004, body)


@pytest.mark.parametrize("rest", ["00", "150100", "15010005aa", "0424ffff"])
def test_octets_that_form_no_parameter_are_kept_apart(rest: str) -> None:
    """A parameter that runs past the end spoils nothing that stands before it."""
    pdu = smpp.decode(frame(0x80000004, b"id\0" + bytes.fromhex("0427000102" + rest)))
    assert pdu.tlvs == (smpp.Tlv(smpp.Tag.MESSAGE_STATE, b"\2"),)
    assert pdu.trailing == bytes.fromhex(rest)


@pytest.mark.parametrize(
    "pdu",
    [
        smpp.BindReceiver(password="nine char"),
        smpp.SubmitSm(source=smpp.Address(addr="1" * 21)),
        smpp.SubmitSm(source=smpp.Address(addr="日本")),
        smpp.SubmitSm(source=smpp.Address(ton=256)),
        smpp.SubmitSm(service_type="a\0b"),
        smpp.SubmitSm(short_message=b"x" * 256),
        smpp.SubmitSm(validity_period="2 days"),
        smpp.SubmitSm(tlvs=(smpp.Tlv(0x0424, b"x" * 65536),)),
        smpp.SubmitSm(esm_class=-1),
        smpp.SubmitSm(sequence=2**32),
        smpp.SubmitMulti(destinations=(smpp.DistributionList("x"),) * 256),
        smpp.SubmitSmResp(message_id="x" * 65),
    ],
)
def test_values_that_do_not_fit_are_not_sent(pdu: Pdu) -> None:
    """Our own mistakes are found before a byte leaves."""
    with pytest.raises(smpp.EncodeError):
        smpp.encode(pdu)


def test_a_password_never_stands_in_a_repr() -> None:
    """Logs may hold a PDU."""
    assert "hunter2" not in repr(smpp.Outbind(password="hunter2"))
    assert "hunter2" not in f"{smpp.BindTransceiver(password='hunter2')}"


def test_parameters_are_read_whatever_their_width() -> None:
    """A number may be too wide and a string may lack its NUL."""
    pdu = smpp.DeliverSm(tlvs=(smpp.Tlv(0x0427, b"\0\2"), smpp.Tlv(0x001E, b"abc")))
    assert pdu.tlv_number(smpp.Tag.MESSAGE_STATE) == 2
    assert pdu.tlv_string(smpp.Tag.RECEIPTED_MESSAGE_ID) == "abc"
    assert pdu.tlv_number(smpp.Tag.SAR_MSG_REF_NUM) is None


def test_a_reply_echoes_the_sequence() -> None:
    """Any 32 bits come back, and what has no response is answered by generic_nack."""
    submit = smpp.SubmitSm(0xFFFFFFFF)
    assert smpp.reply(submit, message_id="1") == smpp.SubmitSmResp(0xFFFFFFFF, message_id="1")
    alert = smpp.AlertNotification(0)
    assert smpp.reply(alert, 4) == smpp.GenericNack(0, 4)
