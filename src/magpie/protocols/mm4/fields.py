"""Which header is which field of a message, and how its value is written."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final

import msgspec

from magpie.protocols.mime import Headers, decode_words
from magpie.protocols.mm4.addresses import parse_address, parse_addresses, write_address
from magpie.protocols.mm4.status import Extension, MmStatus, ReadStatus, RequestStatus, canonical
from magpie.protocols.mm4.times import read_date, read_moment, write_moment

MOST_RECIPIENTS: Final = 1000


Named = Mapping[str, list[str]]
"""The values that are not empty, by the names of their headers in small letters."""


def by_name(headers: Headers) -> Named:
    named: dict[str, list[str]] = {}
    for name, value in headers:
        if value:
            named.setdefault(name.lower(), []).append(value)
    return named


class TooMany(ValueError):  # noqa: N818 - read() makes an error of it
    """More recipients than one message may have."""


class Form(msgspec.Struct, frozen=True):
    """`read` is given the values of all headers of that name, in order."""

    read: Callable[[list[str]], Any]
    write: Callable[[Any], list[str]]


class Field(msgspec.Struct, frozen=True):
    """`others` are the names that some peers have for it."""

    name: str
    form: Form
    others: tuple[str, ...] = ()

    def values(self, named: Named) -> list[str]:
        for name in (self.name, *self.others):
            if found := named.get(name.lower()):
                return found
        return []


def _words(*words: str) -> Form:
    return Form(lambda given: canonical(given[0], words), lambda word: [word])


def _listed(words: type[StrEnum]) -> Form:
    return _words(*words)


def _addresses(given: list[str]) -> Any:
    found = []
    for text in given:
        for address in parse_addresses(text):
            found.append(address)
            if len(found) > MOST_RECIPIENTS:
                raise TooMany(f"more than {MOST_RECIPIENTS} recipients")
    return tuple(found)


def _count(given: list[str]) -> int | None:
    """What is no number counts for nothing."""
    text = given[0].strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004


def _mail_id(given: list[str]) -> str:
    return given[0].strip().removeprefix("<").removesuffix(">")


_TEXT: Final = Form(lambda given: given[0], lambda text: [text])
_TEXTS: Final = Form(tuple, list)
_SPOKEN: Final = Form(lambda given: decode_words(given[0]), lambda text: [text])
_FLAG: Final = Form(
    lambda given: {"yes": True, "no": False}.get(given[0].strip().strip('"').lower()),
    lambda flag: ["Yes" if flag else "No"],
)
_COUNT: Final = Form(_count, lambda number: [str(number)])
_DATE: Final = Form(lambda given: read_date(given[0]), lambda date: [write_moment(date)])
_MOMENT: Final = Form(lambda given: read_moment(given[0]), lambda date: [write_moment(date)])
_ADDRESS: Final = Form(
    lambda given: parse_address(given[0]), lambda address: [write_address(address)]
)
_ADDRESSES: Final = Form(
    _addresses, lambda addresses: [", ".join(write_address(one) for one in addresses)]
)
_MAIL_ID: Final = Form(_mail_id, lambda text: [f"<{text}>"])

FIELDS: Final[dict[str, Field]] = {
    "version": Field("X-Mms-3GPP-MMS-Version", _TEXT),
    "transaction_id": Field("X-Mms-Transaction-ID", _TEXT),
    "message_id": Field("X-Mms-Message-ID", _TEXT),
    "from_": Field("From", _ADDRESS),
    "to": Field("To", _ADDRESSES, ("X-Mms-To",)),
    "cc": Field("Cc", _ADDRESSES),
    "date": Field("Date", _DATE),
    "subject": Field("Subject", _SPOKEN),
    "ack_request": Field("X-Mms-Ack-Request", _FLAG),
    "originator_system": Field("X-Mms-Originator-System", _ADDRESS),
    "sender": Field("Sender", _ADDRESS),
    "mail_id": Field("Message-ID", _MAIL_ID),
    "message_class": Field(
        "X-Mms-Message-Class", _words("Personal", "Advertisement", "Informational", "Auto")
    ),
    "priority": Field("X-Mms-Priority", _words("Low", "Normal", "High")),
    "expiry": Field("X-Mms-Expiry", _MOMENT),
    "delivery_report": Field("X-Mms-Delivery-Report", _FLAG),
    "originator_delivery_report": Field("X-Mms-Originator-R/S-Delivery-Report", _FLAG),
    "read_reply": Field("X-Mms-Read-Reply", _FLAG),
    "sender_visibility": Field("X-Mms-Sender-Visibility", _words("Show", "Hide")),
    "forward_counter": Field("X-Mms-Forward-Counter", _COUNT),
    "previously_sent_by": Field("X-Mms-Previously-sent-by", _TEXTS),
    "previously_sent_at": Field("X-Mms-Previously-sent-date-and-time", _TEXTS),
    "adaptation_allowed": Field("X-Mms-Adaptation-Allowed", _FLAG),
    "content_class": Field("X-Mms-Content-Class", _TEXT),
    "drm_content": Field("X-Mms-Drm-Content", _FLAG),
    "applic_id": Field("X-Mms-Applic-ID", _TEXT),
    "reply_applic_id": Field("X-Mms-Reply-Applic-ID", _TEXT),
    "aux_applic_info": Field("X-Mms-Aux-Applic-Info", _TEXT),
    "vasp_id": Field("X-Mms-VASP-ID", _TEXT),
    "vas_id": Field("X-Mms-VAS-ID", _TEXT),
    "service_code": Field("X-Mms-Service-Code", _TEXT),
    "charged_party_id": Field("X-Mms-Charged-Party-ID", _TEXT),
    "mm_status": Field("X-Mms-MM-Status-Code", _listed(MmStatus), ("X-Mms-Status",)),
    "extension": Field("X-Mms-MM-Status-Extension", _listed(Extension)),
    "read_status": Field("X-Mms-Read-Status", _listed(ReadStatus), ("X-Mms-MM-Read-Status",)),
    "to_originator": Field("X-Mms-Forward-To-Originator-UA", _FLAG),
    "status": Field("X-Mms-Request-Status-Code", _listed(RequestStatus)),
    "status_text": Field("X-Mms-Status-Text", _SPOKEN),
    "recipients": Field("X-Mms-Request-Recipients", _ADDRESSES),
}
TYPE: Final = Field("X-Mms-Message-Type", _TEXT)
