"""Contact cards as phones write them, and as strangers might."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.links.page.vcard import MOST_CARDS, Card, Entry, cards


def card(*lines: str, codec: str = "utf-8") -> bytes:
    return "\r\n".join(["BEGIN:VCARD", *lines, "END:VCARD", ""]).encode(codec)


def one(*lines: str) -> Card:
    (found,) = cards(card(*lines))
    return found


def test_a_card_of_a_phone() -> None:
    """Name, job, numbers with their kinds, mails; what else it holds is not shown."""
    found = one(
        "VERSION:3.0",
        "N:Doe;Jane;Q.;Dr.;",
        "FN:Dr. Jane Q. Doe",
        "ORG:Example\\, Inc.;Sales",
        "TITLE:Head of Sales",
        "TEL;type=CELL;type=VOICE;type=pref:+1 (555) 010-0199",
        "item1.TEL;TYPE=work:+1 555 0101,,22#",
        "EMAIL;TYPE=INTERNET;TYPE=HOME:jane@example.com",
        "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ",
    )
    assert found.name == "Dr. Jane Q. Doe"
    assert (found.organisation, found.title) == ("Example, Inc., Sales", "Head of Sales")
    assert found.numbers == (
        Entry("+1 (555) 010-0199", "Mobile", "tel:+15550100199"),
        Entry("+1 555 0101,,22#", "Work", "tel:+15550101,,22%23"),
    )
    assert found.mails == (Entry("jane@example.com", "Home", "mailto:jane@example.com"),)


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (["FN:Ann"], "Ann"),
        (["N:Doe;Jane"], "Jane Doe"),
        (["N:Doe;Jane;;Dr.;Jr."], "Dr. Jane Doe Jr."),
        (["FN:", "N:Doe"], "Doe"),
        (["ORG:Example"], "Example"),
        (["fn:small"], "small"),
        (["FN:a\\nb\\;c\\\\d"], "a b;c\\d"),
        (["FN:Fol", " ded", "\t name"], "Folded name"),
        (["FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=B6rg"], "J\u00f6rg"),
        (["FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:J=F6rg"], "J\u00f6rg"),
        (["FN;CHARSET=X-NONE;QUOTED-PRINTABLE:J=F6rg"], "J\u00f6rg"),
        (["FN;ENCODING=QUOTED-PRINTABLE:one =", "two"], "one two"),
        (["FN:a\u202eb\u200bc\x07d"], "a b c d"),
        (["FN:" + "x" * 500], "x" * 199 + "\u2026"),
    ],
)
def test_names(lines: list[str], name: str) -> None:
    """As written, else put together; unfolded, unescaped, in one line of bounded length."""
    assert one(*lines).name == name


@pytest.mark.parametrize(
    ("codec", "start"), [("utf-8", b""), ("utf-8-sig", b""), ("utf-16", b""), ("cp1252", b"")]
)
def test_charsets(codec: str, start: bytes) -> None:
    """UTF-8 with and without a mark, UTF-16, and what Windows wrote before."""
    assert cards(start + card("FN:J\u00f6rg", codec=codec))[0].name == "J\u00f6rg"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"BEGIN:VCARD",
        b"BEGIN:VCARD\nEND:VCARD",
        b"FN:nobody",
        b"END:VCARD\nFN:x\n",
        b"BEGIN:VCARD\nNOTE:only this\nEND:VCARD",
        b"\x00\xff" * 100,
    ],
)
def test_nothing_to_show(content: bytes) -> None:
    """A file without a name, a number or an address is no card."""
    assert cards(content) == []


def test_only_what_is_fit_becomes_a_link() -> None:
    """Numbers must be what can be dialled, mails must look like one; nothing else is linked."""
    found = one(
        "TEL:javascript:alert(1)",
        "TEL:none",
        "TEL;VALUE=uri:tel:+1-555-0100;ext=5",
        "EMAIL:a@b.example?bcc=c@d.example",
        "EMAIL:javascript:alert(1)",
        "EMAIL:x%0a@b.example",
    )
    assert [entry.link for entry in found.numbers] == [None, None, "tel:+15550100"]
    assert [entry.link for entry in found.mails] == [None, None, "mailto:x%250a@b.example"]


def test_there_is_an_end_to_everything() -> None:
    """Ten cards of a file, twenty numbers of a card, no number twice."""
    assert len(cards(card("FN:x") * 50)) == MOST_CARDS
    many = one(*(f"TEL:{n}" for n in range(100)), "TEL:0")
    assert len(many.numbers) == 20
    assert len(one("TEL:1", "TEL:1").numbers) == 1
    assert cards(card("FN:x", "PHOTO:" + "A" * 300_000)) == []


@given(st.binary(max_size=300), st.text(max_size=100))
def test_no_file_is_too_broken(noise: bytes, text: str) -> None:
    """Whatever the bytes are, there is an answer, and no line break in a value."""
    for found in cards(b"BEGIN:VCARD\nFN:x\n" + noise + text.encode() + b"\nEND:VCARD"):
        values = [found.name, found.organisation, *(entry.text for entry in found.numbers)]
        assert not any(set(value) & set("\r\n\0") for value in values)
