"""The only outgoing HTTP of the platform: guarded addresses, capped bodies, deadlines."""

from magpie.kit.egress.address import Address, Allowed, Denied, Network, Policy, verdict
from magpie.kit.egress.client import Egress
from magpie.kit.egress.failure import BEFORE_SENDING, EgressError, Failure
from magpie.kit.egress.model import Elapsed, Limits, Reply
from magpie.kit.egress.url import BadURLError, Credentials, Target, parse

__all__ = [
    "BEFORE_SENDING",
    "Address",
    "Allowed",
    "BadURLError",
    "Credentials",
    "Denied",
    "Egress",
    "EgressError",
    "Elapsed",
    "Failure",
    "Limits",
    "Network",
    "Policy",
    "Reply",
    "Target",
    "parse",
    "verdict",
]
