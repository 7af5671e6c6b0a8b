"""The compatibility page says what is served."""

from tools import compatibility


def test_the_page_is_up_to_date() -> None:
    """The page is what `python tools/compatibility.py` would write now."""
    assert compatibility.PAGE.read_text("utf-8") == compatibility.page()
