"""The one function that runs in the sandbox: bytes of a task and of a file in, bytes out."""

from typing import Final, assert_never

import msgspec

from magpie.media.fitting import images, still
from magpie.media.recipe import (
    Animation,
    Facts,
    Film,
    Made,
    Picture,
    Recipe,
    Sound,
    Strip,
)
from magpie.media.sniff import sniff


class Probe(msgspec.Struct, frozen=True, tag="probe"):
    """`verify` reads all of the file, not only its header."""

    content_type: str
    verify: bool = False


Task = Probe | Recipe

_encode: Final = msgspec.json.Encoder(order="deterministic").encode
_decode: Final = msgspec.json.Decoder[Task](Task).decode
_facts: Final = msgspec.json.Decoder(Facts).decode
_made: Final = msgspec.json.Decoder(Made).decode


def task_of(task: Task) -> bytes:
    return _encode(task)


def facts_of(answer: bytes) -> Facts:
    return _facts(answer)


def made_of(answer: bytes) -> Made:
    return _made(answer)


def work(task: bytes, content: bytes | memoryview) -> tuple[bytes, bytes]:
    """Raise Unusable, or MemoryError: the caller has set the limits."""
    asked, whole = _decode(task), bytes(content)
    if isinstance(asked, Probe):
        return _encode(_probe(asked, whole)), b""
    made, result = _fit(asked, whole)
    return _encode(made), result


def _probe(asked: Probe, content: bytes) -> Facts:
    if sniff(content) in still.FORMATS:
        return images.probe(content, verify=asked.verify)
    from magpie.media.fitting import films  # noqa: PLC0415

    return films.probe(content)


def _fit(recipe: Recipe, content: bytes) -> tuple[Made, bytes]:
    match recipe:
        case Strip() | Picture() | Animation():
            return images.fit(content, recipe)
        case Film():
            from magpie.media.fitting import films  # noqa: PLC0415

            return films.fit(content, recipe)
        case Sound():
            from magpie.media.fitting import sounds  # noqa: PLC0415

            return sounds.fit(content, recipe)
    assert_never(recipe)
