"""What an operator may set: `magpie.toml` (here, or where MAGPIE_CONFIG says) and MAGPIE_*.

The environment wins. Lists are written with commas there, tables as JSON.
"""

import base64
import binascii
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, TypeAlias, get_args, get_origin

import msgspec
from msgspec import Meta, Struct, ValidationError, field, structs

PREFIX: Final = "MAGPIE_"
DEFAULT: Final = "default"
# Read elsewhere, or put by Kubernetes into every container beside a service called magpie.
_OF_ANOTHER = re.compile(r"MAGPIE_(CONFIG|SERVICE_[A-Z0-9_]+|PORT_[A-Z0-9_]+)")

Port: TypeAlias = Annotated[int, Meta(ge=0, le=65535)]
Count: TypeAlias = Annotated[int, Meta(ge=1)]
Rate: TypeAlias = Annotated[float, Meta(ge=0)]
Seconds: TypeAlias = Annotated[float, Meta(gt=0)]
Name: TypeAlias = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
AccountSid: TypeAlias = Annotated[str, Meta(pattern="^AC[0-9a-f]{32}$")]
Url: TypeAlias = Annotated[str, Meta(pattern="^https?://[^/ ]+[^ ]*$")]
Role: TypeAlias = Literal["api", "dispatch", "webhooks", "media", "simulator"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
AddressKind: TypeAlias = Literal["e164", "short-code", "alphanumeric"]
TonNpi: TypeAlias = tuple[Annotated[int, Meta(ge=0, le=7)], Annotated[int, Meta(ge=0, le=31)]]


class SettingsError(Exception):
    """One sentence: which setting, what it says, where, and what it may be."""


class Secret(str):
    """Text that shows itself to nobody who prints the object around it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'" if self else "''"


class _Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class Rates(_Table, frozen=True, rename="kebab"):
    """Messages a second, by the kind of the sender; SMS cost their segments."""

    local: Seconds = 1.0
    mobile: Seconds = 1.0
    toll_free: Seconds = 3.0
    short_code: Seconds = 30.0

    def of(self, kind: str) -> float:
        rates: dict[str, float] = msgspec.to_builtins(self)
        return rates.get(kind, self.local)


class CarrierSettings(_Table, frozen=True):
    name: Name
    kind: Literal["smpp", "loopback"]
    host: str = ""
    port: Port = 0
    system_id: Annotated[str, Meta(max_length=15)] = ""
    password: Secret = Secret()
    system_type: Annotated[str, Meta(max_length=12)] = ""
    bind: Literal["trx", "tx+rx"] = "trx"
    window: Count = 10
    rate: Rate = 0.0  # SMS segments a second; 0 is without limit
    tls: bool = False
    source_ton_npi: dict[AddressKind, TonNpi] = field(default_factory=dict)
    dest_ton_npi: dict[AddressKind, TonNpi] = field(default_factory=dict)
    country_code: Annotated[str, Meta(pattern="^[0-9]{0,3}$")] = ""
    default_alphabet: Literal["gsm7", "latin1", "ascii"] = "gsm7"
    long_text: Literal["udh", "sar", "payload"] = "udh"
    plus_sign: bool = False
    receipt_ids: Literal["as-is", "response-hex", "response-dec"] = "as-is"
    on_unknown: Literal["resend", "hold", "fail"] = "resend"
    reference_tlv: Annotated[int, Meta(ge=0x1400, le=0x3FFF)] | None = None
    dedupes: bool = False
    enquire_link: Seconds = 30.0
    response_timeout: Seconds = 30.0

    def __post_init__(self) -> None:
        needed = ("host", "port", "system_id") if self.kind == "smpp" else ()
        missing = [name for name in needed if not getattr(self, name)]
        if missing:
            raise ValueError(f"carrier {self.name} of kind smpp needs {', '.join(missing)}")


class RouteSettings(_Table, frozen=True):
    """The longest prefix of E.164 wins, then the lowest priority."""

    carrier: Name
    prefix: Annotated[str, Meta(pattern=r"^(\+[0-9]*)?$")] = ""
    kinds: tuple[Literal["sms", "mms"], ...] = ("sms", "mms")
    priority: int = 0


class Settings(_Table, frozen=True):
    port: Port = 8000
    host: str = "127.0.0.1"
    data: Path = Path(".magpie")
    database_url: Secret | None = None
    media_url: Secret | None = None
    public_url: Url | None = None
    link_url: Url | None = None  # what short links begin with; else the public URL
    profiles: Path | None = None  # a folder with media profiles of your own
    account_sid: AccountSid | None = None
    auth_token: Secret | None = None
    secret_key: Secret | None = None  # base64 of 32 bytes, the same on every node; else in `data`
    node: Name = "main"
    profile: Literal["development", "production"] = "development"
    roles: tuple[Role, ...] = ROLES
    rates: Rates = Rates()
    queue_hours: Seconds = 10.0
    callback_on_sending: bool = True
    proxy_port: Port = 0
    smsc_port: Port | None = None
    carriers: tuple[CarrierSettings, ...] = ()
    routes: tuple[RouteSettings, ...] = ()
    egress_allowed: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    concurrent_requests: Count = 500  # of one account at a time, on one node
    show_pii: bool = False
    origins: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = [carrier.name for carrier in self.carriers]
        if len(names) != len(set(names)):
            raise ValueError("two carriers have the same name")

    @property
    def media(self) -> str:
        """Where media are kept, as a URL."""
        return self.media_url or (self.data / "media").absolute().as_uri()

    def origin(self, key: str) -> str:
        return self.origins.get(key, DEFAULT)

    @classmethod
    def load(cls, environment: Mapping[str, str] = os.environ) -> Self:
        file = Path(environment.get("MAGPIE_CONFIG", "magpie.toml"))
        given: dict[str, tuple[Any, str]] = {
            key: (value, str(file)) for key, value in _read(file, environment).items()
        }
        given |= _from_environment(environment)
        values = {key: _convert(key, *raw) for key, raw in given.items()}
        origins = {key: source for key, (_, source) in given.items()}
        try:
            return cls(**values, origins=origins)
        except ValueError as wrong:
            raise SettingsError(f"{wrong} (in {file})") from wrong


_FIELDS: Final = {one.name: one.type for one in structs.fields(Settings) if one.name != "origins"}

_NESTED: Final = {
    one.name: one.type
    for table in (CarrierSettings, RouteSettings)
    for one in structs.fields(table)
}


def _read(file: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    if not file.exists() and "MAGPIE_CONFIG" not in environment:
        return {}
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except OSError as wrong:
        raise SettingsError(f"{file} cannot be read: {wrong.strerror}") from wrong
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise SettingsError(f"{file} is not TOML: {wrong}") from wrong


def _from_environment(environment: Mapping[str, str]) -> dict[str, tuple[Any, str]]:
    return {
        name.removeprefix(PREFIX).lower(): (text, f"environment {name}")
        for name, text in environment.items()
        if text and name.startswith(PREFIX) and not _OF_ANOTHER.fullmatch(name)
    }


def _convert(key: str, value: Any, source: str) -> Any:
    wanted = _FIELDS.get(key)
    if wanted is None:
        near = get_close_matches(key, _FIELDS, 1)
        hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(_FIELDS)}"
        raise SettingsError(f"{source} has {key}, which is not a setting; {hint}")
    raw = _parsed(wanted, value) if source.startswith("environment") else value
    try:
        converted = msgspec.convert(raw, wanted, strict=False, dec_hook=_special)
        CHECKS.get(key, _fine)(converted)
    except (ValidationError, ValueError) as wrong:
        shown = "***" if Secret in (wanted, *get_args(wanted)) or key == "carriers" else repr(value)
        raise SettingsError(f"{key} = {shown} ({source}): {_told(wrong, wanted)}") from wrong
    return converted


def _parsed(wanted: Any, text: str) -> Any:
    """What the text of a variable stands for, before its type is looked at."""
    if not text.startswith(("[", "{")):
        listed = get_origin(wanted) is tuple
        return [one.strip() for one in text.split(",") if one.strip()] if listed else text
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text


def _special(kind: type, value: Any) -> Any:
    if kind is Secret and isinstance(value, str):
        return Secret(value)
    if kind is Path and isinstance(value, str):
        return Path(value).expanduser()
    raise ValueError(f"Expected a text, got {type(value).__name__}")


def key_bytes(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != 32:  # noqa: PLR2004 - AES-256
        raise ValueError("Expected base64 of 32 bytes")
    return key


def _credible(token: str) -> None:
    if not re.fullmatch(r"[!-~]{8,128}", token):
        raise ValueError("Expected 8 to 128 printable ASCII characters without blanks")


def _networks(values: tuple[str, ...]) -> None:
    for value in values:
        ip_network(value)


def _fine(value: object) -> None:
    """Its type says all."""


CHECKS: Final[Mapping[str, Callable[[Any], object]]] = {
    "secret_key": key_bytes,
    "auth_token": _credible,
    "egress_allowed": _networks,
    "trusted_proxies": _networks,
}


def _told(wrong: Exception, wanted: Any) -> str:
    inside = re.search(r"\.(\w+)(?:\[\d+\])?`$", str(wrong))
    choices = _choices(_NESTED.get(inside[1]) if inside else wanted)
    return f"{wrong}; allowed: {', '.join(choices)}" if choices else str(wrong)


def _choices(wanted: Any) -> list[str]:
    while get_origin(wanted) is tuple:
        wanted = get_args(wanted)[0]
    return [str(one) for one in get_args(wanted)] if get_origin(wanted) is Literal else []
