"""What can be asked of a message, each parameter with the code of a wrong value."""

from decimal import Decimal

from magpie.kit.rest import (
    Param,
    Params,
    boolean,
    decimal,
    integer,
    json_object,
    one_of,
    short_text,
    span,
    text,
    texts,
    urls,
    web_address,
)

MAX_BODY = 1600
MAX_MEDIA = 10
VALIDITY = 36_000


class SendMessage(Params):
    """Fields are checked in this order; the first wrong one is told."""

    to = Param("To", text)
    from_ = Param("From", text)
    messaging_service_sid = Param("MessagingServiceSid", text)
    fallback_from = Param("FallbackFrom", text)
    body = Param("Body", short_text(MAX_BODY, code=21617))
    media_urls = Param("MediaUrl", urls(most=MAX_MEDIA, code=21623, code_of_one=21620))
    content_sid = Param("ContentSid", text)
    content_variables = Param("ContentVariables", json_object, code=21656)
    status_callback = Param("StatusCallback", web_address(4000, code=21609))
    application_sid = Param("ApplicationSid", text)
    max_price = Param("MaxPrice", decimal(Decimal(0)), code=21627)
    provide_feedback = Param("ProvideFeedback", boolean)
    attempt = Param("Attempt", integer(0))
    validity_period = Param("ValidityPeriod", integer(1, VALIDITY), code=21624)
    force_delivery = Param("ForceDelivery", boolean)
    content_retention = Param("ContentRetention", one_of("retain", "discard"), code=30029)
    address_retention = Param("AddressRetention", one_of("retain", "obfuscate"), code=30030)
    smart_encoded = Param("SmartEncoded", boolean)
    persistent_action = Param("PersistentAction", texts())
    traffic_type = Param("TrafficType", one_of("free"))
    shorten_urls = Param("ShortenUrls", boolean)
    schedule_type = Param("ScheduleType", one_of("fixed"), code=35126)
    send_at = Param("SendAt", text)
    send_as_mms = Param("SendAsMms", boolean)
    risk_check = Param("RiskCheck", one_of("enable", "disable"))
    tags = Param("Tags", json_object)


class ChangeMessage(Params):
    body = Param("Body", text)
    status = Param("Status", one_of("canceled"))


class FindMessages(Params):
    to = Param("To", text)
    from_ = Param("From", text)
    sent = Param("DateSent", span)
    sent_by = Param("DateSent<", span)
    sent_since = Param("DateSent>", span)


class GiveFeedback(Params):
    outcome = Param("Outcome", one_of("confirmed", "unconfirmed"), default="confirmed")
