"""The operator's own numbers: those held at a carrier, entered here so that accounts can use them.

Unlike those of the simulated network they exist. Giving one back to the shelf (deleting the
account's number) leaves it here; taking it off the shelf is for the operator alone.
"""

from typing import Annotated, ClassVar, Final, TypedDict

from magpie import phone
from magpie.accounts import store as accounts
from magpie.accounts.operator import operator
from magpie.errors import Refused
from magpie.kit.db import Connection, Database
from magpie.kit.rest import (
    Call,
    Collection,
    Page,
    PageRequest,
    Param,
    Params,
    Uri,
    boolean,
    one_of,
    short_text,
    text,
)
from magpie.senders import actions
from magpie.senders.actions import Senders
from magpie.senders.inventory import store
from magpie.senders.model import Item, Kind

_BAD_NUMBER, _TAKEN, _NO_ACCOUNT, _IN_USE = 21421, 21422, 21471, 20409
_PLACE: Final = 100


class AddNumber(Params):
    phone_number = Param(
        "PhoneNumber", text, required=True, doc="The number, as +15017122662, or a short code."
    )
    kind = Param(
        "Type",
        one_of(*(kind.value for kind in Kind)),
        doc="What kind it is, if the number itself does not say it.",
    )
    country = Param(
        "IsoCountry",
        short_text(2),
        doc="Two letters of its country, if the number itself does not say it.",
    )
    sms = Param("SmsEnabled", boolean, default=True, doc="Whether it sends texts.")
    mms = Param("MmsEnabled", boolean, default=True, doc="Whether it sends pictures.")
    voice = Param("VoiceEnabled", boolean, default=False, doc="Whether it can be called.")
    locality = Param("Locality", short_text(_PLACE), doc="The place where it is.")
    region = Param("Region", short_text(_PLACE), doc="The state or region where it is.")
    postal_code = Param("PostalCode", short_text(_PLACE), doc="The postal code where it is.")
    account_sid = Param(
        "AccountSid", text, doc="The account that gets it at once; else it is for sale."
    )


class FindNumbers(Params):
    held = Param(
        "Held", boolean, doc="Only numbers that an account has, or only those that are for sale."
    )


class Capabilities(TypedDict):
    sms: bool
    mms: bool
    voice: bool


class ShownItem(TypedDict):
    phone_number: str
    type: Annotated[str, Kind]
    iso_country: str
    capabilities: Capabilities
    locality: str | None
    region: str | None
    postal_code: str | None
    account_sid: str | None
    url: Uri


class OwnNumbers(Collection[Item]):
    """`/magpie/v1/Numbers`; those of the simulated network are among them."""

    doc: ClassVar[str] = "Numbers that this platform has at its carriers; for the operator alone."
    called: ClassVar[str] = "number"
    path: ClassVar[str] = "/Numbers"
    key: ClassVar[str] = "numbers"
    element: ClassVar[str] = "Number"
    filters: ClassVar[type[Params]] = FindNumbers
    creating: ClassVar[type[Params]] = AddNumber
    examples: ClassVar[dict[str, dict[str, str]]] = {"create": {"PhoneNumber": "+15017122662"}}

    def __init__(self, database: Database, senders: Senders) -> None:
        self._database = database
        self._senders = senders

    async def list(self, call: Call, given: FindNumbers, page: PageRequest) -> Page[Item]:
        operator(call)
        rows = await store.page(
            self._database,
            held=given.held,
            after=page.after,
            before=page.before,
            most=page.limit,
        )
        return Page.cut(rows, page)

    async def create(self, call: Call, given: AddNumber) -> Item:
        """With an AccountSid that account gets it at once, as if it had bought it."""
        holder = operator(call).account.sid
        item = _item(given)
        async with self._database.transaction() as connection:
            if not await self._add(connection, item, given.account_sid, holder):
                known = await self._found(connection, item.address, call)
                whose = f"{known.account_sid} has it" if known.account_sid else "it is for sale"
                raise Refused(_TAKEN, f"{item.address} is here already: {whose}.")
            return await self._found(connection, item.address, call)

    async def fetch(self, call: Call, sid: str) -> Item:
        operator(call)
        return await self._found(self._database, sid, call)

    async def delete(self, call: Call, sid: str) -> None:
        """Only from the shelf: an account that holds it has to release it first."""
        operator(call)
        async with self._database.transaction() as connection:
            found = await self._found(connection, sid, call)
            if not await store.remove(connection, sid):
                raise Refused(_IN_USE, f"{sid} is held by {found.account_sid}.")

    def identify(self, record: Item) -> str:
        return record.address

    def represent(self, record: Item, call: Call) -> ShownItem:
        return {
            "phone_number": record.address,
            "type": record.kind,
            "iso_country": record.country,
            "capabilities": {"sms": record.sms, "mms": record.mms, "voice": record.voice},
            "locality": record.locality,
            "region": record.region,
            "postal_code": record.postal_code,
            "account_sid": record.account_sid,
            "url": call.link(record.address),
        }

    async def _add(
        self, connection: Connection, item: Item, account_sid: str | None, holder_sid: str
    ) -> bool:
        if not account_sid:
            return bool(await actions.stock(connection, [item]))
        target = await accounts.get(connection, account_sid)
        if target is None or holder_sid not in {target.sid, target.owner_account_sid}:
            raise Refused(_NO_ACCOUNT)
        return bool(await self._senders.provide(connection, account_sid, [item]))

    async def _found(self, queries: Connection | Database, address: str, call: Call) -> Item:
        item = await store.get(queries, address)
        if item is None:
            raise call.not_found()
        return item


def _item(given: AddNumber) -> Item:
    """What the operator does not say is told by the number itself."""
    spelled = given.phone_number.strip()
    short = phone.is_short_code(spelled) and not spelled.startswith("+")
    address = spelled if short else phone.parse_e164(spelled)
    if address is None:
        raise Refused(_BAD_NUMBER)
    kind = given.kind or _kind_of(address, short=short)
    if (kind == Kind.SHORT_CODE) != short:
        raise Refused(_BAD_NUMBER, f"{address} cannot be of the type {kind}.")
    country = (given.country or (None if short else phone.country_of(address)) or "US").upper()
    return Item(
        address=address,
        country=country,
        kind=kind,
        sms=given.sms,
        mms=given.mms,
        voice=given.voice,
        locality=given.locality,
        region=given.region,
        postal_code=given.postal_code,
        latitude=None,
        longitude=None,
        lata=None,
        rate_center=None,
    )


def _kind_of(address: str, *, short: bool) -> Kind:
    if short:
        return Kind.SHORT_CODE
    return Kind.TOLL_FREE if phone.is_toll_free(address) else Kind.LOCAL
