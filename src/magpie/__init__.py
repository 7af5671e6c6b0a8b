"""Magpie: self-hosted messaging, MMS first, with the API that the Twilio SDKs speak."""

__version__ = "0.1.0"
