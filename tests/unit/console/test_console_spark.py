from magpie.console.spark import bars


def test_the_highest_fills_the_box() -> None:
    """Heights are in proportion, what was nothing has no bar, and one is always seen."""
    assert bars([0, 2, 1]) == [
        (100 / 3, 0.0, 100 / 3 * 0.8, 24.0),
        (200 / 3, 12.0, 100 / 3 * 0.8, 12.0),
    ]
    assert bars([1, 1000])[0].height == 1.5


def test_nothing() -> None:
    """Where nothing was, nothing is drawn."""
    assert bars([]) == []
    assert bars([0, 0]) == []
