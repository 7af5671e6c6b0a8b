"""The composition root: settings in, a running platform out.

The card is all that most commands of the CLI ask for: the platform is loaded only for who runs it.
"""

from collections.abc import Callable

from magpie.app.card import Card, HandsetCard, SenderCard
from magpie.app.port import PortTaken
from magpie.settings import Settings

__all__ = ["Card", "HandsetCard", "PortTaken", "SenderCard", "serve"]


async def serve(settings: Settings, *, ready: Callable[[Card, str], None]) -> None:
    """Run until SIGINT or SIGTERM; `ready` is called once the server answers.

    It gets the card, and a link that signs its first visitor in to the console.

    Raises PortTaken, EmbeddedFailed, StoreIsNewer or DatabaseUnavailable when it cannot start.
    """
    from magpie.app import lifetime  # noqa: PLC0415 - 0.4 s

    await lifetime.run(settings, ready=ready)
