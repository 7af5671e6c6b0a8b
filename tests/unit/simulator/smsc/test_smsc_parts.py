from itertools import permutations

import pytest

from magpie.protocols.gsm import Concat
from magpie.simulator.smsc.parts import Assembler, Part, References, Whole

FROM, TO = "+15017122661", "+15558675310"


def part(index: int, total: int = 3, reference: int = 7) -> tuple[Concat, Part]:
    return Concat(reference, total, index), Part(f"<{index}>", f"k{index}")


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
def test_parts_in_any_order(order: tuple[int, ...]) -> None:
    """A text is whole with its last part, in the right order, under the first part's key."""
    assembler = Assembler()
    ends = [assembler.add(FROM, TO, *part(index)) for index in order]
    assert ends == [None, None, Whole("<1><2><3>", "k1")]


def test_a_part_that_came_twice() -> None:
    """A part that comes again changes nothing."""
    assembler = Assembler()
    indexes = (1, 1, 2, 3)
    assert [bool(assembler.add(FROM, TO, *part(index))) for index in indexes] == [
        False,
        False,
        False,
        True,
    ]


def test_texts_are_not_mixed() -> None:
    """The same reference to two numbers, or of two lengths, is of two texts."""
    assembler = Assembler()
    assert assembler.add(FROM, TO, *part(1, 2)) is None
    assert assembler.add(FROM, "+15558675311", *part(2, 2)) is None
    assert assembler.add(FROM, TO, *part(2, 3)) is None
    assert assembler.add(FROM, TO, *part(2, 2)) == Whole("<1><2>", "k1")


def test_a_text_of_one_part() -> None:
    """What is not cut, or cut into one, is whole at once."""
    assembler = Assembler()
    assert assembler.add(FROM, TO, None, Part("a", "k")) == Whole("a", "k")
    assert assembler.add(FROM, TO, Concat(1, 1, 1), Part("a", "k")) == Whole("a", "k")


def test_references() -> None:
    """A short reference names the same message for a while, a long one always; tries count."""
    references = References()
    references.met("short", 0.0, 300.0).id = "1"
    references.met("long", 0.0, None).id = "2"
    assert references.met("short", 299.0, 300.0).id == "1"
    assert references.met("short", 301.0, 300.0).id == ""
    again = references.met("long", 1e6, None)
    assert (again.id, again.tries) == ("2", 2)
