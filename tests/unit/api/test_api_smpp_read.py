"""What a client may write into a submit, and that nothing it writes breaks the reader."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.api.smpp.answers import Denied
from magpie.api.smpp.read import each, read
from magpie.esmes import actions
from magpie.messages.request import MAX_BODY, VALIDITY
from magpie.protocols.smpp import Address, DataSm, DistributionList, SubmitMulti, SubmitSm, Tag, Tlv

ESME = actions._new("AC" + "0" * 32, "shop", b"")
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
OCTET = st.integers(0, 255)
ADDRESS = st.builds(Address, OCTET, OCTET, st.text("+0123456789aé ", max_size=20))
TAGS = st.sampled_from(
    [
        Tag.MESSAGE_PAYLOAD,
        Tag.SAR_MSG_REF_NUM,
        Tag.SAR_TOTAL_SEGMENTS,
        Tag.SAR_SEGMENT_SEQNUM,
        Tag.DESTINATION_PORT,
        Tag.USER_MESSAGE_REFERENCE,
        Tag.QOS_TIME_TO_LIVE,
    ]
)
COMMON: dict[str, Any] = {
    "source": ADDRESS,
    "destination": ADDRESS,
    "esm_class": OCTET,
    "data_coding": OCTET,
    "registered_delivery": OCTET,
    "tlvs": st.lists(st.builds(Tlv, TAGS, st.binary(max_size=40)), max_size=5).map(tuple),
}
SUBMIT = st.builds(
    SubmitSm,
    short_message=st.binary(max_size=60),
    validity_period=st.text("0123456789R+-", max_size=16),
    **COMMON,
)
DATA = st.builds(DataSm, **COMMON)


@given(pdu=SUBMIT | DATA)
def test_whatever_comes_is_read_or_denied(pdu: SubmitSm | DataSm) -> None:
    """There is no third way."""
    try:
        asked = read(pdu, ESME, NOW, b"")
    except Denied:
        return
    assert len(asked.body) <= MAX_BODY
    assert asked.validity is None or 1 <= asked.validity <= VALIDITY
    assert asked.concat is None or asked.concat.total > 1
    asked.body.encode()


@pytest.mark.parametrize(
    ("address", "number"),
    [
        (Address(1, 1, "15017122661"), "+15017122661"),
        (Address(1, 1, "+15017122661"), "+15017122661"),
        (Address(0, 0, "15017122661"), "+15017122661"),
        (Address(2, 1, "5017122661"), "+15017122661"),
        (Address(0, 1, "447700900123"), "+447700900123"),
        (Address(3, 0, "70707"), "70707"),
        (Address(5, 0, "Shop"), "Shop"),
        (Address(5, 0, "12345"), "12345"),
        (Address(0, 0, "Shop"), "Shop"),
        (Address(), ""),
    ],
)
def test_numbers(address: Address, number: str) -> None:
    """However a client writes its numbers."""
    pdu = SubmitSm(source=address, destination=Address(1, 1, "15558675310"), short_message=b"x")
    assert read(pdu, ESME, NOW, b"").from_ == number


@pytest.mark.parametrize(
    ("given_", "seconds"),
    [
        ("", None),
        ("000000000500000R", 300),
        ("000001000000000R", VALIDITY),
        ("260102030505000+", 60),
    ],
)
def test_validity(given_: str, seconds: int | None) -> None:
    """Relative or absolute, and never more than the queue keeps."""
    pdu = SubmitSm(validity_period=given_, short_message=b"x")
    assert read(pdu, ESME, NOW, b"").validity == seconds


def test_each_of_many() -> None:
    """A submit for every number, nothing for a list."""
    multi = SubmitMulti(
        source=Address(1, 1, "15017122661"),
        destinations=(Address(1, 1, "15558675310"), DistributionList("friends")),
        short_message=b"all",
        registered_delivery=1,
    )
    one, other = each(multi)
    assert other is None
    assert one is not None
    assert read(one, ESME, NOW, b"").to == "+15558675310"
    assert one.registered_delivery == 1
