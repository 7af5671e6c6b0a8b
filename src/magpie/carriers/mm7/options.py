"""What one MM7 link is told; `options_of` reads it from the settings of a carrier."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, TypeVar

import msgspec

from magpie.protocols.mm7 import SCHEMAS, AddressRules, Dialect, StatusClass
from magpie.settings import Mm7Settings, Secret, TlsFiles

Key = TypeVar("Key")
Value = TypeVar("Value")


def _nothing() -> Mapping[Key, Value]:
    return MappingProxyType({})


class LinkOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Times are seconds, `outage` is (first, longest).

    `classes` overrules what a status means, `codes` turns one into a code of ours; both are also
    asked about a number that stands in the text of a delivery report. `number` gets pictures whose
    request names nobody. `peers` are the networks that may call, `namespace` is the only one that
    they may use, None for any.
    """

    name: str
    url: str
    username: str = ""
    password: Secret = Secret()
    headers: Mapping[str, str] = msgspec.field(default_factory=_nothing)
    tls: TlsFiles = TlsFiles()
    dialect: Dialect = Dialect()
    addresses: AddressRules = AddressRules()
    vasp_id: str = ""
    vas_id: str = ""
    service_code: str = ""
    message_class: str = ""
    charged_party: str = ""
    read_reply: bool = False
    window: int = 10
    rate: float = 0.0
    on_unknown: Literal["resend", "hold", "fail"] = "resend"
    dedupes: bool = False
    profile: str = "standard"
    max_bytes: int | None = None
    classes: Mapping[int, StatusClass] = msgspec.field(default_factory=_nothing)
    codes: Mapping[int, int] = msgspec.field(default_factory=_nothing)
    number: str = ""
    peer_username: str = ""
    peer_password: Secret = Secret()
    peers: tuple[str, ...] = ()
    namespace: str | None = None
    connect_timeout: float = 5.0
    timeout: float = 30.0
    # Both end well before dispatch, or who calls us, stops to wait.
    patience: float = 60.0
    commit_timeout: float = 25.0
    backlog: int = 10_000
    drain: float = 10.0
    outage: tuple[float, float] = (1.0, 60.0)
    most_bytes: int = 10 * 1024 * 1024


def options_of(settings: Mm7Settings) -> LinkOptions:
    return LinkOptions(
        name=settings.name,
        url=settings.url,
        username=settings.username,
        password=settings.password,
        headers=settings.headers,
        tls=settings.tls,
        dialect=Dialect(
            namespace=SCHEMAS + settings.schema,
            version=settings.version,
            prefix=settings.prefix,
            qualified=settings.qualified,
            soap_action=settings.soap_action or Dialect().soap_action,
        ),
        addresses=AddressRules(
            plus=settings.plus_sign,
            typed=settings.typed_numbers,
            country_code=settings.country_code,
        ),
        vasp_id=settings.vasp_id,
        vas_id=settings.vas_id,
        service_code=settings.service_code,
        message_class=settings.message_class,
        charged_party=settings.charged_party,
        read_reply=settings.read_reply,
        window=settings.window,
        rate=settings.rate,
        on_unknown=settings.on_unknown,
        dedupes=settings.dedupes,
        profile=settings.profile,
        max_bytes=settings.max_bytes,
        classes={int(code): StatusClass(word) for code, word in settings.status_classes.items()},
        codes={int(status): code for status, code in settings.status_codes.items()},
        number=settings.number,
        peer_username=settings.peer_username,
        peer_password=settings.peer_password,
        peers=settings.peers,
        timeout=settings.timeout,
    )
