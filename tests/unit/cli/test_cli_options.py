import pytest
import typer

from magpie.cli.options import seconds


@pytest.mark.parametrize(
    ("text", "told"),
    [("10", 10), ("0", 0), ("2.5", 2.5), ("10s", 10), ("2m", 120), ("1h", 3600), (30.0, 30)],
)
def test_patience(text: str | float, told: float) -> None:
    """A number of seconds, or what people write."""
    assert seconds(text) == told


@pytest.mark.parametrize("text", ["", "s", "-1", "1d", "soon", "1e9", "\u0661"])
def test_what_is_no_patience(text: str) -> None:
    """It is a mistake in usage."""
    with pytest.raises(typer.BadParameter, match="is no time"):
        seconds(text)
