"""`magpie media fit`: what a file becomes on a carrier, made as the platform makes it."""

import asyncio
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from magpie.cli.failed import Exit, Failed
from magpie.cli.kinds import kind_of
from magpie.cli.terminal import Output, put, put_json
from magpie.media.check import check_all
from magpie.media.fit import Fit, Fitted, Result, Source
from magpie.media.fit import fit as fitted
from magpie.media.names import renamed
from magpie.media.profile import BROWSER, Profile, ProfileError, Profiles
from magpie.media.recipe import Facts, Recipe, Unusable
from magpie.media.sandbox import Sandbox, SandboxFailed
from magpie.media.terms import Terms
from magpie.media.told import part_told
from magpie.media.workshop import Workshop, workable
from magpie.messages.request import MAX_MEDIA
from magpie.settings import Settings

_SENDERS = ("local", "mobile", "toll-free", "short-code")


class _Bench:
    """A maker that keeps everything at hand."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self.contents: dict[str, bytes] = {}

    def put(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        self.contents[digest] = content
        return digest

    async def facts(self, source: Source) -> Facts | None:
        content = self.contents[source.digest]
        if not workable(content):
            return None
        facts, _ = await self._workshop.probe(source.content_type, content, verify=True)
        return facts

    async def make(self, source: Source, recipe: Recipe) -> Result:
        made, content, cost = await self._workshop.make(self.contents[source.digest], recipe)
        return Result(digest=self.put(content), size=len(content), made=made, cost=cost)


def fit(
    files: Sequence[Path],
    carriers: Sequence[str],
    sender: str,
    *,
    explain: bool,
    save: Path | None,
    output: Output,
) -> None:
    if sender not in _SENDERS:
        raise Failed(f"{sender} is no kind of sender", cause=", ".join(_SENDERS), code=Exit.USAGE)
    profiles = _profiles(carriers)
    contents = [(path, _read(path)) for path in files]
    told = asyncio.run(_fit(contents, profiles, sender, save))
    if output is Output.JSON:
        put_json(told)
        return
    for one in told:
        put(_line(one))
        for part in one.get("parts", ()) if explain else ():
            put(f"  {part['file']}: {part['action']}, {part['why']}")
            put(f"    {_form(part['was'])}{' -> ' + _form(part['is']) if 'is' in part else ''}")


def _profiles(carriers: Sequence[str]) -> list[Profile]:
    try:
        known = Profiles.load(Settings.load().profiles)
    except ProfileError as wrong:
        raise Failed("A media profile is wrong", cause=str(wrong)) from wrong
    names = carriers or [name for name in known.names if name != BROWSER]
    unknown = [name for name in names if name not in known]
    if unknown:
        cause = f"known are {', '.join(known.names)}"
        raise Failed(f"{unknown[0]} is no media profile", cause=cause, code=Exit.USAGE)
    return [known.get(name) for name in names]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as wrong:
        cause = wrong.strerror or ""
        raise Failed(f"{path} cannot be read", cause=cause, code=Exit.NOT_FOUND) from wrong


async def _fit(
    files: Sequence[tuple[Path, bytes]],
    profiles: Sequence[Profile],
    sender: str,
    save: Path | None,
) -> list[dict[str, Any]]:
    wrong = _wrong([(kind_of(path), content) for path, content in files])
    if wrong is not None:
        return [{"carrier": one.name, "code": wrong[0], "why": wrong[1]} for one in profiles]
    sandbox = Sandbox()
    bench = _Bench(Workshop(sandbox))
    sources = [
        Source(content_type=kind_of(path), size=len(content), digest=bench.put(content))
        for path, content in files
    ]
    try:
        return [
            await _verdict(files, sources, profile, sender, bench, save) for profile in profiles
        ]
    finally:
        await sandbox.stop()


async def _verdict(
    files: Sequence[tuple[Path, bytes]],
    sources: Sequence[Source],
    profile: Profile,
    sender: str,
    bench: _Bench,
    save: Path | None,
) -> dict[str, Any]:
    try:
        made = await fitted(sources, Terms(profile=profile, sender_kind=sender), bench)
    except Unusable as unusable:
        return {"carrier": profile.name, "code": unusable.code, "why": unusable.why}
    except SandboxFailed as failed:
        raise Failed("The sandbox does not work here", cause=str(failed)) from failed
    paths = [path for path, _ in files]
    if save is not None:
        _save(paths, made, bench, save / profile.name)
    return {
        "carrier": profile.name,
        "budget": made.budget,
        "bytes": sum(part.size for part in made.sent),
        "parts": [_part(path, part) for path, part in zip(paths, made.parts, strict=True)],
    }


def _part(path: Path, part: Fitted) -> dict[str, Any]:
    return {"file": path.name} | part_told(part)


def _save(paths: Sequence[Path], made: Fit, bench: _Bench, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for n, (path, part) in enumerate(zip(paths, made.parts, strict=True), 1):
        if not part.dropped:
            name = renamed(path.name, part.content_type) or path.name
            (folder / f"{n}-{name}").write_bytes(bench.contents[part.digest])


def _wrong(files: Sequence[tuple[str, bytes]]) -> tuple[int, str] | None:
    """What no carrier is asked about, for the platform refuses it."""
    if len(files) > MAX_MEDIA:
        return 21623, f"a message has at most {MAX_MEDIA} media"
    return check_all(files)


def _line(one: dict[str, Any]) -> str:
    if "why" in one:
        return f"{one['carrier']}: refused with {one['code']}, {one['why']}"
    dropped = sum(part["action"] == "drop" for part in one["parts"])
    less = f", {dropped} of {len(one['parts'])} cannot go" if dropped else ""
    return f"{one['carrier']}: {one['bytes']:,} of {one['budget']:,} bytes{less}"


def _form(form: dict[str, Any]) -> str:
    """As in image/jpeg 4032 x 3024, 2,345,678 bytes."""
    sides = f" {form['width']} x {form['height']}" if "width" in form else ""
    frames = f", {form['frames']} frames" if "frames" in form else ""
    seconds = f", {form['seconds']} s" if "seconds" in form else ""
    return f"{form['content_type']}{sides}{frames}{seconds}, {form['bytes']:,} bytes"
