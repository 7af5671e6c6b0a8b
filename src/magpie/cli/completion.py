from magpie.cli.failed import Exit, Failed
from magpie.cli.terminal import put

_SHELLS = ("bash", "zsh", "fish")


def completion(shell: str) -> None:
    from typer._completion_shared import get_completion_script

    if shell not in _SHELLS:
        raise Failed(f"{shell} is none of {', '.join(_SHELLS)}", code=Exit.USAGE)
    put(get_completion_script(prog_name="magpie", complete_var="_MAGPIE_COMPLETE", shell=shell))
