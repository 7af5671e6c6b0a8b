import stat
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from magpie.cli.authority import Authority, trusted_already
from magpie.kit import clock


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    made = Authority(tmp_path / "ca")
    made.ensure({})
    return made


def test_kept(authority: Authority) -> None:
    """A second run finds what the first has made."""
    before = authority.ca.read_bytes(), authority.server.read_bytes()
    authority.ensure({})
    assert (authority.ca.read_bytes(), authority.server.read_bytes()) == before


def test_renewed(authority: Authority) -> None:
    """A month before its end, and when a half is missing or does not fit, it is made anew."""
    first = authority.ca.read_bytes()
    with clock.use(clock.ManualClock(clock.now() + timedelta(days=340))):
        authority.ensure({})
        second = authority.ca.read_bytes()
        authority.server.unlink()
        authority.ensure({})
    assert len({first, second, authority.ca.read_bytes()}) == 3
    authority.ca.write_bytes(first)
    authority.ensure({})
    assert authority.ca.read_bytes() != first


def test_private(authority: Authority) -> None:
    """Only the owner may read the key, and the authority's own key is nowhere."""
    assert stat.S_IMODE(authority.server.stat().st_mode) == 0o600
    assert stat.S_IMODE(authority.server.parent.stat().st_mode) == 0o700
    keys = [one for one in authority.ca.parent.iterdir() if b"PRIVATE KEY" in one.read_bytes()]
    assert keys == [authority.server]


def test_constrained(authority: Authority) -> None:
    """It can vouch for twilio.com alone."""
    certificate = x509.load_pem_x509_certificate(authority.ca.read_bytes())
    allowed = certificate.extensions.get_extension_for_class(x509.NameConstraints)
    assert allowed.critical
    assert allowed.value.permitted_subtrees == [x509.DNSName("twilio.com")]


def test_bundle(authority: Authority, tmp_path: Path) -> None:
    """A company's authority that was given for the program is kept, our own is there once."""
    company = tmp_path / "company.pem"
    company.write_bytes(b"company")
    bundle = str(authority.bundle)
    authority.ensure({"REQUESTS_CA_BUNDLE": str(company), "SSL_CERT_FILE": bundle})
    content = authority.bundle.read_bytes()
    assert content.startswith(b"company\n")
    assert content.count(authority.ca.read_bytes()) == 1
    assert b"company" in trusted_already({"SSL_CERT_FILE": str(company)}, besides=tmp_path / "ca")
