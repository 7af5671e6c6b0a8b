"""What one link to a provider is told; `options_of` reads it from the settings of a carrier."""

from collections.abc import Mapping
from typing import Final

import msgspec

from magpie.carriers.http.bandwidth import Bandwidth
from magpie.carriers.http.dialect import Access, Dialect
from magpie.carriers.http.telnyx import Telnyx
from magpie.carriers.http.twilio import Twilio
from magpie.settings import HttpSettings, Secret
from magpie.settings.links import OnUnknown

_DIALECTS: Final[Mapping[str, type[Twilio | Bandwidth | Telnyx]]] = {
    "twilio": Twilio,
    "bandwidth": Bandwidth,
    "telnyx": Telnyx,
}
# What each provider cannot do without, besides the token.
_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "twilio": ("account",),
    "bandwidth": ("account", "username", "application", "callback_secret"),
    "telnyx": ("callback_secret",),
}


class LinkOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Times are seconds. `door` is where the provider calls us, `secret` signs media there."""

    name: str
    dialect: Dialect
    door: str
    secret: Secret
    window: int = 10
    rate: float = 0.0
    on_unknown: OnUnknown = "resend"
    dedupes: bool = False
    profile: str = "standard"
    max_bytes: int | None = None
    timeout: float = 30.0
    connect_timeout: float = 5.0
    # Some providers stop to wait for our answer after 15 seconds.
    commit_timeout: float = 14.0
    fetch_tries: int = 3
    fetch_again_after: float = 1.0
    drain: float = 10.0
    most_bytes: int = 10 * 1024 * 1024

    @property
    def url(self) -> str:
        return self.dialect.url


def options_of(settings: HttpSettings, base_url: str) -> LinkOptions:
    """Raise ValueError for what does not do for this provider."""
    for name in _NEEDED[settings.provider]:
        if not getattr(settings, name):
            raise ValueError(f"carrier {settings.name}: {settings.provider} needs {name}")
    try:
        dialect = _DIALECTS[settings.provider](_access(settings))
    except ValueError as error:
        raise ValueError(f"carrier {settings.name}: {error}") from error
    return LinkOptions(
        name=settings.name,
        dialect=dialect,
        door=f"{base_url}/carriers/v1/{settings.name}",
        secret=settings.token,
        window=settings.window,
        rate=settings.rate,
        on_unknown=settings.on_unknown,
        dedupes=settings.dedupes,
        profile=settings.profile,
        max_bytes=settings.max_bytes,
        timeout=settings.timeout,
    )


def _access(settings: HttpSettings) -> Access:
    return Access(
        url=(settings.url or "").rstrip("/"),
        account=settings.account,
        username=settings.username,
        token=settings.token,
        application=settings.application,
        callback_secret=settings.callback_secret,
    )
