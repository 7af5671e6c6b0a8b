import pytest

from magpie.media.ranges import Unsatisfiable, byte_range, matches


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-99", (0, 100)),
        ("bytes=0-0", (0, 1)),
        ("bytes=900-", (900, 1000)),
        ("bytes=900-5000", (900, 1000)),
        ("bytes=-100", (900, 1000)),
        ("bytes=-5000", (0, 1000)),
        ("", None),
        ("bytes=-", None),
        ("bytes=5-2", None),
        ("bytes=0-1,5-6", None),
        ("lines=0-5", None),
        ("bytes=a-b", None),
    ],
)
def test_one_range_is_served_and_anything_else_means_the_whole(
    header: str, part: tuple[int, int] | None
) -> None:
    """First, last, open and suffix ranges of 1,000 bytes (RFC 9110, 14.1.2)."""
    assert byte_range(header, 1000) == part


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=2000-3000", "bytes=-0"])
def test_a_range_outside_of_the_content_cannot_be_served(header: str) -> None:
    """Nothing of the content lies in it: 416."""
    with pytest.raises(Unsatisfiable):
        byte_range(header, 1000)


@pytest.mark.parametrize(
    ("header", "same"),
    [('"a"', True), ('W/"a"', True), ('"b", "a"', True), ("*", True), ('"b"', False), ("", False)],
)
def test_a_known_version_is_recognized(header: str, same: bool) -> None:
    """If-None-Match compares weakly and takes a list."""
    assert matches(header, '"a"') is same
