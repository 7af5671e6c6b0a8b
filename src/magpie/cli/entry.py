"""From the arguments to an exit code. No traceback gets out."""

import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path

import typer

from magpie import __version__
from magpie.cli.commands import app
from magpie.cli.failed import Exit, Failed
from magpie.cli.terminal import complain, say
from magpie.messages.lifecycle import Status

_STATUSES = frozenset(Status)


def run(arguments: Sequence[str]) -> int:
    try:
        code = app(args=completed(arguments), prog_name="magpie", standalone_mode=False)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the last one who can tell the user
        return _told(error, arguments)
    return code if isinstance(code, int) else Exit.OK


def completed(arguments: Sequence[str]) -> list[str]:
    """Let `--wait` stand alone: an option of Typer has a value always or never."""
    result: list[str] = []
    for n, argument in enumerate(arguments):
        if argument == "--":
            return [*result, *arguments[n:]]
        alone = argument == "--wait" and not _STATUSES.intersection(arguments[n + 1 : n + 2])
        result.append(f"--wait={Status.DELIVERED}" if alone else argument)
    return result


def _told(error: BaseException, arguments: Sequence[str]) -> int:
    if isinstance(error, KeyboardInterrupt | typer.Abort):
        say("interrupted")
        return Exit.INTERRUPTED
    if isinstance(error, typer.TyperException):
        return _usage(error)
    failed = error if isinstance(error, Failed) else _known(error) or _unknown(error, arguments)
    complain(failed)
    return failed.code


def _known(error: BaseException) -> Failed | None:
    try:
        from magpie.cli.translate import translate
    except ImportError:  # a broken installation, and then `error` says so
        return None
    return translate(error)


def _usage(error: typer.TyperException) -> int:
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        say(error.format_message())
    else:
        path = context.command_path if context else "magpie"
        complain(Failed(error.format_message(), fix=f"{path} --help"))
    return error.exit_code


def _unknown(error: BaseException, arguments: Sequence[str]) -> Failed:
    """Arguments stay out of the report: they may hold a message or a password."""
    command = next((one for one in arguments if not one.startswith("-")), "")
    text = "".join(traceback.format_exception(error))
    head = f"magpie {__version__}, Python {sys.version.split()[0]}, command {command}\n\n"
    with tempfile.NamedTemporaryFile(
        "w", prefix="magpie-report-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        file.write(head + text)
    return Failed(
        "this should not have happened",
        cause=f"{type(error).__name__}: {error}"[:500],
        fix=f"please report it with {_short(Path(file.name))}",
    )


def _short(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
