"""One function for each thing that the doctor looks at, in the console and as a command."""

import os
import pwd
import shutil
import socket
import stat
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from magpie.app.card import Card
from magpie.app.port import PortTaken, bind
from magpie.settings import Settings

OK, WARN, FAIL = "ok", "warn", "fail"

_OLDEST_PYTHON: Final = (3, 11)
_OLDEST_SERVER: Final = 15
_MB: Final = 2**20
_NEEDED: Final = 200 * _MB
_EASY: Final = 1024 * _MB
_SERVER_USERS: Final = ("magpie", "nobody")
_OFF_SECONDS: Final = (2.0, 60.0)


class Facts(NamedTuple):
    """`version` as PostgreSQL numbers it, 180001; `durable` what keeps an acknowledged message."""

    version: int
    now: datetime
    durable: dict[str, str]


class Finding(NamedTuple):
    name: str
    state: str
    text: str
    fix: str = ""


def python(version: tuple[object, ...]) -> Finding:
    text = ".".join(map(str, version))
    if version[:2] >= _OLDEST_PYTHON:
        return Finding("python", OK, text)
    return Finding("python", FAIL, f"{text}, needed is 3.11", "install Python 3.11 or later")


def running(card: Card | None) -> Finding:
    if card is None:
        return Finding("magpie", OK, "not running")
    return Finding("magpie", OK, f"running, pid {card.pid}, {card.base_url}")


def port(name: str, host: str, number: int) -> Finding:
    try:
        bind(host, number).close()
    except (PortTaken, socket.gaierror) as wrong:
        setting = f"MAGPIE_{name.upper()}={number + 1 if number < 1 << 16 - 1 else 0}"
        return Finding(name, FAIL, str(wrong.__cause__ or wrong), f"{setting} magpie up")
    return Finding(name, OK, f"{number} of {host} is free")


def folder(data: Path) -> Finding:
    """One that is not there yet is judged by where it will be."""
    there = _existing(data)
    if not there.is_dir():
        return Finding("data folder", FAIL, f"{there} is not a folder", f"rm {there}")
    if not os.access(there, os.W_OK | os.X_OK):
        fix = f"chown {os.geteuid()} {there}, or MAGPIE_DATA=FOLDER"
        return Finding("data folder", FAIL, f"{there} is not writable", fix)
    secrets = [data / "card.json", *data.glob("*.key")]
    loose = [one for one in secrets if one.is_file() and stat.S_IMODE(one.stat().st_mode) & 0o077]
    if loose:
        names = " ".join(map(str, loose))
        return Finding("data folder", FAIL, f"others may read {names}", f"chmod 600 {names}")
    return Finding("data folder", OK, str(data))


def disk(data: Path) -> Finding:
    free = shutil.disk_usage(_existing(data)).free
    text = f"{free // _MB} MB free"
    if free >= _EASY:
        return Finding("disk", OK, text)
    return Finding("disk", WARN if free >= _NEEDED else FAIL, text, "make room, at least 1 GB")


def server_user(settings: Settings) -> Finding:
    name = "database user"
    if settings.database_url is not None:
        return Finding(name, OK, "not needed, the database is not ours")
    if os.geteuid() != 0:
        return Finding(name, OK, "the same as Magpie's")
    known = {entry.pw_name for entry in pwd.getpwall()}
    for user in _SERVER_USERS:
        if user in known:
            return Finding(name, OK, f"{user}, for PostgreSQL does not run as root")
    fix = "useradd --system magpie"
    return Finding(name, FAIL, "PostgreSQL does not run as root", fix)


def server_version(version: int) -> Finding:
    """`version` is PostgreSQL's server_version_num."""
    major = version // 10_000
    if major >= _OLDEST_SERVER:
        return Finding("database", OK, f"PostgreSQL {major} answers")
    fix = f"upgrade it to {_OLDEST_SERVER} or later"
    return Finding("database", FAIL, f"PostgreSQL {major} is too old", fix)


def durability(facts: Facts) -> Finding:
    lax = [name for name, value in facts.durable.items() if value == "off"]
    if not lax:
        return Finding("durability", OK, ", ".join(f"{n} {v}" for n, v in facts.durable.items()))
    fix = "; ".join(f"ALTER SYSTEM SET {name} = on" for name in lax)
    text = f"{', '.join(lax)} off: a crash loses messages that were acknowledged"
    return Finding("durability", FAIL, text, f"{fix}; SELECT pg_reload_conf()")


def clock(off: float) -> Finding:
    """By how many seconds the database's clock is ahead of ours."""
    text = f"{abs(off):.2f} s {'behind' if off > 0 else 'ahead of'} the database"
    few, many = _OFF_SECONDS
    state = OK if abs(off) < few else WARN if abs(off) < many else FAIL
    return Finding("clock", state, text, "" if state == OK else "timedatectl set-ntp true")


def egress(settings: Settings) -> Finding:
    listed = ", ".join(settings.egress_allowed) or "none"
    if settings.profile == "production":
        return Finding("egress", OK, f"no private address; exceptions: {listed}")
    text = f"webhooks on this machine are allowed by `up`, not by `serve`; exceptions: {listed}"
    return Finding("egress", OK, text)


def proxies(settings: Settings) -> Finding:
    """Behind a reverse proxy, links and signatures need to know how we look from outside."""
    if settings.profile == "production" and settings.public_url is None:
        text = "not set: links name the host that the caller named"
        return Finding("public_url", WARN, text, "MAGPIE_PUBLIC_URL=https://sms.example.org")
    return Finding("public_url", OK, settings.public_url or "not set, not needed here")


_WALLS: Final = {
    "namespaces": "allow unprivileged user namespaces (sysctl user.max_user_namespaces)",
    "user": "let Magpie change its user (capabilities SETUID and SETGID), or run it as another one",
    "syscalls": "run it on x86-64 or ARM64",
}


def sandbox(missing: Sequence[str]) -> Finding:
    """`missing` names walls that the system refused: files of strangers are opened without them."""
    if not missing:
        return Finding("sandbox", OK, "all of its walls stand")
    text = f"the system refuses some of its walls: {', '.join(missing)}"
    return Finding("sandbox", WARN, text, "; ".join(_WALLS[wall] for wall in missing))


def no_sandbox(why: str) -> Finding:
    text = f"media cannot be looked at: {why}"
    return Finding("sandbox", FAIL, text, "run it on Linux; give it memory and processes to start")


def _existing(path: Path) -> Path:
    absolute = path.absolute()
    return next(one for one in (absolute, *absolute.parents) if one.exists())
