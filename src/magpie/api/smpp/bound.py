"""Who is bound here, by system_id."""

from magpie.esmes.binds import Binds
from magpie.esmes.model import Esme
from magpie.esmes.wire import Wire


class Clients:
    def __init__(self) -> None:
        self._clients: dict[str, Binds] = {}

    def of(self, system_id: str) -> Binds:
        return self._clients.setdefault(system_id, Binds(system_id))

    def count(self, system_id: str) -> int:
        client = self._clients.get(system_id)
        return len(client.wires) if client else 0

    def receiving(self, system_id: str) -> bool:
        client = self._clients.get(system_id)
        return client is not None and client.receiving

    def add(self, wire: Wire, esme: Esme) -> None:
        self.of(esme.system_id).wires.append(wire)

    def remove(self, wire: Wire) -> None:
        client = self._clients.get(wire.system_id)
        if client is None or wire not in client.wires:
            return
        client.wires.remove(wire)
        if client.receiving:
            client.pump()
        else:
            client.give_up()
        if not client.wires:
            del self._clients[wire.system_id]

    def pump(self, wire: Wire) -> None:
        client = self._clients.get(wire.system_id)
        if client is not None:
            client.pump()

    def system_ids(self) -> list[str]:
        return list(self._clients)

    def wires(self, system_id: str) -> list[Wire]:
        client = self._clients.get(system_id)
        return list(client.wires) if client else []
