"""The one function that runs in the sandbox: bytes of a task and of a file in, bytes out."""

from typing import Final, assert_never

import msgspec

from magpie.media.fitting import films, images, sounds, still
from magpie.media.recipe import (
    Animation,
    Facts,
    Film,
    Made,
    Picture,
    Probe,
    Recipe,
    Sound,
    Strip,
    Task,
    encode,
)
from magpie.media.sniff import sniff

_decode: Final = msgspec.json.Decoder[Task](Task).decode


def work(task: bytes, content: bytes | memoryview) -> tuple[bytes, bytes]:
    """Raise Unusable, or MemoryError: the caller has set the limits."""
    asked, whole = _decode(task), bytes(content)
    if isinstance(asked, Probe):
        return encode(_probe(asked, whole)), b""
    made, result = _fit(asked, whole)
    return encode(made), result


def _probe(asked: Probe, content: bytes) -> Facts:
    if sniff(content) in still.FORMATS:
        return images.probe(content, verify=asked.verify)
    return films.probe(content)


def _fit(recipe: Recipe, content: bytes) -> tuple[Made, bytes]:
    match recipe:
        case Strip() if sniff(content) not in still.FORMATS:
            return films.strip_of(content)
        case Strip() | Picture() | Animation():
            return images.fit(content, recipe)
        case Film():
            return films.fit(content, recipe)
        case Sound():
            return sounds.fit(content, recipe)
    assert_never(recipe)
