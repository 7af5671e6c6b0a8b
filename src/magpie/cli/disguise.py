"""The environment in which a program takes Magpie for Twilio."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from magpie.app.card import Card
from magpie.cli.authority import Authority
from magpie.cli.upstream import Upstream

PRELOAD: Final = Path(__file__).parent / "preload"

_PROXIES: Final = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
_BUNDLES: Final = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE")
# They put labels into host names, Python's SDK even into names that are not Twilio's.
_REMOVED: Final = ("TWILIO_REGION", "TWILIO_EDGE", "ALL_PROXY", "all_proxy")


def disguise(
    environment: Mapping[str, str], card: Card, authority: Authority, beyond: Upstream, port: int
) -> dict[str, str]:
    proxy = f"http://127.0.0.1:{port}"
    kept = {name: value for name, value in environment.items() if name not in _REMOVED}
    bundle = str(authority.bundle.absolute())
    return {
        "TWILIO_ACCOUNT_SID": card.account_sid,
        "TWILIO_AUTH_TOKEN": card.auth_token,
        **kept,
        **dict.fromkeys(_PROXIES, proxy),
        **dict.fromkeys(("NO_PROXY", "no_proxy"), beyond.no_proxy()),
        **dict.fromkeys(_BUNDLES, bundle),
        "NODE_EXTRA_CA_CERTS": bundle,
        # Node's own fetch looks at the proxies only when told to.
        "NODE_USE_ENV_PROXY": "1",
        "PYTHONPATH": _first(str(PRELOAD), environment.get("PYTHONPATH", "")),
    }


def _first(folder: str, rest: str) -> str:
    return f"{folder}{os.pathsep}{rest}" if rest else folder
