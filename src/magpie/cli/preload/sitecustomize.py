"""Under `magpie run` aiohttp, and with it the SDK's asynchronous client, looks at HTTPS_PROXY.

Python imports this before the program. It runs on whatever Python that has, and must never keep
the program from running.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from importlib.abc import MetaPathFinder
from typing import Any

_HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - quick to import
_PATCHED = "aiohttp.client"


class _Finder(MetaPathFinder):
    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:  # noqa: ARG002
        if fullname != _PATCHED:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec is not None and spec.loader is not None:
            _after(spec.loader, _trust_environment)
        return spec


def _after(loader: Any, then: Any) -> None:
    load = loader.exec_module

    def exec_module(module: Any) -> None:
        load(module)
        then(module)

    loader.exec_module = exec_module


def _trust_environment(module: Any) -> None:
    begin = module.ClientSession.__init__

    def trusting(self: Any, *args: Any, **options: Any) -> None:
        options.setdefault("trust_env", True)
        begin(self, *args, **options)

    module.ClientSession.__init__ = trusting


def _next_one() -> None:
    """Run the sitecustomize that this one stands before."""
    places = [one for one in sys.path if os.path.abspath(one or ".") != _HERE]  # noqa: PTH100
    for finder in sys.meta_path:
        find = getattr(finder, "find_spec", None)
        spec = find("sitecustomize", places) if find else None
        if spec is not None and spec.loader is not None:
            spec.loader.exec_module(importlib.util.module_from_spec(spec))
            return


if __name__ == "sitecustomize":
    sys.meta_path.insert(0, _Finder())
    _next_one()
