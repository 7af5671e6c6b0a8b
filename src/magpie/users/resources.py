"""A link that signs in to the console, for whoever has the main account's token."""

from datetime import datetime
from typing import Any, ClassVar

from magpie.accounts.operator import operator
from magpie.kit import clock
from magpie.kit.db import Database
from magpie.kit.record import Record
from magpie.kit.rest import Call, Collection, Uri
from magpie.users import actions


class SignInLink(Record, frozen=True):
    url: Uri
    date_expires: datetime


class SignInLinks(Collection[SignInLink]):
    """`/magpie/v1/SignInLinks`: each lets one visitor in as an owner, within the hour."""

    doc: ClassVar[str] = (
        "A link that lets one visitor into the console as an owner, within the hour."
    )
    path: ClassVar[str] = "/SignInLinks"
    element: ClassVar[str] = "SignInLink"
    key: ClassVar[str] = "sign_in_links"

    def __init__(self, database: Database, site: str) -> None:
        self._database = database
        self._site = site

    async def create(self, call: Call, given: Any) -> SignInLink:
        operator(call)
        owner = await actions.ensure_owner(self._database)
        secret = await actions.link(self._database, owner)
        return SignInLink(
            url=f"{self._site}/sign-in/{secret}", date_expires=clock.now() + actions.LINK_LASTS
        )
