"""What the doctor asks a database."""

from datetime import datetime
from typing import Any

_FACTS = """
select current_setting('server_version_num')::int as version, clock_timestamp() as now,
    current_setting('fsync') as fsync, current_setting('full_page_writes') as full_page_writes,
    current_setting('synchronous_commit') as synchronous_commit
"""


async def facts(connection: Any) -> tuple[int, datetime, dict[str, str]]:
    version, now, *settings = await connection.fetchrow(_FACTS)
    names = ("fsync", "full_page_writes", "synchronous_commit")
    return version, now, dict(zip(names, settings, strict=True))
