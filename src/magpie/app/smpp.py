"""SMPP for customers, as a part of this platform."""

from ssl import SSLContext

from magpie.api.smpp.bound import Clients
from magpie.api.smpp.delivery import Deliveries
from magpie.api.smpp.drafting import Drafting
from magpie.api.smpp.listener import Listener, tls_context
from magpie.api.smpp.long import LongTexts
from magpie.api.smpp.manage import Manage
from magpie.api.smpp.requests import Requests
from magpie.api.smpp.server import SmppServer
from magpie.api.smpp.submit import Submits
from magpie.app.parts import Parts
from magpie.app.port import PortTaken
from magpie.kit.queue import Worker
from magpie.settings import SettingsError

_LOOK, _FLUSH, _DROP = 3.0, 20.0, 300.0
# One who does not answer holds a lane's places for half a minute, and only those.
_MOST, _WIDTH = 4000, 100


class Smpp:
    """`ports` are those that it listens on."""

    def __init__(self, platform: Parts) -> None:
        p, queues = platform, platform.queues
        self._settings = p.settings
        clients = Clients()
        drafting = Drafting(p.drafts)
        self.long = LongTexts(p.database, drafting, p.acceptance, queues.smpp)
        requests = Requests(
            Submits(drafting, p.acceptance, self.long),
            Manage(p.database, p.change, queues.outbound),
        )
        server = SmppServer(p.esmes, clients, requests, queues.smpp)
        self.deliveries = Deliveries(p.database, queues.smpp, p.esmes, clients)
        self.worker = Worker(
            queues.smpp, self.deliveries, most=_MOST, width=_WIDTH, open_=self.deliveries.may
        )
        self._listener = Listener(
            server,
            (_LOOK, server.look),
            (_FLUSH, self.long.flush),
            (_DROP, self.deliveries.drop_overdue),
        )
        self.ports: list[int] = []

    @staticmethod
    def wanted(platform: Parts) -> bool:
        settings = platform.settings
        ports = (settings.smpp_port, settings.smpp_tls_port)
        return "api" in settings.roles and any(port is not None for port in ports)

    async def start(self) -> None:
        """Raises PortTaken, or SettingsError where the certificate cannot be used."""
        settings = self._settings
        if settings.smpp_port is not None:
            await self._listen("smpp_port", settings.smpp_port)
        if settings.smpp_tls_port is not None:
            assert settings.smpp_tls_cert is not None
            assert settings.smpp_tls_key is not None
            try:
                tls = tls_context(settings.smpp_tls_cert, settings.smpp_tls_key)
            except OSError as error:
                raise SettingsError(f"smpp_tls_cert or smpp_tls_key: {error}") from error
            await self._listen("smpp_tls_port", settings.smpp_tls_port, tls)
        self._listener.start()

    async def _listen(self, setting: str, port: int, tls: SSLContext | None = None) -> None:
        try:
            self.ports.append(await self._listener.listen(self._settings.host, port, tls))
        except OSError as error:
            raise PortTaken(self._settings.host, port, setting) from error

    async def stop(self) -> None:
        await self._listener.stop()
