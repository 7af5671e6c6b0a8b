"""What came with a message of a phone, as octets."""

from starlette.requests import Request
from starlette.responses import Response

from magpie.kit.blobs import Blobs, Digest
from magpie.kit.db import Database
from magpie.simulator import store
from magpie.simulator.network import id_of


class PartContent:
    """The bytes that a phone got, for whoever may ask for the handset."""

    def __init__(self, database: Database, blobs: Blobs) -> None:
        self._database = database
        self._blobs = blobs

    async def get(self, request: Request) -> Response | None:
        """None if there is no such part."""
        id_ = id_of(request.path_params["Id"])
        place = request.path_params["Part"]
        message = (
            await store.message(self._database, request.path_params["Number"], id_) if id_ else None
        )
        if message is None or not place.isdigit() or int(place) >= len(message.parts):
            return None
        part = message.parts[int(place)]
        headers = {
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
        }
        content = await self._blobs.get(Digest(part["digest"]))
        return Response(content, media_type=part["content_type"], headers=headers)
