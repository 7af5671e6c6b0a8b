"""The documentation is tried on one platform, as a reader would start it."""

from tests.sdk.conftest import platform

__all__ = ["platform"]
