"""When media become a link, and what the text is then."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from msgspec.structs import replace
from tests.unit.queued import ACCOUNT, AT, queued

from magpie.accounts.model import Preferences
from magpie.accounts.preferences import PreferenceBook
from magpie.messages.advance import converted
from magpie.messages.callbacks import status_params
from magpie.messages.conversion import Converter
from magpie.messages.model import Message
from magpie.services.book import ServiceBook

SERVICE = "MG" + "2" * 32
MESSAGE = queued(mms=True, to="+15558675311", body="See this", num_media=2)


class Books:
    """What an account and its one service prefer."""

    def __init__(self, account: Preferences, *, service: bool = True) -> None:
        self._account, self._service = account, service

    async def of(self, account_sid: str) -> Preferences:
        assert account_sid == ACCOUNT
        return self._account

    async def find(self, account_sid: str, sid: str) -> Any:
        known = (account_sid, sid) == (ACCOUNT, SERVICE)
        return SimpleNamespace(mms_converter=self._service) if known else None


def converter(*, on: bool = True, refused: bool = False, service: bool = True) -> Converter:
    books = Books(Preferences(ACCOUNT, on, refused), service=service)
    return Converter(
        cast("PreferenceBook", books), cast("ServiceBook", books), "https://pics.example"
    )


@pytest.mark.parametrize(
    ("service_sid", "on", "service", "wanted"),
    [
        (None, True, False, True),
        (None, False, True, False),
        (SERVICE, False, True, True),
        (SERVICE, True, False, False),
        ("MG" + "9" * 32, True, False, True),
    ],
)
async def test_who_decides(service_sid: str | None, on: bool, service: bool, wanted: bool) -> None:
    """A service for its messages, the account for all others."""
    assert await converter(on=on, service=service).wanted(ACCOUNT, service_sid) is wanted


@pytest.mark.parametrize(
    ("code", "refused", "asked_for", "rescued"),
    [
        (30011, False, False, True),
        (30011, True, False, False),
        (30011, True, True, True),
        (30019, True, True, True),
        (63021, True, True, True),
        (30007, True, True, False),
        (30036, False, True, False),
    ],
)
async def test_what_is_rescued(code: int, refused: bool, asked_for: bool, rescued: bool) -> None:
    """What no link carries by the converter alone; what a carrier refuses for who asks for it."""
    made = converter(refused=asked_for)
    assert await made.rescues(MESSAGE, code, refused=refused) is rescued


@pytest.mark.parametrize(
    "message",
    [
        replace(MESSAGE, mms=False),
        replace(MESSAGE, num_media=0),
        replace(MESSAGE, options={"Converted": "sms"}),
        replace(MESSAGE, options={"Converted": "mms"}),
    ],
)
async def test_nothing_is_converted_twice(message: Message) -> None:
    """A text, a message without media and one that has its link already stay as they are."""
    assert not await converter(refused=True).rescues(message, 30011, refused=False)


def test_the_link_stands_at_the_end_and_counts() -> None:
    """The text has one more word, and as many segments as it takes with it."""
    made = converter().convert(replace(MESSAGE, body="x" * 130))
    text, _, url = made.body.rpartition(" ")
    assert text == "x" * 130
    assert url == f"https://pics.example/m/{made.link.token}"
    assert len(made.link.token) == 22
    assert made.num_segments == 2
    assert made.link.message_sid == MESSAGE.sid


def test_a_converted_message_keeps_its_sid_and_tells_of_it() -> None:
    """What is stored travels as a text from then on, and callbacks say so."""
    made = converter().convert(MESSAGE)
    after = converted(MESSAGE, made, AT)
    assert (after.sid, after.as_mms, after.num_media) == (MESSAGE.sid, False, 2)
    assert ("MmsConverted", "true") in status_params(after, "sent")
    partial = converted(MESSAGE, converter().convert(MESSAGE, mms=True), AT)
    assert (partial.as_mms, partial.num_segments) == (True, 1)
    assert ("MmsConverted", "true") in status_params(partial, "sent")
    assert "MmsConverted" not in dict(status_params(MESSAGE, "sent"))
