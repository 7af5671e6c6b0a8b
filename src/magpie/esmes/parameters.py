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
    friendly_name = Param("FriendlyName", short_text(_LONGEST_NAME), doc="What people call it.")
    enabled = Param("Enabled", boolean, doc="Whether it may bind.")
    allowed = Param(
        "AllowedNetworks",
        many(_network, most=_MOST_LISTED),
        doc="Where it may come from, as an address or 192.0.2.0/24; from everywhere, if blank.",
    )
    most_binds = Param("MaxBinds", integer(1, 32), doc="How many binds it may have at a time.")
    send_window = Param(
        "Window",
        integer(1, 500),
        doc="How many requests may be without an answer, in each direction.",
    )
    rate = Param("Rate", integer(0, 10_000), doc="Segments a second on each bind; 0 is no limit.")
    messaging_service_sid = Param(
        "MessagingServiceSid", _service, doc="Chooses the sender where a submit names none."
    )
    id_form = Param("MessageIds", one_of(*ID_FORMS), doc="How the ids of messages look.")
    date_form = Param(
        "ReceiptDates", one_of(*DATE_FORMS), doc="Whether the times in receipts have seconds."
    )
    receipt_tlvs = Param(
        "ReceiptTlvs", boolean, doc="Whether receipts have their facts as TLVs, too."
    )
    alphabet = Param(
        "DefaultAlphabet", one_of(*ALPHABETS), doc="What data_coding 0 means, both ways."
    )
    long_text = Param("LongText", one_of(*LONG_TEXTS), doc="How long texts are handed over.")
    deduplicates = Param(
        "Deduplicate",
        boolean,
        doc="Whether what is submitted twice with the same reference is one message.",
    )
    receives = Param("Receives", one_of(*RECEIVES), doc="Of which numbers it gets the texts.")
    numbers = Param(
        "Numbers",
        many(_number, most=_MOST_LISTED),
        doc="The numbers whose texts it gets, where Receives is list.",
    )


class UpdateEsme(ChangeEsme):
    new_password = Param(
        "NewPassword", boolean, default=False, doc="Makes another password, which the answer shows."
    )


class CreateEsme(ChangeEsme):
    system_id = Param(
        "SystemId", _system_id, doc="The name that it binds with; made up, if not given."
    )


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
