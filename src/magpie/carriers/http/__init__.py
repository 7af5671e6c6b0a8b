"""Providers: `HttpCarrier(options_of(settings, base_url), contents, policy)`, also a Door."""

from magpie.carriers.http.carrier import HttpCarrier
from magpie.carriers.http.options import LinkOptions, options_of

__all__ = ["HttpCarrier", "LinkOptions", "options_of"]
