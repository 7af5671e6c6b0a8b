"""Every operation answers as the published schema says, no property more and none less."""

from typing import Final

import pytest
from tests.contract import ours, spec
from tests.contract.conform import mistakes
from tests.contract.drive import Answers

TOLD: Final = spec.operations()
OFFERED: Final = sorted(ours.offered())


@pytest.mark.parametrize("key", OFFERED)
def test_answers_are_as_published(answers: Answers, key: str) -> None:
    """The status and every property of each answer are those of the description."""
    operation = TOLD[key]
    assert answers.by_key.get(key), "was never asked"
    for answer in answers.by_key[key]:
        assert answer.status == operation.status, answer.body
        if operation.schema is None:
            assert answer.body is None
        else:
            assert answer.content_type.startswith("application/json")
            assert mistakes(operation.schema, answer.body) == []


def test_nothing_was_asked_that_is_not_offered(answers: Answers) -> None:
    """The drive through the API knows each operation by the name that it has in the lists."""
    assert answers.by_key.keys() == set(OFFERED)


def test_lists_are_long_enough_to_show_something(answers: Answers) -> None:
    """A list that is checked holds at least one item, so its items are checked too."""
    for key in OFFERED:
        for answer in answers.by_key[key]:
            held = [one for one in (answer.body or {}).values() if isinstance(one, list)]
            assert all(held), key
