import contextlib
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.kit.rest import (
    Wrong,
    boolean,
    day,
    decimal,
    http_method,
    instant,
    integer,
    json_object,
    many,
    one_of,
    short_text,
    span,
    text,
    texts,
    url,
    web_address,
)
from magpie.kit.rest.parsers import schema_of


@pytest.mark.parametrize(
    ("parser", "given_", "expected"),
    [
        (text, " a ", " a "),
        (short_text(3), "abc", "abc"),
        (boolean, "true", True),
        (boolean, "False", False),
        (boolean, "TRUE", True),
        (integer(), "-7", -7),
        (integer(1, 36000), "36000", 36000),
        (decimal(), "0.0075", Decimal("0.0075")),
        (decimal(), "1.", Decimal(1)),
        (one_of("fixed"), "fixed", "fixed"),
        (one_of("retain", "discard"), "Discard", "discard"),
        (http_method, "post", "POST"),
        (url, "", ""),
        (url, "https://example.com/a?b=c#d", "https://example.com/a?b=c#d"),
        (url, "http://127.0.0.1:8000/x", "http://127.0.0.1:8000/x"),
        (url, "http://localhost", "http://localhost"),
        (url, "http://[::1]:80/x", "http://[::1]:80/x"),
        (url, "https://user:word@example.com./", "https://user:word@example.com./"),
        (url, "HTTP://EXAMPLE.com", "HTTP://EXAMPLE.com"),
        (url, "http://bücher.example/", "http://bücher.example/"),
        (web_address(underscores=True), "http://web_1:80/", "http://web_1:80/"),
        (json_object, '{"1": "a", "n": [1]}', {"1": "a", "n": [1]}),
    ],
)
def test_reads(parser: Callable[[str], Any], given_: str, expected: object) -> None:
    """Each parser reads the forms that the SDKs and people send."""
    assert parser(given_) == expected


@pytest.mark.parametrize(
    ("parser", "given_"),
    [
        (short_text(3), "abcd"),
        (boolean, "yes"),
        (boolean, "1"),
        (integer(), "1.0"),
        (integer(), "٣"),
        (integer(), "1e3"),
        (integer(), "9" * 19),
        (integer(1, 36000), "0"),
        (integer(1, 36000), "36001"),
        (decimal(), "NaN"),
        (decimal(), "1e999999999"),
        (decimal(), "."),
        (decimal(Decimal(0)), "-0.01"),
        (one_of("fixed"), "loose"),
        (http_method, "PUT"),
        (url, "example.com"),
        (url, "ftp://example.com"),
        (url, "javascript:alert(1)"),
        (url, "http://"),
        (url, "http:///path"),
        (url, "http://web_1/"),
        (url, "http://exa mple.com"),
        (url, "http://example.com/\r\nX: y"),
        (url, "http://example.com:99999/"),
        (url, "http://[::1"),
        (url, "http://-a.example/"),
        (url, "http://a..b/"),
        (url, "https://example.com/" + "a" * 4000),
        (json_object, "[1]"),
        (json_object, "{"),
        (json_object, "null"),
        (json_object, "[" * 100_000),
    ],
)
def test_refuses(parser: Callable[[str], Any], given_: str) -> None:
    """Each parser refuses what is not of its form, and says so."""
    with pytest.raises(Wrong, match=r"must|can"):
        parser(given_)


@given(st.text(max_size=60))
def test_url_never_fails_otherwise(given_: str) -> None:
    """Whatever is given as a URL is either read as it is or refused."""
    with contextlib.suppress(Wrong):
        assert url(given_) == given_


@given(st.text(max_size=30))
def test_json_object_never_fails_otherwise(given_: str) -> None:
    """Whatever is given as a JSON object is read or refused."""
    with contextlib.suppress(Wrong):
        assert isinstance(json_object(given_), dict)


@pytest.mark.parametrize(
    ("reader", "told"),
    [
        (text, {"type": "string"}),
        (str.upper, {"type": "string"}),
        (short_text(3), {"type": "string", "maxLength": 3}),
        (boolean, {"type": "boolean"}),
        (integer(), {"type": "integer"}),
        (integer(1, 9), {"type": "integer", "minimum": 1, "maximum": 9}),
        (decimal(Decimal("0.5")), {"type": "number", "minimum": 0.5}),
        (one_of("a", "b"), {"type": "string", "enum": ["a", "b"]}),
        (web_address(9), {"type": "string", "format": "uri", "maxLength": 9}),
        (json_object, {"type": "string", "contentMediaType": "application/json"}),
        (instant, {"type": "string", "format": "date-time"}),
        (day, {"type": "string", "format": "date"}),
        (
            many(integer(0), most=2),
            {"type": "array", "items": {"type": "integer", "minimum": 0}, "maxItems": 2},
        ),
        (texts(most=5), {"type": "array", "items": {"type": "string"}, "maxItems": 5}),
    ],
)
def test_a_parser_says_what_it_reads(reader: Any, told: dict[str, Any]) -> None:
    """As JSON Schema, bounds and choices included; a bare function reads a text."""
    assert schema_of(reader) == told


def test_a_span_is_a_day_or_a_second() -> None:
    """A filter by time takes both forms."""
    formats = [one["format"] for one in schema_of(span)["anyOf"]]
    assert formats == ["date", "date-time"]
