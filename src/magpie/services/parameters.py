from typing import Final

from magpie.kit.rest import (
    Param,
    Params,
    Parser,
    Wrong,
    boolean,
    http_method,
    integer,
    one_of,
    web_address,
)
from magpie.services.model import LONGEST_NAME, LONGEST_VALIDITY, USECASES

_BAD_NAME: Final = 20002
_BAD_USECASE: Final = 21713

url = web_address(underscores=True)
usecase = one_of(*[one.usecase for one in USECASES], code=_BAD_USECASE)


def _name(given: str) -> str:
    if not given.strip():
        raise Wrong("is required")
    if len(given) > LONGEST_NAME:
        raise Wrong(f"must have at most {LONGEST_NAME} characters")
    return given


name = Parser(_name, keeps_blank=True)


class ChangeService(Params):
    friendly_name = Param("FriendlyName", name, code=_BAD_NAME, doc="What people call it.")
    inbound_request_url = Param(
        "InboundRequestUrl", url, doc="Where messages are posted that come to its senders."
    )
    inbound_method = Param("InboundMethod", http_method, doc="How InboundRequestUrl is called.")
    fallback_url = Param("FallbackUrl", url, doc="What is called where InboundRequestUrl fails.")
    fallback_method = Param("FallbackMethod", http_method, doc="How FallbackUrl is called.")
    status_callback = Param(
        "StatusCallback",
        url,
        doc="Where changes of status are posted, unless the message names a place of its own.",
    )
    sticky_sender = Param(
        "StickySender",
        boolean,
        doc="Whether a phone always gets its messages from the same sender.",
    )
    mms_converter = Param(
        "MmsConverter",
        boolean,
        doc="Whether pictures become a link in a text where there is no MMS.",
    )
    smart_encoding = Param(
        "SmartEncoding",
        boolean,
        doc="Whether curly quotes and their like are swapped for plain ones.",
    )
    scan_message_content = Param(
        "ScanMessageContent",
        one_of("inherit", "enable", "disable"),
        doc="Kept, and without effect here.",
    )
    fallback_to_long_code = Param(
        "FallbackToLongCode", boolean, doc="Kept, and without effect here."
    )
    area_code_geomatch = Param(
        "AreaCodeGeomatch",
        boolean,
        doc="Whether a sender near the receiver goes before the others.",
    )
    validity_period = Param(
        "ValidityPeriod",
        integer(1, LONGEST_VALIDITY),
        doc="How many seconds its messages may wait to be sent.",
    )
    synchronous_validation = Param(
        "SynchronousValidation", boolean, doc="Kept, and without effect here."
    )
    usecase = Param("Usecase", usecase, doc="What it is used for.")
    use_inbound_webhook_on_number = Param(
        "UseInboundWebhookOnNumber",
        boolean,
        doc="Whether the webhook of the number is called in place of its own.",
    )


class CreateService(ChangeService):
    friendly_name = Param(
        "FriendlyName", name, code=_BAD_NAME, required=True, doc="What people call it."
    )
