import pytest

from magpie.app.system import shown
from magpie.settings import Rates, Secret


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (False, "false"),
        (8000, "8000"),
        (Secret("hush"), "***"),
        (("api", "media"), "api, media"),
        ((), ""),
        ((None, Secret("hush")), ", ***"),
        (Rates(local=2.5), "local 2.5, mobile 1.0, toll_free 3.0, short_code 30.0"),
    ],
)
def test_values_of_settings_are_shown_as_one_writes_them(value: object, text: str) -> None:
    """No syntax of ours, and no secret, however deep."""
    assert shown(value) == text
