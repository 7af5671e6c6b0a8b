from typing import Any

from msgspec import structs

from magpie.kit import clock
from magpie.kit.rest import Param, Params, Wrong, boolean, web_address
from magpie.links.domains.model import Domain, host_of

_BAD_CALLBACK, _BAD_FALLBACK = 30109, 30122


def _host(given: str) -> str:
    name = host_of(given)
    if name is None:
        raise Wrong("must be a host, or a host and its port, as in s.example.com")
    return name


class CreateDomain(Params):
    name = Param(
        "DomainName",
        _host,
        required=True,
        doc="The host of the short links, with its port if it has one.",
    )


class ChangeConfig(Params):
    fallback_url = Param(
        "FallbackUrl",
        web_address(code=_BAD_FALLBACK),
        doc="Where somebody is sent who opens a link that is over or unknown.",
    )
    callback_url = Param(
        "CallbackUrl", web_address(code=_BAD_CALLBACK), doc="Where each click is posted."
    )
    continue_on_failure = Param(
        "ContinueOnFailure",
        boolean,
        doc="Whether a text goes as it is where a link cannot be shortened.",
    )
    disable_https = Param("DisableHttps", boolean, doc="Whether links begin with http.")


def changed(domain: Domain, given: ChangeConfig) -> Domain:
    """A blank URL takes the one away that was there; what is not given stays."""
    asked: dict[str, Any] = {
        "fallback_url": given.fallback_url,
        "callback_url": given.callback_url,
        "continue_on_failure": given.continue_on_failure,
        "disable_https": given.disable_https,
    }
    values = {
        name: None if value == "" else value for name, value in asked.items() if value is not None
    }
    return structs.replace(domain, **values, date_updated=clock.now())
