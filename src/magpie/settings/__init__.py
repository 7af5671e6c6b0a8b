"""What an operator may set."""

from magpie.settings.checks import key_bytes
from magpie.settings.links import (
    KINDS,
    AddressKind,
    CarrierSettings,
    HttpSettings,
    LinkSettings,
    LoopbackSettings,
    Mm1Settings,
    Mm4Settings,
    Mm7Settings,
    MmscSettings,
    MmsSettings,
    RouteSettings,
    SmppSettings,
    TlsFiles,
    TonNpi,
    WireSettings,
)
from magpie.settings.platform import Rates, Settings
from magpie.settings.values import DEFAULT, PREFIX, ROLES, Role, Secret, SettingsError

__all__ = [
    "DEFAULT",
    "KINDS",
    "PREFIX",
    "ROLES",
    "AddressKind",
    "CarrierSettings",
    "HttpSettings",
    "LinkSettings",
    "LoopbackSettings",
    "Mm1Settings",
    "Mm4Settings",
    "Mm7Settings",
    "MmsSettings",
    "MmscSettings",
    "Rates",
    "Role",
    "RouteSettings",
    "Secret",
    "Settings",
    "SettingsError",
    "SmppSettings",
    "TlsFiles",
    "TonNpi",
    "WireSettings",
    "key_bytes",
]
