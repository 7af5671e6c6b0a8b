"""SMPP as we write it, as three other codecs read it, and theirs as we do."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import smpplib.smpp
from tests.differential.smpp_table import TABLE
from tests.pairs.tshark import decoded, faults, values

from magpie.protocols import smpp
from magpie.protocols.smpp.pdu import Pdu

_NODE = Path(__file__).parents[1] / "sdk" / "node"


class _Numbers:
    sequence = 1

    def next_sequence(self) -> int:
        return self.sequence


@pytest.mark.parametrize(("name", "pdu"), TABLE, ids=[name for name, _ in TABLE])
def test_smpplib_reads_the_same(name: str, pdu: Pdu) -> None:
    """Each field and each parameter has the value that we wrote."""
    theirs = smpplib.smpp.parse_pdu(
        smpp.encode(pdu), client=_Numbers(), allow_unknown_opt_params=True
    )
    assert (theirs.sequence, theirs.status) == (pdu.sequence, pdu.status)
    read = {field: _theirs(value) for field, value in vars(theirs).items()}
    if pdu.status:
        return
    wanted = dict(_fields(pdu))
    assert {field: read.get(field) for field in wanted} == wanted


def _fields(pdu: Pdu) -> Iterator[tuple[str, object]]:
    """By the names of the specification; strings as octets."""
    for name in set(pdu.__struct_fields__) - {"sequence", "status", "tlvs", "trailing"}:
        value = getattr(pdu, name)
        if isinstance(value, smpp.Address):
            first, last = ("source", "source") if name == "source" else ("dest", "destination")
            yield f"{first}_addr_ton", value.ton
            yield f"{first}_addr_npi", value.npi
            yield f"{last}_addr", value.addr.encode()
        else:
            yield name, _theirs(value)
    for tlv in pdu.tlvs:
        number = smpp.Tag(tlv.tag) not in _OCTETS
        value = int.from_bytes(tlv.value, "big") if number else tlv.value.rstrip(b"\0")
        yield smpp.Tag(tlv.tag).name.lower(), value


_OCTETS = {smpp.Tag.MESSAGE_PAYLOAD, smpp.Tag.RECEIPTED_MESSAGE_ID}


def _theirs(value: object) -> object:
    """It gives None for content that is empty."""
    if value is None:
        return b""
    return value.encode() if isinstance(value, str) else value


@pytest.mark.parametrize("esm_class", [0x00, 0x03, 0x40])
def test_we_read_what_smpplib_writes(esm_class: int) -> None:
    """Addresses, class, content and reference are as they were given to it."""
    content = b"\5\0\3\7\2\1hello" if esm_class & 0x40 else b"hello"
    theirs = smpplib.smpp.make_pdu(
        "submit_sm",
        client=_Numbers(),
        source_addr_ton=1,
        source_addr_npi=1,
        source_addr="15017122661",
        dest_addr_ton=1,
        dest_addr_npi=1,
        destination_addr="15558675310",
        esm_class=esm_class,
        short_message=content,
        user_message_reference=513,
    )
    read = smpp.decode(theirs.generate())
    assert isinstance(read, smpp.SubmitSm)
    assert read.source == smpp.Address(1, 1, "15017122661")
    assert read.destination == smpp.Address(1, 1, "15558675310")
    assert (read.esm_class, read.short_message) == (esm_class, content)
    assert read.tlv_number(smpp.Tag.USER_MESSAGE_REFERENCE) == 513


def test_node_gives_it_back() -> None:
    """What npm's smpp reads of ours and writes again is the same to us."""
    lines = "\n".join(smpp.encode(pdu).hex() for _, pdu in TABLE)
    done = subprocess.run(
        ["node", "smpp_again.js"],
        cwd=_NODE,
        input=lines,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    answers = dict(zip((name for name, _ in TABLE), done.stdout.splitlines(), strict=True))
    wrong = [name for name, pdu in TABLE if not _same(answers[name], pdu)]
    assert wrong == []


def _same(answer: str, pdu: Pdu) -> bool:
    return not answer.startswith("error") and smpp.decode(bytes.fromhex(answer)) == pdu


def test_wireshark_finds_nothing_malformed(tmp_path: Path) -> None:
    """Each PDU is whole to it, and has the command and the sequence number that we gave."""
    packets = decoded(tmp_path, [smpp.encode(pdu) for _, pdu in TABLE], port=2775, protocol="smpp")
    assert len(packets) == len(TABLE)
    for (name, pdu), layers in zip(TABLE, packets, strict=True):
        assert faults(layers.get("smpp", {})) == [], name
        assert [int(one) for one in values(layers, "smpp.sequence_number")] == [pdu.sequence], name
        assert [int(one, 0) for one in values(layers, "smpp.command_id")] == [pdu.command_id], name
