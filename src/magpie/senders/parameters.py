"""What callers may set, and which of it is ours to act on and which only to record."""

import re
from collections.abc import Container
from functools import cache
from typing import Any, NamedTuple

from magpie import sids
from magpie.kit.rest import (
    Param,
    Params,
    Parser,
    Wrong,
    boolean,
    http_method,
    one_of,
    short_text,
    text,
    web_address,
)
from magpie.senders.model import LONGEST_NAME

_BAD_NAME = 20002
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")

url = web_address(underscores=True)
name = short_text(LONGEST_NAME, code=_BAD_NAME)
version = one_of("2010-04-01", "2008-08-01")


def sid(*prefixes: str) -> Parser[str]:
    """Blank is kept, for it takes away what was set."""

    def read(given: str) -> str:
        if given and not sids.is_sid(given, *prefixes):
            raise Wrong(f"must be a SID that begins with {' or '.join(prefixes)}")
        return given

    return Parser(read, keeps_blank=True)


class ChangeTexts(Params):
    friendly_name = Param("FriendlyName", name, doc="What people call it.")
    api_version = Param("ApiVersion", version, doc="Kept, and without effect here.")
    sms_url = Param("SmsUrl", url, doc="Where texts and pictures are posted that come to it.")
    sms_method = Param("SmsMethod", http_method, doc="How SmsUrl is called.")
    sms_fallback_url = Param("SmsFallbackUrl", url, doc="What is called where SmsUrl fails.")
    sms_fallback_method = Param(
        "SmsFallbackMethod", http_method, doc="How SmsFallbackUrl is called."
    )


class ChangeCalls(ChangeTexts):
    voice_url = Param("VoiceUrl", url, doc="Kept: there are no calls here.")
    voice_method = Param("VoiceMethod", http_method, doc="Kept: there are no calls here.")
    voice_fallback_url = Param("VoiceFallbackUrl", url, doc="Kept: there are no calls here.")
    voice_fallback_method = Param(
        "VoiceFallbackMethod", http_method, doc="Kept: there are no calls here."
    )
    voice_caller_id_lookup = Param(
        "VoiceCallerIdLookup", boolean, doc="Kept: there are no calls here."
    )
    status_callback = Param("StatusCallback", url, doc="Kept: there are no calls here.")
    status_callback_method = Param(
        "StatusCallbackMethod", http_method, doc="Kept: there are no calls here."
    )


class ChangeApplication(ChangeCalls):
    message_status_callback = Param(
        "MessageStatusCallback", url, doc="Where changes of the status of a message are posted."
    )
    sms_status_callback = Param(
        "SmsStatusCallback", url, doc="The older name of MessageStatusCallback."
    )
    public_application_connect_enabled = Param(
        "PublicApplicationConnectEnabled", boolean, doc="Kept, and without effect here."
    )


class SetUpNumber(ChangeCalls):
    sms_application_sid = Param(
        "SmsApplicationSid",
        sid("AP"),
        doc="The application whose URLs are called in place of its own.",
    )
    voice_application_sid = Param(
        "VoiceApplicationSid", sid("AP"), doc="Kept: there are no calls here."
    )
    voice_receive_mode = Param(
        "VoiceReceiveMode", one_of("voice", "fax"), doc="Kept: there are no calls here."
    )
    emergency_status = Param(
        "EmergencyStatus", one_of("Active", "Inactive"), doc="Kept, and without effect here."
    )
    emergency_address_sid = Param(
        "EmergencyAddressSid", sid("AD"), doc="Kept, and without effect here."
    )
    trunk_sid = Param("TrunkSid", sid("TK"), doc="Kept: there are no calls here.")
    identity_sid = Param("IdentitySid", sid("RI"), doc="Kept, and without effect here.")
    address_sid = Param("AddressSid", sid("AD"), doc="Kept, and without effect here.")
    bundle_sid = Param("BundleSid", sid("BU"), doc="Kept, and without effect here.")


class ChangeNumber(SetUpNumber):
    account_sid = Param("AccountSid", text, doc="The account that it moves to, of the same owner.")


class BuyNumber(SetUpNumber):
    phone_number = Param("PhoneNumber", text, doc="The number to buy, one that is for sale.")
    area_code = Param("AreaCode", text, doc="Buys any local number of this area code.")


class Changes(NamedTuple):
    columns: dict[str, Any]
    recorded: dict[str, Any]


def changes(given: Params, columns: Container[str], recorded: Container[str]) -> Changes:
    """What was given, by its names in the representation, and where each of it belongs."""
    values = {
        snake(wire): getattr(given, snake(wire)) for wire in given.names() if given.was_given(wire)
    }
    known = {name: value for name, value in values.items() if value is not None}
    return Changes(
        {name: value for name, value in known.items() if name in columns},
        {name: value for name, value in known.items() if name in recorded},
    )


@cache
def snake(wire: str) -> str:
    return _HUMP.sub("_", wire).lower()
