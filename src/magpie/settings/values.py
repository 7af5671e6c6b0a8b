"""The words in which settings are written."""

import re
from typing import Annotated, Final, Literal, TypeAlias, get_args

from msgspec import Meta, Struct

PREFIX: Final = "MAGPIE_"
DEFAULT: Final = "default"
# Read elsewhere, or put by Kubernetes into every container beside a service called magpie.
OF_ANOTHER: Final = re.compile(r"MAGPIE_(CONFIG|SERVICE_[A-Z0-9_]+|PORT_[A-Z0-9_]+)")

Port: TypeAlias = Annotated[int, Meta(ge=0, le=65535)]
Count: TypeAlias = Annotated[int, Meta(ge=1)]
Rate: TypeAlias = Annotated[float, Meta(ge=0)]
Seconds: TypeAlias = Annotated[float, Meta(gt=0)]
Name: TypeAlias = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
AccountSid: TypeAlias = Annotated[str, Meta(pattern="^AC[0-9a-f]{32}$")]
Url: TypeAlias = Annotated[str, Meta(pattern="^https?://[^/ ]+[^ ]*$")]
Role: TypeAlias = Literal["api", "dispatch", "webhooks", "media", "simulator"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)


class SettingsError(Exception):
    """One sentence: which setting, what it says, where, and what it may be."""


class Secret(str):
    """Text that shows itself to nobody who prints the object around it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'" if self else "''"


class Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass
