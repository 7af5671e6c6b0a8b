"""What one can do with the media of a message, inside the caller's transaction."""

from uuid import UUID

from magpie.kit import clock
from magpie.kit.db import Connection
from magpie.media import store
from magpie.media.model import Media


async def delete_of_message(connection: Connection, account_sid: str, message_id: UUID) -> None:
    """Bytes that no other message uses go a while later, when the shelf is swept."""
    await store.delete(connection, account_sid, message_id, None, clock.now())


async def delete_one(
    connection: Connection, account_sid: str, message_id: UUID, sid: str
) -> Media | None:
    """Give what was there."""
    gone = await store.delete(connection, account_sid, message_id, sid, clock.now())
    return gone[0] if gone else None
