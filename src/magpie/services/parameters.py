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
    friendly_name = Param("FriendlyName", name, code=_BAD_NAME)
    inbound_request_url = Param("InboundRequestUrl", url)
    inbound_method = Param("InboundMethod", http_method)
    fallback_url = Param("FallbackUrl", url)
    fallback_method = Param("FallbackMethod", http_method)
    status_callback = Param("StatusCallback", url)
    sticky_sender = Param("StickySender", boolean)
    mms_converter = Param("MmsConverter", boolean)
    smart_encoding = Param("SmartEncoding", boolean)
    scan_message_content = Param("ScanMessageContent", one_of("inherit", "enable", "disable"))
    fallback_to_long_code = Param("FallbackToLongCode", boolean)
    area_code_geomatch = Param("AreaCodeGeomatch", boolean)
    validity_period = Param("ValidityPeriod", integer(1, LONGEST_VALIDITY))
    synchronous_validation = Param("SynchronousValidation", boolean)
    usecase = Param("Usecase", usecase)
    use_inbound_webhook_on_number = Param("UseInboundWebhookOnNumber", boolean)


class CreateService(ChangeService):
    friendly_name = Param("FriendlyName", name, code=_BAD_NAME, required=True)
