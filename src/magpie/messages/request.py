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

    to = Param("To", text, doc="The phone that gets it, as +15558675310.")
    from_ = Param(
        "From", text, doc="The number, short code or name that it comes from, one of the account."
    )
    messaging_service_sid = Param(
        "MessagingServiceSid",
        text,
        doc="The messaging service that picks the sender, unless From names one of its pool.",
    )
    fallback_from = Param("FallbackFrom", text, doc="Kept, and without effect here.")
    body = Param(
        "Body", short_text(MAX_BODY, code=21617), doc="The text; a message needs this or media."
    )
    media_urls = Param(
        "MediaUrl",
        urls(most=MAX_MEDIA, code=21623, code_of_one=21620),
        doc="Where a picture or another file is fetched; given up to ten times, it makes an MMS.",
    )
    content_sid = Param("ContentSid", text, doc="Refused with 21655: there are no templates yet.")
    content_variables = Param(
        "ContentVariables",
        json_object,
        code=21656,
        doc="Values for a template, as a JSON object of texts.",
    )
    status_callback = Param(
        "StatusCallback",
        web_address(4000, code=21609),
        doc="Where each change of the status is posted.",
    )
    application_sid = Param(
        "ApplicationSid",
        text,
        doc="The application that has the status callback, if StatusCallback is not given.",
    )
    max_price = Param(
        "MaxPrice", decimal(Decimal(0)), code=21627, doc="Kept, and without effect here."
    )
    provide_feedback = Param(
        "ProvideFeedback",
        boolean,
        doc="Kept: says that feedback will be given on whether it was acted upon.",
    )
    attempt = Param("Attempt", integer(0), doc="Kept: how often the caller has tried before.")
    validity_period = Param(
        "ValidityPeriod",
        integer(1, VALIDITY),
        code=21624,
        doc="How many seconds it may wait to be sent; after them it fails.",
    )
    force_delivery = Param("ForceDelivery", boolean, doc="Kept, and without effect here.")
    content_retention = Param(
        "ContentRetention",
        one_of("retain", "discard"),
        code=30029,
        doc="Whether the text stays stored once it is sent.",
    )
    address_retention = Param(
        "AddressRetention",
        one_of("retain", "obfuscate"),
        code=30030,
        doc="Whether the number of the phone stays stored whole.",
    )
    smart_encoded = Param(
        "SmartEncoded",
        boolean,
        doc="Swaps curly quotes and their like for plain ones, so that fewer segments are needed.",
    )
    persistent_action = Param(
        "PersistentAction", texts(), doc="Kept: actions for channels that are not here."
    )
    traffic_type = Param("TrafficType", one_of("free"), doc="Kept, and without effect here.")
    shorten_urls = Param(
        "ShortenUrls",
        boolean,
        doc="Shortens the links of the text by the domain of the messaging service.",
    )
    schedule_type = Param(
        "ScheduleType",
        one_of("fixed"),
        code=35126,
        doc="Refused: messages cannot be sent later yet.",
    )
    send_at = Param("SendAt", text, doc="Refused, as ScheduleType.")
    send_as_mms = Param("SendAsMms", boolean, doc="Makes an MMS of it, even if it has no media.")
    risk_check = Param(
        "RiskCheck", one_of("enable", "disable"), doc="Kept, and without effect here."
    )
    tags = Param(
        "Tags", json_object, doc="Kept: names and values by which the caller knows it again."
    )


class ChangeMessage(Params):
    body = Param("Body", text, doc="Empty: what a finished message said is taken away.")
    status = Param("Status", one_of("canceled"), doc="Stops a message that waits for its time.")


class FindMessages(Params):
    to = Param("To", text, doc="Only messages to this number.")
    from_ = Param("From", text, doc="Only messages from this number or name.")
    sent = Param("DateSent", span, doc="Only what was sent on this day, or in this second.")
    sent_by = Param("DateSent<", span, doc="Only what was sent until the end of this day.")
    sent_since = Param("DateSent>", span, doc="Only what was sent from this day on.")


class GiveFeedback(Params):
    outcome = Param(
        "Outcome",
        one_of("confirmed", "unconfirmed"),
        default="confirmed",
        doc="Whether the receiver did what the message asked for.",
    )
