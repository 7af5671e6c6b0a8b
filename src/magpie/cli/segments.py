"""How a text would travel, found out without a running Magpie."""

from magpie.cli.terminal import Output, put, put_json
from magpie.protocols import gsm


def segments(text: str, *, smart: bool, output: Output) -> None:
    sent = gsm.smart_encode(text) if smart else text
    encoding = gsm.encoding_of(sent)
    outside = list(dict.fromkeys(char for char in sent if not gsm.is_gsm7(char)))
    told = {
        "encoding": encoding.value,
        "segments": gsm.count(sent),
        "units": gsm.units(sent, encoding),
        "outside_gsm": outside,
    }
    if output is Output.JSON:
        put_json(told)
        return
    put(f"{told['segments']} segment(s), {encoding.value}, {told['units']} units")
    if outside:
        names = ", ".join(f"{char} (U+{ord(char):04X})" for char in outside)
        put(f"not in the GSM alphabet: {names}")
