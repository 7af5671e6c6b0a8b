"""What is asked next, after a redirect or a challenge."""

from base64 import b64encode
from dataclasses import replace
from http import HTTPStatus

from multidict import CIMultiDict

from magpie.kit.egress import url as urls
from magpie.kit.egress.address import Policy
from magpie.kit.egress.failure import EgressError, Failure
from magpie.kit.egress.model import Hop, Reply
from magpie.kit.egress.url import BadURLError, Credentials

REDIRECTS = frozenset({301, 302, 303, 307, 308})


def next_hop(hop: Hop, reply: Reply, policy: Policy) -> Hop:
    location = reply.headers.get("Location")
    if not location:
        raise EgressError(Failure.BAD_REDIRECT, f"{reply.status} without Location")
    try:
        target = urls.join(hop.target.url, location)
    except BadURLError as error:
        raise EgressError(Failure.BAD_REDIRECT, f"Location: {error}") from error
    if (hop.target.scheme, target.scheme) == ("https", "http") and not policy.https_to_http:
        raise EgressError(Failure.BAD_REDIRECT, "from https to http")
    if target.origin == hop.target.origin:
        hop = replace(hop, target=target)
    else:
        kept = CIMultiDict(hop.headers)
        for name in ("Authorization", "Cookie"):
            kept.popall(name, None)
        hop = replace(hop, target=target, headers=kept, auth=target.credentials)
    return hop if _keeps_method(hop.method, reply.status) else _as_get(hop)


def _keeps_method(method: str, status: int) -> bool:
    # As browsers do (Fetch, 4.4): 301 and 302 turn only POST into GET, 303 all but GET and HEAD.
    if status == HTTPStatus.SEE_OTHER:
        return method in {"GET", "HEAD"}
    return status in {307, 308} or method != "POST"


def _as_get(hop: Hop) -> Hop:
    kept = CIMultiDict(hop.headers)
    for name in ("Content-Type", "Content-Length"):
        kept.popall(name, None)
    return replace(hop, method="GET", headers=kept, body=None)


def asks_basic(reply: Reply) -> bool:
    return any("basic" in each.lower() for each in reply.headers.getall("WWW-Authenticate", []))


def with_basic(hop: Hop, auth: Credentials) -> Hop:
    value = "Basic " + b64encode(f"{auth.user}:{auth.password}".encode()).decode()
    return replace(hop, headers={**hop.headers, "Authorization": value})
