"""Which resources hang where."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from magpie.accounts import resources as accounts
from magpie.accounts.settings import AccountSettings
from magpie.alerts.resources import Alerts
from magpie.api import places
from magpie.api.doors import PRODUCT as CARRIERS
from magpie.api.doors import Doors
from magpie.api.mounts import Mounts
from magpie.api.openapi import Octets
from magpie.app.parts import Parts
from magpie.app.short_links import ShortLinks
from magpie.carriers import resources as carriers
from magpie.carriers.route_resources import Routes
from magpie.carriers.trace_resources import TraceOf
from magpie.console.site import AT as CONSOLE
from magpie.dispatch.foresight import Foresight
from magpie.dispatch.held import OutcomeOf
from magpie.dispatch.parked import ParkedReceipts
from magpie.dispatch.preflight import Preflights
from magpie.dispatch.requests import RequestOf
from magpie.dispatch.resources import Lanes, Timeline
from magpie.dispatch.store import ids_of
from magpie.esmes.resources import Esmes
from magpie.kit.db import Connection
from magpie.kit.rest import Collection, NotFound, format_of
from magpie.media import resources as media
from magpie.media.content import PATH, Content
from magpie.media.model import Media
from magpie.media.signed import SignedMedia
from magpie.messages import store as messages
from magpie.messages.resources import FeedbackOf, Messages
from magpie.messages.search.resources import Search
from magpie.senders import resources as senders
from magpie.senders.own import OwnNumbers
from magpie.services import resources as services
from magpie.simulator.carriers.resources import Carriers as Networks
from magpie.simulator.messages.parts import PartContent
from magpie.simulator.messages.resources import HandsetMessages
from magpie.simulator.resources import Handsets
from magpie.users.resources import SignInLinks
from magpie.webhooks.log.replay import Replayer
from magpie.webhooks.log.resources import Replays, Webhooks
from magpie.webhooks.post import Poster

MEDIUM: Final = Octets(
    "api",
    PATH,
    "FetchMessagesMediaContent",
    "Fetch a medium itself",
    "The octets of a medium: with credentials, or for four hours by a signed URL.",
)
PART: Final = Octets(
    "simulator",
    "/v1/Handsets/{Number}/Messages/{Id}/Parts/{Part}",
    "FetchSimulatorHandsetsMessagesPart",
    "Fetch a part of a message",
    "The octets of a picture or another part, as the phone got it.",
)


def hang(platform: Parts, mounts: Mounts) -> None:
    p = platform

    async def message_sid(account_sid: str, id_: UUID) -> str | None:
        message = await messages.get(p.database, account_sid, id_)
        return message.sid if message else None

    mounts.hang(places.ROOT, accounts.Accounts(p.database, p.authenticator))
    mounts.hang(
        places.ACCOUNT,
        accounts.Keys(p.database, p.authenticator),
        accounts.SigningKeys(p.database, p.authenticator),
        Messages(p.database, p.acceptance, p.drafts, p.change),
        FeedbackOf(p.database),
        *media.collections(p.database, message_sid, _media_deleted),
        *senders.collections(p.database, p.senders, p.book),
    )
    content = Content(p.database, p.shelf, p.signer, mounts.authorize, message_sid)
    mounts.add("api", plain(PATH, content.get, mounts))
    mounts.tell(MEDIUM)
    mounts.hang(
        places.version("magpie"),
        Timeline(p.database),
        RequestOf(p.database),
        OutcomeOf(p.database, p.queues.outbound, p.advance),
        Alerts(p.database),
        Webhooks(p.database),
        Replays(p.database, replayer(p)),
        SignedMedia(p.database, message_sid, p.signer, p.base_url),
        Lanes(p.database, p.queues.outbound),
        OwnNumbers(p.database, p.senders),
        Search(p.database),
        Esmes(p.database, p.sealer, p.esmes, p.services.find),
        SignInLinks(p.database, f"{p.base_url}{CONSOLE}"),
        AccountSettings(p.database, p.preferences),
        preflights(p),
        *carriers_of(p),
    )
    mounts.hang(places.version("messaging"), *services.collections(p.database, p.services))
    ShortLinks(p, mounts).hang()
    mounts.put(CARRIERS, Doors(p.carriers.get, mounts.outside))
    if p.simulated is not None:
        _hang_simulator(platform, mounts)


def replayer(p: Parts) -> Replayer:
    return Replayer(p.database, Poster(p.egress, p.token_of))


def preflights(p: Parts) -> Preflights:
    return Preflights(
        p.ways,
        p.book,
        p.profiles,
        p.fetcher,
        p.uploads.loose,
        Foresight(p.once, p.prices),
        p.converter,
        p.queues.outbound,
    )


def carriers_of(p: Parts) -> tuple[Collection[Any], ...]:
    """What an operator sees of links and routes."""
    return (
        carriers.Carriers(p.database, p.fleet, p.safe, p.receipts.parked),
        TraceOf(p.fleet, partial(ids_of, p.database), personal=p.settings.show_pii),
        ParkedReceipts(p.database, p.fleet.links),
        Routes(p.database, p.fleet),
    )


def _hang_simulator(platform: Parts, mounts: Mounts) -> None:
    p, simulated = platform, platform.simulated
    assert simulated is not None
    mounts.hang(
        places.version("simulator"),
        Handsets(p.database, simulated.directory),
        HandsetMessages(p.database, simulated.network, p.egress),
        Networks(p.database, simulated.directory),
    )
    parts = PartContent(p.database, p.blobs)

    async def part(request: Request) -> Response:
        await mounts.authorize(request)
        found = await parts.get(request)
        if found is None:
            raise NotFound.at(request.scope["path"])
        return found

    mounts.add("simulator", plain(PART.path, part, mounts))
    mounts.tell(PART)


def plain(path: str, answer: Callable[[Request], Awaitable[Response]], mounts: Mounts) -> Route:
    """A route that is no collection; its failures look like everybody's."""

    async def endpoint(request: Request) -> Response:
        try:
            return await answer(request)
        except Exception as error:  # noqa: BLE001 - one place decides what each means
            return mounts.failure(error, request, format_of(request.scope["path"]))

    return Route(path, endpoint, methods=["GET", "HEAD"])


async def _media_deleted(connection: Connection, account_sid: str, media: Media) -> None:
    await messages.count_media(connection, account_sid, media.message_id, 1)
