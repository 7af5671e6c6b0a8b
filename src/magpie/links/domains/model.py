"""Domains on which shortened links stand, and how each is set up."""

import re
from datetime import datetime
from ipaddress import IPv6Address
from typing import Final

from magpie import sids
from magpie.kit import clock
from magpie.kit.record import Record

_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME: Final = re.compile(
    rf"(?=.{{1,253}}(?::|$))({_LABEL}(?:\.{_LABEL})*|\[[0-9a-f:.]{{2,45}}\])(?::([0-9]{{1,5}}))?"
)
_LAST_PORT: Final = 65535


class Domain(Record, frozen=True):
    """`name` is a host, or host:port, as the Host header says it: in lower case."""

    account_sid: str
    sid: str
    name: str
    config_sid: str
    fallback_url: str | None
    callback_url: str | None
    continue_on_failure: bool
    disable_https: bool
    date_created: datetime
    date_updated: datetime

    def url(self, token: str) -> str:
        return f"{self.name}/{token}" if self.disable_https else f"https://{self.name}/{token}"


class Association(Record, frozen=True):
    account_sid: str
    messaging_service_sid: str
    domain_sid: str


def new_domain(account_sid: str, name: str) -> Domain:
    now = clock.now()
    return Domain(
        account_sid=account_sid,
        sid=sids.new("DN", clock.uuid7()),
        name=name,
        config_sid=sids.new("ZK", clock.uuid7()),
        fallback_url=None,
        callback_url=None,
        continue_on_failure=False,
        disable_https=False,
        date_created=now,
        date_updated=now,
    )


def host_of(text: str) -> str | None:
    """The name as it is kept and looked up; None if it is no host, or host:port."""
    match = _NAME.fullmatch(text.strip().lower().removesuffix("."))
    if match is None or not 0 < int(match[2] or 1) <= _LAST_PORT:
        return None
    return match[0] if _is_host(match[1]) else None


def _is_host(host: str) -> bool:
    if not host.startswith("["):
        return True
    try:
        return bool(IPv6Address(host[1:-1]).compressed)
    except ValueError:
        return False
