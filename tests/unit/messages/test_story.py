from typing import Any

import pytest

from magpie.messages import story

AT = "2026-01-01T10:00:{:09.6f}+00:00"


def _story(
    status: str, *hops: tuple[float, str, dict[str, Any]], code: int | None = None
) -> story.Story:
    message = {"sid": "SM1", "to": "+15558675310", "status": status, "error_code": code}
    read = story.read(
        {"timeline": [{"at": AT.format(at), "hop": hop, "detail": d} for at, hop, d in hops]}
    )
    return story.tell(message, read)


ACCEPTED = (0.0, "accepted", {"segments": 1, "media": 0})
SUBMITTING = (1.5, "submitting", {"carrier": "north", "attempt": 1, "waited_ms": 1500})


def test_delivered() -> None:
    """Each hop has its time, how long it took since the last, and a sentence."""
    told = _story(
        "delivered",
        ACCEPTED,
        SUBMITTING,
        (1.512, "taken", {"carrier": "north", "ms": 12.0, "ids": ["7"], "status": "sent"}),
        (4, "receipt", {"carrier": "north", "state": "delivered", "status": "delivered"}),
        (4.02, "webhook", {"url": "http://a/", "ms": 8.0, "status": 200, "told": "delivered"}),
    )
    assert told.happened == [
        "10:00:00.000             accepted by the API: 1 segment(s)",
        "10:00:01.500     +1.5 s  attempt 1, handed to north after 1.5 s in the queue",
        "10:00:01.512     +12 ms  north took it over in 12 ms",
        "10:00:04.000     +2.5 s  receipt of north: delivered",
        "10:00:04.020     +20 ms  webhook of 'delivered' to http://a/ answered 200 in 8 ms",
    ]
    assert told.state == "SM1 to +15558675310 is delivered."
    assert told.why == "receipt of north: delivered"
    assert told.todo == "Nothing."


@pytest.mark.parametrize(
    ("code", "fetch", "said", "todo"),
    [
        (
            12300,
            {"bytes": 7, "status": 200},
            "media fetched: http://a/b, 7 bytes",
            "Serve the file",
        ),
        (
            11200,
            {"bytes": 9, "status": 401},
            "media asked for: http://a/b, it answered 401",
            "no credentials",
        ),
        (11202, {}, "media asked for: http://a/b, it gave no file", "Start the server"),
        (11751, {}, "media asked for: http://a/b, it gave no file", "Send smaller ones"),
    ],
)
def test_media_that_could_not_be_had(
    code: int, fetch: dict[str, Any], said: str, todo: str
) -> None:
    """What to do is told of the server of a file, not of a program that answers webhooks."""
    told = _story(
        "failed",
        ACCEPTED,
        (1, "media", {"url": "http://a/b", "ms": 5.0, **fetch}),
        (1, "media", {"why": "it is not there", "url": "http://a/b", "code": code}),
        (2, "webhook", {"url": "http://w/", "ms": 8.0, "status": 200, "told": "failed"}),
        code=code,
    )
    assert said in told.happened[1]
    assert todo in told.todo
    assert "Webhooks" not in told.todo
    assert "text/xml" not in told.todo


def test_failed() -> None:
    """A failure has its code with the text, what the carrier said, and an advice of its own."""
    told = _story(
        "undelivered",
        ACCEPTED,
        SUBMITTING,
        (2, "rejected", {"carrier": "north", "said": "ESME_RINVDSTADR", "code": 30005}),
        code=30005,
    )
    assert told.why.startswith("30005: ")
    assert "north refused it, it said 'ESME_RINVDSTADR': 30005 The" in told.happened[2]
    assert told.next == "Nothing: this state is final."
    assert told.todo == "Check the number: the carrier does not know it."


def test_waiting() -> None:
    """A message that is put back says when it is tried again."""
    told = _story(
        "queued",
        ACCEPTED,
        (3, "deferred", {"carrier": "north", "again_at": "2026-01-01T10:00:09+00:00"}),
    )
    assert told.next == "It is tried again at 10:00:09 UTC."
    assert told.happened[1].endswith("north would not take it now; again at 10:00:09")


def test_unknown() -> None:
    """Where nobody knows whether it arrived, nobody is told to send it again."""
    told = _story("sending", ACCEPTED, SUBMITTING, (3, "unknown", {"carrier": "north"}))
    assert "it may have it or not" in told.happened[2]
    assert told.next == "Nothing, unless a receipt tells what became of it: it is held."
    assert told.todo.startswith("Ask the receiver")
    again = {"carrier": "north", "again_at": "2026-01-01T10:00:09+00:00"}
    told = _story("sending", ACCEPTED, SUBMITTING, (3, "unknown", again))
    assert told.next == "It is tried again at 10:00:09 UTC."


@pytest.mark.parametrize(
    ("hop", "detail", "text"),
    [
        ("fetched", {"url": "http://a/"}, "fetched (url http://a/)"),
        ("adapted", {}, "media for ?: none"),
        (
            "adapted",
            {
                "for": "att",
                "parts": [{"action": "shrink", "why": "too large", "was": {"bytes": 9}}],
            },
            "media for att: ? shrink, 9 bytes (too large)",
        ),
        ("opened", {"count": 2}, "somebody opened its link (time 2)"),
        ("media", {"url": "u", "ms": 5.0, "bytes": 9}, "media fetched: u, 9 bytes in 5 ms"),
        ("media", {"url": "u", "cached": True}, "media found in the cache: u"),
        ("media", {"url": "", "why": "no"}, "media could not be had from all its URLs (no)"),
        ("dropped", {"why": "no route"}, "not handed to a carrier (no route)"),
        ("webhook", {"url": "u", "failure": "refused"}, "webhook to u answered refused"),
        ("received", {"carrier": "north"}, "received from north"),
        ("settled", {"outcome": "resend"}, "settled by hand: once more"),
    ],
)
def test_sentences(hop: str, detail: dict[str, Any], text: str) -> None:
    """A hop that this command does not know is still shown with all it has."""
    assert _story("queued", (0, hop, detail)).happened[0].endswith(text)


def test_nothing_recorded() -> None:
    """A message without a timeline has a story all the same."""
    assert _story("queued").why == "nothing is recorded"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 ms"), (0.0126, "13 ms"), (5.04, "5.0 s"), (130, "2 min"), (9000, "2.5 h")],
)
def test_duration(seconds: float, text: str) -> None:
    """Times are told in the unit that one would say."""
    assert story.duration(seconds) == text
