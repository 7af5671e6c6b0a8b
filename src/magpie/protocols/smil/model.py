from typing import Final, Literal, NamedTuple

Kind = Literal["img", "video", "audio", "text"]

CONTENT_TYPE: Final = "application/smil"
CONTENT_TYPES: Final = frozenset({CONTENT_TYPE, "application/smil+xml"})

_KINDS: Final[dict[str, Kind]] = {"image": "img", "video": "video", "audio": "audio"}


class Part(NamedTuple):
    """One part of a message.

    `name` is what the author refers to: its Content-Location, or its Content-ID without brackets.
    The reader also goes by `content_id` and by `filename` (the name or filename parameter).
    `seconds` is the length of a sound or a film, 0 when unknown.
    """

    content_type: str
    name: str = ""
    seconds: float = 0.0
    content_id: str = ""
    filename: str = ""


class Shown(NamedTuple):
    """`tag` and `region` in lower case and as written; `src` is what the sender wrote."""

    tag: str
    src: str
    region: str = ""


class Slide(NamedTuple):
    """`seconds` is None when the slide does not say in ms or s how long it stands."""

    shown: tuple[Shown, ...]
    seconds: float | None = None


def plain_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def kind_of(content_type: str) -> Kind | None:
    """None is what a slide cannot show: it is an attachment."""
    plain = plain_type(content_type)
    return "text" if plain == "text/plain" else _KINDS.get(plain.partition("/")[0])
