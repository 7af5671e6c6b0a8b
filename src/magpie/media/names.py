"""Names of files that every phone can show: ASCII, no spaces, at most 20 characters."""

import re
from email.message import Message as Headers
from urllib.parse import unquote, urlsplit

MOST = 20
_LONGEST_ENDING = 5
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
# Names of devices under Windows, with any ending.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


def safe_name(name: str | None) -> str | None:
    """None if nothing of the name can be kept."""
    last = (name or "").replace("\\", "/").rpartition("/")[2]
    plain = re.sub(r"\.{2,}", ".", _UNSAFE.sub("_", last)).strip("._-")
    if not plain or _DEVICE.fullmatch(plain):
        return None
    stem, dot, ending = plain.rpartition(".")
    if dot and len(ending) <= _LONGEST_ENDING:
        return f"{stem[: MOST - len(ending) - 1]}.{ending}"
    return plain[:MOST]


def name_of(disposition: str | None, url: str) -> str | None:
    """By the Content-Disposition header, else the end of the URL's path."""
    headers = Headers()
    headers["Content-Disposition"] = re.sub(r"[\r\n]", " ", disposition or "")
    return safe_name(headers.get_filename()) or safe_name(unquote(urlsplit(url).path))


_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "video/mp4": "mp4",
    "video/3gpp": "3gp",
    "audio/amr": "amr",
    "audio/mp4": "m4a",
    "audio/mpeg": "mp3",
}


def renamed(name: str | None, content_type: str) -> str | None:
    """The same name for a file that is of another type now."""
    ending = _ENDINGS.get(content_type)
    if not name or not ending:
        return name
    stem, dot, old = name.rpartition(".")
    if old.lower() in {ending, {"jpg": "jpeg"}.get(ending)}:
        return name
    return safe_name(f"{stem if dot and len(old) <= _LONGEST_ENDING else name}.{ending}")
