"""What the relay is asked, out of a submission. Pure."""

from magpie.carriers.mm7.options import LinkOptions
from magpie.carriers.traffic import Submission
from magpie.protocols.mm7 import (
    CancelReq,
    Identification,
    Recipients,
    ReplaceReq,
    SubmitReq,
    to_address,
)


def submit_req(submission: Submission, options: LinkOptions) -> SubmitReq:
    """One recipient: what the relay answers is about nobody else."""
    return SubmitReq(
        sender=_identification(options, submission.from_),
        recipients=Recipients((to_address(submission.to, options.addresses),)),
        service_code=options.service_code,
        message_class=options.message_class,
        expiry_date=submission.expires_at,
        delivery_report=True,
        read_reply=options.read_reply,
        charged_party=options.charged_party,
    )


def replace_req(message_id: str, options: LinkOptions) -> ReplaceReq:
    return ReplaceReq(
        sender=_identification(options),
        message_id=message_id,
        service_code=options.service_code,
    )


def cancel_req(message_id: str, options: LinkOptions) -> CancelReq:
    return CancelReq(sender=_identification(options), message_id=message_id)


def _identification(options: LinkOptions, from_: str = "") -> Identification:
    return Identification(
        options.vasp_id,
        options.vas_id,
        to_address(from_, options.addresses) if from_ else None,
    )
