from collections.abc import Mapping

import msgspec

from magpie.settings import Mm1Settings
from magpie.settings.links import OnUnknown


class LinkOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Times are seconds. `headers` tell the centre which handset this is."""

    name: str
    url: str
    number: str = ""
    headers: Mapping[str, str] = {}
    peers: tuple[str, ...] = ()
    window: int = 10
    rate: float = 0.0
    on_unknown: OnUnknown = "resend"
    dedupes: bool = False
    profile: str = "standard"
    max_bytes: int | None = None
    timeout: float = 30.0
    connect_timeout: float = 5.0
    commit_timeout: float = 25.0
    drain: float = 10.0
    # Of a picture that is fetched.
    most_bytes: int = 10 * 1024 * 1024


def options_of(settings: Mm1Settings) -> LinkOptions:
    return LinkOptions(
        name=settings.name,
        url=settings.url,
        number=settings.number,
        headers=settings.headers,
        peers=settings.peers,
        window=settings.window,
        rate=settings.rate,
        on_unknown=settings.on_unknown,
        dedupes=settings.dedupes,
        profile=settings.profile,
        max_bytes=settings.max_bytes,
        timeout=settings.timeout,
    )
