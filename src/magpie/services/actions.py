"""What one can do with services, inside the caller's transaction."""

from collections.abc import Mapping
from typing import Any, Final

from msgspec import structs

from magpie import sids
from magpie.kit import clock
from magpie.kit.db import Connection
from magpie.senders.parameters import changes
from magpie.services import store
from magpie.services.model import LONGEST_VALIDITY, SETTABLE, URLS, Service
from magpie.services.parameters import ChangeService

DEFAULTS: Final[Mapping[str, Any]] = {
    "inbound_request_url": None,
    "inbound_method": "POST",
    "fallback_url": None,
    "fallback_method": "POST",
    "status_callback": None,
    "sticky_sender": True,
    "smart_encoding": True,
    "mms_converter": True,
    "fallback_to_long_code": True,
    "area_code_geomatch": True,
    "scan_message_content": "inherit",
    "synchronous_validation": False,
    "validity_period": LONGEST_VALIDITY,
    "usecase": "undeclared",
    "use_inbound_webhook_on_number": False,
}


async def create(connection: Connection, account_sid: str, given: ChangeService) -> Service:
    now = clock.now()
    service = Service(
        account_sid=account_sid,
        sid=sids.new("MG", clock.uuid7()),
        date_created=now,
        date_updated=now,
        **{**DEFAULTS, **settings(given)},
    )
    await store.insert(connection, service)
    return service


async def update(connection: Connection, service: Service, given: ChangeService) -> Service:
    """`service` as it was locked."""
    changed = structs.replace(service, **settings(given), date_updated=clock.now())
    await store.save(connection, changed)
    return changed


def settings(given: ChangeService) -> dict[str, Any]:
    """What was given, by its names in the record; a blank URL takes away what was set."""
    columns = changes(given, SETTABLE, ()).columns
    return {name: value or None if name in URLS else value for name, value in columns.items()}
