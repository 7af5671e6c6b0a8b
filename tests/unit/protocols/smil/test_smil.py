import re
from itertools import chain

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from magpie.protocols.smil import (
    MOST_BYTES,
    MOST_SLIDES,
    Part,
    Shown,
    Slide,
    names,
    order,
    presentation,
    read,
)

TYPES = [
    "image/jpeg",
    "image/png",
    "video/mp4",
    "audio/amr",
    "text/plain; charset=utf-8",
    "text/vcard",
    "text/calendar",
    "application/pdf",
]
ANY_NAME = st.text(st.characters(codec=None, exclude_categories=()), max_size=12)
ANY_PARTS = st.lists(
    st.builds(
        Part,
        st.sampled_from([*TYPES, "", "IMAGE/GIF", "application/smil"]),
        ANY_NAME,
        st.floats(),
        ANY_NAME,
        ANY_NAME,
    ),
    max_size=12,
)
NAMED = st.lists(
    st.tuples(
        st.sampled_from(TYPES),
        st.text(
            st.characters(min_codepoint=0x20, max_codepoint=0xFFFD, exclude_categories=["Cs"]),
            min_size=1,
            max_size=12,
        ),
    ),
    max_size=12,
    unique_by=lambda named: named[1],
).map(lambda all_: [Part(*one) for one in all_])


def slides(parts: list[Part]) -> list[list[str]]:
    return [[shown.src for shown in slide.shown] for slide in read(presentation(parts))]


def parts_of(kinds: str) -> list[Part]:
    """One part a letter, named after it and its place: i0 v1 a2 t3 c4 (a card)."""
    types = dict(zip("ivatc", ["image/png", *TYPES[2:6]], strict=True))
    return [Part(types[kind], f"{kind}{place}") for place, kind in enumerate(kinds)]


def test_the_form_is_the_one_that_handsets_take() -> None:
    """A picture and its text are one slide of five seconds, in regions of the usual names."""
    found = presentation([Part("image/jpeg", "image1.jpg"), Part("text/plain", "text1.txt")])
    assert found.decode() == (
        '<smil><head><layout><root-layout width="320" height="480" />'
        '<region id="Image" top="0" height="320" left="0" width="320" fit="meet" />'
        '<region id="Text" top="320" height="160" left="0" width="320" fit="scroll" />'
        '</layout></head><body><par dur="5s"><img src="image1.jpg" region="Image" />'
        '<text src="text1.txt" region="Text" /></par></body></smil>'
    )


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ("", []),
        ("t", [["t0"]]),
        ("i", [["i0"]]),
        ("it", [["i0", "t1"]]),
        ("ti", [["t0", "i1"]]),
        ("iit", [["i0", "t2"], ["i1"]]),
        ("iitt", [["i0", "t2"], ["i1", "t3"]]),
        ("itit", [["i0", "t1"], ["i2", "t3"]]),
        ("iv", [["i0"], ["v1"]]),
        ("iaa", [["i0", "a1"], ["a2"]]),
        ("aiat", [["a0", "i1", "t3"], ["a2"]]),
        ("tt", [["t0"], ["t1"]]),
        ("cic", [["i1"]]),
        ("c", []),
    ],
)
def test_slides(kinds: str, expected: list[list[str]]) -> None:
    """A slide shows one picture or film, one sound and one text; the first text opens."""
    assert slides(parts_of(kinds)) == expected


def test_what_has_no_name_is_an_attachment() -> None:
    """A part that cannot be referred to is not."""
    assert slides([Part("image/png"), Part("text/plain", "t")]) == [["t"]]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, 5),
        (4.2, 5),
        (5.1, 6),
        (61, 61),
        (-3, 5),
        (float("nan"), 5),
        (float("inf"), 86_400),
    ],
)
def test_a_slide_lasts_as_long_as_what_plays(seconds: float, expected: int) -> None:
    """Five seconds are the least, and the length of a film or a sound counts upwards."""
    [slide] = read(presentation([Part("text/plain", "t"), Part("audio/amr", "a", seconds)]))
    assert slide.seconds == expected


@given(NAMED)
def test_what_is_written_is_read(parts: list[Part]) -> None:
    """The order that the author meant is the order that the reader finds."""
    shown = [*chain.from_iterable(slides(parts))]
    rest = [part.name for part in parts if part.name not in shown]
    assert [parts[place].name for place in order(presentation(parts), parts)] == shown + rest
    kinds = re.compile("image|video|audio|text/plain")
    assert len(rest) == sum(not kinds.match(part.content_type) for part in parts)


@given(ANY_PARTS)
def test_every_presentation_is_well_formed(parts: list[Part]) -> None:
    """No name, however strange, makes it anything but XML in UTF-8."""
    found = presentation(parts)
    assert fromstring(found.decode(), forbid_dtd=True).tag == "smil"
    assert sorted(order(found, parts)) == [*range(len(parts))]


PIECES = [
    *("<", ">", "</", "/>", "par", "img", "src", "=", '"', "'", "&", "&#", "&#x110000;", "&amp;"),
    *("<!--", "-->", "<![CDATA[", "]]>", "<!DOCTYPE x [", "cid:", "%", "%ff", " ", "\0", "dur"),
    *("<par", "<img src=", "<par>", "</par>", "é", "\U0001d4ae", "9" * 20, "s"),
]


@given(
    st.one_of(
        st.binary(max_size=200),
        st.lists(st.sampled_from(PIECES), max_size=60).map(lambda all_: "".join(all_).encode()),
    ),
    ANY_PARTS,
)
def test_nothing_is_too_strange_to_read(content: bytes, parts: list[Part]) -> None:
    """Whatever comes, each part is shown once."""
    assert sorted(order(content, parts)) == [*range(len(parts))]


def body(inner: str) -> bytes:
    return f"<smil><body>{inner}</body></smil>".encode()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"<par><img src='a'/></par>", "a"),
        (b'<?xml version="1.0"?><!DOCTYPE smil PUBLIC "-//W3C" "x.dtd"><PAR><IMG SRC="a">', "a"),
        (b"<par><img src=a /></par>", "a"),
        (b"<par><img src=a/></par>", "a"),
        (b"<par><img\n\tsrc = 'a b'\n></par>", "a b"),
        (b'<par><img src="a&b.jpg"/></par>', "a&b.jpg"),
        (b'<par><img src="a&amp;b&#46;j&#x70;g"/></par>', "a&b.jpg"),
        (b'<par><img src="a&copy=1"/></par>', "a&copy=1"),
        (b'<par><img src="&#xD800;&#9999999;&nbsp;"/></par>', "&#xD800;&#9999999;&nbsp;"),
        (b'<par><img src="caf\xe9.jpg"/></par>', "café.jpg"),
        ('<par><img src="café.jpg" alt="'.encode() + b'\xe9"/></par>', "café.jpg"),
        ('<par><img src="é"/></par>'.encode("utf-16"), "é"),
        (b"\xef\xbb\xbf<par><img src='a'/></par>", "a"),
        (b"<par><s:img xmlns:s='urn:x' src='a'></s:img></par>", "a"),
        (b"<par><img alt='a>b' src='a'/></par>", "a"),
        (b"<par><img alt=Bob's src='a'/></par>", "a"),
        (b"<par><!-- <img src='b'/> --><img src='a'/></par>", "a"),
        (b"<par><img src='a' src='b'/></par>", "a"),
        (b"<par><img data-src='b' src='a'/></par>", "a"),
        (b"<par><img src='a'/><img src=''/><img/></par>", "a"),
        (b"<head><meta name='src' content='b'/></head><par><img src='a'", None),
        (b"<par><img src='a'/>" + b" " * MOST_BYTES, None),
        (b"\x89PNG\r\n\x1a\n", None),
        (b"", None),
    ],
)
def test_handsets_write_as_they_like(content: bytes, expected: str | None) -> None:
    """References are found in what no parser of XML would read; garbage has none."""
    found = [shown.src for slide in read(content) for shown in slide.shown]
    assert found == ([] if expected is None else [expected])


def test_slides_are_told_with_their_length() -> None:
    """A medium outside of all slides is one of its own, and an empty slide is one too."""
    inner = (
        "<par dur='2500ms'><img src='a' region='Image'/><text src='b'/></par>"
        "<audio src='c'/><par dur='1.5S'/><par dur='indefinite'><ref src='d'/></par>"
    )
    assert read(body(inner)) == [
        Slide((Shown("img", "a", "Image"), Shown("text", "b")), 2.5),
        Slide((Shown("audio", "c"),)),
        Slide((), 1.5),
        Slide((Shown("ref", "d"),)),
    ]


@pytest.mark.parametrize("inner", ["<par><img src='a'/></par>", "<img src='a'/>", "<par/>"])
def test_a_hundred_slides_are_read(inner: str) -> None:
    """The rest of an endless presentation is left alone."""
    assert len(read(body(inner * 1000))) == MOST_SLIDES


@pytest.mark.parametrize(
    ("src", "expected"),
    [
        ("cid:two", 1),
        ("CID:two", 1),
        ("cid:&lt;two&gt;", 1),
        (" cid:two ", 1),
        ("cid:deux.jpg", 1),
        ("cid:second.jpg", 1),
        ("deux.jpg", 1),
        ("second.jpg", 1),
        ("two", 1),
        ("&lt;two&gt;", 1),
        ("cid:trois%40host", 2),
        ("a%20b.jpg", 2),
        ("a b.jpg", 2),
        ("TWO", 1),
        ("cid:DEUX.JPG", 1),
        ("A%20B.jpg", 2),
        ("cid:clash", 3),
        ("clash", 4),
        ("https://h.example/deux.jpg", 0),
        ("file:///deux.jpg", 0),
        ("", 0),
        ("nobody", 0),
    ],
)
def test_references(src: str, expected: int) -> None:
    """A part is found by each of its names, exactly if possible; what is elsewhere is ignored."""
    parts = [
        Part("image/jpeg"),
        Part("image/jpeg", "deux.jpg", content_id="<two>", filename="second.jpg"),
        Part("image/jpeg", "a b.jpg", content_id="trois@host"),
        Part("image/jpeg", "x", content_id="clash"),
        Part("image/jpeg", "clash"),
    ]
    assert order(body(f"<par><img src='{src}'/></par>"), parts)[0] == expected


@pytest.mark.parametrize(
    ("srcs", "expected"),
    [
        ("cab", [2, 0, 1, 3]),
        ("ca", [2, 0, 1, 3]),
        ("bbb", [1, 0, 2, 3]),
        ("dA", [3, 0, 1, 2]),
        ("xyz", [0, 1, 2, 3]),
    ],
)
def test_what_no_slide_shows_follows(srcs: str, expected: list[int]) -> None:
    """A part is shown once, and parts that nobody refers to come last in their own order."""
    inner = "".join(f"<par><img src='{src}'/></par>" for src in srcs)
    assert order(body(inner), [Part("image/png", name) for name in "abcd"]) == expected


def test_parts_of_one_name_take_turns() -> None:
    """Phones name several pictures alike and mean each of them once."""
    parts = [Part("text/plain", "t"), Part("image/png", "i"), Part("image/gif", "i")]
    inner = "<img src='i'/><img src='i'/><img src='i'/><text src='t'/>"
    assert order(body(inner), parts) == [1, 2, 0]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([], []),
        (
            [Part("image/x-odd"), Part(""), Part("application/smil")],
            ["image1.bin", "file1.bin", "slides1.smil"],
        ),
        (
            [Part(TYPES[0]), Part(TYPES[4]), Part("VIDEO/MP4"), Part("image/png")],
            ["image1.jpg", "text1.txt", "video1.mp4", "image2.png"],
        ),
        ([Part("image/png", "bird.png")], ["bird.png"]),
        (
            [Part("image/png", "BIRD.png"), Part("image/png", "bird.png")],
            ["BIRD.png", "image1.png"],
        ),
        ([Part("image/png"), Part("image/png", "image1.png")], ["image2.png", "image1.png"]),
        ([Part("text/vcard", "../x"), Part("text/vcard", "é")], ["file1.vcf", "file2.vcf"]),
        ([Part("application/pdf", "a" * 21), Part("audio/amr", ".a")], ["file1.pdf", "audio1.amr"]),
        ([Part("image/png", "a b.png"), Part("image/png", "a\n")], ["image1.png", "image2.png"]),
    ],
)
def test_names(parts: list[Part], expected: list[str]) -> None:
    """A part keeps its name where that is safe, and otherwise has one after what it is."""
    assert names(parts) == expected


@given(ANY_PARTS)
def test_names_are_safe_and_each_its_own(parts: list[Part]) -> None:
    """They fit everywhere: twenty plain characters, told apart without regard to case."""
    found = names(parts)
    assert all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,19}", name) for name in found)
    assert len({name.lower() for name in found}) == len(parts)
