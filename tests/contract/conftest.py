"""The platform of the SDK tests, and one answer of it for each operation."""

from collections.abc import Iterator

import pytest
from tests.contract.drive import Answers, drive
from tests.sdk.conftest import platform
from tests.sdk.world import Platform, serving

__all__ = ["answers", "platform"]


@pytest.fixture(scope="session")
def answers(platform: Platform) -> Iterator[Answers]:
    with serving(platform.auth[1]) as customer:
        yield drive(platform, customer)
