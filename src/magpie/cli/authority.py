"""A private certificate authority for `magpie run`: it vouches for *.twilio.com on this machine.

It signs one certificate and forgets its own key; only programs started by `magpie run` are told
to trust it, and for no other names (RFC 5280, 4.2.1.10).
"""

import fcntl
import os
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from magpie.kit import clock

DOMAIN = "twilio.com"
_REGIONS = ("us1", "ie1", "au1")
_EDGES = ("ashburn", "dublin", "frankfurt", "roaming", "sao-paulo", "singapore", "sydney")
_MORE_EDGES = ("tokyo", "umatilla")
# A star stands for one label, and hosts are {product}.{edge}.{region}.twilio.com.
NAMES = (
    DOMAIN,
    f"*.{DOMAIN}",
    *(f"*.{region}.{DOMAIN}" for region in _REGIONS),
    *(f"*.{edge}.{region}.{DOMAIN}" for edge in _EDGES + _MORE_EDGES for region in _REGIONS),
)
_LIFE = timedelta(days=365)
_RENEW = timedelta(days=30)
_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
_GIVEN = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS")


class Authority:
    """Files in one folder: `ca.pem`, the pair `server.pem`, and `bundle.pem` for clients.

    The bundle holds the authorities that programs trust already, so that other hosts can still be
    verified.
    """

    def __init__(self, folder: Path) -> None:
        self.ca = folder / "ca.pem"
        self.server = folder / "server.pem"
        self.bundle = folder / "bundle.pem"
        self._folder = folder

    def ensure(self, environment: Mapping[str, str]) -> bool:
        """Make what is missing or soon expires; false when no other authorities were found."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _alone(self._folder):
            if not self._good():
                self._make()
            others = trusted_already(environment, besides=self._folder)
            _replace(self.bundle, others + self.ca.read_bytes())
        return bool(others)

    def context(self) -> ssl.SSLContext:
        """Give the TLS settings of the listener that plays twilio.com."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.server)
        context.set_alpn_protocols(["http/1.1"])
        return context

    def _make(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        ca = _certificate("Magpie local authority", key, None, None)
        leaf_key = ec.generate_private_key(ec.SECP256R1())
        leaf = _certificate(f"*.{DOMAIN}", leaf_key, ca, key)
        _replace(self.server, _key_pem(leaf_key) + _pem(leaf))
        _replace(self.ca, _pem(ca))

    def _good(self) -> bool:
        try:
            certificate = x509.load_pem_x509_certificate(self.ca.read_bytes())
            leaf = x509.load_pem_x509_certificate(self.server.read_bytes())
            leaf.verify_directly_issued_by(certificate)
        except (OSError, ValueError, InvalidSignature):
            return False
        return certificate.not_valid_after_utc - _RENEW > clock.now()


def trusted_already(environment: Mapping[str, str], *, besides: Path) -> bytes:
    """The certificates that programs on this machine trust; a nested `magpie run` adds none."""
    given = [environment[name] for name in _GIVEN if environment.get(name)]
    paths = ssl.get_default_verify_paths()
    system = [path for path in (paths.cafile, paths.openssl_cafile, *_BUNDLES) if path]
    found = [Path(path) for path in dict.fromkeys(given)] + _first_file(system)
    kept = dict.fromkeys(path.resolve() for path in found if path.is_file())
    ours = besides.resolve()
    return b"".join(path.read_bytes().rstrip() + b"\n" for path in kept if path.parent != ours)


def _first_file(paths: list[str]) -> list[Path]:
    return [Path(path) for path in paths if Path(path).is_file()][:1]


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two that start at once must not mix their halves."""
    file = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def _replace(path: Path, content: bytes) -> None:
    half = path.with_suffix(".tmp")
    file = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(file, "wb") as opened:
        opened.write(content)
    half.replace(path)


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Certificate | None,
    issuer_key: ec.EllipticCurvePrivateKey | None,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = clock.now()
    authority = issuer is None
    signer = issuer_key or key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _LIFE)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
        .add_extension(_usage(authority=authority), critical=True)
    )
    if authority:
        builder = builder.add_extension(_constraint(), critical=True)
    else:
        names = x509.SubjectAlternativeName([x509.DNSName(each) for each in NAMES])
        server = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        builder = builder.add_extension(names, critical=False).add_extension(server, critical=False)
    return builder.sign(signer, hashes.SHA256())


def _constraint() -> x509.NameConstraints:
    return x509.NameConstraints(permitted_subtrees=[x509.DNSName(DOMAIN)], excluded_subtrees=None)


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
