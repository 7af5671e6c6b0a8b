"""New ESMEs and their passwords."""

import secrets
import string
from typing import Final

from msgspec.structs import replace

from magpie import sids
from magpie.accounts.seal import Sealer
from magpie.errors import Refused
from magpie.esmes import store
from magpie.esmes.model import MOST, Esme
from magpie.esmes.parameters import CreateEsme, changed
from magpie.kit import clock
from magpie.kit.db import Connection

_TAKEN, _TOO_MANY = 20409, 20422
_LETTERS: Final = string.ascii_letters + string.digits
# SMPP has room for eight characters (3.4 clause 5.2.2): 47 bits, and guessing is made slow.
_PASSWORD: Final = 8
_SYSTEM_ID_LETTERS: Final = string.ascii_lowercase + string.digits


async def create(
    connection: Connection, sealer: Sealer, account_sid: str, given: CreateEsme
) -> tuple[Esme, str]:
    """Give the password as well: it is not kept."""
    if await store.count(connection, account_sid) >= MOST:
        raise Refused(_TOO_MANY, f"An account has at most {MOST} ESMEs.")
    password = new_password()
    esme = changed(
        _new(account_sid, given.system_id or _new_system_id(), sealer.hash_secret(password)), given
    )
    if not await store.insert(connection, esme):
        raise Refused(_TAKEN, f"The SystemId {esme.system_id} is taken.", status=409)
    return esme, password


def with_password(esme: Esme, sealer: Sealer) -> tuple[Esme, str]:
    password = new_password()
    return replace(esme, password_hash=sealer.hash_secret(password)), password


def new_password() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_PASSWORD))


def _new_system_id() -> str:
    return "m" + "".join(secrets.choice(_SYSTEM_ID_LETTERS) for _ in range(9))


def _new(account_sid: str, system_id: str, password_hash: bytes) -> Esme:
    now = clock.now()
    return Esme(
        account_sid=account_sid,
        sid=sids.new("ES", clock.uuid7()),
        system_id=system_id,
        password_hash=password_hash,
        friendly_name="",
        enabled=True,
        allowed=[],
        most_binds=4,
        send_window=50,
        rate=0,
        messaging_service_sid=None,
        id_form="sid",
        date_form="minutes",
        receipt_tlvs=True,
        alphabet="gsm7",
        long_text="udh",
        deduplicates=False,
        receives="none",
        numbers=[],
        date_created=now,
        date_updated=now,
    )
