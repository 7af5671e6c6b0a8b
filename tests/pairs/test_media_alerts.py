"""Alerts in PostgreSQL: raised many at a time, listed newest first, forgotten in the end."""

from datetime import timedelta
from uuid import UUID

import pytest

from magpie.alerts.model import Alert, alert
from magpie.alerts.store import Filter, get, page, prune, raise_alerts
from magpie.kit import clock
from magpie.kit.db import Database

ACCOUNT = "AC" + "a" * 32


@pytest.fixture
async def raised(database: Database) -> list[Alert]:
    """Six: errors and warnings in turn, the last two about one message, and a stranger's."""
    about = clock.uuid7()
    mine = [
        alert(
            ACCOUNT,
            11200 + n,
            level="warning" if n % 2 else "error",
            resource=about if n > 3 else None,
            detail={"url": "http://a.example", "n": n},
        )
        for n in range(6)
    ]
    async with database.transaction() as connection:
        await raise_alerts(connection, [*mine, alert("AC" + "b" * 32, 11200, level="error")])
        await raise_alerts(connection, [])
    return mine


async def test_alerts_are_listed_newest_first(database: Database, raised: list[Alert]) -> None:
    """One account's alerts alone, in pages in both directions."""
    newest = raised[::-1]
    assert await page(database, ACCOUNT) == newest
    assert await page(database, ACCOUNT, most=2) == newest[:2]
    assert await page(database, ACCOUNT, older_than=newest[1].sid, most=2) == newest[2:4]
    assert await page(database, ACCOUNT, newer_than=newest[3].sid, most=2) == newest[2:0:-1]
    assert await get(database, ACCOUNT, raised[0].sid) == raised[0]
    assert await get(database, "AC" + "b" * 32, raised[0].sid) is None


async def test_alerts_are_found_by_level_time_and_message(
    database: Database, raised: list[Alert]
) -> None:
    """Filters narrow the list and can be combined."""
    errors = await page(database, ACCOUNT, Filter(level="error"))
    assert [each.error_code for each in errors] == [11204, 11202, 11200]
    since = Filter(since=raised[4].date_created)
    assert (await page(database, ACCOUNT, since))[-1].date_created >= raised[4].date_created
    until = Filter(until=raised[0].date_created)
    assert await page(database, ACCOUNT, until) == []
    about = await page(
        database, ACCOUNT, Filter(resource=UUID(raised[5].resource_sid), level="warning")
    )
    assert about == [raised[5]]


async def test_old_alerts_are_forgotten(database: Database, raised: list[Alert]) -> None:
    """A few at a time, until none is older."""
    assert await prune(database, raised[0].date_created) == 0
    later = clock.now() + timedelta(seconds=1)
    assert await prune(database, later, most=4) == 4
    assert await prune(database, later, most=4) == 3
    assert await page(database, ACCOUNT) == []
