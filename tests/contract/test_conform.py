"""The check of answers finds what it is there to find."""

from typing import Any, Final

import pytest
from tests.contract.conform import assert_conforms

MEDIA: Final = "api.v2010.account.message.media"
RIGHT: Final[dict[str, Any]] = {
    "account_sid": "AC" + "0" * 32,
    "content_type": "image/png",
    "date_created": "Thu, 30 Jul 2015 20:12:31 +0000",
    "date_updated": "Thu, 30 Jul 2015 20:12:31 +0000",
    "parent_sid": "MM" + "0" * 32,
    "sid": "ME" + "0" * 32,
    "uri": "/2010-04-01/Accounts/AC/Messages/MM/Media/ME.json",
}


def test_what_is_right_passes() -> None:
    """An answer like the published example conforms, and so does a null where one may be."""
    assert_conforms(MEDIA, RIGHT)
    assert_conforms(MEDIA, RIGHT | {"content_type": None})


@pytest.mark.parametrize(
    "wrong",
    [
        {"sid": "MX" + "0" * 32},
        {"sid": "ME0"},
        {"date_created": "2015-07-30T20:12:31Z"},
        {"date_created": "Thu, 30 Jul 2015 20:12:31 -0000"},
        {"content_type": 1},
        {"colour": "blue"},
    ],
)
def test_what_is_wrong_is_found(wrong: dict[str, Any]) -> None:
    """Another kind of SID, another form of date, another type, an invented property: all fail."""
    with pytest.raises(AssertionError, match=next(iter(wrong))):
        assert_conforms(MEDIA, RIGHT | wrong)


@pytest.mark.parametrize("missing", RIGHT)
def test_what_is_missing_is_found(missing: str) -> None:
    """Each published property has to be there."""
    body = {name: value for name, value in RIGHT.items() if name != missing}
    with pytest.raises(AssertionError, match=missing):
        assert_conforms(MEDIA, body)


def test_the_items_of_a_list_are_looked_at() -> None:
    """A list conforms by its envelope and by each of its items, told by their places."""
    at = "/2010-04-01/Accounts/AC/Messages/MM/Media.json?PageSize=50&Page=0"
    envelope = {"page": 0, "page_size": 50, "start": 0, "end": 0, "uri": at, "first_page_uri": at}
    listed = {**envelope, "next_page_uri": None, "previous_page_uri": None, "media_list": [RIGHT]}
    assert_conforms("ListMedia", listed)
    with pytest.raises(AssertionError, match="media_list/0/sid"):
        assert_conforms("ListMedia", listed | {"media_list": [RIGHT | {"sid": "x"}]})
