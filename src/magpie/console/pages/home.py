"""The first page: does it work, what happens, and what is left to set up."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from starlette.responses import Response

from magpie.alerts import store as alerts
from magpie.console.charts import rates
from magpie.console.page import Place, Route
from magpie.console.render import plural
from magpie.console.visit import Visit
from magpie.errors import text_of
from magpie.kit import clock
from magpie.kit.db import Database
from magpie.kit.queue import LaneStatus, Queue
from magpie.messages import store as messages
from magpie.messages.figures import store as figures
from magpie.senders import store as senders
from magpie.senders.model import Kind
from magpie.users.model import Role

# By the word in the address: how far back, and the seconds of a bucket.
_SPANS: Final = {
    "15m": (timedelta(minutes=15), 10),
    "24h": (timedelta(hours=24), 900),
    "30d": (timedelta(days=30), 21600),
}
_NEW: Final = 8
_TOP: Final = 5
_MOST: Final = 1000
_SLOW: Final = 60.0

LinksHealth = Callable[[], Awaitable[Sequence[tuple[str, str]]]]
"""Gives each carrier link's name and what is wrong with it, blank for nothing."""


class Step(NamedTuple):
    title: str
    done: bool
    path: str
    hint: str


class Home:
    place: Place | None = Place("Build", "Home", "/", "house", "o")

    def __init__(self, database: Database, outbound: Queue, links: LinksHealth) -> None:
        self._database = database
        self._outbound = outbound
        self._links = links

    def routes(self) -> Sequence[Route]:
        return (Route("", self.show), Route("/", self.show))

    async def show(self, visit: Visit) -> Response:
        account, now = visit.account_sid, clock.now()
        word = visit.query.get("span", "15m")
        span, bucket = _SPANS.get(word, _SPANS["15m"])
        counted = await figures.counts(self._database, account, now - span, bucket)
        lanes = await self._outbound.lanes_of(account)
        alarms = await alerts.page(
            self._database, account, alerts.Filter(since=now - timedelta(hours=1)), most=_MOST
        )
        wrong = await figures.errors(self._database, account, now - span, _TOP)
        return visit.page(
            "home.html",
            spans=[*_SPANS],
            span=word if word in _SPANS else "15m",
            chart=rates(counted, now - span, now, bucket),
            total=sum(count.messages for count in counted),
            failed=sum(c.messages for c in counted if c.status in {"failed", "undelivered"}),
            waiting=sum(lane.jobs for lane in lanes),
            delay=await figures.delay(self._database, account, now - span),
            errors=[(one, text_of(one.code)) for one in wrong],
            alarms=len(alarms),
            health=sentence(await self._links(), lanes, len(alarms)),
            newest=await messages.page(
                self._database,
                account,
                messages.Filter(),
                older_than=None,
                newer_than=None,
                most=_NEW,
            ),
            steps=await self._steps(visit),
        )

    async def _steps(self, visit: Visit) -> list[Step]:
        account = visit.account_sid
        held = await senders.page(self._database, account, [*Kind], most=_MOST)
        sent = await figures.has(self._database, account, ["outbound-api"])
        heard = await figures.has(self._database, account, ["inbound"])
        steps = [
            Step("Send a first message", sent, "/send", "It arrives on a handset at once."),
            Step("Answer it from a handset", heard, "/handsets", "Phones write to your numbers."),
            Step(
                "Tell a number where your program listens",
                any(one.sms_url for one in held),
                "/numbers",
                "What phones send is posted there.",
            ),
            Step(
                "Give yourself a password",
                visit.visitor.user.password_hash is not None,
                "/you",
                "Then you need no link to come in.",
            ),
        ]
        offered = [step for step in steps if step.path != "/send" or visit.may(Role.AGENT)]
        return [] if all(step.done for step in offered) else offered


def sentence(
    links: Sequence[tuple[str, str]], lanes: Sequence[LaneStatus], alarms: int
) -> tuple[str, str]:
    """How it goes, in a few words, and whether that is good, warn or bad. Pure but for the time."""
    down = [f"{name} {wrong}" for name, wrong in links if wrong]
    parts = [f"{', '.join(down)}." if down else _up(len(links))]
    ages = [(clock.now() - lane.oldest_at).total_seconds() for lane in lanes if lane.oldest_at]
    oldest = max(ages, default=0.0)
    paused = [lane.name for lane in lanes if lane.paused]
    parts.append(f"The oldest message waits {oldest:.0f} s." if oldest >= 1 else "Nothing waits.")
    if paused:
        parts.append(f"Paused: {', '.join(paused)}.")
    parts.append(f"{plural(alarms, 'alert')} in the last hour." if alarms else "No alerts.")
    kind = "bad" if down else "warn" if paused or alarms or oldest > _SLOW else "good"
    return " ".join(parts), kind


def _up(links: int) -> str:
    if links > 1:
        return f"All {links} links to carriers are up."
    return "The link to the carrier is up." if links else "There is no link to a carrier."
