import pytest

from magpie.webhooks.cookies import header, merge


@pytest.mark.parametrize(
    ("given", "jar"),
    [
        (["a=1; Path=/; HttpOnly"], {"a": "1"}),
        (["a=1", "a=2", "b=3"], {"a": "2", "b": "3"}),
        (["=1"], {}),
        (["no equals sign"], {}),
        (["tab\tname=1"], {}),
        (["a=in\r\njected"], {}),
        ([f"a={'x' * 5000}"], {}),
    ],
)
def test_what_is_kept(given: list[str], jar: dict[str, str]) -> None:
    """Names and values are kept, attributes are not, and bad names are passed over."""
    assert merge({}, given) == jar


def test_a_jar_has_a_limit() -> None:
    """Fifty cookies are enough for a conversation of texts."""
    assert len(merge({}, [f"n{i}=1" for i in range(80)])) == 50


def test_the_header_joins_them() -> None:
    """An empty jar sends no header at all."""
    assert header({"a": "1", "b": "2"}) == "a=1; b=2"
    assert header({}) is None
