from datetime import UTC, datetime
from uuid import UUID

import pytest

from magpie.carriers.mm1.forms import send_req
from magpie.carriers.traffic import Kind, Submission
from magpie.protocols import mm1

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(("until", "expiry"), [(AT, 1767323045), (None, None)])
def test_until_when_a_picture_is_worth_delivering(
    until: datetime | None, expiry: int | None
) -> None:
    """The centre is told the moment, as by MM7 and MM4; it survives the encoding."""
    submission = Submission(
        account_sid="AC",
        message_id=UUID(int=1),
        attempt=1,
        kind=Kind.MMS,
        from_="+15017122661",
        to="+15558675310",
        body="look",
        expires_at=until,
    )
    content = mm1.Content(mm1.ContentType("text/plain"))
    read = mm1.decode(mm1.encode(send_req(submission, content, insert=True)))
    assert isinstance(read, mm1.SendReq)
    assert read.expiry == expiry
