"""One target under a fuzzer that is led by coverage, a process of its own.

python -m tests.fuzz.harness TARGET CORPUS [options of libFuzzer]
"""

import sys

import atheris

# A codec's module is instrumented when it is imported, so that comes under the hook.
with atheris.instrument_imports(include=["magpie.protocols", "magpie.carriers.mm4.incoming"]):
    from tests.fuzz.targets import TARGETS


def main() -> None:
    name, *options = sys.argv[1:]
    target = TARGETS[name]

    def once(data: bytes) -> None:
        target(data)

    atheris.Setup([sys.argv[0], *options], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
