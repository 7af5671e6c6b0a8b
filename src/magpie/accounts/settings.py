"""`/magpie/v1/Settings`: what an account prefers."""

from typing import Any, ClassVar

from magpie.accounts import store
from magpie.accounts.model import Preferences
from magpie.accounts.preferences import PreferenceBook
from magpie.kit.db import Database
from magpie.kit.rest import Call, Collection, Param, Params, boolean


class ChangePreferences(Params):
    mms_converter = Param(
        "MmsConverter",
        boolean,
        doc="Whether pictures become a link in a text where there is no MMS.",
    )
    convert_refused = Param(
        "ConvertRefused",
        boolean,
        doc="Whether that is done, too, where a carrier refuses a picture on its way.",
    )


class AccountSettings(Collection[Preferences]):
    doc: ClassVar[str] = "What an account prefers."
    path: ClassVar[str] = "/Settings"
    key: ClassVar[str] = "settings"
    element: ClassVar[str] = "Settings"
    updating: ClassVar[type[Params]] = ChangePreferences
    examples: ClassVar[dict[str, dict[str, str]]] = {"update": {"MmsConverter": "false"}}
    singleton: ClassVar[bool] = True
    linked: ClassVar[bool] = True

    def __init__(self, database: Database, book: PreferenceBook) -> None:
        self._database = database
        self._book = book

    async def fetch(self, call: Call, sid: str) -> Preferences:  # noqa: ARG002 - a singleton
        return await store.preferences(self._database, call.account_sid)

    async def update(self, call: Call, sid: str, given: Any) -> Preferences:  # noqa: ARG002
        changed = await store.prefer(
            self._database,
            call.account_sid,
            mms_converter=given.mms_converter,
            convert_refused=given.convert_refused,
        )
        self._book.forget(call.account_sid)
        return changed
