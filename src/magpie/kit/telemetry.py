"""Logs that show no people and no secrets, and the registry of what is counted."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Final, TextIO

import msgspec
import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector

from magpie.kit import clock

_SECRET: Final = re.compile(r"(?:^|_)(?:authorization|cookie|password|secret|token|key)$")
_PERSONAL: Final = frozenset(
    ("address", "body", "content", "from", "from_", "number", "parts", "text", "to"),
)
_NUMBER: Final = re.compile(r"\+\d{4,11}(?=\d{4}(?!\d))")
_HIDDEN: Final = "***"

Event = MutableMapping[str, Any]


class Mask:
    """Secrets are never shown; numbers and texts of people only with `show_pii`."""

    def __init__(self, *, show_pii: bool) -> None:
        self._show_pii = show_pii

    def __call__(self, _logger: object, _method: str, event: Event) -> Event:
        return {key: self._value(key, value) for key, value in event.items()}

    def _value(self, key: str, value: Any) -> Any:
        if _SECRET.search(key.lower()):
            return _HIDDEN
        if isinstance(value, dict):
            return {name: self._value(str(name), inner) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self._value(key, inner) for inner in value]
        if self._show_pii or value is None:
            return value
        if key.lower() in _PERSONAL:
            return _masked(str(value))
        return _NUMBER.sub(_HIDDEN, value) if isinstance(value, str) else value


def _masked(value: str) -> str:
    """The last four digits tell an operator's numbers apart; of a text only its length is left."""
    if value.lstrip("+").isdigit() and len(value) > len("+1234567"):
        return f"{_HIDDEN}{value[-4:]}"
    return f"{_HIDDEN} ({len(value)})"


def set_up(
    *,
    show_pii: bool = False,
    level: str = "INFO",
    stream: TextIO | None = None,
    pretty: bool | None = None,
) -> None:
    """Log to `stream` (standard error): pretty on a terminal, else one JSON object a line."""
    stream = stream or sys.stderr
    pretty = stream.isatty() if pretty is None else pretty
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        _stamp,
    ]
    last: list[Any] = [
        structlog.processors.format_exc_info,
        Mask(show_pii=show_pii),
        structlog.dev.ConsoleRenderer() if pretty else structlog.processors.JSONRenderer(_json),
    ]
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
    _set_up_libraries(stream, level, shared, last)


def _set_up_libraries(stream: TextIO, level: str, shared: list[Any], last: list[Any]) -> None:
    """What libraries log goes through the same mask."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        ),
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)


def _stamp(_logger: object, _method: str, event: Event) -> Event:
    event["at"] = clock.now().isoformat(timespec="milliseconds")
    return event


def _json(event: Event, **_options: object) -> str:
    return msgspec.json.encode(event, enc_hook=str).decode()


REGISTRY: Final = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
GCCollector(registry=REGISTRY)


def counter(name: str, text: str, *labels: str) -> Counter:
    return Counter(f"magpie_{name}", text, labels, registry=REGISTRY)


def gauge(name: str, text: str, *labels: str) -> Gauge:
    return Gauge(f"magpie_{name}", text, labels, registry=REGISTRY)


def histogram(name: str, text: str, *labels: str, buckets: tuple[float, ...]) -> Histogram:
    return Histogram(f"magpie_{name}", text, labels, registry=REGISTRY, buckets=buckets)


def exposition() -> bytes:
    """In the text format 0.0.4 of Prometheus."""
    return generate_latest(REGISTRY)
