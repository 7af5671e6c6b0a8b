from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from magpie.audit.actions import told
from magpie.audit.chain import NOTHING, broken, digest
from magpie.audit.model import Entry

BEGAN = datetime(2026, 11, 27, tzinfo=UTC)


def book(size: int) -> list[Entry]:
    before, entries = NOTHING, []
    for serial in range(1, size + 1):
        entry = Entry(
            serial=serial,
            at=BEGAN + timedelta(seconds=serial),
            account_sid="AC1",
            who="anna (console)",
            address="127.0.0.1",
            action="POST /console/queues/pause",
            detail={"lane": f"+1501712266{serial}", "z": 1, "a": 2},
            digest=b"",
        )
        before = digest(before, entry)
        entries.append(replace(entry, digest=before))
    return entries


def test_a_whole_book() -> None:
    """What was written as it stands has no fault, in whatever order its details come back."""
    entries = [replace(entry, detail=dict(reversed(entry.detail.items()))) for entry in book(5)]
    assert broken(NOTHING, entries) is None


@pytest.mark.parametrize("serial", [1, 3, 5])
@pytest.mark.parametrize(
    "change",
    [
        {"who": "nobody"},
        {"action": "POST /console/other"},
        {"at": BEGAN},
        {"detail": {}},
        {"address": "10.0.0.1"},
        {"account_sid": "AC2"},
        {"digest": bytes(32)},
    ],
)
def test_a_row_that_was_changed(serial: int, change: dict[str, object]) -> None:
    """It is found, whichever it is and whatever was changed in it."""
    entries = book(5)
    entries[serial - 1] = replace(entries[serial - 1], **change)
    assert broken(NOTHING, entries) == serial


def test_a_row_that_was_taken_out() -> None:
    """The next one does not follow."""
    entries = book(5)
    del entries[2]
    assert broken(NOTHING, entries) == 4


def test_what_is_written_down() -> None:
    """Neither secrets nor what people write to each other."""
    fields = [("csrf", "x"), ("new", "pw"), ("AuthToken", "t"), ("Body", "Hello"), ("lane", "+1")]
    assert told(fields) == {"new": "***", "AuthToken": "***", "Body": "5 characters", "lane": "+1"}


def test_what_is_given_more_than_once() -> None:
    """All of it is there; parameters of an edited call by their names alone."""
    fields = [("name", "From"), ("value", "+1555"), ("name", "Body"), ("value", "Hello")]
    assert told(fields) == {"name": "From, Body", "value": "12 characters"}


def test_addresses_with_credentials() -> None:
    """The book may be read by those who must not know them."""
    fields = [("SmsUrl", "https://us:th\u00e9m@h.example/a@b?c=d@e"), ("url", "http://h/?a=b@c")]
    assert told(fields) == {"SmsUrl": "https://***@h.example/a@b?c=d@e", "url": "http://h/?a=b@c"}
