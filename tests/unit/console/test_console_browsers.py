import pytest

from magpie.console.browsers import browser

_LIKE = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) {}"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (_LIKE.format("X11; Linux x86_64", "Chrome/150.0 Safari/537.36"), "Chrome on Linux"),
        (
            _LIKE.format("Windows NT 10.0; Win64", "Chrome/150.0 Safari/537.36 Edg/150.0"),
            "Edge on Windows",
        ),
        (
            _LIKE.format("iPhone; CPU iPhone OS 19_1 like Mac OS X", "Version/19.1 Safari/604.1"),
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 16; rv:145.0) Gecko/145.0 Firefox/145.0",
            "Firefox on Android",
        ),
        ("Chrome/1", "Chrome"),
        ("curl/8.14.1", "curl/8.14.1"),
        ("x" * 100, "x" * 60),
        ("", ""),
    ],
)
def test_browsers_have_names(user_agent: str, name: str) -> None:
    """Also those that say they are like another one."""
    assert browser(user_agent) == name
