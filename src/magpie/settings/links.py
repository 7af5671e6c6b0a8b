"""What an operator says of a carrier link: one table for each kind, told apart by `kind`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeAlias

from msgspec import Meta, field, structs

from magpie.settings.values import Count, Name, Port, Rate, Seconds, Secret, Table, Url

AddressKind: TypeAlias = Literal["e164", "short-code", "alphanumeric"]
TonNpi: TypeAlias = tuple[Annotated[int, Meta(ge=0, le=7)], Annotated[int, Meta(ge=0, le=31)]]
_DOMAIN: Final = r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$"
_CONTROL: Final = frozenset(map(chr, (*range(0x20), 0x7F)))
OnUnknown: TypeAlias = Literal["resend", "hold", "fail"]
StatusCode: TypeAlias = Annotated[str, Meta(pattern="^[1-9][0-9]{3}$")]
StatusMeaning: TypeAlias = Literal[
    "accepted", "permanent", "temporary", "throttle", "configuration"
]
CommandStatus: TypeAlias = Annotated[str, Meta(pattern="^(0x[0-9A-Fa-f]{1,8}|[1-9][0-9]{0,9})$")]
CommandMeaning: TypeAlias = Literal[
    "permanent", "temporary", "throttle", "configuration", "session"
]
ReceiptError: TypeAlias = Annotated[str, Meta(pattern="^[0-9A-Za-z-]{1,6}$")]
ErrorCode: TypeAlias = Annotated[int, Meta(ge=10000, le=99999)]


class LinkSettings(Table, frozen=True, kw_only=True, tag_field="kind"):
    """None of its texts has a control character: they go into headers, commands and PDUs."""

    name: Name

    def __post_init__(self) -> None:
        for told in structs.fields(self):
            if any(not _CONTROL.isdisjoint(text) for text in _texts(getattr(self, told.name))):
                raise ValueError(f"carrier {self.name}: {told.name} has a control character")


class LoopbackSettings(LinkSettings, frozen=True, kw_only=True, tag="loopback"):
    """The simulated network under another name."""


class WireSettings(LinkSettings, frozen=True, kw_only=True):
    """What every link over a wire has.

    `window` counts submissions without an answer, `rate` SMS segments or MMS a second (0: no
    limit); `dedupes` says that the carrier knows repeated submissions.
    """

    window: Count = 10
    rate: Rate = 0.0
    on_unknown: OnUnknown = "resend"
    dedupes: bool = False


class TlsFiles(Table, frozen=True):
    """PEM files; `ca` replaces the system's authorities, `cert` and `key` are ours."""

    ca: Path | None = None
    cert: Path | None = None
    key: Path | None = None


class SmppSettings(WireSettings, frozen=True, kw_only=True, tag="smpp"):
    """Links with the same `account` share their receipts: the carrier hands them to any.

    `status_classes` says what the carrier's own statuses mean for the next try.

    `status_codes` and `receipt_codes` turn a status of an answer, or the `err` of a receipt, into
    a code of ours; `unmarked_receipts` takes texts that look like receipts for such.
    """

    host: Annotated[str, Meta(min_length=1)]
    port: Annotated[int, Meta(ge=1, le=65535)]
    system_id: Annotated[str, Meta(min_length=1, max_length=15)]
    password: Secret = Secret()
    account: Annotated[str, Meta(max_length=64)] = ""
    system_type: Annotated[str, Meta(max_length=12)] = ""
    bind: Literal["trx", "tx+rx"] = "trx"
    address_range: Annotated[str, Meta(max_length=40)] = ""
    service_type: Annotated[str, Meta(max_length=5)] = ""
    tls: bool = False
    tls_files: TlsFiles = TlsFiles()
    source_ton_npi: dict[AddressKind, TonNpi] = field(default_factory=dict)
    dest_ton_npi: dict[AddressKind, TonNpi] = field(default_factory=dict)
    country_code: Annotated[str, Meta(pattern="^[0-9]{0,3}$")] = ""
    default_alphabet: Literal["gsm7", "gsm7-packed", "latin1", "ascii"] = "gsm7"
    long_text: Literal["udh", "udh16", "sar", "payload"] = "udh"
    validity: Literal["none", "relative", "absolute"] = "none"
    plus_sign: bool = False
    receipt_ids: Literal["as-is", "response-hex", "response-dec"] = "as-is"
    fold_case: bool = False
    fold_zeros: bool = False
    unmarked_receipts: bool = False
    status_classes: dict[CommandStatus, CommandMeaning] = field(default_factory=dict)
    status_codes: dict[CommandStatus, ErrorCode] = field(default_factory=dict)
    receipt_codes: dict[ReceiptError, ErrorCode] = field(default_factory=dict)
    reference_tlv: Annotated[int, Meta(ge=0x1400, le=0x3FFF)] | None = None
    enquire_link: Seconds = 30.0
    response_timeout: Seconds = 30.0
    reconnect: Seconds = 60.0


class MmsSettings(WireSettings, frozen=True, kw_only=True):
    """What every link for pictures has.

    `profile` names the media profile by which pictures are made to fit, `max_bytes` what the
    carrier takes besides; `plus_sign` says whether numbers begin with a plus.
    """

    profile: Name = "standard"
    max_bytes: Count | None = None
    plus_sign: bool = True
    timeout: Seconds = 30.0


class Mm7Settings(MmsSettings, frozen=True, kw_only=True, tag="mm7"):
    """We are the VASP. `peer_username` and `peer_password` are what the relay calls us with.

    `prefix`, `qualified` and `soap_action` are the style of our XML; `status_classes` says what
    the carrier's own status codes mean, `status_codes` turns one into a code of ours. `number` gets
    pictures whose request names nobody.
    """

    url: Url
    username: str = ""
    password: Secret = Secret()
    headers: dict[str, str] = field(default_factory=dict)
    tls: TlsFiles = TlsFiles()
    vasp_id: str = ""
    vas_id: str = ""
    service_code: str = ""
    schema: Annotated[str, Meta(pattern=r"^REL-[56]-MM7-1-[0-9]$")] = "REL-6-MM7-1-4"
    version: Annotated[str, Meta(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$")] = "6.8.0"
    prefix: Annotated[str, Meta(pattern="^([A-Za-z][A-Za-z0-9-]{0,19})?$")] = ""
    qualified: bool = True
    soap_action: Annotated[str, Meta(pattern="^[!-~]*$")] = ""
    typed_numbers: bool = False
    country_code: Annotated[str, Meta(pattern="^[0-9]{0,3}$")] = ""
    message_class: Literal["", "Personal", "Informational", "Advertisement", "Auto"] = ""
    charged_party: Literal["", "Sender", "Recipient", "Both", "Neither", "ThirdParty"] = ""
    read_reply: bool = False
    status_classes: dict[StatusCode, StatusMeaning] = field(default_factory=dict)
    status_codes: dict[StatusCode, ErrorCode] = field(default_factory=dict)
    number: str = ""
    peer_username: str = ""
    peer_password: Secret = Secret()
    peers: tuple[str, ...] = ()


class Mm4Settings(MmsSettings, frozen=True, kw_only=True, tag="mm4"):
    """`domain` is the peer's, `own_domain` ours; `peers` are the networks that may send to us.

    Answers come to `system` at our domain; `listen_max_bytes` caps the mails that come in.
    """

    host: Annotated[str, Meta(min_length=1)]
    port: Port = 25
    domain: Annotated[str, Meta(pattern=_DOMAIN)]
    own_domain: Annotated[str, Meta(pattern=_DOMAIN)]
    username: str = ""
    password: Secret = Secret()
    security: Literal["none", "starttls", "tls"] = "none"
    tls: TlsFiles = TlsFiles()
    version: Annotated[str, Meta(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$")] = "6.3.0"
    system: Annotated[str, Meta(pattern="^[A-Za-z0-9._-]{1,64}$")] = "mms"
    country_code: Annotated[str, Meta(pattern="^[0-9]{0,3}$")] = ""
    ack_request: bool = True
    read_reply: bool = False
    eight_bit: bool = False
    listen_host: str = "127.0.0.1"
    listen_port: Port | None = None
    listen_max_bytes: Count = 10 * 1024 * 1024
    peers: tuple[str, ...] = ("127.0.0.0/8", "::1/128")


class Mm1Settings(MmsSettings, frozen=True, kw_only=True, tag="mm1"):
    """We are a handset: `number` is ours, `url` the MMSC's, `headers` tell it who we are."""

    url: Url
    number: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    peers: tuple[str, ...] = ("127.0.0.0/8", "::1/128")


class HttpSettings(WireSettings, frozen=True, kw_only=True, tag="http"):
    """A provider's HTTP API; `url` replaces its usual address.

    `application` groups numbers at the provider, `callback_secret` is how its calls are known.
    """

    provider: Literal["twilio", "bandwidth", "telnyx"]
    account: str = ""
    username: str = ""
    token: Secret
    application: str = ""
    callback_secret: Secret = Secret()
    url: Url | None = None
    profile: Name = "standard"
    max_bytes: Count | None = None
    timeout: Seconds = 30.0


CarrierSettings: TypeAlias = (
    SmppSettings | Mm7Settings | Mm4Settings | Mm1Settings | HttpSettings | LoopbackSettings
)
KINDS: tuple[type[LinkSettings], ...] = (
    SmppSettings,
    Mm7Settings,
    Mm4Settings,
    Mm1Settings,
    HttpSettings,
    LoopbackSettings,
)


class MmscSettings(Table, frozen=True, kw_only=True):
    """Where the simulated MMS centre listens, and how it reaches who uses it.

    `mm7_url`, `mm1_url` or the centre at `mm4_peer_domain` gets what its phones send to `numbers`,
    and the reports.
    """

    mm7_port: Port | None = None
    mm7_url: Url | None = None
    vasp_id: str = "magpie"
    mm4_port: Port | None = None
    mm4_domain: Annotated[str, Meta(pattern=_DOMAIN)] = "mms.simulator.example"
    mm4_peer_port: Port | None = None
    mm4_peer_domain: Annotated[str, Meta(pattern=_DOMAIN)] = "mms.magpie.example"
    mm1_port: Port | None = None
    mm1_url: Url | None = None
    numbers: tuple[str, ...] = ()


class RouteSettings(Table, frozen=True, kw_only=True):
    """The longest prefix of E.164 wins, then the lowest priority."""

    carrier: Name
    prefix: Annotated[str, Meta(pattern=r"^(\+[0-9]*)?$")] = ""
    kinds: tuple[Literal["sms", "mms"], ...] = ("sms", "mms")
    priority: int = 0


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for name, one in value.items():
                yield from (*_texts(name), *_texts(one))
        case tuple():
            for one in value:
                yield from _texts(one)
