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
    friendly_name = Param("FriendlyName", name)
    api_version = Param("ApiVersion", version)
    sms_url = Param("SmsUrl", url)
    sms_method = Param("SmsMethod", http_method)
    sms_fallback_url = Param("SmsFallbackUrl", url)
    sms_fallback_method = Param("SmsFallbackMethod", http_method)


class ChangeCalls(ChangeTexts):
    voice_url = Param("VoiceUrl", url)
    voice_method = Param("VoiceMethod", http_method)
    voice_fallback_url = Param("VoiceFallbackUrl", url)
    voice_fallback_method = Param("VoiceFallbackMethod", http_method)
    voice_caller_id_lookup = Param("VoiceCallerIdLookup", boolean)
    status_callback = Param("StatusCallback", url)
    status_callback_method = Param("StatusCallbackMethod", http_method)


class ChangeApplication(ChangeCalls):
    message_status_callback = Param("MessageStatusCallback", url)
    sms_status_callback = Param("SmsStatusCallback", url)
    public_application_connect_enabled = Param("PublicApplicationConnectEnabled", boolean)


class SetUpNumber(ChangeCalls):
    sms_application_sid = Param("SmsApplicationSid", sid("AP"))
    voice_application_sid = Param("VoiceApplicationSid", sid("AP"))
    voice_receive_mode = Param("VoiceReceiveMode", one_of("voice", "fax"))
    emergency_status = Param("EmergencyStatus", one_of("Active", "Inactive"))
    emergency_address_sid = Param("EmergencyAddressSid", sid("AD"))
    trunk_sid = Param("TrunkSid", sid("TK"))
    identity_sid = Param("IdentitySid", sid("RI"))
    address_sid = Param("AddressSid", sid("AD"))
    bundle_sid = Param("BundleSid", sid("BU"))


class ChangeNumber(SetUpNumber):
    account_sid = Param("AccountSid", text)


class BuyNumber(SetUpNumber):
    phone_number = Param("PhoneNumber", text)
    area_code = Param("AreaCode", text)


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
