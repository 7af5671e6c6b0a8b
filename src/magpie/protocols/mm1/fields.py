"""The header fields by their numbers (OMA-TS-MMS_ENC table 12)."""

from typing import Final, NamedTuple

from magpie.protocols.mm1 import values
from magpie.protocols.mm1.values import Kind

MESSAGE_TYPE: Final = 0x8C
CONTENT_TYPE: Final = 0x84


class Field(NamedTuple):
    """`name` is the attribute of a message; one that is `many` may come again and again."""

    number: int
    name: str
    title: str
    kind: Kind
    many: bool = False


FIELDS: Final = (
    Field(0x81, "bcc", "Bcc", values.ENCODED, many=True),
    Field(0x82, "cc", "Cc", values.ENCODED, many=True),
    Field(0x83, "content_location", "X-Mms-Content-Location", values.TEXT),
    Field(0x85, "date", "Date", values.LONG),
    Field(0x86, "delivery_report", "X-Mms-Delivery-Report", values.YES),
    Field(0x87, "delivery_time", "X-Mms-Delivery-Time", values.TIME),
    Field(0x88, "expiry", "X-Mms-Expiry", values.TIME),
    Field(0x89, "from_", "From", values.FROM),
    Field(0x8A, "message_class", "X-Mms-Message-Class", values.CLASS),
    Field(0x8B, "message_id", "Message-ID", values.TEXT),
    Field(0x8D, "version", "X-Mms-MMS-Version", values.VERSION),
    Field(0x8E, "message_size", "X-Mms-Message-Size", values.LONG),
    Field(0x8F, "priority", "X-Mms-Priority", values.OCTET),
    Field(0x90, "read_report", "X-Mms-Read-Report", values.YES),
    Field(0x91, "report_allowed", "X-Mms-Report-Allowed", values.YES),
    Field(0x92, "response_status", "X-Mms-Response-Status", values.OCTET),
    Field(0x93, "response_text", "X-Mms-Response-Text", values.ENCODED),
    Field(0x94, "sender_visibility", "X-Mms-Sender-Visibility", values.OCTET),
    Field(0x95, "status", "X-Mms-Status", values.OCTET),
    Field(0x96, "subject", "Subject", values.ENCODED),
    Field(0x97, "to", "To", values.ENCODED, many=True),
    Field(0x98, "transaction_id", "X-Mms-Transaction-ID", values.TEXT),
    Field(0x99, "retrieve_status", "X-Mms-Retrieve-Status", values.OCTET),
    Field(0x9A, "retrieve_text", "X-Mms-Retrieve-Text", values.ENCODED),
    Field(0x9B, "read_status", "X-Mms-Read-Status", values.OCTET),
    Field(0x9C, "reply_charging", "X-Mms-Reply-Charging", values.OCTET),
    Field(0x9D, "reply_charging_deadline", "X-Mms-Reply-Charging-Deadline", values.TIME),
    Field(0x9E, "reply_charging_id", "X-Mms-Reply-Charging-ID", values.TEXT),
    Field(0x9F, "reply_charging_size", "X-Mms-Reply-Charging-Size", values.LONG),
    Field(0xA0, "previously_sent_by", "X-Mms-Previously-Sent-By", values.PREVIOUS_BY, many=True),
    Field(
        0xA1, "previously_sent_date", "X-Mms-Previously-Sent-Date", values.PREVIOUS_DATE, many=True
    ),
    Field(0xA2, "store", "X-Mms-Store", values.YES),
    Field(0xA3, "mm_state", "X-Mms-MM-State", values.OCTET),
    Field(0xA5, "store_status", "X-Mms-Store-Status", values.OCTET),
    Field(0xA6, "store_status_text", "X-Mms-Store-Status-Text", values.ENCODED),
    Field(0xA7, "stored", "X-Mms-Stored", values.YES),
    Field(0xB1, "distribution_indicator", "X-Mms-Distribution-Indicator", values.YES),
    Field(0xB4, "recommended_retrieval_mode", "X-Mms-Recommended-Retrieval-Mode", values.OCTET),
    Field(
        0xB5,
        "recommended_retrieval_mode_text",
        "X-Mms-Recommended-Retrieval-Mode-Text",
        values.ENCODED,
    ),
    Field(0xB6, "status_text", "X-Mms-Status-Text", values.ENCODED),
    Field(0xB7, "applic_id", "X-Mms-Applic-ID", values.TEXT),
    Field(0xB8, "reply_applic_id", "X-Mms-Reply-Applic-ID", values.TEXT),
    Field(0xB9, "aux_applic_info", "X-Mms-Aux-Applic-Info", values.TEXT),
    Field(0xBA, "content_class", "X-Mms-Content-Class", values.OCTET),
    Field(0xBB, "drm_content", "X-Mms-DRM-Content", values.YES),
    Field(0xBC, "adaptation_allowed", "X-Mms-Adaptation-Allowed", values.YES),
    Field(0xBD, "replace_id", "X-Mms-Replace-ID", values.TEXT),
    Field(0xBE, "cancel_id", "X-Mms-Cancel-ID", values.TEXT),
    Field(0xBF, "cancel_status", "X-Mms-Cancel-Status", values.OCTET),
)
BY_NUMBER: Final = {field.number: field for field in FIELDS}
BY_NAME: Final = {field.name: field for field in FIELDS}
