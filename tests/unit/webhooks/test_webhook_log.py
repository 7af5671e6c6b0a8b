from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest
from multidict import CIMultiDict, CIMultiDictProxy

from magpie.kit.egress import Reply
from magpie.kit.egress.model import Elapsed
from magpie.webhooks.log.model import Keep, of_delivery, read
from magpie.webhooks.model import Delivery
from magpie.webhooks.post import Asked, Exchange, Try

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
URL = "https://user:secret@h.example/sms?a=b#rc=3"
SID = "SM" + "0" * 32
PARAMS = [("MessageSid", SID), ("MessageStatus", "sent"), ("Body", "a\0b")]
DELIVERY = Delivery(kind="status", resource=UUID(int=1), url=URL, params=PARAMS)


def exchange(*, code: int | None = None, headers: dict[str, str] | None = None) -> Exchange:
    asked = Asked(
        url="https://h.example/sms?a=b",
        target=URL,
        method="POST",
        params=PARAMS,
        headers={"X-Twilio-Signature": "x"},
        attempts=4,
        fallback=False,
    )
    given = CIMultiDictProxy(CIMultiDict(headers or {}))
    reply = Reply(200, given, b"<Response/>", asked.url, "127.0.0.1", Elapsed(0, 0, 0))
    told = Try(url=asked.url, method="POST", ms=1500.0, status=200, code=code)
    return Exchange(told=told, asked=asked, attempt=1, at=NOW, reply=reply, pause=2.0)


def test_what_is_kept() -> None:
    """The row tells what was told to whom, how it went and when it is tried again."""
    [stored] = of_delivery("AC", DELIVERY, UUID(int=2), [exchange()], "all")
    row, answer = read(stored)
    assert (row.event, row.endpoint, row.attempt, row.attempts) == (
        "sent",
        "https://h.example/sms",
        1,
        4,
    )
    assert row.next_at is not None
    assert (row.next_at - NOW).total_seconds() == 3.5
    assert (row.size, answer) == (11, b"<Response/>")
    assert (row.target, row.message_sid) == (URL, SID)
    assert "secret" not in msgspec.json.encode([row.endpoint, row.url]).decode()


@pytest.mark.parametrize("value", ["caf\udce9", "\udcff\udcfe", "é", "plain"])
def test_headers_of_any_bytes(value: str) -> None:
    """What a customer's server writes into a header cannot keep the log from being written."""
    odd = [exchange(headers={"X-Odd": value})]
    [stored] = of_delivery("AC", DELIVERY, UUID(int=2), odd, "all")
    assert read(stored).attempt.answer[0][1].isprintable()


@pytest.mark.parametrize(
    ("keep", "codes"), [("all", [None, 11200]), ("failed", [11200]), ("none", [])]
)
def test_which_are_kept(keep: Keep, codes: list[int | None]) -> None:
    """All of them, or those that failed, or none, as it is set."""
    both = [exchange(), exchange(code=11200)]
    assert [row.code for row in of_delivery("AC", DELIVERY, UUID(int=2), both, keep)] == codes
