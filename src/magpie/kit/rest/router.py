"""Paths found by their segments in a tree: the time does not grow with the number of routes.

A literal segment goes before a parameter at the same place, and there is no way back: below
/Services/Usecases nothing is looked for that stands below /Services/{Sid}.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from magpie.kit.rest.dialect import format_of
from magpie.kit.rest.endpoint import FailureAnswer
from magpie.kit.rest.failures import Failure, NotAllowed, NotFound

_PARAMETER = re.compile(r"\{(\w+)\}(\.\w+)?")


@dataclass(slots=True)
class _Node:
    literal: "dict[str, _Node]" = field(default_factory=dict)
    by_suffix: "dict[str, _Node]" = field(default_factory=dict)
    routes: "dict[str, tuple[tuple[str, ...], Route]]" = field(default_factory=dict)

    def take(self, segment: str, values: list[str]) -> "_Node | None":
        """Where a segment leads; what a parameter matched goes to `values`."""
        if segment in self.literal:
            return self.literal[segment]
        stem, dot, extension = segment.rpartition(".")
        if stem and dot + extension in self.by_suffix:
            values.append(stem)
            return self.by_suffix[dot + extension]
        if segment and "" in self.by_suffix:
            values.append(segment)
            return self.by_suffix[""]
        return None


class Router:
    """An ASGI application. What it does not know goes to `otherwise`, or is not found."""

    def __init__(
        self,
        routes: Iterable[Route],
        *,
        failure: FailureAnswer,
        otherwise: ASGIApp | None = None,
    ) -> None:
        self._root = _Node()
        self._failure = failure
        self._otherwise = otherwise
        for route in routes:
            self.add(route)

    def add(self, route: Route) -> None:
        node, names = self._root, []
        for segment in route.path.split("/")[1:]:
            parameter = _PARAMETER.fullmatch(segment)
            if parameter:
                names.append(parameter[1])
                node = node.by_suffix.setdefault(parameter[2] or "", _Node())
            elif "{" in segment:
                raise ValueError(f"{route.path}: {segment} is not a whole parameter")
            else:
                node = node.literal.setdefault(segment, _Node())
        for method in route.methods or ():
            if method in node.routes:
                raise ValueError(f"{method} {route.path} has two routes")
            node.routes[method] = (tuple(names), route)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._elsewhere(scope, receive, send)
            return
        values: list[str] = []
        node = self._find(scope, values)
        if node is None:
            await self._elsewhere(scope, receive, send)
            return
        found = node.routes.get(scope["method"])
        if found is None:
            wrong = NotAllowed(scope["method"], tuple(node.routes))
            await self._fail(wrong, scope, receive, send)
            return
        names, route = found
        scope["path_params"] = dict(zip(names, values, strict=True))
        scope["route"] = route
        await route.app(scope, receive, send)

    def _find(self, scope: Scope, values: list[str]) -> _Node | None:
        path: str = scope["path"]
        if "\0" in path:
            return None
        node: _Node | None = self._root
        for segment in path.removeprefix(scope.get("root_path", "")).split("/")[1:]:
            node = node.take(segment, values) if node else None
        return node if node and node.routes else None

    async def _elsewhere(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._otherwise is not None:
            await self._otherwise(scope, receive, send)
        elif scope["type"] == "http":
            await self._fail(NotFound.at(scope["path"]), scope, receive, send)

    async def _fail(self, wrong: Failure, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        response = self._failure(wrong, request, format_of(scope["path"]))
        await response(scope, receive, send)
