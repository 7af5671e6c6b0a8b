from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from magpie.kit.rest.call import Call, Caller, fill
from magpie.kit.rest.dialect import Dialect, Format
from magpie.kit.rest.failures import NotAllowed
from magpie.kit.rest.form import Form, read_body, read_form

Authorize: TypeAlias = Callable[[Request], Awaitable[Caller]]
FailureAnswer: TypeAlias = Callable[[Exception, Request, Format], Response]
Verb: TypeAlias = Callable[[Call], Awaitable[Response]]
Around: TypeAlias = Callable[[Call, Verb], Awaitable[Response]]

_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
_NOTHING = Form()


@dataclass(frozen=True, slots=True, eq=False)
class Endpoint:
    """One path in one format, an ASGI application.

    `authorize` runs before the body or the query is looked at. Whatever is raised becomes
    an answer by `failure`. `around` may answer in the verb's place, or keep its answer.
    """

    template: str
    prefix: str
    verbs: Mapping[str, Verb]
    dialect: Dialect
    format: Format
    authorize: Authorize
    failure: FailureAnswer
    around: Around | None
    reads_body: bool
    most_bytes: int

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        try:
            response = await self.answer(request)
        except Exception as wrong:  # noqa: BLE001 - the application decides what each one means
            response = self.failure(wrong, request, self.format)
        await response(scope, receive, send)

    async def answer(self, request: Request) -> Response:
        method = request.scope["method"]
        verb = self.verbs.get("GET" if method == "HEAD" else method)
        if verb is None:
            raise NotAllowed(method, tuple(self.verbs))
        caller = await self.authorize(request)
        call = self.call(request, caller)
        if method in _WITH_BODY:
            await self.read(request, call)
        return await (verb(call) if self.around is None else self.around(call, verb))

    def call(self, request: Request, caller: Caller) -> Call:
        scope = request.scope
        path: dict[str, str] = scope["path_params"]
        query: bytes = scope["query_string"]
        return Call(
            account_sid=caller.account_sid,
            principal=caller.principal,
            path=path,
            query=Form.parse(query.decode("utf-8", "replace")) if query else _NOTHING,
            form=_NOTHING,
            headers=request.headers,
            base_url=caller.base_url or self.base_url(request),
            dialect=self.dialect,
            format=self.format,
            at=fill(self.template, path) if path else self.template,
            request_path=scope["path"],
            extra=caller.extra,
        )

    def base_url(self, request: Request) -> str:
        host = request.headers.get("host", "localhost")
        return f"{request.scope['scheme']}://{host}{self.prefix}"

    async def read(self, request: Request, call: Call) -> None:
        if self.reads_body:
            call.body = await read_body(request, most_bytes=self.most_bytes)
        else:
            call.form = await read_form(request, most_bytes=self.most_bytes)
