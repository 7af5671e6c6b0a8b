"""What one MM4 link is told; `options_of` reads it from the settings of a carrier."""

from typing import Literal

import msgspec

from magpie.protocols.mm4 import VERSION, Address, AddressKind, AddressRules
from magpie.settings import Mm4Settings, Secret, TlsFiles


class LinkOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Times are seconds, `outage` is (first, longest).

    `system` is the local part of the address to which answers come. Without `listen_port` nothing
    comes in, and so no answer is asked for. `peers` are the networks that may send to us;
    with a certificate in `tls` they may encrypt.
    """

    name: str
    host: str
    port: int = 25
    domain: str
    own_domain: str
    username: str = ""
    password: Secret = Secret()
    security: Literal["none", "starttls", "tls"] = "none"
    tls: TlsFiles = TlsFiles()
    addresses: AddressRules = AddressRules()
    version: str = VERSION
    system: str = "mms"
    ack_request: bool = True
    read_reply: bool = False
    eight_bit: bool = False
    window: int = 10
    rate: float = 0.0
    on_unknown: Literal["resend", "hold", "fail"] = "resend"
    dedupes: bool = False
    profile: str = "standard"
    max_bytes: int | None = None
    listen_host: str = "127.0.0.1"
    listen_port: int | None = None
    peers: tuple[str, ...] = ()
    connect_timeout: float = 5.0
    timeout: float = 30.0
    # For how long an answer may change what becomes of a message that was taken over.
    ack_wait: float = 1.0
    # Both end well before dispatch, or who sends to us, stops to wait.
    patience: float = 60.0
    commit_timeout: float = 25.0
    backlog: int = 10_000
    drain: float = 5.0
    outage: tuple[float, float] = (1.0, 60.0)
    # A kept connection ends before its peer may be tired of it.
    idle: float = 20.0
    mails_each: int = 1000
    answer_tries: int = 6
    # What one connection to us may take, and how many there may be.
    listen_timeout: float = 60.0
    most_connections: int = 50
    most_recipients: int = 100
    most_bytes: int = 10 * 1024 * 1024

    @property
    def system_address(self) -> Address:
        return Address(f"{self.system}@{self.own_domain}", AddressKind.EMAIL)


def options_of(settings: Mm4Settings) -> LinkOptions:
    return LinkOptions(
        name=settings.name,
        host=settings.host,
        port=settings.port,
        domain=settings.domain,
        own_domain=settings.own_domain,
        username=settings.username,
        password=settings.password,
        security=settings.security,
        tls=settings.tls,
        addresses=AddressRules(plus=settings.plus_sign, country_code=settings.country_code),
        version=settings.version,
        system=settings.system,
        ack_request=settings.ack_request,
        read_reply=settings.read_reply,
        eight_bit=settings.eight_bit,
        window=settings.window,
        rate=settings.rate,
        on_unknown=settings.on_unknown,
        dedupes=settings.dedupes,
        profile=settings.profile,
        max_bytes=settings.max_bytes,
        timeout=settings.timeout,
        listen_host=settings.listen_host,
        listen_port=settings.listen_port,
        peers=settings.peers,
        most_bytes=settings.listen_max_bytes,
    )
