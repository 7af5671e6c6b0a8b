"""Where a provider fetches the media of a message: at the link, by an address that is signed."""

import hmac
import mimetypes
from typing import Final
from urllib.parse import parse_qs, quote, urlencode

from magpie.carriers.door import Knock
from magpie.carriers.traffic import MediaPart

PATH: Final = "media/"
LIFE: Final = 4 * 3600


class Offers:
    """`at` is the link's own address. Each address holds for `LIFE` seconds, for anybody."""

    def __init__(self, at: str, secret: str) -> None:
        self._at = at
        self._key = hmac.digest(secret.encode(), b"media of messages", "sha256")

    def url(self, part: MediaPart, now: float) -> str:
        until = str(int(now) + LIFE)
        kind = part.content_type.partition(";")[0].strip()
        signature = self._signature(part.digest, kind, until)
        query = urlencode({"type": kind, "until": until, "signature": signature})
        return f"{self._at}/{PATH}{part.digest}/{quote(_name(part, kind), safe='')}?{query}"

    def asked(self, knock: Knock, now: float) -> MediaPart | None:
        """None for who has no right to it, or no longer."""
        query = {name: values[0] for name, values in parse_qs(knock.query).items()}
        digest = knock.path.removeprefix(PATH).partition("/")[0]
        kind, until = query.get("type", ""), query.get("until", "")
        wanted = self._signature(digest, kind, until)
        given = query.get("signature", "").encode("utf-8", "replace")
        if not hmac.compare_digest(wanted.encode(), given) or int(until) < now:
            return None
        return MediaPart(content_type=kind, size=0, digest=digest)

    def _signature(self, *parts: str) -> str:
        text = "\n".join(parts).encode("utf-8", "replace")
        return hmac.digest(self._key, text, "sha256").hex()


def _name(part: MediaPart, kind: str) -> str:
    """Some providers tell what it is by the ending."""
    name = part.name or "media"
    return name if "." in name else name + (mimetypes.guess_extension(kind) or "")
