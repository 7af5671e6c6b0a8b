from pathlib import Path

from magpie.app.card import Card
from magpie.cli.authority import Authority
from magpie.cli.disguise import PRELOAD, disguise
from magpie.cli.upstream import Upstream


def _environment(card: Card, tmp_path: Path, **given: str) -> dict[str, str]:
    return disguise(given, card, Authority(tmp_path), Upstream(given), 4321)


def test_all_ways_lead_here(card: Card, tmp_path: Path) -> None:
    """Each variable that a client may look at names the proxy, or the certificates for it."""
    told = _environment(card, tmp_path, HTTPS_PROXY="http://old:1", NO_PROXY=".twilio.com")
    proxies = {told[name] for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")}
    assert proxies == {"http://127.0.0.1:4321"}
    assert told["NO_PROXY"] == told["no_proxy"] == "localhost,127.0.0.1,::1"
    bundles = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
    assert {told[name] for name in bundles} == {str(tmp_path / "bundle.pem")}


def test_credentials(card: Card, tmp_path: Path) -> None:
    """A program that brings no account gets ours, one that does keeps its own."""
    told = _environment(card, tmp_path)
    assert (told["TWILIO_ACCOUNT_SID"], told["TWILIO_AUTH_TOKEN"]) == (
        card.account_sid,
        card.auth_token,
    )
    assert _environment(card, tmp_path, TWILIO_ACCOUNT_SID="ACx")["TWILIO_ACCOUNT_SID"] == "ACx"


def test_regions(card: Card, tmp_path: Path) -> None:
    """What would change host names is taken away; what is not ours stays."""
    told = _environment(card, tmp_path, TWILIO_REGION="ie1", TWILIO_EDGE="dublin", HOME="/h")
    assert not {"TWILIO_REGION", "TWILIO_EDGE"} & told.keys()
    assert told["HOME"] == "/h"


def test_python_path(card: Card, tmp_path: Path) -> None:
    """Our preload comes first and hides nothing of the program's own path."""
    assert _environment(card, tmp_path)["PYTHONPATH"] == str(PRELOAD)
    assert _environment(card, tmp_path, PYTHONPATH="/a:/b")["PYTHONPATH"] == f"{PRELOAD}:/a:/b"
