"""What an operator may set: `magpie.toml` (here, or where MAGPIE_CONFIG says) and MAGPIE_*.

The environment wins. Lists are written with commas there, tables as JSON.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self

import msgspec
from msgspec import field

from magpie.settings import load
from magpie.settings.links import CarrierSettings, MmscSettings, RouteSettings
from magpie.settings.values import (
    DEFAULT,
    ROLES,
    AccountSid,
    Count,
    Name,
    Port,
    Role,
    Seconds,
    Secret,
    SettingsError,
    Table,
    Url,
)


class Rates(Table, frozen=True, rename="kebab"):
    """Messages a second, by the kind of the sender; SMS cost their segments."""

    local: Seconds = 1.0
    mobile: Seconds = 1.0
    toll_free: Seconds = 3.0
    short_code: Seconds = 30.0

    def of(self, kind: str) -> float:
        rates: dict[str, float] = msgspec.to_builtins(self)
        return rates.get(kind, self.local)


class Settings(Table, frozen=True):
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
    webhook_log: Literal["all", "failed", "none"] = "all"
    request_log: Literal["all", "none"] = "all"
    proxy_port: Port = 0
    smsc_port: Port | None = None
    smpp_port: Port | None = None
    smpp_tls_port: Port | None = None
    smpp_tls_cert: Path | None = None
    smpp_tls_key: Path | None = None
    mmsc: MmscSettings = MmscSettings()
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
        if self.smpp_tls_port is not None and not (self.smpp_tls_cert and self.smpp_tls_key):
            raise ValueError("smpp_tls_port needs smpp_tls_cert and smpp_tls_key")

    @property
    def media(self) -> str:
        """Where media are kept, as a URL."""
        return self.media_url or (self.data / "media").absolute().as_uri()

    def origin(self, key: str) -> str:
        return self.origins.get(key, DEFAULT)

    @classmethod
    def load(cls, environment: Mapping[str, str] = os.environ) -> Self:
        values, origins, file = load.values(environment, load.fields_of(cls))
        try:
            return cls(**values, origins=origins)
        except ValueError as wrong:
            raise SettingsError(f"{wrong} (in {file})") from wrong
