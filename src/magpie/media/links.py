"""Where media are fetched from: with the account's credentials, or by a URL signed for a while."""

import hmac
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

LIFE: Final = timedelta(hours=4)


def path(account_sid: str, message_sid: str, media_sid: str) -> str:
    return f"/2010-04-01/Accounts/{account_sid}/Messages/{message_sid}/Media/{media_sid}"


def public_url(base_url: str, account_sid: str, message_sid: str, media_sid: str) -> str:
    """As webhooks tell it: without a suffix, to be fetched with credentials."""
    return base_url + path(account_sid, message_sid, media_sid)


class Signer:
    """Signatures are bound to account, message, media and the end of their life."""

    def __init__(self, key: bytes) -> None:
        self._key = hmac.digest(key, b"media links", "sha256")

    def signed_url(
        self,
        base_url: str,
        account_sid: str,
        message_sid: str,
        media_sid: str,
        now: datetime,
        life: timedelta = LIFE,
    ) -> str:
        """Give a URL that lets anybody fetch until its life ends, four hours at most."""
        expires = str(int((now + min(life, LIFE)).timestamp()))
        signature = self._signature(account_sid, message_sid, media_sid, expires)
        query = urlencode({"Expires": expires, "Signature": signature})
        return f"{public_url(base_url, account_sid, message_sid, media_sid)}?{query}"

    def allows(
        self,
        account_sid: str,
        message_sid: str,
        media_sid: str,
        expires: str,
        signature: str,
        now: datetime,
    ) -> bool:
        wanted = self._signature(account_sid, message_sid, media_sid, expires)
        if not hmac.compare_digest(wanted.encode(), signature.encode("utf-8", "replace")):
            return False
        # Only now, since a signed time is one of ours.
        left = int(expires) - now.timestamp()
        return 0 < left <= LIFE.total_seconds()

    def _signature(self, *parts: str) -> str:
        text = "\n".join(parts).encode("utf-8", "replace")
        return hmac.digest(self._key, text, "sha256").hex()
