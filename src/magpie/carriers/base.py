"""What every carrier link offers to dispatch."""

from typing import Protocol, runtime_checkable

import msgspec

from magpie.carriers.traffic import Kind, Outcome, Submission, Traffic


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """`deduplicates`: a second submission with the same key has no effect, so resending is safe."""

    kinds: frozenset[Kind] = frozenset({Kind.SMS})
    deduplicates: bool = False
    on_unknown: str = "resend"  # resend, hold, fail


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """What a link can carry to one number, as far as it knows before it tries.

    `profile` names the media profile of the network behind it, `max_bytes` what it or the handset
    allows besides, `network` is its name for a person.
    """

    mms: bool
    profile: str = "standard"
    max_bytes: int | None = None
    network: str = ""


@runtime_checkable
class Releasing(Protocol):
    """A link in which submissions wait can give back those that have not left: Deferred."""

    def release(self, why: str) -> None: ...


@runtime_checkable
class Opening(Protocol):
    """A link that may be down for a moment: `ready` returns once it is up, or will not be soon.

    Whoever submits waits there and not in the link, so that the pace of a sender is kept between
    what had to wait.
    """

    async def ready(self) -> None: ...


@runtime_checkable
class Admitting(Protocol):
    """A link that is called takes calls before it is started: not every network calls twice."""

    def admit(self, traffic: Traffic) -> None: ...


class Carrier(Protocol):
    """A link to a network. `submit` never raises for what a network may do: it gives an Outcome."""

    @property
    def name(self) -> str: ...

    @property
    def capabilities(self) -> Capabilities: ...

    async def start(self, traffic: Traffic) -> None: ...

    async def stop(self) -> None: ...

    async def reach(self, to: str) -> Reach: ...

    async def submit(self, submission: Submission) -> Outcome: ...
