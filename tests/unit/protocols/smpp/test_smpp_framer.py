import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.protocols import smpp
from magpie.protocols.smpp.pdu import Pdu

PDUS = st.sampled_from(
    [
        smpp.EnquireLink(1),
        smpp.SubmitSm(2, short_message=b"x" * 160),
        smpp.SubmitSmResp(3, message_id="abc"),
        smpp.DataSm(4, tlvs=(smpp.Tlv(smpp.Tag.MESSAGE_PAYLOAD, b"x" * 3000),)),
        smpp.GenericNack(0, 3),
    ]
)


@given(st.lists(PDUS, min_size=1, max_size=4), st.data())
@settings(max_examples=60, deadline=None)
def test_frames_do_not_depend_on_how_octets_arrive(pdus: list[Pdu], data: st.DataObject) -> None:
    """However the network cuts the stream, the same PDUs come out."""
    stream = b"".join(map(smpp.encode, pdus))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    framer = smpp.Framer()
    frames: list[bytes] = []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        frames += framer.feed(stream[start:end])
    assert frames == [smpp.encode(pdu) for pdu in pdus]


def test_a_pdu_may_be_split_at_every_octet() -> None:
    """Two PDUs cut once, anywhere, and one octet at a time."""
    stream = smpp.encode(smpp.SubmitSm(1, short_message=b"x")) + smpp.encode(smpp.EnquireLink(2))
    for cut in range(len(stream) + 1):
        framer = smpp.Framer()
        assert len(framer.feed(stream[:cut]) + framer.feed(stream[cut:])) == 2
    framer = smpp.Framer()
    assert sum(len(framer.feed(bytes((octet,)))) for octet in stream) == 2


@pytest.mark.parametrize("length", [0, 2, 8, 15, 0x11001, 2**16 * 16, 2**31, 2**32 - 1])
def test_a_senseless_length_loses_the_stream(length: int) -> None:
    """Known from four octets; what came before stands, what comes after is thrown away."""
    framer = smpp.Framer()
    good = smpp.encode(smpp.EnquireLink(1))
    assert framer.feed(good + length.to_bytes(4, "big")) == [good]
    assert framer.lost is not None
    assert framer.lost.status == smpp.Status.RINVCMDLEN
    assert framer.feed(good) == []


def test_the_longest_payload_passes() -> None:
    """message_payload may hold 65,535 octets, and the cap leaves room for it."""
    pdu = smpp.DataSm(1, tlvs=(smpp.Tlv(smpp.Tag.MESSAGE_PAYLOAD, b"x" * 65535),))
    assert smpp.Framer().feed(smpp.encode(pdu)) == [smpp.encode(pdu)]


def test_the_cap_can_be_set() -> None:
    """An operator who wants smaller PDUs gets them."""
    framer = smpp.Framer(max_length=20)
    framer.feed((21).to_bytes(4, "big"))
    assert framer.lost is not None
