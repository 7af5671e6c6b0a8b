"""Words of carriers before they are kept."""

from magpie.carriers.traffic import Accepted, Inbound, InboundMedia, Receipt, ReceiptState, Rejected
from magpie.dispatch.legible import legible


def test_what_can_be_kept_stays() -> None:
    """It is not even copied."""
    rejected = Rejected(30007, "no", elsewhere=True)
    assert legible(rejected) is rejected


def test_nuls_go() -> None:
    """Out of texts, out of lists of them, and out of what lies within."""
    assert legible(Rejected(30007, "n\0o")) == Rejected(30007, "no")
    assert legible(Accepted(("1\0", "2"))) == Accepted(("1", "2"))
    receipt = Receipt(carrier="a", carrier_id="1\0", state=ReceiptState.DELIVERED)
    assert legible(receipt).carrier_id == "1"
    assert legible(receipt).state is ReceiptState.DELIVERED
    medium = InboundMedia(content_type="image/png", content=b"\0", name="a\0.png")
    inbound = Inbound(carrier="a", key="k", from_="1", to="2", body="\0", media=(medium,))
    assert legible(inbound).body == ""
    assert legible(inbound).media[0].name == "a.png"
    assert legible(inbound).media[0].content == b"\0"
