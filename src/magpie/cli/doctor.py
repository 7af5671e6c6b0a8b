"""`magpie doctor`: what could keep Magpie from working here, and what to do about each."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

from magpie.app import checks
from magpie.app.checks import FAIL, OK, WARN, Facts, Finding
from magpie.cli.database import look
from magpie.cli.failed import Failed
from magpie.cli.running import found, settings
from magpie.cli.terminal import GREEN, RED, YELLOW, Output, paint, put, put_json
from magpie.kit import clock
from magpie.kit.db.failures import DatabaseUnavailable
from magpie.media.sandbox import Sandbox, SandboxFailed
from magpie.settings import Settings

_COLOURS = {OK: GREEN, WARN: YELLOW, FAIL: RED}


def doctor(data: Path | None, output: Output) -> None:
    chosen = settings({"data": data})
    findings = list(examine(chosen))
    if output is Output.JSON:
        put_json([finding._asdict() for finding in findings])
    else:
        put("\n".join(map(_line, findings)))
    failures = sum(finding.state == FAIL for finding in findings)
    if failures:
        raise Failed(f"{failures} of {len(findings)} checks failed", fix="see each fix above")


def examine(chosen: Settings) -> Iterator[Finding]:
    card = found(chosen.data)
    yield checks.python(sys.version_info[:3])
    yield checks.running(card)
    if card is None:
        yield from _ports(chosen)
    yield checks.folder(chosen.data)
    yield checks.disk(chosen.data)
    yield checks.server_user(chosen)
    yield from _database(chosen)
    yield _sandbox()
    yield checks.egress(chosen)
    yield checks.proxies(chosen)


def _ports(chosen: Settings) -> Iterator[Finding]:
    for name in ("port", "smsc_port", "smpp_port", "smpp_tls_port"):
        if number := getattr(chosen, name):
            yield checks.port(name, chosen.host, number)


def _sandbox() -> Finding:
    """It is started as Magpie does it, since only then the system says what it allows."""
    try:
        return checks.sandbox(asyncio.run(_walls_refused()))
    except (SandboxFailed, RuntimeError) as wrong:
        return checks.no_sandbox(str(wrong))


async def _walls_refused() -> tuple[str, ...]:
    sandbox = Sandbox(at_once=1)
    try:
        await sandbox.start()
        return sandbox.missing
    finally:
        await sandbox.stop()


def _database(chosen: Settings) -> Iterator[Finding]:
    try:
        facts = asyncio.run(look(chosen))
    except (DatabaseUnavailable, OSError) as wrong:
        fix = "start it, or correct MAGPIE_DATABASE_URL"
        yield Finding("database", FAIL, str(wrong), fix)
        return
    if facts is None:
        text = "Magpie's own, not running; it starts with Magpie"
        yield Finding("database", OK, text)
        return
    yield from _judged(facts)


def _judged(facts: Facts) -> Iterator[Finding]:
    yield checks.server_version(facts.version)
    yield checks.durability(facts)
    yield checks.clock((facts.now - clock.now()).total_seconds())


def _line(finding: Finding) -> str:
    state = paint(finding.state.ljust(4), _COLOURS[finding.state], sys.stdout)
    line = f"{state}  {finding.name.ljust(14)}  {finding.text}"
    return f"{line}\n{'':22}fix: {finding.fix}" if finding.fix else line
