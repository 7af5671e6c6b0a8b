"""aiohttp's and ssl's exceptions in our words."""

import errno
import ssl

import aiohttp
from aiohttp import http_exceptions

from magpie.kit.egress.failure import EgressError, Failure

# OpenSSL's X509_V_ERR_*: dates of the certificate; its name or address is of another host.
_DATES = frozenset({9, 10, 13, 14})
_HOSTS = frozenset({62, 64})

_LOST = {errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED}

# The first that fits counts, so the special stands before the general.
_KINDS: tuple[tuple[type[Exception], Failure], ...] = (
    (aiohttp.ConnectionTimeoutError, Failure.CONNECT_TIMEOUT),
    (TimeoutError, Failure.READ_TIMEOUT),
    (aiohttp.ClientConnectorDNSError, Failure.HOST_NOT_FOUND),
    (aiohttp.ClientConnectorSSLError, Failure.TLS_HANDSHAKE),
    (aiohttp.ClientResponseError, Failure.PROTOCOL),
    (aiohttp.ClientConnectionError, Failure.LOST),
)


_SPECIAL = (aiohttp.ClientConnectorDNSError, aiohttp.ClientConnectorSSLError)


def translate(error: Exception, *, partial: bool = False) -> EgressError:
    """For aiohttp's errors and TimeoutError; `partial` when an answer had begun."""
    return EgressError(_failure(error), _sentence(error), partial=partial)


def _failure(error: Exception) -> Failure:
    match error:
        case aiohttp.ClientConnectorCertificateError():
            return _certificate(error.certificate_error)
        case aiohttp.ClientConnectorError() if not isinstance(error, _SPECIAL):
            return _connecting(error.os_error)
        case aiohttp.ClientPayloadError():
            return _payload(error)
    return next((found for kind, found in _KINDS if isinstance(error, kind)), Failure.PROTOCOL)


def _certificate(error: Exception) -> Failure:
    code = getattr(error, "verify_code", None)
    if code in _DATES:
        return Failure.CERTIFICATE_EXPIRED
    return Failure.CERTIFICATE_HOST if code in _HOSTS else Failure.CERTIFICATE_PATH


def _connecting(error: OSError) -> Failure:
    if isinstance(error, ssl.SSLError) or error.errno in _LOST:
        # The peer hung up after accepting, which before a request is only seen within TLS.
        return Failure.TLS_HANDSHAKE
    return Failure.REFUSED if error.errno == errno.ECONNREFUSED else Failure.UNREACHABLE


def _payload(error: aiohttp.ClientPayloadError) -> Failure:
    # A body that ends too early is a lost connection, whatever announced its length.
    cut = (http_exceptions.ContentLengthError, ConnectionError)
    cause = error.__cause__
    if isinstance(cause, cut) or "Not enough data" in str(cause):
        return Failure.LOST
    return Failure.PROTOCOL


def _sentence(error: BaseException) -> str:
    # Their own texts repeat the URL, whose query may hold secrets.
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        error = error.certificate_error
    elif isinstance(error, aiohttp.ClientConnectorError):
        error = error.os_error
    elif isinstance(error, aiohttp.ConnectionTimeoutError):
        return "no connection in time"
    if isinstance(error, aiohttp.ClientResponseError):
        return error.message.partition("\n")[0] or "bad response"
    return str(error)[:300] or type(error).__name__
