"""History in, violations out (reliability.md section 3, I1 to I4 and I7)."""

import hashlib
import hmac
from base64 import b64encode
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl

import msgspec
from tests.rig.history import Called, History, Rules, Stored, Submitted

FINAL = {"delivered", "undelivered", "failed", "canceled", "read"}
# Between its gate and the wire the platform's process may stand still, on a busy machine.
JITTER = 0.1
RANK = {"queued": 0, "sending": 1, "sent": 2, "delivered": 3, "undelivered": 3, "failed": 3}


class Violation(msgspec.Struct, frozen=True):
    invariant: str
    who: str
    why: str

    def __str__(self) -> str:
        return f"{self.invariant} {self.who}: {self.why}"


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    violations: list[Violation]
    acknowledged: int
    finished: int
    held: int
    """Messages whose fate nobody knows and policy leaves to a person; each is told as such."""
    duplicates: int
    """Parts that a carrier took over more than once; each of them is flagged."""
    callbacks: int
    repeated: int
    kills: int


def check(history: History, rules: Rules) -> Verdict:
    return Verdict(
        violations=[found for rule in CHECKS for found in rule(history, rules)],
        acknowledged=len(_acknowledged(history)),
        finished=sum(message.status in FINAL for message in history.stored),
        held=sum(_is_held(message) for message in history.stored),
        duplicates=sum(n - 1 for n in _sightings(history).values()),
        callbacks=len(history.called),
        repeated=len(history.called) - len({(_sid(c), _status(c)) for c in history.called}),
        kills=len(history.killed),
    )


def created(history: History, _: Rules) -> Iterator[Violation]:
    """I1: every acknowledged create exists, once, and is what was asked for."""
    stored = {message.sid: message for message in history.stored}
    for to, sid in _acknowledged(history):
        if sid not in stored:
            yield Violation("I1", sid, "acknowledged and not in the store")
        elif stored[sid].to != to:
            yield Violation("I1", sid, f"asked for {to}, stored for {stored[sid].to}")
    counts = Counter(message.to for message in history.stored)
    keys = {asked.to: asked.key for asked in history.asked}
    for to, count in counts.items():
        if count > 1 and keys.get(to):
            yield Violation("I1", to, f"{count} messages of one idempotency key")
        if to not in keys:
            yield Violation("I1", to, "nobody asked for it")


def finished(history: History, _: Rules) -> Iterator[Violation]:
    """I2: each accepted message comes to one end, or says that nobody knows its fate."""
    for message in history.stored:
        if message.status not in FINAL and not _is_held(message):
            yield Violation("I2", message.sid, f"is {message.status} for ever")
        ends = {
            detail["status"] for _, _, detail in message.hops if detail.get("status") in FINAL
        } - {message.status}
        if message.status in FINAL and ends:
            yield Violation("I2", message.sid, f"{message.status}, but once {sorted(ends)}")


def submitted(history: History, rules: Rules) -> Iterator[Violation]:
    """I3: no part at the carrier without cause, none twice but for unknown outcomes, flagged."""
    stored: dict[str, list[Stored]] = defaultdict(list)
    for message in history.stored:
        stored[message.to].append(message)
    for (to, part), count in _sightings(history).items():
        messages = stored.get(to)
        if not messages:
            yield Violation("I3", to, "at the carrier and not in the store")
            continue
        extra = count - len(messages)
        if extra <= 0:
            continue
        unknown = sum(state == "unknown" for m in messages for _, state in m.tries)
        flags = sum(_flags(message) for message in messages)
        if rules.deduplicates:
            yield Violation("I3", to, f"part {part} taken over {count} times")
        elif extra > unknown:
            yield Violation("I3", to, f"part {part}: {extra} too many, {unknown} unknown outcomes")
        elif extra > flags:
            yield Violation("I3", to, f"part {part}: {extra} duplicates, {flags} flagged")


def whole(history: History, _: Rules) -> Iterator[Violation]:
    """I3: what arrived is what was asked for, all of it where it is called delivered."""
    bodies = {asked.to: asked.body for asked in history.asked}
    parts: dict[str, dict[int, str]] = defaultdict(dict)
    for row in history.submitted:
        parts[row.to][row.part] = row.text
    for message in history.stored:
        if message.status != "delivered":
            continue
        got = parts[message.to]
        if "".join(got[n] for n in sorted(got)) != bodies.get(message.to):
            yield Violation("I3", message.sid, "delivered, but not what was asked for")


def called_back(history: History, rules: Rules) -> Iterator[Violation]:
    """I4: each state that a message came to was called back."""
    heard = {(_sid(call), _status(call)) for call in history.called if call.answered}
    for message in history.stored:
        if message.callback:
            for status in sorted(_moves(message) - rules.quiet):
                if (message.sid, status) not in heard:
                    yield Violation("I4", message.sid, f"{status} was never called back")


def in_order(history: History, _: Rules) -> Iterator[Violation]:
    """I4: states never go backwards, and a repeated one carries the token of the first."""
    last: dict[str, str] = {}
    tokens: dict[tuple[str, str], str] = {}
    for call in sorted(history.called, key=lambda call: call.t):
        sid, status = _sid(call), _status(call)
        if RANK[status] < RANK[last.get(sid, "queued")]:
            yield Violation("I4", sid, f"{status} after {last[sid]}")
        last[sid] = status
        if tokens.setdefault((sid, status), call.token) != call.token:
            yield Violation("I4", sid, f"{status} came with two tokens")


def signed(history: History, rules: Rules) -> Iterator[Violation]:
    """I4: each call can be told from a forged one."""
    for call in history.called:
        flat = "".join(sorted(name + value for name, value in set(_params(call))))
        digest = hmac.digest(rules.token.encode(), (call.url + flat).encode(), hashlib.sha1)
        if b64encode(digest).decode() != call.signature:
            yield Violation("I4", _sid(call), "wrong signature")


def paced(history: History, rules: Rules) -> Iterator[Violation]:
    """I7: in no second does a sender send more segments than its limit.

    A text leaves whole: of its parts all but one may stand over the edge of the second.
    """
    rows: dict[str, list[Submitted]] = defaultdict(list)
    for row in history.submitted:
        rows[row.from_].append(row)
    for sender, limit in rules.rates.items():
        spans = [(row.t if row.since is None else row.since, row.t) for row in rows[sender]]
        worst = busiest(spans, 1.0 - JITTER)
        edge = max((row.parts for row in rows[sender]), default=1) - 1
        if worst > limit + edge:
            why = f"{worst} in a second, allowed are {limit:g} and {edge} over the edge"
            yield Violation("I7", sender, why)


def busiest(spans: list[tuple[float, float]], window: float = 1.0) -> int:
    """Count the most of these spans that any window, open at one end, holds whole."""
    ordered, worst = sorted(spans), 0
    for number, (first, _) in enumerate(ordered):
        until = first + window
        begun = ordered[number : bisect_left(ordered, (until, until))]
        worst = max(worst, sum(last < until for _, last in begun))
    return worst


Check = Callable[[History, Rules], Iterator[Violation]]
CHECKS: tuple[Check, ...] = (
    created,
    finished,
    submitted,
    whole,
    called_back,
    in_order,
    signed,
    paced,
)


def _acknowledged(history: History) -> list[tuple[str, str]]:
    return sorted({(told.to, told.sid) for told in history.told if told.sid is not None})


def _is_held(message: Stored) -> bool:
    """Its last try is unknown, and its story says so."""
    return (
        message.status not in FINAL
        and bool(message.tries)
        and max(message.tries)[1] == "unknown"
        and any(hop == "unknown" for _, hop, _ in message.hops)
    )


def _flags(message: Stored) -> int:
    return sum(bool(detail.get("possible_duplicate")) for _, _, detail in message.hops)


def _sightings(history: History) -> Counter[tuple[str, int]]:
    """By number and part, how often the carrier took it over; what it knew it did not."""
    return Counter(_part(row) for row in history.submitted if not row.known)


def _part(row: Submitted) -> tuple[str, int]:
    return row.to, row.part


def _moves(message: Stored) -> set[str]:
    """Follow a message through its story; a hop that leads backwards did not move it."""
    now, moves = "queued", set()
    for _, _, detail in sorted(message.hops, key=lambda hop: hop[0]):
        status = detail.get("status", "")
        if RANK.get(status, 0) > RANK[now]:
            now = status
            moves.add(status)
    return moves


def _params(call: Called) -> list[tuple[str, str]]:
    return parse_qsl(call.body, keep_blank_values=True)


def _sid(call: Called) -> str:
    return dict(_params(call)).get("MessageSid", "?")


def _status(call: Called) -> str:
    return dict(_params(call)).get("MessageStatus", "?")
