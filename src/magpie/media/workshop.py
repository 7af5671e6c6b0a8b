"""Has files of strangers looked at and worked on in the sandbox."""

from typing import Final

import msgspec

from magpie.media.fit import Cost
from magpie.media.recipe import Facts, Film, Made, Probe, Recipe, Sound, Unusable, encode
from magpie.media.sandbox import Answer, Sandbox, SandboxFailed
from magpie.media.sniff import sniff

_IMAGES: Final = frozenset({"jpeg", "png", "gif", "webp", "heif", "avif", "tiff", "bmp"})
_STREAMS: Final = frozenset({"film", "matroska", "mpeg", "ogg", "id3", "mp3", "aac", "amr", "ac3"})
_FILM_SECONDS: Final = 30.0

_facts = msgspec.json.Decoder(Facts).decode
_made = msgspec.json.Decoder(Made).decode


def workable(content: bytes) -> bool:
    """Whether it is, by its first bytes, a picture, a film or a sound that can be changed."""
    return sniff(content) in _IMAGES | _STREAMS | {"wav", "au"}


class Workshop:
    """Raises Unusable for a file that is of no use, SandboxFailed when there is no sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def probe(self, content_type: str, content: bytes, *, verify: bool) -> tuple[Facts, Cost]:
        """With `verify` the whole is decoded: what is cut off or damaged is told."""
        task = encode(Probe(content_type=content_type, verify=verify))
        answer = await self._run(task, content, None)
        return _facts(answer.result), _cost(answer)

    async def make(self, content: bytes, recipe: Recipe) -> tuple[Made, bytes, Cost]:
        long = _FILM_SECONDS if isinstance(recipe, Film | Sound) else None
        answer = await self._run(encode(recipe), content, long)
        return _made(answer.result), answer.content, _cost(answer)

    async def _run(self, task: bytes, content: bytes, cpu_seconds: float | None) -> Answer:
        try:
            return await self._sandbox.run(task, content, cpu_seconds=cpu_seconds)
        except SandboxFailed as failed:
            if failed.passing:
                raise
            raise Unusable(failed.code, failed.why) from failed


def _cost(answer: Answer) -> Cost:
    return Cost(
        ms=round(answer.ms, 1),
        cpu_ms=round(answer.cpu_seconds * 1000, 1),
        peak_bytes=answer.peak_bytes,
    )
