from typing import Final

import msgspec

from magpie.protocols.mm7 import Dialect
from magpie.settings import Secret, TlsFiles

MOST_BYTES: Final = 20 * 1024 * 1024


class VaspAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An application: how it knocks, and where it is called back, by `peer_username` if it asks.

    Pictures that phones send to its `numbers` are posted to `url`, and reports of its messages.
    """

    vasp_id: str
    username: str = ""
    password: Secret = Secret()
    url: str = ""
    peer_username: str = ""
    peer_password: Secret = Secret()
    numbers: frozenset[str] = frozenset()


class RelayOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Beside what the profiles of carriers do: `garbage` answers with no message at all.

    `drop_after` hangs up after so many octets of each answer. With TLS, `tls.ca` is who signs
    the certificates of clients, and one is asked for.
    """

    accounts: tuple[VaspAccount, ...]
    relay_id: str = "magpie"
    dialect: Dialect = Dialect()
    tls: TlsFiles = TlsFiles()
    throttle_code: int = 3510
    garbage: bool = False
    drop_after: int | None = None
    timeout: float = 10.0
