"""What the other centre is told, out of a submission. Pure."""

from datetime import datetime

from magpie.carriers.mm4.options import LinkOptions
from magpie.carriers.traffic import Submission
from magpie.protocols import mime
from magpie.protocols.mm4 import Address, AddressKind, ForwardReq, to_address, write_address


def forward_req(
    submission: Submission, content: mime.Part, options: LinkOptions, now: datetime
) -> ForwardReq:
    """One recipient: what is answered is about nobody else. All attempts have the same ids."""
    rules = options.addresses
    id_ = message_id(submission.key, options)
    return ForwardReq(
        transaction_id=submission.key,
        message_id=id_,
        version=options.version,
        from_=to_address(submission.from_, rules, options.own_domain),
        to=(to_address(submission.to, rules, options.domain),),
        date=now,
        expiry=submission.expires_at,
        delivery_report=True,
        read_reply=options.read_reply,
        ack_request=options.ack_request and options.listen_port is not None,
        originator_system=options.system_address,
        sender=options.system_address,
        mail_id=id_,
        content=content,
    )


def message_id(transaction_id: str, options: LinkOptions) -> str:
    """An answer that has lost the message's id still has the transaction's."""
    return f"{transaction_id}@{options.own_domain}"


def mailbox(address: Address, domain: str) -> str:
    """For the envelope, where an address needs a domain. Raise WriteError."""
    if address.kind is AddressKind.EMAIL or address.domain:
        return write_address(address)
    return write_address(Address(address.value, address.kind, domain))
