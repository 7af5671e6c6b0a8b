import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie import phone


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+14155551234", "+14155551234"),
        ("+15558675310", "+15558675310"),
        ("+15017122661", "+15017122661"),
        ("+15005550006", "+15005550006"),
        ("+1 (415) 555-1234", "+14155551234"),
        ("+1.415.555.1234", "+14155551234"),
        ("4155551234", "+14155551234"),
        ("14155551234", "+14155551234"),
        (" 14155551234", "+14155551234"),
        ("(415) 555-1234", "+14155551234"),
        ("+447911123456", "+447911123456"),
        ("+44 7911 123456", "+447911123456"),
        ("+6591234567", "+6591234567"),
        ("+1555", None),
        ("+18675310", None),
        ("+155586753100", None),
        ("0155551234", None),
        ("447911123456", None),
        ("12345", None),
        ("+0123456789", None),
        ("+999123456789", None),
        ("++14155551234", None),
        ("+1415555123a", None),
        ("+1٤155551234", None),
        ("whatsapp:+14155551234", None),
        ("+", None),
        ("", None),
        ("+1" * 1000, None),
    ],
)
def test_parse_e164(text: str, expected: str | None) -> None:
    """Numbers are read as people write them and come out as E.164."""
    assert phone.parse_e164(text) == expected


@given(st.text(alphabet="+0123456789 ()-x", max_size=20))
def test_parse_e164_is_stable(text: str) -> None:
    """What was parsed once is parsed to itself."""
    number = phone.parse_e164(text)
    assert number is None or phone.parse_e164(number) == number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("123", True),
        ("12345", True),
        ("894546", True),
        ("12", False),
        ("123456789", False),
        ("+12345", False),
        ("ABC", False),
        ("", False),
    ],
)
def test_is_short_code(text: str, *, expected: bool) -> None:
    """A short code has three to eight digits."""
    assert phone.is_short_code(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MyCompany", True),
        ("My Co 24", True),
        ("A", True),
        ("ELEVENCHARS", True),
        ("TWELVECHARSX", False),
        ("12345", False),
        ("", False),
        ("Ünïcode", False),
        ("a\n", False),
    ],
)
def test_is_alphanumeric(text: str, *, expected: bool) -> None:
    """A name as sender has at most eleven characters, one of them a letter."""
    assert phone.is_alphanumeric(text) is expected


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("+14155551234", "US"),
        ("+15558675310", "US"),
        ("+18005551234", "US"),
        ("+14165550100", "CA"),
        ("+447400123456", "GB"),
        ("+80012345678", None),
        ("+999123456789", None),
        ("12345", None),
    ],
)
def test_country_of(number: str, country: str | None) -> None:
    """A number belongs to a country, 555 numbers to the one that its code is known for."""
    assert phone.country_of(number) == country


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+18005551234", True),
        ("+18335550100", True),
        ("+18115550100", False),
        ("+14155551234", False),
        ("+448000113000", True),
        ("+447911123456", False),
        ("x", False),
    ],
)
def test_is_toll_free(number: str, *, expected: bool) -> None:
    """Toll-free numbers are known in North America and elsewhere."""
    assert phone.is_toll_free(number) is expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [("+14155551234", "(415) 555-1234"), ("+447911123456", "+447911123456"), ("12345", "12345")],
)
def test_friendly(number: str, expected: str) -> None:
    """North American numbers get their national form, all others stay as they are."""
    assert phone.friendly(number) == expected
