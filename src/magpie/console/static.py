"""Files of the console: each under a name that holds its hash, so that browsers keep it."""

import hashlib
import mimetypes
from functools import cache
from pathlib import Path
from typing import Final

from starlette.responses import Response

from magpie.console import headers

FOLDER: Final = Path(__file__).parent / "static"
_HASH: Final = 12


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


def answer(name: str) -> Response | None:
    path = files().get(name)
    if path is None:
        return None
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Response(_content(path), 200, dict(headers.of_file()), kind)


@cache
def _content(path: Path) -> bytes:
    return path.read_bytes()
