import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.protocols.gsm import Encoding, TooManyPartsError, count, plan
from magpie.protocols.gsm.alphabet import encode_gsm7

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
FLAG = "\U0001f1e9\U0001f1ea"


@pytest.mark.parametrize(
    ("body", "encoding", "parts"),
    [
        ("", Encoding.GSM_7, 1),
        ("a" * 160, Encoding.GSM_7, 1),
        ("a" * 161, Encoding.GSM_7, 2),
        ("a" * 306, Encoding.GSM_7, 2),
        ("a" * 307, Encoding.GSM_7, 3),
        ("é" * 160, Encoding.GSM_7, 1),
        ("é" * 161, Encoding.GSM_7, 2),
        ("€" * 80, Encoding.GSM_7, 1),
        ("€" * 81, Encoding.GSM_7, 2),
        ("a" * 159 + "€", Encoding.GSM_7, 2),
        ("€" * 153, Encoding.GSM_7, 3),
        ("日" * 70, Encoding.UCS_2, 1),
        ("日" * 71, Encoding.UCS_2, 2),
        ("日" * 134, Encoding.UCS_2, 2),
        ("日" * 135, Encoding.UCS_2, 3),
        ("😀" * 35, Encoding.UCS_2, 1),
        ("😀" * 36, Encoding.UCS_2, 2),
        ("😀" * 67, Encoding.UCS_2, 3),
        ("a" * 70 + "ç", Encoding.UCS_2, 2),
    ],
)
def test_parts_are_counted_as_carriers_count(body: str, encoding: Encoding, parts: int) -> None:
    """160 and 153 septets, 70 and 67 code units, and pairs that may not be cut."""
    segmentation = plan(body)
    assert segmentation.encoding is encoding
    assert len(segmentation.parts) == parts
    assert count(body) == parts


def test_a_wider_reference_leaves_less_room() -> None:
    """A 16-bit reference takes one septet, or one code unit, more of each part."""
    assert [len(part) for part in plan("a" * 305, reference_bits=16).parts] == [152, 152, 1]
    assert [len(part) for part in plan("日" * 133, reference_bits=16).parts] == [66, 66, 1]
    assert count("a" * 305, reference_bits=16) == 3


def test_an_escape_pair_moves_whole_to_the_next_part() -> None:
    """A euro sign that would straddle the edge begins the next part."""
    first, second = plan("a" * 152 + "€" + "b" * 20).parts
    assert first == "a" * 152
    assert second.startswith("€")


@pytest.mark.parametrize("cluster", ["😀", FAMILY, FLAG, "👍🏽", "e\u0301", "각"])
@pytest.mark.parametrize("before", range(55, 68))
def test_what_a_reader_sees_as_one_stays_together(cluster: str, before: int) -> None:
    """Emoji sequences, flags and accents are never torn at the edge of a part."""
    body = "日" * before + cluster + "日" * 40
    assert any(cluster in part for part in plan(body).parts)
    assert "".join(plan(body).parts) == body


def test_a_cluster_longer_than_a_part_is_cut_all_the_same() -> None:
    """A letter under a hundred accents takes several parts rather than none."""
    body = "日" + "\u0301" * 150
    assert "".join(plan(body).parts) == body
    assert len(plan(body).parts) == 3


def test_more_than_255_parts_are_refused() -> None:
    """The header numbers parts with one octet."""
    assert len(plan("a" * 153 * 255).parts) == 255
    with pytest.raises(TooManyPartsError):
        plan("a" * (153 * 255 + 1))


BODIES = st.text(
    st.one_of(
        st.sampled_from("abc€[]éà日\u0301\u200d\U0001f1e9\U0001f1ea👍🏽😀\ud83d\ude00"),
        st.characters(),
    ),
    max_size=400,
)


@given(BODIES)
def test_no_part_is_too_long_and_none_is_lost(body: str) -> None:
    """Joined, the parts are the body; each fits; counting agrees with cutting."""
    segmentation = plan(body)
    assert "".join(segmentation.parts) == body
    assert count(body) == len(segmentation.parts)
    gsm = segmentation.encoding is Encoding.GSM_7
    limit = (160, 153) if gsm else (140, 134)
    for part in segmentation.parts:
        octets = encode_gsm7(part) if gsm else part.encode("utf-16-be", "surrogatepass")
        assert len(octets) <= limit[len(segmentation.parts) > 1]
