"""What one SMPP link is told; `options_of` reads it from the settings of a carrier."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeVar

import msgspec

from magpie.protocols.smpp import (
    AddressRules,
    Alphabet,
    LongText,
    Notation,
    Receipt,
    SessionConfig,
    StatusClass,
    TextOptions,
    fold_id,
)
from magpie.settings import AddressKind, Secret, SmppSettings, TlsFiles, TonNpi

Key = TypeVar("Key")
Value = TypeVar("Value")

_LONGEST_PASSWORD: Final = 8
_MOST_PORT: Final = 65535
_ALPHABETS: Final = {
    "gsm7": Alphabet.GSM,
    "gsm7-packed": Alphabet.GSM_PACKED,
    "latin1": Alphabet.LATIN_1,
    "ascii": Alphabet.ASCII,
}
_LONG_TEXTS: Final = {
    "udh": LongText.UDH_8,
    "udh16": LongText.UDH_16,
    "sar": LongText.SAR,
    "payload": LongText.PAYLOAD,
}
_NOTATIONS: Final = {
    "as-is": (Notation.AS_IS, Notation.AS_IS),
    "response-hex": (Notation.HEXADECIMAL, Notation.DECIMAL),
    "response-dec": (Notation.DECIMAL, Notation.HEXADECIMAL),
}


def _nothing() -> Mapping[Key, Value]:
    return MappingProxyType({})


class Host(msgspec.Struct, frozen=True):
    name: str
    port: int

    def __str__(self) -> str:
        return f"{self.name}:{self.port}"


class LinkOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Times are seconds, backoffs and pauses are (first, longest).

    `codes` turns a command_status into a code of ours, `classes` overrules what a status means,
    `receipt_codes` turns the `err` of a receipt into a code of ours. With `tls` names are verified.
    """

    name: str
    hosts: tuple[Host, ...]
    system_id: str
    password: Secret = Secret()
    system_type: str = ""
    address_range: str = ""
    bind: Literal["trx", "tx+rx"] = "trx"
    tls: TlsFiles | None = None
    window: int = 10
    rate: float = 0.0
    text: TextOptions = TextOptions(message_reference=True)
    destinations: AddressRules = AddressRules()
    validity: Literal["none", "relative", "absolute"] = "none"
    response_ids: Notation = Notation.AS_IS
    receipt_ids: Notation = Notation.AS_IS
    fold_case: bool = False
    fold_zeros: bool = False
    unmarked_receipts: bool = False
    on_unknown: Literal["resend", "hold", "fail"] = "resend"
    dedupes: bool = False
    codes: Mapping[int, int] = msgspec.field(default_factory=_nothing)
    classes: Mapping[int, StatusClass] = msgspec.field(default_factory=_nothing)
    receipt_codes: Mapping[str, int] = msgspec.field(default_factory=_nothing)
    session_init: float = 10.0
    response_timeout: float = 30.0
    control_timeout: float = 10.0
    enquire_link: float = 30.0
    # A submission that finds no room goes back to the queue after `patience`, and after
    # `down_patience` while there is no bind: that is waited for outside, see `Outbox.ready`. Both
    # end well before dispatch stops to wait.
    patience: float = 60.0
    down_patience: float = 1.0
    backlog: int = 10_000
    reconnect: tuple[float, float] = (1.0, 60.0)
    credentials: tuple[float, float] = (60.0, 900.0)
    throttle: tuple[float, float] = (1.0, 30.0)
    inbound_window: int = 1000
    commit_timeout: float = 30.0
    content_window: float = 5.0
    drain: float = 10.0
    unbind: float = 5.0

    def __post_init__(self) -> None:
        # Servers cut longer passwords in silence or refuse them (SMPP 3.4 clause 4.1.1).
        if len(self.password) > _LONGEST_PASSWORD:
            raise ValueError(f"carrier {self.name}: an SMPP password has at most 8 characters")
        if not all(map(str.isascii, (self.system_id, self.password, self.system_type))):
            raise ValueError(f"carrier {self.name}: SMPP knows names and passwords in ASCII only")
        if not self.hosts:
            raise ValueError(f"carrier {self.name} needs a host")
        if wrong := next((host for host in self.hosts if not _is_address(host)), None):
            raise ValueError(f"carrier {self.name}: {wrong.name}:{wrong.port} is no host and port")

    def response_id(self, message_id: str) -> str:
        """In the form in which it is compared with that of a receipt."""
        return self._fold(message_id, self.response_ids)

    def receipt_id(self, receipt: Receipt) -> str:
        """Where its parameter is written as answers are, and its text as receipts, so is the id."""
        by_text = self._fold(receipt.text_id, self.receipt_ids)
        if by_text and self.response_id(receipt.message_id) == by_text:
            return by_text
        return self._fold(receipt.message_id, self.receipt_ids)

    def _fold(self, message_id: str, notation: Notation) -> str:
        return fold_id(message_id, notation, case=self.fold_case, zeros=self.fold_zeros)

    @property
    def session(self) -> SessionConfig:
        return SessionConfig(
            session_init=self.session_init,
            response=self.response_timeout,
            control=self.control_timeout,
            unbind=self.unbind,
            enquire_link=self.enquire_link,
            window=self.window,
            inbound_window=self.inbound_window,
        )

    @property
    def beat(self) -> float:
        """How often timers are looked at: no timer is late by more than a quarter of itself."""
        timers = (self.response_timeout, self.control_timeout, self.enquire_link, self.unbind)
        return min(0.5, self.down_patience / 2, *(timer / 4 for timer in timers))


def options_of(settings: SmppSettings) -> LinkOptions:
    """`host` may list several, parted by commas, each with a port of its own."""
    response_ids, receipt_ids = _NOTATIONS[settings.receipt_ids]
    return LinkOptions(
        name=settings.name,
        hosts=tuple(_host(one, settings.port) for one in settings.host.split(",")),
        system_id=settings.system_id,
        password=settings.password,
        system_type=settings.system_type,
        address_range=settings.address_range,
        bind=settings.bind,
        tls=settings.tls_files if settings.tls else None,
        window=settings.window,
        rate=settings.rate,
        text=TextOptions(
            default_alphabet=_ALPHABETS[settings.default_alphabet],
            long_text=_LONG_TEXTS[settings.long_text],
            addresses=_rules(settings, settings.source_ton_npi),
            message_reference=True,
            reference_tag=settings.reference_tlv,
            service_type=settings.service_type,
        ),
        destinations=_rules(settings, settings.dest_ton_npi),
        validity=settings.validity,
        response_ids=response_ids,
        receipt_ids=receipt_ids,
        fold_case=settings.fold_case,
        fold_zeros=settings.fold_zeros,
        unmarked_receipts=settings.unmarked_receipts,
        classes={
            int(status, 0): StatusClass[word.upper()]
            for status, word in settings.status_classes.items()
        },
        codes={int(status, 0): code for status, code in settings.status_codes.items()},
        receipt_codes=settings.receipt_codes,
        on_unknown=settings.on_unknown,
        dedupes=settings.dedupes,
        response_timeout=settings.response_timeout,
        control_timeout=min(10.0, settings.response_timeout),
        reconnect=(min(1.0, settings.reconnect), settings.reconnect),
        enquire_link=settings.enquire_link,
    )


def _host(text: str, port: int) -> Host:
    name, colon, own = text.strip().rpartition(":")
    if colon and own.isdigit() and (":" not in name or name.startswith("[")):
        return Host(name.strip("[]"), int(own))
    return Host(text.strip().strip("[]"), port)


def _is_address(host: Host) -> bool:
    named = bool(host.name) and not any(char.isspace() for char in host.name)
    return named and 0 < host.port <= _MOST_PORT


def _rules(settings: SmppSettings, given: dict[AddressKind, TonNpi]) -> AddressRules:
    usual = AddressRules()
    return AddressRules(
        plus=settings.plus_sign,
        e164=given.get("e164", usual.e164),
        short_code=given.get("short-code", usual.short_code),
        alphanumeric=given.get("alphanumeric", usual.alphanumeric),
        country_code=settings.country_code,
    )
