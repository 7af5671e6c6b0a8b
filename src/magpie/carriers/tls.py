"""The certificates with which a link calls a carrier."""

import ssl

from magpie.settings import TlsFiles


def client_context(carrier: str, files: TlsFiles) -> ssl.SSLContext:
    """Raise ValueError for files that are no certificates, so that a mistake shows at the start."""
    try:
        context = ssl.create_default_context(cafile=files.ca)
        if files.cert:
            context.load_cert_chain(files.cert, files.key)
    except OSError as error:
        raise ValueError(f"carrier {carrier}: its TLS files cannot be used: {error}") from error
    return context
