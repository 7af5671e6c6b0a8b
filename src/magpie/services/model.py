from datetime import datetime
from typing import Final

from magpie.kit.record import Record

LONGEST_NAME: Final = 64
LONGEST_VALIDITY: Final = 36_000
MOST_SENDERS: Final = 400
"""Numbers and short codes together; names are counted apart."""


class Service(Record, frozen=True):
    """Senders that act as one, and how what they send is treated.

    A URL that is not set is None. `validity_period` is in seconds. `fallback_to_long_code`,
    `scan_message_content` and `synchronous_validation` are kept and echoed, as Twilio does.
    """

    account_sid: str
    sid: str
    friendly_name: str
    inbound_request_url: str | None
    inbound_method: str
    fallback_url: str | None
    fallback_method: str
    status_callback: str | None
    sticky_sender: bool
    smart_encoding: bool
    mms_converter: bool
    fallback_to_long_code: bool
    area_code_geomatch: bool
    scan_message_content: str
    synchronous_validation: bool
    validity_period: int
    usecase: str
    use_inbound_webhook_on_number: bool
    date_created: datetime
    date_updated: datetime


URLS: Final = ("inbound_request_url", "fallback_url", "status_callback")
FIXED: Final = frozenset(("account_sid", "sid", "date_created", "date_updated"))
SETTABLE: Final = tuple(name for name in Service.__struct_fields__ if name not in FIXED)


class Usecase(Record, frozen=True):
    usecase: str
    description: str
    purpose: str


USECASES: Final = (
    Usecase(
        "notifications",
        "What customers wait for or must know: deliveries, orders, appointments, accounts, fraud "
        "and emergencies.",
        "Tell my users what happened.",
    ),
    Usecase(
        "marketing",
        "Offers, product news and invitations that bring people to your organization.",
        "Promote what I offer.",
    ),
    Usecase(
        "verification",
        "One-time passwords and other proofs of who somebody is or which phone is theirs.",
        "Verify my users.",
    ),
    Usecase(
        "discussion",
        "Conversations between people, such as support, sales, or members of a group.",
        "Talk with my users.",
    ),
    Usecase(
        "poll",
        "Questions to many, such as surveys and votes, whose answers are collected.",
        "Ask my users.",
    ),
    Usecase(
        "undeclared",
        "The purpose has not been said, or none of the others fits.",
        "Something else.",
    ),
)
