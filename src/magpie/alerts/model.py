"""What went wrong for an account, as the debugger shows it."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from magpie import sids
from magpie.errors import text_of
from magpie.kit import clock
from magpie.kit.record import Record

Level = Literal["error", "warning"]


class Alert(Record, frozen=True):
    """`resource_sid` is what it is about: a message, told by the hex digits of its id."""

    account_sid: str
    sid: str
    error_code: int
    level: Level
    resource_sid: str | None
    text: str
    detail: dict[str, Any]
    date_created: datetime


def alert(
    account_sid: str,
    code: int,
    *,
    level: Level,
    resource: UUID | None = None,
    text: str = "",
    detail: dict[str, Any] | None = None,
) -> Alert:
    """`text` follows the sentence that the catalogue has for the code."""
    said = f"{text_of(code)} {text}".strip()
    return Alert(
        account_sid,
        sids.new("NO", clock.uuid7()),
        code,
        level,
        resource.hex if resource else None,
        said,
        detail or {},
        clock.now(),
    )
