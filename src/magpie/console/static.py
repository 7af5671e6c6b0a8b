"""Files of the console: each under a name that holds its hash, so that browsers keep it."""

import gzip
import hashlib
import mimetypes
import re
from functools import cache
from pathlib import Path
from typing import Final

from starlette.responses import Response

from magpie.console import headers

FOLDER: Final = Path(__file__).parent / "static"
_HASH: Final = 12
# With a weight of nought it would be refused.
_GZIP: Final = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")


@cache
def files() -> dict[str, Path]:
    """By the name under which each is served."""
    return {served(path.relative_to(FOLDER).as_posix()): path for path in FOLDER.rglob("*.*")}


@cache
def served(name: str) -> str:
    """`app.js` as `app-3f2a0c….js`; so no module can import another by its name."""
    digest = hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:_HASH]
    stem, _, ending = name.rpartition(".")
    return f"{stem}-{digest}.{ending}"


def answer(name: str, accepted: str = "") -> Response | None:
    """`accepted` is the browser's Accept-Encoding."""
    path = files().get(name)
    if path is None:
        return None
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    told = {**headers.of_file(), "Vary": "Accept-Encoding"}
    if not _GZIP.search(accepted):
        return Response(path.read_bytes(), 200, told, kind)
    return Response(_squeezed(path), 200, {**told, "Content-Encoding": "gzip"}, kind)


@cache
def _squeezed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), mtime=0)
