"""What is written is read; nothing breaks out of its line."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.protocols import mime, mm4
from magpie.protocols.mm4.fields import FIELDS

WORD = st.from_regex(re.compile(r"[A-Za-z0-9.+-]{1,20}"), fullmatch=True)
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30).map(
    lambda text: text.strip().replace("=?", "")
)
DATE = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)
DOMAIN = st.sampled_from(["", "mms.mnc012.mcc345.gprs", "mms.operator.example"])
ADDRESS = st.one_of(
    st.builds(
        mm4.Address,
        st.from_regex(re.compile(r"\+[0-9]{3,15}"), fullmatch=True),
        st.just(mm4.AddressKind.NUMBER),
        DOMAIN,
    ),
    st.builds(
        mm4.Address,
        st.from_regex(re.compile(r"[0-9]{3,8}"), fullmatch=True),
        st.just(mm4.AddressKind.SHORT_CODE),
        DOMAIN,
    ),
    st.builds(mm4.Address, st.just("192.0.2.7"), st.just(mm4.AddressKind.IPV4), DOMAIN),
    st.builds(mm4.Address, st.just("2001:db8::7"), st.just(mm4.AddressKind.IPV6), DOMAIN),
    st.just(mm4.Address("a.b+c@mail.example", mm4.AddressKind.EMAIL)),
)
LEAF = st.builds(
    lambda kind, body: mime.Part((("Content-Type", kind), ("Content-ID", "<a>")), body),
    st.sampled_from(["image/jpeg", "text/plain; charset=utf-8", "application/smil"]),
    st.binary(max_size=200) | st.sampled_from([b"one\r\ntwo", b".\r\n.\r\n", b"x" * 2000]),
)
WHOLE = st.lists(LEAF, min_size=1, max_size=3).map(
    lambda parts: mime.Part((("Content-Type", "multipart/mixed"),), b"", tuple(parts))
)
NAMED: dict[str, st.SearchStrategy[Any]] = {
    "transaction_id": WORD | st.just('"quoted"'),
    "message_id": WORD | st.just("<brackets@x>"),
    "version": st.sampled_from(["5.5.0", "6.16.0"]),
    "mail_id": WORD,
    "from_": ADDRESS,
    "sender": st.none() | ADDRESS,
    "originator_system": st.none() | ADDRESS,
    "to": st.lists(ADDRESS, min_size=1, max_size=40).map(tuple),
    "cc": st.lists(ADDRESS, max_size=3).map(tuple),
    "recipients": st.lists(ADDRESS, max_size=3).map(tuple),
    "date": DATE,
    "expiry": st.none() | DATE | st.integers(0, 10**8).map(lambda left: timedelta(seconds=left)),
    "subject": TEXT,
    "status_text": TEXT,
    "status": st.sampled_from([*map(str, mm4.RequestStatus), "Error-vendor"]),
    "mm_status": st.sampled_from([*map(str, mm4.MmStatus)]),
    "read_status": st.sampled_from([*map(str, mm4.ReadStatus)]),
    "extension": st.sampled_from(["", *map(str, mm4.Extension)]),
    "message_class": st.sampled_from(["", "Personal", "Auto", "Vendor"]),
    "forward_counter": st.none() | st.integers(0, 99),
    "previously_sent_by": st.lists(WORD, max_size=2).map(tuple),
    "previously_sent_at": st.lists(WORD, max_size=2).map(tuple),
    "content": LEAF | WHOLE,
}
FLAGS = (
    "ack_request",
    "to_originator",
    "drm_content",
    "adaptation_allowed",
    "read_reply",
    "delivery_report",
    "originator_delivery_report",
)
KINDS: list[type[mm4.Message]] = [
    mm4.ForwardReq,
    mm4.ForwardRes,
    mm4.DeliveryReportReq,
    mm4.DeliveryReportRes,
    mm4.ReadReplyReq,
    mm4.ReadReplyRes,
]


def _any_of(kind: type[mm4.Message]) -> st.SearchStrategy[mm4.Message]:
    names = [one.name for one in msgspec.structs.fields(kind)]
    flag = st.none() | st.booleans()
    given_ = {name: NAMED.get(name, flag if name in FLAGS else st.just("")) for name in names}
    return st.builds(kind, **given_)


MESSAGES = st.one_of([_any_of(kind) for kind in KINDS])


def _comparable(message: mm4.Message) -> mm4.Message:
    if not isinstance(message, mm4.ForwardReq):
        return message
    return msgspec.structs.replace(message, content=_bare(message.content))


def _bare(part: mime.Part) -> mime.Part:
    kind = part.content_type
    text = str(mime.Value(kind.text, tuple(p for p in kind.parameters if p[0] != "boundary")))
    others = tuple(pair for pair in part.headers if pair[0].lower() == "content-id")
    return mime.Part((("Content-Type", text), *others), part.body, tuple(map(_bare, part.parts)))


@given(MESSAGES, st.booleans())
@settings(max_examples=300, deadline=None)
def test_what_is_written_is_read(message: mm4.Message, eight_bit: bool) -> None:
    """Every message with every field, in seven bits or eight, in lines that mail can carry."""
    mail = mm4.write(message, eight_bit=eight_bit)
    assert _comparable(mm4.read(mail)) == _comparable(message)
    lines = mail.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert not any(b"\r" in line or b"\n" in line or b"\0" in line for line in lines)
    assert eight_bit or mail.isascii()


@given(MESSAGES)
@settings(max_examples=100, deadline=None)
def test_a_dump_says_what_there_is(message: mm4.Message) -> None:
    """A line for each field; none runs into the next."""
    shown = mm4.dump(message)
    assert shown.startswith(message.type_)
    assert message.transaction_id in shown


REQUEST = mm4.ForwardReq(
    transaction_id="t1",
    message_id="m1",
    from_=mm4.Address("+15017122661"),
    to=(mm4.Address("+15558675310", domain="mms.example"),),
    date=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    content=mime.Part((("Content-Type", "text/plain"),), b"hello"),
)


def test_a_mail_to_look_at() -> None:
    """The headers as the standard has them, and the body in base64."""
    assert mm4.write(REQUEST).split(b"\r\n") == [
        b"X-Mms-Message-Type: MM4_forward.REQ",
        b"X-Mms-Transaction-ID: t1",
        b"X-Mms-Message-ID: m1",
        b"X-Mms-3GPP-MMS-Version: 6.3.0",
        b"To: +15558675310/TYPE=PLMN@mms.example",
        b"Date: Fri, 02 Jan 2026 03:04:05 +0000",
        b"From: +15017122661/TYPE=PLMN",
        b"MIME-Version: 1.0",
        b"Content-Type: text/plain",
        b"Content-Transfer-Encoding: base64",
        b"",
        b"aGVsbG8=",
    ]


@pytest.mark.parametrize("field", [name for name in FIELDS if name not in {"date", "expiry"}])
@pytest.mark.parametrize(
    "evil", ["a\r\nRCPT TO:<x@y>", "a\nX-Mms-Ack-Request: Yes", "a\0b", "a\rb"]
)
def test_no_value_becomes_a_header(field: str, evil: str) -> None:
    """Neither in a text nor in an address."""
    kinds = [kind for kind in KINDS if field in {f.name for f in msgspec.structs.fields(kind)}]
    base: dict[str, Any] = {
        "from_": mm4.Address("1"),
        "to": (mm4.Address("1"),),
        "status": "Ok",
        "mm_status": "Read",
        "read_status": "Read",
        "date": REQUEST.date,
        "transaction_id": "t",
        "message_id": "m",
    }
    if field in {"from_", "sender", "originator_system"}:
        value: Any = mm4.Address(evil)
    elif field in {"to", "cc", "recipients"}:
        value = (mm4.Address("1", domain=evil),)
    elif field.startswith("previously"):
        value = (evil,)
    elif field in {*FLAGS, "forward_counter"}:
        return
    else:
        value = evil
    for kind in kinds:
        names = {one.name for one in msgspec.structs.fields(kind)}
        fields = {name: given for name, given in (base | {field: value}).items() if name in names}
        with pytest.raises(mm4.WriteError):
            mm4.write(kind(**fields))


@pytest.mark.parametrize(
    "changes",
    [
        {"transaction_id": ""},
        {"from_": None},
        {"date": None},
        {"to": ()},
        {"subject": "x" * 1200},
        {"to": (mm4.Address("+1"),) * 1001},
        {"content": mime.Part((("Content-Type", "multipart/mixed; boundary=b"),), b"a\nb")},
        {"content": mime.Part((("Content-Type", "multipart/mixed; boundary=b"),), b"x" * 999)},
        {"content": mime.Part((("Content-Type", "multipart/mixed; boundary=b"),), b"\xff")},
        {"content": mime.Part((("Content-Type", "a/b\r\nX: y"),), b"")},
    ],
    ids=range(10),
)
def test_what_no_mail_can_carry(changes: dict[str, Any]) -> None:
    """Ends in our own error and not in a mail."""
    with pytest.raises(mm4.WriteError):
        mm4.write(msgspec.structs.replace(REQUEST, **changes))


def test_multiparts_of_wap() -> None:
    """They have no place in mail, on the way out or in."""
    part = mime.Part((("Content-Type", "text/plain"),), b"hello")
    wap = "application/vnd.wap.multipart.related; type=a"
    inner = mime.Part((("Content-Type", wap),), b"", (part,))
    whole = mime.Part((("Content-Type", wap),), b"", (inner, part))
    mail = mm4.write(msgspec.structs.replace(REQUEST, content=whole))
    assert b"wap" not in mail
    found = mm4.read(
        mail.replace(b"Type: multipart/related", b"Type: Application/vnd.wap.multipart.related", 1)
    )
    assert isinstance(found, mm4.ForwardReq)
    assert [part.content_type.text for part in found.content.parts] == [
        "multipart/related",
        "text/plain",
    ]
