from enum import StrEnum


class Failure(StrEnum):
    BAD_URL = "bad_url"
    DENIED = "denied"
    HOST_NOT_FOUND = "host_not_found"
    CONNECT_TIMEOUT = "connect_timeout"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    TLS_HANDSHAKE = "tls_handshake"
    CERTIFICATE_HOST = "certificate_host"
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_PATH = "certificate_path"
    LOST = "connection_lost"
    READ_TIMEOUT = "read_timeout"
    TOTAL_TIMEOUT = "total_timeout"
    PROTOCOL = "protocol_violation"
    TOO_LARGE = "too_large"
    ENCODED = "encoded_body"
    REDIRECT_LOOP = "redirect_loop"
    BAD_REDIRECT = "bad_redirect"


# Nothing of the request can have reached the other side, so that trying again is always safe.
BEFORE_SENDING = frozenset(
    {
        Failure.BAD_URL,
        Failure.DENIED,
        Failure.HOST_NOT_FOUND,
        Failure.CONNECT_TIMEOUT,
        Failure.REFUSED,
        Failure.UNREACHABLE,
        Failure.TLS_HANDSHAKE,
        Failure.CERTIFICATE_HOST,
        Failure.CERTIFICATE_EXPIRED,
        Failure.CERTIFICATE_PATH,
    }
)


class EgressError(Exception):
    """`message` is for people: it names hosts and addresses, never credentials or bodies.

    `partial` when the other side had begun to answer.
    """

    def __init__(self, failure: Failure, message: str, *, partial: bool = False) -> None:
        super().__init__(f"{failure}: {message}")
        self.failure = failure
        self.message = message
        self.partial = partial
