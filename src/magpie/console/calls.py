"""The API's own resources, called from here: one way to do a thing, whoever asks for it."""

from collections.abc import Iterable
from urllib.parse import urlencode

from starlette.datastructures import FormData, UploadFile

from magpie.accounts.auth import Caller
from magpie.console.visit import Visit
from magpie.kit.rest import V1, V2010, Call, Dialect, File, Form
from magpie.messages.raw import came

_MOST_BYTES = 8 * 2**20


def call(
    visit: Visit, form: Form | None = None, *, at: str = "", dialect: Dialect = V1, **path: str
) -> Call:
    """As if the main account had asked for the one that is looked at; `at` is where links begin."""
    return Call(
        account_sid=visit.account_sid,
        principal=Caller(visit.account, visit.main),
        path=dict(path),
        query=Form(),
        form=form or Form(),
        headers={},
        base_url=visit.outlook.origin,
        dialect=dialect,
        format="json",
        at=at,
        request_path=at or visit.request.scope["path"],
        extra={came.USER: visit.visitor.user.name, came.ADDRESS: visit.outlook.address},
    )


def message_call(visit: Visit, form: Form) -> Call:
    at = f"/2010-04-01/Accounts/{visit.account_sid}/Messages"
    return call(visit, form, at=at, dialect=V2010)


async def form_of(given: FormData, names: Iterable[str], files: str = "") -> Form:
    """The fields that have a value, by their names in the API, and files that are attached."""
    wanted = frozenset(names)
    fields = [
        (name, value.replace("\r\n", "\n"))
        for name, value in given.multi_items()
        if name in wanted and isinstance(value, str) and value.strip()
    ]
    attached = [
        File(file.filename or "file", file.content_type or "", await file.read(_MOST_BYTES))
        for file in given.getlist(files)
        if isinstance(file, UploadFile) and file.filename
    ]
    return Form(fields, {files: attached} if attached else None, urlencode(fields).encode())
