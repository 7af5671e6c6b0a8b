"""SMPP as we write it, as three other codecs read it, and theirs as we do."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import smpplib.exceptions
import smpplib.smpp
from tests.differential.smpp_table import TABLE, command_of, fields
from tests.pairs.tshark import decoded, faults, values

from magpie.protocols import smpp
from magpie.protocols.smpp.codec import KINDS
from magpie.protocols.smpp.pdu import Pdu

_NODE = Path(__file__).parents[1] / "sdk" / "node"
_NOT_IN_SMPPLIB = {
    "outbind",
    *(
        f"{name}{end}"
        for name in ("submit_multi", "cancel_sm", "replace_sm")
        for end in ("", "_resp")
    ),
}
_KNOWN = [(name, pdu) for name, pdu in TABLE if command_of(pdu) not in _NOT_IN_SMPPLIB]
_OTHER_NAMES = {"destination_port": "dest_port"}


class _Numbers:
    sequence = 1

    def next_sequence(self) -> int:
        return self.sequence


def test_every_command_is_in_the_table() -> None:
    """Whatever we can write others read."""
    assert {type(pdu) for _, pdu in TABLE} == set(KINDS.values())


@pytest.mark.parametrize(("name", "pdu"), _KNOWN, ids=[name for name, _ in _KNOWN])
def test_smpplib_reads_the_same(name: str, pdu: Pdu) -> None:
    """Each field and each parameter has the value that we wrote."""
    theirs = smpplib.smpp.parse_pdu(
        smpp.encode(pdu), client=_Numbers(), allow_unknown_opt_params=True
    )
    assert (theirs.sequence, theirs.status) == (pdu.sequence, pdu.status)
    read = {field: _octets(value) for field, value in vars(theirs).items()}
    if pdu.status:
        return
    wanted = {field: _octets(value) for field, value in fields(pdu).items()}
    assert {field: read.get(field) for field in wanted} == wanted


def _octets(value: object) -> object:
    """It gives None for content that is empty, and strings as octets."""
    if value is None:
        return b""
    return value.encode() if isinstance(value, str) else value


@pytest.mark.parametrize(("name", "pdu"), _KNOWN, ids=[name for name, _ in _KNOWN])
def test_we_read_what_smpplib_writes(name: str, pdu: Pdu) -> None:
    """From the same fields it makes what we read as the same PDU."""
    theirs = smpplib.smpp.make_pdu(
        command_of(pdu),
        client=_Numbers(),
        **({} if pdu.status else fields(pdu)),
    )
    theirs.sequence, theirs.status = pdu.sequence, pdu.status
    assert smpp.decode(theirs.generate()) == pdu


@pytest.mark.parametrize("command", sorted(_NOT_IN_SMPPLIB))
def test_what_smpplib_has_not(command: str) -> None:
    """Of these only the others tell."""
    with pytest.raises(smpplib.exceptions.UnknownCommandError):
        smpplib.smpp.make_pdu(command, client=_Numbers())


def _node(script: str, lines: list[str]) -> list[str]:
    done = subprocess.run(
        ["node", script],
        cwd=_NODE,
        input="\n".join(lines),
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    return done.stdout.splitlines()


def test_node_gives_it_back() -> None:
    """What npm's smpp reads of ours and writes again is the same to us."""
    answers = _node("smpp_again.js", [smpp.encode(pdu).hex() for _, pdu in TABLE])
    assert _different(answers) == {}


def test_we_read_what_node_writes() -> None:
    """From the same fields it makes what we read as the same PDU."""
    answers = _node("smpp_write.js", [_json(command_of(pdu), _named(pdu)) for _, pdu in TABLE])
    assert _different(answers) == {}


def _different(answers: list[str]) -> dict[str, object]:
    read = [one if one.startswith("error") else smpp.decode(bytes.fromhex(one)) for one in answers]
    pairs = zip(TABLE, read, strict=True)
    return {name: (pdu, theirs) for (name, pdu), theirs in pairs if theirs != pdu}


def _named(pdu: Pdu) -> dict[str, Any]:
    numbers = {"sequence_number": pdu.sequence, "command_status": int(pdu.status)}
    return numbers | {_OTHER_NAMES.get(name, name): value for name, value in fields(pdu).items()}


def _json(command: str, given: dict[str, Any]) -> str:
    return json.dumps({"command": command, "fields": given}, default=lambda one: {"hex": one.hex()})


@pytest.mark.parametrize("command", ["broadcast_sm", "query_broadcast_sm", "cancel_broadcast_sm"])
def test_broadcasts_are_refused(command: str) -> None:
    """Those of 5.0, which we have not, are told apart from what is broken."""
    (answer,) = _node("smpp_write.js", [_json(command, {"sequence_number": 7})])
    with pytest.raises(smpp.UnknownCommandError) as raised:
        smpp.decode(bytes.fromhex(answer))
    assert (raised.value.sequence, raised.value.status) == (7, smpp.Status.RINVCMDID)


def test_wireshark_finds_nothing_malformed(tmp_path: Path) -> None:
    """Each PDU is whole to it, and has the command and the sequence number that we gave."""
    packets = decoded(tmp_path, [smpp.encode(pdu) for _, pdu in TABLE], port=2775, protocol="smpp")
    assert len(packets) == len(TABLE)
    for (name, pdu), layers in zip(TABLE, packets, strict=True):
        assert faults(layers.get("smpp", {})) == [], name
        assert [int(one) for one in values(layers, "smpp.sequence_number")] == [pdu.sequence], name
        assert [int(one, 0) for one in values(layers, "smpp.command_id")] == [pdu.command_id], name
