from datetime import UTC, datetime

import pytest
from multidict import CIMultiDict

from magpie.media.cache.freshness import freshness, may_keep

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 300),
        ({"Cache-Control": "max-age=60"}, 60),
        ({"cache-control": "public, MAX-AGE=60, must-revalidate"}, 60),
        ({"Cache-Control": "max-age=60", "Age": "45"}, 15),
        ({"Cache-Control": "max-age=60", "Age": "90"}, 0),
        ({"Cache-Control": "max-age=99999999"}, 86_400),
        ({"Cache-Control": "max-age=soon"}, 0),
        ({"Cache-Control": "no-cache"}, 0),
        ({"Cache-Control": "no-store, max-age=60"}, 0),
        ({"Expires": "Fri, 01 May 2026 12:01:00 GMT"}, 60),
        ({"Expires": "Fri, 01 May 2026 11:00:00 GMT"}, 0),
        ({"Expires": "0"}, 0),
        ({"Cache-Control": "max-age=5", "Expires": "Fri, 01 May 2026 12:01:00 GMT"}, 5),
    ],
)
def test_a_copy_is_fresh_as_long_as_its_server_says(headers: dict[str, str], seconds: int) -> None:
    """Cache-Control goes before Expires; without either a copy is used for five minutes."""
    assert freshness(CIMultiDict(headers), NOW).total_seconds() == seconds


def test_what_may_not_be_stored_is_not_kept() -> None:
    """no-store forbids a copy, no-cache only its use without asking."""
    assert not may_keep(CIMultiDict({"Cache-Control": "no-store"}))
    assert may_keep(CIMultiDict({"Cache-Control": "no-cache"}))
