"""What can be asked of an ESME."""

import re
from ipaddress import ip_network
from typing import Any, Final

from msgspec import structs

from magpie import phone, sids
from magpie.esmes.model import (
    ALPHABETS,
    DATE_FORMS,
    ID_FORMS,
    LONG_TEXTS,
    LONGEST_SYSTEM_ID,
    RECEIVES,
    Esme,
)
from magpie.kit import clock
from magpie.kit.rest import Param, Params, Wrong, boolean, integer, many, one_of, short_text

_SYSTEM_ID: Final = re.compile(rf"[!-~]{{1,{LONGEST_SYSTEM_ID}}}")
_MOST_LISTED: Final = 100
_LONGEST_NAME: Final = 64


def _system_id(given: str) -> str:
    if not _SYSTEM_ID.fullmatch(given):
        raise Wrong(f"must be 1 to {LONGEST_SYSTEM_ID} printable characters without blanks")
    return given


def _network(given: str) -> str:
    try:
        return str(ip_network(given.strip()))
    except ValueError:
        raise Wrong("must be an address, or a network as in 192.0.2.0/24") from None


def _number(given: str) -> str:
    number = phone.parse_e164(given) or (given if phone.is_short_code(given) else None)
    if number is None:
        raise Wrong("must be a phone number or a short code")
    return number


def _service(given: str) -> str:
    if given and not sids.is_sid(given, "MG"):
        raise Wrong("must be the SID of a messaging service")
    return given


class ChangeEsme(Params):
    friendly_name = Param("FriendlyName", short_text(_LONGEST_NAME))
    enabled = Param("Enabled", boolean)
    allowed = Param("AllowedNetworks", many(_network, most=_MOST_LISTED))
    most_binds = Param("MaxBinds", integer(1, 32))
    send_window = Param("Window", integer(1, 500))
    rate = Param("Rate", integer(0, 10_000))
    messaging_service_sid = Param("MessagingServiceSid", _service)
    id_form = Param("MessageIds", one_of(*ID_FORMS))
    date_form = Param("ReceiptDates", one_of(*DATE_FORMS))
    receipt_tlvs = Param("ReceiptTlvs", boolean)
    alphabet = Param("DefaultAlphabet", one_of(*ALPHABETS))
    long_text = Param("LongText", one_of(*LONG_TEXTS))
    deduplicates = Param("Deduplicate", boolean)
    receives = Param("Receives", one_of(*RECEIVES))
    numbers = Param("Numbers", many(_number, most=_MOST_LISTED))


class UpdateEsme(ChangeEsme):
    new_password = Param("NewPassword", boolean, default=False)


class CreateEsme(ChangeEsme):
    system_id = Param("SystemId", _system_id)


_SERVICE: Final = "messaging_service_sid"
_CHANGEABLE: Final = [name for name in Esme.__struct_fields__ if hasattr(ChangeEsme, name)]
_LISTS: Final = {"allowed": "AllowedNetworks", "numbers": "Numbers"}


def changed(esme: Esme, given: ChangeEsme) -> Esme:
    """What is not given stays; a list or a service that is given blank is taken away."""
    values: dict[str, Any] = {}
    for name in _CHANGEABLE:
        value = getattr(given, name)
        if name in _LISTS:
            if given.was_given(_LISTS[name]):
                values[name] = list(dict.fromkeys(value))
        elif value is not None:
            values[name] = value or None if name == _SERVICE else value
    return structs.replace(esme, **values, date_updated=clock.now())
