"""The command. What the shell waits for before the work starts is kept to the standard library."""

import os
import sys

_OLDEST = (3, 11)


def main() -> None:
    """Stands in old syntax, so that an old Python can say that it is old."""
    if sys.version_info < _OLDEST:
        sys.stderr.write(
            "error: Magpie needs Python 3.11 or later\n"
            f"cause: this is Python {sys.version.split()[0]}\n"
            "fix: python3.11 -m pip install magpie-mms\n"
        )
        sys.exit(1)
    if sys.argv[1:] in (["--version"], ["-V"]):
        from magpie import __version__

        sys.stdout.write("magpie " + __version__ + "\n")
        return
    from magpie.cli.entry import run

    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read us has gone, as `| head` does; Python would complain of it at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)
