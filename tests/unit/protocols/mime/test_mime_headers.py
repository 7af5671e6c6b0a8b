import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.protocols.mime import (
    Value,
    WriteError,
    decode_words,
    encode_words,
    parse_headers,
    parse_value,
    write_headers,
)

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200)


@pytest.mark.parametrize(
    ("header", "name", "value"),
    [
        ("text/plain; charset=utf-8", "charset", "utf-8"),
        ('Text/Plain ; Charset = "UTF-8" ;x=1', "charset", "UTF-8"),
        ('multipart/related; start="<a;b>"; boundary=x', "boundary", "x"),
        ('multipart/related; start="<a;b>"; boundary=x', "start", "<a;b>"),
        (r'a/b; name="say \"hi\" \\"', "name", r'say "hi" \ '.rstrip()),
        ('a/b; name="open', "name", "open"),
        ('a/b; name="a" junk; x=1', "x", "1"),
        ("a/b; name=a b; x=1", "name", "a"),
        ("a/b;;; name=a", "name", "a"),
        ("a/b; flag; name=a", "name", "a"),
        ("a/b; name=a; name=b", "name", "a"),
        ("a/b; name*=utf-8''Gr%C3%BC%C3%9Fe", "name", "Grüße"),
        ("a/b; name*=iso-8859-1'de'Gr%FC%DFe", "name", "Grüße"),
        ("a/b; name*0=one; name*1=two", "name", "onetwo"),
        ("a/b; name*1*=%C3%BC; name*0*=utf-8''Gr; name*2=e", "name", "Grüe"),
        ("a/b; name*=nothing", "name", "nothing"),
        ("a/b; name==?utf-8?Q?Gr=C3=BC=C3=9Fe?=", "name", "Grüße"),
        ('a/b; name="=?utf-8?B?R3LDvMOfZQ==?="', "name", "Grüße"),
        ("a/b; name=", "name", ""),
        ("a/b", "name", ""),
    ],
)
def test_parameters(header: str, name: str, value: str) -> None:
    """In all the forms that senders write, right and wrong."""
    assert parse_value(header)[name] == value


def test_the_type_is_in_lower_case() -> None:
    """Types and names of parameters have no case, values have."""
    found = parse_value(" Image/JPEG; Name=A")
    assert (found.text, found.family, found.parameters) == ("image/jpeg", "image", (("name", "A"),))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Value("a/b"), "a/b"),
        (Value("a/b", (("x", "1"),)), "a/b; x=1"),
        (Value("a/b", (("type", "text/xml"), ("s", "<a>"))), 'a/b; type="text/xml"; s="<a>"'),
        (Value("a/b", (("x", 'say "hi" \\'),)), r'a/b; x="say \"hi\" \\"'),
        (Value("a/b", (("x", "ü b"),)), "a/b; x*=utf-8''%C3%BC%20b"),
        (Value("a/b", (("x", "1"),)).with_parameter("x", ""), 'a/b; x=""'),
    ],
)
def test_parameters_are_written(value: Value, written: str) -> None:
    """Quoted where they must be, percent-encoded where they are no ASCII."""
    assert str(value) == written


@given(TEXT)
def test_parameters_come_back(text: str) -> None:
    """Whatever a parameter says, it is read as it was written."""
    if "=?" not in text:
        assert parse_value(str(Value("a/b", (("x", text), ("y", "z")))))["x"] == text


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("plain", "plain"),
        ("=?utf-8?q?a_b=C3=BC?=", "a bü"),
        ("=?utf-8?B?w7w=?= =?utf-8?B?w58=?=", "üß"),
        ("=?utf-8?B?w7w?= x =?ISO-8859-1*de?Q?=FC?=", "ü x ü"),
        ("=?utf-8?B?A?=", "=?utf-8?B?A?="),
        ("=?what?Q?a?=", "a"),
        ("=?utf-8?X?a?=", "=?utf-8?X?a?="),
    ],
)
def test_encoded_words(written: str, text: str) -> None:
    """Read with any mistake that leaves a meaning."""
    assert decode_words(written) == text


@given(TEXT)
def test_words_come_back(text: str) -> None:
    """Encoded words are ASCII of at most 75 characters each."""
    written = encode_words(text)
    assert written.isascii()
    if not text.isascii():
        assert decode_words(written) == text
        assert all(len(word) <= 75 for word in written.split(" "))


def test_headers_are_read_as_they_come() -> None:
    """Folded, with blanks, in Latin-1; what is no field is left out."""
    block = b"A: 1\r\nB :2\n\t3\r\nrubbish\r\n: none\r\nC:\r\nD: \xfc"
    assert parse_headers(block) == (("A", "1"), ("B", "2 3"), ("C", ""), ("D", "ü"))


@pytest.mark.parametrize(
    "pair",
    [
        ("A", "1\r\nB: 2"),
        ("A", "1\nB: 2"),
        ("A", "1\rB"),
        ("A", "\0"),
        ("A\r\nB", "1"),
        ("A: 1", "2"),
        ("", "1"),
        ("Ä", "1"),
        ("A", "ü\r\nB: 2"),
    ],
)
def test_nothing_makes_a_line_of_its_own(pair: tuple[str, str]) -> None:
    """A value with a line break is our mistake, and never reaches the wire."""
    with pytest.raises(WriteError):
        write_headers([pair])


def test_long_headers_are_folded() -> None:
    """At blanks, below the 998 octets of a line, and they come back whole."""
    value = ", ".join(f"+1555{number:07}/TYPE=PLMN@mms.example" for number in range(200))
    written = write_headers([("To", value), ("X", "y" * 2000)])
    assert parse_headers(written) == (("To", value), ("X", "y" * 2000))
    assert max(map(len, written.partition(b"\r\nX: ")[0].split(b"\r\n"))) < 998
