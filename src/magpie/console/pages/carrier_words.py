"""What each setting of a link means, for whoever fills in its form: as the reference says it."""

from collections.abc import Mapping
from typing import Final

_WIRE: Final[Mapping[str, str]] = {
    "name": "What routes and timelines call it.",
    "window": "Submissions without an answer at a time.",
    "rate": "SMS segments, or MMS, a second; 0 is without limit.",
    "on_unknown": "What to do when nobody knows whether a message arrived.",
    "dedupes": "Whether the carrier knows repeated submissions.",
}
_PICTURES: Final[Mapping[str, str]] = {
    "profile": "Media profile by which pictures are made to fit.",
    "max_bytes": "Bytes that the carrier takes at most, if less than the profile says.",
    "plus_sign": "Whether numbers begin with a plus.",
    "timeout": "Seconds that an answer may take.",
}
_OWN: Final[Mapping[str, Mapping[str, str]]] = {
    "smpp": {
        "host": (
            "The carrier's, or several parted by commas; each may have a port: a.example:2776."
        ),
        "port": "Port of hosts that name none.",
        "system_id": "Name at the carrier.",
        "password": "Its password there.",
        "account": "The same word for links that share their receipts.",
        "system_type": "Type of system, where the carrier asks for one.",
        "address_range": "Addresses of which a receiver wants messages, where the carrier asks.",
        "service_type": "Kind of service, as CMT, where the carrier asks for one.",
        "bind": "One bind for both directions, or two.",
        "tls": "TLS, with the host's name verified.",
        "tls_files": "Certificates, where tls is true.",
        "source_ton_npi": "For e164, short-code, alphanumeric senders.",
        "dest_ton_npi": "The same for receivers.",
        "country_code": "Country whose numbers the carrier writes without their code.",
        "default_alphabet": "What data_coding 0 means.",
        "long_text": "How texts longer than one segment go.",
        "validity": "How the carrier is told until when a text is worth delivering.",
        "plus_sign": "Whether numbers begin with a plus.",
        "receipt_ids": "How ids of answers are written where receipts differ.",
        "fold_case": "Ids that differ only in the case of letters are the same.",
        "fold_zeros": "Ids that differ only in zeros at their beginning are the same.",
        "unmarked_receipts": "Texts that look like receipts are some; phones could forge them.",
        "status_classes": (
            "What the carrier's own statuses mean: throttle, temporary, "
            "permanent, configuration, session."
        ),
        "status_codes": "Error codes of messages that are refused with such a status.",
        "receipt_codes": "Error codes of messages that are undelivered with such an err.",
        "reference_tlv": "Vendor TLV for the reference by which repeated submissions are known.",
        "enquire_link": "Seconds between signs of life on a quiet link.",
        "response_timeout": "Seconds that an answer may take.",
        "reconnect": "Seconds before a lost link is tried again, at most; waits double up to it.",
    },
    "mm7": {
        "url": "Where the relay takes submissions.",
        "username": "For HTTP Basic.",
        "password": "Its password.",
        "headers": "Headers that every request gets.",
        "tls": "Files of certificates.",
        "vasp_id": "VASPID: who we are at the carrier.",
        "vas_id": "VASID: which of our services it is.",
        "service_code": "ServiceCode, by which the carrier charges.",
        "message_class": "MessageClass, where the carrier asks for one.",
        "charged_party": "ChargedParty: who pays, where the carrier asks.",
        "read_reply": "Ask for read reports.",
        "schema": "Namespace of what is sent; any is taken.",
        "version": "MM7Version.",
        "prefix": "Prefix of the elements, as mm7; without one they have a default namespace.",
        "qualified": "Whether the elements of an operation are in its namespace, too.",
        "soap_action": "The header of that name; without one it is two quotes.",
        "typed_numbers": "Write /TYPE=PLMN behind numbers.",
        "country_code": "Country whose numbers the carrier writes without their code.",
        "status_classes": (
            "What the carrier's own status codes mean: throttle, accepted, "
            "permanent, temporary, configuration."
        ),
        "status_codes": "Error codes of messages that are refused with such a status.",
        "number": "Ours that gets pictures whose request names nobody.",
        "peer_username": "Name with which the relay calls us, by HTTP Basic.",
        "peer_password": "The password that it calls us with.",
        "peers": "Networks from which the relay calls us.",
    },
    "mm4": {
        "host": "Where the other centre takes mail.",
        "port": "Its port.",
        "domain": "The other centre's domain, as mms.mnc012.mcc345.gprs.",
        "own_domain": "Our own domain.",
        "username": "For SMTP AUTH.",
        "password": "Its password.",
        "security": "TLS from the first byte, after STARTTLS, or not at all.",
        "tls": "Files of certificates. With cert who sends to us may use STARTTLS.",
        "version": "X-Mms-3GPP-MMS-Version.",
        "system": "Answers and reports come to this name at own_domain.",
        "country_code": "Country whose numbers the carrier writes without their code.",
        "ack_request": "Ask for an answer (MM4_forward.RES) to each message, with a listen_port.",
        "read_reply": "Ask for read reports.",
        "eight_bit": "Send texts as they are, not in base64; the other centre must have 8BITMIME.",
        "listen_host": "Where mail of the other centre is taken.",
        "listen_port": "Without it none is taken: no reports and no pictures come in.",
        "listen_max_bytes": "The largest mail that is taken.",
        "peers": "Who may send to it.",
    },
    "mm1": {
        "url": "Where the MMSC takes messages.",
        "number": "Our number at the carrier.",
        "headers": "By which the MMSC knows the handset.",
        "peers": "Who may post notifications.",
    },
    "http": {
        "provider": "Whose API it is.",
        "account": "Account at the provider; Telnyx needs none.",
        "username": "API user; with Twilio an API key's SID, or the account's.",
        "token": "The API user's secret.",
        "application": "Messaging Service, application or messaging profile.",
        "callback_secret": "By which the provider's calls are known; of Twilio if it is not token.",
        "url": "Another address of the API than the provider's.",
        "profile": "Media profile by which pictures are made to fit.",
        "max_bytes": "Bytes that the provider takes at most, if less than the profile says.",
        "timeout": "Seconds that an answer may take.",
    },
}
# What is written as JSON looks like this.
EXAMPLES: Final[Mapping[str, str]] = {
    "source_ton_npi": '{"e164": [1, 1]}',
    "dest_ton_npi": '{"e164": [1, 1]}',
    "headers": '{"X-Customer": "42"}',
    "tls": '{"ca": "/etc/magpie/ca.pem"}',
    "tls_files": '{"ca": "/etc/magpie/ca.pem"}',
    "status_classes": '{"3510": "throttle"}',
    "status_codes": '{"1025": 30007}',
    "receipt_codes": '{"0D1": 30005}',
    "peers": '["192.0.2.0/24"]',
}


def meaning(kind: str, name: str) -> str:
    known = _OWN.get(kind, {})
    pictures = _PICTURES if kind.startswith("mm") else {}
    return known.get(name) or pictures.get(name) or _WIRE.get(name, "")
