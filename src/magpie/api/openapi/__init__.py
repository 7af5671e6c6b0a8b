"""The description of the API that this Magpie serves, made of the resources that answer it."""

from magpie.api.openapi.document import document
from magpie.api.openapi.octets import Octets
from magpie.api.openapi.served import PATH, Served

__all__ = ["PATH", "Octets", "Served", "document"]
