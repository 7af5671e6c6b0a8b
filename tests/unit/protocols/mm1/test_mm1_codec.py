from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.protocols import mm1
from magpie.protocols.mm1 import values
from magpie.protocols.mm1.fields import BY_NAME, FIELDS
from magpie.protocols.mm1.pdu import KINDS, Pdu
from magpie.protocols.mm1.tables import CHARSETS, MEDIA

TEXT = st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]), max_size=40)
TOKEN = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=20)
OCTET = st.integers(0x80, 0xFF)
TIME = st.integers(0, 2**40) | st.builds(mm1.Relative, st.integers(0, 2**31))
MEDIA_NAME = st.sampled_from(
    [name.lower() for name in MEDIA.values() if "multipart" not in name]
) | st.just("application/smil")
CONTENT_TYPE = st.builds(
    mm1.ContentType,
    MEDIA_NAME,
    st.lists(
        st.tuples(st.sampled_from(["name", "filename", "start", "x-own"]), TOKEN)
        | st.tuples(st.just("charset"), st.sampled_from(["utf-8", "us-ascii", "big5"]))
        | st.tuples(st.just("type"), MEDIA_NAME),
        max_size=3,
        unique_by=lambda pair: pair[0],
    ).map(tuple),
)
PART = st.builds(
    mm1.Part,
    content_type=CONTENT_TYPE,
    data=st.binary(max_size=200),
    content_id=TOKEN.filter(lambda text: not text.startswith(('"', "<")) and text[-1:] not in '">'),
    location=TOKEN,
)
CONTENT = st.builds(
    mm1.Content,
    st.builds(
        mm1.ContentType,
        st.just(mm1.RELATED),
        st.just((("type", "application/smil"), ("start", "<smil>"))),
    ),
    st.lists(PART, max_size=4).map(tuple),
) | st.builds(
    lambda kind, part: mm1.Content(kind, (mm1.Part(content_type=kind, data=part),)),
    CONTENT_TYPE,
    st.binary(max_size=50),
)
VALUES = {
    "version": st.tuples(st.integers(0, 7), st.integers(0, 15)),
    "transaction_id": TOKEN,
    "message_class": st.integers(0x80, 0x83) | TOKEN,
    "content": CONTENT,
    "from_": TEXT.filter(bool),
    "others": st.just(()),
}
_BY_KIND: dict[str, st.SearchStrategy[Any]] = {
    "TEXT": TOKEN,
    "ENCODED": TEXT.filter(bool),
    "LONG": st.integers(0, 2**60),
    "TIME": TIME,
    "YES": st.booleans(),
    "OCTET": OCTET,
    "PREVIOUS_BY": st.builds(mm1.Previous, st.integers(0, 300), TEXT.filter(bool)),
    "PREVIOUS_DATE": st.builds(mm1.Previous, st.integers(0, 300), st.integers(0, 2**40)),
}


def strategy_of(name: str) -> st.SearchStrategy[Any]:
    if name in VALUES:
        return VALUES[name]
    field = BY_NAME[name]
    kind = next(key for key in _BY_KIND if getattr(values, key) is field.kind)
    one = _BY_KIND[kind]
    return st.lists(one, max_size=3).map(tuple) if field.many else one


def pdus() -> st.SearchStrategy[Pdu]:
    of_each = [
        st.builds(kind, **{name: strategy_of(name) for name in kind.__struct_fields__})
        for kind in KINDS.values()
    ]
    return st.one_of(*of_each)


@given(pdus())
def test_what_is_written_is_read(pdu: Pdu) -> None:
    """Every message with whatever in its fields, and with all of them."""
    assert mm1.decode(mm1.encode(pdu)) == pdu


SEND = mm1.SendReq(
    transaction_id="T1",
    to=("+15558675310/TYPE=PLMN",),
    subject="Bird",
    delivery_report=True,
    content=mm1.Content(
        mm1.ContentType(mm1.RELATED, (("type", "application/smil"), ("start", "<smil>"))),
        (
            mm1.Part(
                content_type=mm1.ContentType("application/smil"),
                data=b"<smil/>",
                content_id="smil",
                location="p.smil",
            ),
            mm1.Part(content_type=mm1.ContentType("image/png"), data=b"\x89PNG", location="a.png"),
        ),
    ),
)


def test_octets_of_a_message() -> None:
    """Each field as the specification writes it: type, transaction and version first, body last."""
    assert (
        mm1.encode(SEND)
        == b"".join(
            (
                b"\x8c\x80",  # m-send-req
                b"\x98T1\0",
                b"\x8d\x92",  # version 1.2
                b"\x89\x01\x81",  # the centre inserts who sends
                b"\x97+15558675310/TYPE=PLMN\0",
                b"\x96Bird\0",
                b"\x86\x80",  # a report is wanted
                b"\x84\x1b\xb3\x89application/smil\0\x8a<smil>\0"[:1],
                b"\x1b\xb3\x89application/smil\0\x8a<smil>\0",
                b"\x02",
                b'\x22\x07application/smil\0\x8ep.smil\0\xc0"<smil>\0<smil/>',
                b"\x08\x04\xa0\x8ea.png\0\x89PNG",
            )
        )
    )


@pytest.mark.parametrize(
    ("octets", "name", "value"),
    [
        (b"\x96Hello\0", "subject", "Hello"),
        (
            b"\x96\x08\xeaGr\xc3\xbc\xc3\x9f\0",
            "subject",
            "Grüß",
        ),
        (b"\x96\x05\x84Gr\xfc\0", "subject", "Grü"),
        (b"\x96\x07\x02\x03\xe8\0A\0B", "subject", "AB"),
        (b"\x96\x0a\x02\x03\xf7\xff\xfeA\0B\0\0", "subject", "AB"),
        (b"\x96\x7f\xc3\xa4\0", "subject", "ä"),
        (b"\x96Gr\xfc\xdf\0", "subject", "Grüß"),
        (b"\x89\x07\x80+1555\0", "from_", "+1555"),
        (b"\x89\x01\x81", "from_", None),
        (b"\x88\x05\x81\x03\x01\x51\x80", "expiry", mm1.Relative(86400)),
        (b"\x88\x06\x80\x04\x65\x53\xf1\0", "expiry", 0x6553F100),
        (b"\x8a\x80", "message_class", 0x80),
        (b"\x8aauto-like\0", "message_class", "auto-like"),
        (b"\x8f\xff", "priority", 0xFF),
        (b"\x86\x81", "delivery_report", False),
        (b"\x8d\x93", "version", (1, 3)),
    ],
)
def test_fields_as_senders_write_them(octets: bytes, name: str, value: object) -> None:
    """Charsets, short forms, missing quotes, numbers that no table has."""
    pdu = mm1.decode(b"\x8c\x80\x98T\0" + octets)
    assert getattr(pdu, name) == value


def test_what_is_not_known_is_kept() -> None:
    """Fields of later versions, application headers, and fields in any order do no harm."""
    data = b"X-Own\0yes\0\x8d\x92\xc0\x80\xc1\x02ab\xc2text\0\x98T\0\x8c\x85"
    pdu = mm1.decode(data)
    assert isinstance(pdu, mm1.AcknowledgeInd)
    assert pdu.transaction_id == "T"
    assert pdu.others == ((0xC0, b"\x80"), (0xC1, b"\x02ab"), (0xC2, b"text\0"))
    again = mm1.decode(mm1.encode(pdu))
    assert again == pdu


def test_a_message_of_a_mailbox() -> None:
    """Types that have no value of their own go through as they are."""
    data = b"\x8c\x8d\x98T\0\x8d\x93\xac\x05hello"
    pdu = mm1.decode(b"\x8c\x8d\x98T\0\x8d\x93\xb3\x01\x05")
    assert isinstance(pdu, mm1.Unread)
    assert (pdu.message_type, pdu.transaction_id) == (0x8D, "T")
    assert mm1.encode(pdu) == b"\x8c\x8d\x98T\0\x8d\x93\xb3\x01\x05"
    assert isinstance(mm1.decode(data), mm1.Unread)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no message type"),
        (b"\x98T\0", "no message type"),
        (b"\x8c", "ends too soon"),
        (b"\x8c\x80", "has no transaction_id"),
        (b"\x8c\x81\x98T\0", "response_status"),
        (b"\x8c\x80\x98T\0\x96\x1f\xff\xff\xff\xff\xff", "more than five"),
        (b"\x8c\x80\x98T\0\x96\x10\xea", "announced"),
        (b"\x8c\x80\x98T\0\x85\x00", "an integer of 0"),
        (b"\x8c\x80\x98T\0\x88\x03\x85\x01\x01", "neither a moment"),
        (b"\x8c\x80\x98T\0\x8f\x10", "no number of a table"),
        (b"\x8c\x80\x98T\0" + b"\xc0\x80" * 2000, "more than 1000 fields"),
        (b"\x8c\x80\x98T\0\x84\xa3\x01\x05\xff\xff\xff\xff\x7f", "more than five|announced"),
    ],
)
def test_what_is_no_message(data: bytes, why: str) -> None:
    """It is told why, and where."""
    with pytest.raises(mm1.DecodeError, match=why):
        mm1.decode(data)


def test_every_beginning_of_a_message() -> None:
    """However early it stops, it is a message or an error, never anything else."""
    data = mm1.encode(SEND)
    for end in range(len(data)):
        try:
            mm1.decode(data[:end])
        except mm1.DecodeError:
            continue


@given(st.binary(max_size=300), st.integers(0, 200), st.integers(0, 255))
def test_any_octets(data: bytes, place: int, octet: int) -> None:
    """Noise, and messages with one octet changed."""
    changed = bytearray(mm1.encode(SEND))
    changed[place % len(changed)] = octet
    for octets in (data, b"\x8c\x84" + data, bytes(changed)):
        try:
            mm1.decode(octets)
        except mm1.DecodeError:
            continue


@pytest.mark.parametrize(
    "pdu",
    [
        mm1.SendReq(transaction_id="a\0b"),
        mm1.SendConf(transaction_id="T", response_status=5),
        mm1.SendReq(transaction_id="T", date=-1),
        mm1.SendReq(transaction_id="T", version=(9, 0)),
    ],
)
def test_what_no_field_can_hold(pdu: Pdu) -> None:
    """It is our fault, and said as that."""
    with pytest.raises(mm1.EncodeError):
        mm1.encode(pdu)


def test_statuses() -> None:
    """Numbers that nobody knows are told by their range."""
    assert mm1.is_ok(0x80)
    assert mm1.is_ok(0xC4)
    assert [mm1.is_transient(one) for one in (0xC0, 0xD7, 0x86, 0xE0, 0xFF, 0x82)] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


def test_tables_are_sound() -> None:
    """No number twice, every charset one that Python knows."""
    assert len({field.number for field in FIELDS}) == len(FIELDS)
    for name in CHARSETS.values():
        "x".encode(name)


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("+15558675310/TYPE=PLMN", "+15558675310"),
        ("15558675310/type=plmn", "15558675310"),
        ("+1 (555) 867-5310", "+15558675310"),
        ("a@b.example", "a@b.example"),
        ("10.0.0.1/TYPE=IPv4", "10.0.0.1"),
        ("12345/TYPE=PLMN", "12345"),
    ],
)
def test_addresses(written: str, bare: str) -> None:
    """Without what says of which type they are; numbers without their spelling."""
    assert mm1.bare(written) == bare
    assert mm1.bare(mm1.typed(bare)) == bare


def test_words_for_people() -> None:
    """Each field by its name, its value and its octets; parts by their types and sizes."""
    lines = mm1.dump(mm1.encode(SEND))
    assert lines[0].split() == ["X-Mms-Message-Type", "send-req", "8c", "80"]
    assert any("insert who sends" in line for line in lines)
    assert lines[-1] == "part 2: image/png, 4 bytes, a.png"
    assert mm1.dump(b"\x8c\x80\x85\x00")[-1].startswith("not readable")
    assert mm1.dump(mm1.push.wrap(mm1.encode(SEND), 7)) == lines
