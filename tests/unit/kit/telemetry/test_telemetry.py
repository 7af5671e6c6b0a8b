import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from magpie.kit import clock, telemetry


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    handlers, level = logging.root.handlers[:], logging.root.level
    yield io.StringIO()
    structlog.reset_defaults()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


def mask(event: dict[str, Any], *, show_pii: bool = False) -> dict[str, Any]:
    return dict(telemetry.Mask(show_pii=show_pii)(None, "info", event))


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("to", "+15558675310", "***5310"),
        ("from_", "15017122661", "***2661"),
        ("from", "whatsapp:+15558675310", "*** (21)"),
        ("body", "Hello", "*** (5)"),
        ("body", 5, "*** (1)"),
        ("to", None, None),
        ("to", ["+15558675310", "+15558675311"], ["***5310", "***5311"]),
        ("event", "sent to +15558675310, at last", "sent to ***5310, at last"),
        ("error", "no route for 555", "no route for 555"),
        ("size", 12, 12),
        ("form", {"Body": "Hello", "sid": "SM1"}, {"Body": "*** (5)", "sid": "SM1"}),
    ],
)
def test_people_are_masked(key: str, value: object, shown: object) -> None:
    """Numbers keep four digits, texts their length, and all is shown to who asks for it."""
    assert mask({key: value}) == {key: shown}
    assert mask({key: value}, show_pii=True) == {key: value}


@pytest.mark.parametrize("show_pii", [True, False])
@pytest.mark.parametrize("key", ["token", "auth_token", "Authorization", "client_secret", "key"])
def test_secrets_are_never_shown(key: str, show_pii: bool) -> None:
    """A secret stays hidden at any depth, also from who may see people."""
    event = {key: "hush", "headers": {key: "hush"}, "list": [{key: "hush"}]}
    assert "hush" not in str(mask(event, show_pii=show_pii))


def test_a_line_is_a_json_object(stream: io.StringIO) -> None:
    """Away from a terminal each event is one JSON object with its level and its moment."""
    telemetry.set_up(stream=stream)
    with clock.use(clock.ManualClock()):
        structlog.get_logger().info("sent", sid="SM1", to="+15558675310")
    structlog.get_logger().debug("not at this level")
    assert json.loads(stream.getvalue()) == {
        "event": "sent",
        "level": "info",
        "at": "2026-01-01T00:00:00.000+00:00",
        "sid": "SM1",
        "to": "***5310",
    }


def test_libraries_log_through_the_same_mask(stream: io.StringIO) -> None:
    """What goes to the standard library's logging comes out masked and as JSON, errors too."""
    telemetry.set_up(stream=stream)
    try:
        int("+15558675310 is busy")
    except ValueError:
        logging.getLogger("some.library").exception("failed for %s", "+15558675310")
    line = json.loads(stream.getvalue())
    assert line["event"] == "failed for ***5310"
    assert line["exception"].endswith("literal for int() with base 10: '***5310 is busy'")


def test_a_terminal_gets_words(stream: io.StringIO) -> None:
    """The pretty form is no JSON, and masks as well."""
    telemetry.set_up(stream=stream, pretty=True)
    structlog.get_logger().warning("sent", body="Hello")
    assert "sent" in stream.getvalue()
    assert "Hello" not in stream.getvalue()


def test_what_is_counted_is_exposed() -> None:
    """A counter appears under our prefix with its labels."""
    telemetry.counter("kit_tests", "Tests of the kit.", "kind").labels("unit").inc(2)
    assert b'magpie_kit_tests_total{kind="unit"} 2.0' in telemetry.exposition()
