"""What a file is, by the ending of its name."""

import mimetypes
from pathlib import Path
from typing import Final

# What systems do not know, or know as something else: a 3GP is a film to whoever took it.
_OWN: Final = {
    ".3gp": "video/3gpp",
    ".amr": "audio/amr",
    ".avif": "image/avif",
    ".heic": "image/heic",
    ".heif": "image/heif",
    ".webp": "image/webp",
}


def kind_of(file: Path) -> str:
    guessed = mimetypes.guess_type(file.name)[0]
    return _OWN.get(file.suffix.lower()) or guessed or "application/octet-stream"
