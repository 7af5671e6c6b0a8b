"""What every answer of the console says to the browser."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

WHY: Final = "X-Magpie-Why"
_LONGEST: Final = 200
_FIXED: Final = {
    "X-Content-Type-Options": "nosniff",
    # With no-referrer a browser would say the Origin of our own forms is null.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
# Content Security Policy Level 3. The nonce is what hx-csp asks of every element with hx-
# attributes; no script, style or handler stands in the pages themselves. Trusted Types keep all
# but htmx from turning text into elements.
_POLICY: Final = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self';"
    " img-src 'self' blob:; media-src 'self' blob:; connect-src 'self'; font-src 'self';"
    " manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
    " require-trusted-types-for 'script'; trusted-types htmx"
)


def of_page(nonce: str) -> Mapping[str, str]:
    return {
        **_FIXED,
        "Content-Security-Policy": _POLICY.format(nonce=nonce),
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex",
    }


def of_notice(nonce: str, title: str) -> Mapping[str, str]:
    """A page that asked for a piece of itself shows why it gets none."""
    return {**of_page(nonce), WHY: quote(title[:_LONGEST], errors="replace")}


def of_file() -> Mapping[str, str]:
    """The address of a file holds its hash: it never changes."""
    return {**_FIXED, "Cache-Control": "public, max-age=31536000, immutable"}


def of_media() -> Mapping[str, str]:
    """What somebody has sent is shown, and may do nothing."""
    return {
        **_FIXED,
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, max-age=3600",
    }
