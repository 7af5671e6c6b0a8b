import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.protocols import mm1
from magpie.protocols.gsm import UserDataHeader
from magpie.protocols.mm1 import push

PNG = mm1.ContentType("image/png")


def part(**more: str) -> mm1.Part:
    return mm1.Part(content_type=PNG, data=b"x", **more)


def body(*parts: bytes, count: int | None = None) -> tuple[mm1.Part, ...]:
    header = b"\x8c\x84\x84\xb3" + bytes((len(parts) if count is None else count,))
    pdu = mm1.decode(header + b"".join(parts))
    assert isinstance(pdu, mm1.RetrieveConf)
    assert pdu.content is not None
    return pdu.content.parts


def raw(header: bytes, data: bytes) -> bytes:
    return bytes((len(header), len(data))) + header + data


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_a_count_that_is_wrong(count: int) -> None:
    """What is there counts, not what was announced."""
    parts = body(raw(b"\xa0", b"one"), raw(b"\x9e", b"two"), count=count)
    assert [one.data for one in parts] == [b"one", b"two"]


@pytest.mark.parametrize("name", ['"', '""', '"a"', 'a"', ""])
@pytest.mark.parametrize("parameter", ["name", "x-other"])
def test_quotes_in_parameters(parameter: str, name: str) -> None:
    """A mark at the beginning is one of the text, though WSP has one of its own there."""
    kind = mm1.ContentType("image/png", ((parameter, name),))
    content = mm1.Content(kind, (mm1.Part(content_type=kind, data=b"x"),))
    pdu = mm1.RetrieveConf(content=content)
    assert mm1.decode(mm1.encode(pdu)) == pdu


@pytest.mark.parametrize(
    ("header", "given"),
    [
        (b'\xa0\xc0"<pic>\0', {"content_id": "pic"}),
        (b"\xa0\xc0pic\0", {"content_id": "pic"}),
        (b"\xa0\x8epic.png\0", {"location": "pic.png"}),
        (b"\xa0Content-ID\0<pic>\0", {"content_id": "pic"}),
        (b"\xa0Content-Location\0pic.png\0", {"location": "pic.png"}),
        (b"\xa0\xae\x0a\x81\x86pic.png\0", {"filename": "pic.png"}),
        (b"\xa0\x99\x05\x01\x02\x03\x04\x05\x8epic.png\0", {"location": "pic.png"}),
    ],
)
def test_headers_of_parts(header: bytes, given: dict[str, str]) -> None:
    """As numbers or as words, quoted or not; unknown ones are passed over."""
    (one,) = body(raw(header, b"x"))
    assert {name: getattr(one, name) for name in given} == given


@pytest.mark.parametrize(
    ("encoding", "data", "decoded"),
    [
        (b"base64", b"aGVsbG8=", b"hello"),
        (b"quoted-printable", b"a=3Db", b"a=b"),
        (b"base64", b"\xff", b""),
        (b"8bit", b"aGk=", b"aGk="),
    ],
)
def test_encodings_of_mail_inside(encoding: bytes, data: bytes, decoded: bytes) -> None:
    """They are undone, as samples from the field need it."""
    (one,) = body(raw(b"\x83\xc8" + encoding + b"\0", data))
    assert one.data == decoded


def test_a_part_that_claims_too_much() -> None:
    """It is an error: nobody knows where the next one begins."""
    with pytest.raises(mm1.DecodeError, match="announced"):
        body(bytes((1, 200)) + b"\xa0x")


def test_a_body_of_one_part() -> None:
    """A plain text beside a status, as centres answer what is not found."""
    pdu = mm1.decode(b"\x8c\x84\x99\xe2\x84\x83Not found")
    assert isinstance(pdu, mm1.RetrieveConf)
    assert pdu.content is not None
    assert pdu.content.parts[0].data == b"Not found"


@pytest.mark.parametrize(
    ("src", "found"),
    [
        ("cid:one", 0),
        ("cid:%6Fne", 0),
        ("two.png", 1),
        ("three", 2),
        ("TWO.PNG", 1),
        ("four.png", 3),
        ("nowhere", None),
    ],
)
def test_what_a_presentation_means(src: str, found: int | None) -> None:
    """By cid, location, or a name; letters' case counts last."""
    parts = (
        part(content_id="one", location="x"),
        part(content_id="2", location="two.png"),
        mm1.Part(content_type=mm1.ContentType("image/png", (("name", "three"),)), data=b""),
        part(filename="four.png"),
    )
    assert mm1.resolve(src, parts) is (None if found is None else parts[found])


@given(st.binary(min_size=1, max_size=900), st.integers(0, 255), st.randoms())
def test_a_push_in_short_messages(payload: bytes, reference: int, chance: object) -> None:
    """It comes together in whatever order its parts came, each no longer than 140 octets."""
    parts = push.split(push.wrap(payload, 9), reference)
    assert all(len(one) <= 140 for one in parts)
    assert all(push.is_push(UserDataHeader.split(one)[0]) for one in parts)
    chance.shuffle(parts)  # type: ignore[attr-defined]
    assert push.notification(parts) == payload
    if len(parts) > 1:
        assert push.notification(parts[1:]) is None


def test_octets_of_a_push() -> None:
    """Transaction, type, length and headers; behind the ports of WAP push."""
    (only,) = push.split(push.wrap(b"\x8c\x82", 1), 5)
    assert only == b"\x06\x05\x04\x0b\x84\x23\xf0" + b"\x01\x06\x03\xbe\xaf\x84" + b"\x8c\x82"


@pytest.mark.parametrize("data", [b"", b"\x01", b"\x01\x05\x00", b"\x01\x06\x7f"])
def test_what_is_no_push(data: bytes) -> None:
    """It is said so."""
    with pytest.raises(mm1.DecodeError):
        push.unwrap(data)
