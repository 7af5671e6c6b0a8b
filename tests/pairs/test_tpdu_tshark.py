"""What we write of SMS over the air, read by Wireshark: nothing malformed, and the same values."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.pairs.tshark import alone, faults, values

from magpie.protocols import tpdu

AT = datetime(2026, 11, 29, 18, 30, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "source"),
    [
        ("Your table is kept until 8 pm.", "+15017122661"),
        ("{\N{EURO SIGN}} @\N{LATIN SMALL LETTER E WITH ACUTE}", "12345"),
        ("Gr\u00fc\u00dfe \N{BIRD} \u041f\u0440\u0438\u0432\u0435\u0442", "+15017122661"),
        ("long " * 70, "Pica"),
        ("\N{BIRD} " * 90, "+15017122661"),
    ],
)
def test_another_reader_reads_the_same(tmp_path: Path, body: str, source: str) -> None:
    """Sender, time, text and parts; behind the last it shows all of them again."""
    pdus = tpdu.build(body, source, AT, 7)
    layers = alone(tmp_path, [tpdu.encode(pdu) for pdu in pdus], protocol="gsm_sms")
    assert faults(layers) == []
    assert len(layers) == len(pdus)
    for layer, pdu in zip(layers, pdus, strict=True):
        assert pdu.text in values(layer, "gsm_sms.sms_text")
        assert values(layer, "gsm_sms.tp-oa") == [source.removeprefix("+")]
        assert values(layer, "gsm_sms.tp-mms") == [str(int(not pdu.more))]
        assert values(layer, "gsm_sms.scts.hour") == ["18"]
