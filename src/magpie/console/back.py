"""The way back from a page that says why something was refused."""

from collections.abc import Callable
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request

_INSIDE: Final = "/console"
# What was said there once is not said again.
_ONCE: Final = frozenset(("note", "seal"))


def way_back(request: Request, is_page: Callable[[str], bool]) -> str:
    """The path of the page of ours that asked; blank for none, or for the one that is refused.

    Browsers name it to its own origin alone, and only to our own pages it is a way. What a form
    has led to is none itself: there it is the one above.
    """
    try:
        asked = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return ""
    path = asked.path
    while path and not is_page(path):
        path = path.rpartition("/")[0]
    inside = path == _INSIDE or path.startswith(f"{_INSIDE}/")
    if asked.netloc != request.headers.get("host") or not inside or _is_here(request, path):
        return ""
    query = urlencode([one for one in parse_qsl(asked.query) if one[0] not in _ONCE])
    return f"{path}?{query}" if query else path


def _is_here(request: Request, path: str) -> bool:
    return request.method in {"GET", "HEAD"} and path == request.scope["path"]
