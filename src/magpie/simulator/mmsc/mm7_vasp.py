"""What the relay posts to applications."""

from base64 import b64encode
from typing import Final

from magpie.carriers.mms.contents import related
from magpie.carriers.traffic import Inbound
from magpie.kit.egress import Egress, Limits, Policy
from magpie.protocols import mime
from magpie.protocols.mm7 import (
    Request,
    Response,
    StatusClass,
    classify,
    read_message,
    write_message,
)
from magpie.simulator.mmsc.mm7_forms import deliver_req, report_of
from magpie.simulator.mmsc.mm7_options import RelayOptions, VaspAccount
from magpie.simulator.model import Owed

_TAKEN: Final = frozenset({StatusClass.ACCEPTED, StatusClass.PARTIAL})


class NotTaken(Exception):  # noqa: N818 - what the application said
    """The application answered with an error, or with nothing that can be read."""


class Vasps:
    """To be made within a running loop. All methods return when the application has said yes.

    They raise what went wrong; the network then tries again, with the same transaction.
    """

    def __init__(self, options: RelayOptions) -> None:
        self._options = options
        self._egress = Egress(Policy(allow_loopback=True), agent="magpie-mmsc")

    async def close(self) -> None:
        await self._egress.close()

    async def report(self, account: VaspAccount, owed: Owed) -> None:
        report = report_of(owed, self._options.relay_id)
        await self._post(account, report, f"report-{owed.receipt.carrier_id}")

    async def deliver(self, account: VaspAccount, inbound: Inbound) -> None:
        request = deliver_req(inbound, self._options.relay_id, account.vasp_id)
        await self._post(
            account, request, f"deliver-{inbound.key}", related(inbound.media, inbound.body)
        )

    async def _post(
        self,
        account: VaspAccount,
        request: Request,
        transaction_id: str,
        content: mime.Part | None = None,
    ) -> None:
        framed = write_message(request, transaction_id, self._options.dialect, content)
        seconds = self._options.timeout
        reply = await self._egress.request(
            "POST",
            account.url,
            headers=dict(framed.headers) | _authorization(account),
            body=b"".join(framed.chunks),
            limits=Limits(seconds, seconds, seconds),
            repeatable=True,
        )
        answer = read_message(reply.headers.get("Content-Type", ""), reply.body).operation
        status = answer.status if isinstance(answer, Response) else None
        if status is None or classify(status.code) not in _TAKEN:
            raise NotTaken(f"{account.vasp_id} answered {answer.name} {status}")


def _authorization(account: VaspAccount) -> dict[str, str]:
    if not account.peer_username:
        return {}
    pair = f"{account.peer_username}:{account.peer_password}".encode()
    return {"Authorization": f"Basic {b64encode(pair).decode()}"}
