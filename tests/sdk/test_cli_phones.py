"""The commands that drive phones, carriers and messages, as a script would use them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from tests.sdk.world import Platform

PHONE = "+15558675313"
PICTURE = Path(__file__).parents[2] / "docs/images/magpie.png"


def magpie(platform: Platform, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "magpie", *words, "--data", str(platform.data)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def told(platform: Platform, *words: str) -> str:
    done = magpie(platform, *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_journey_of_a_script(platform: Platform, tmp_path: Path) -> None:
    """Send, wait for it on the phone, let that answer, look for both, and draw the phone."""
    sid = told(platform, "send", PHONE, "Your code is 4711").strip()
    got = json.loads(told(platform, "handset", "wait", PHONE, "--contains", "CODE", "-o", "json"))
    assert got["body"] == "Your code is 4711"
    told(platform, "handset", "say", PHONE, "Here it is", "--media", str(PICTURE))
    found = json.loads(
        told(platform, "messages", "list", f"from:{PHONE}", '"Here it is"', "-o", "json")
    )
    assert [(one["direction"], one["num_media"]) for one in found] == [("inbound", 1)]
    shown = told(platform, "messages", "show", sid)
    assert "accepted by the API" in shown
    assert "+4711" not in shown
    shown = told(platform, "messages", "show", sid, "--request")
    assert "+4711" in shown.partition("POST /2010-04-01/Accounts/")[2]
    request = json.loads(told(platform, "messages", "show", sid, "-o", "json"))["request"]
    assert (request["door"], request["pdus"]) == ("api", None)
    file = tmp_path / "phone.png"
    told(platform, "handset", "shot", PHONE, str(file))
    with Image.open(file) as drawn:
        assert (drawn.format, drawn.size) == ("PNG", (390, 780))
        assert len(drawn.convert("RGB").getcolors(1 << 20) or ()) > 10


def test_waiting_for_what_does_not_come(platform: Platform) -> None:
    """It ends after its time, with the exit code of a timeout."""
    done = magpie(platform, "handset", "wait", PHONE, "--contains", "no such", "--timeout", "0.5")
    assert (done.returncode, done.stdout) == (6, "")
    assert "nothing like that came" in done.stderr


def test_chaos_is_switched_on_and_off(platform: Platform) -> None:
    """A carrier refuses what it is told to refuse, until it is let be again."""
    try:
        said = told(
            platform, "chaos", "set", "mid-mms", "--refuse", "100", "--refuse-code", "30006"
        )
        assert said == "mid-mms: refuse 100 %\n"
        sid = told(platform, "send", PHONE, "Refused", "--wait", "failed").strip()
        assert "30006" in told(platform, "explain", sid)
    finally:
        assert "mid-mms: as it was\n" in told(platform, "chaos", "off")
    told(platform, "send", PHONE, "Taken again", "--wait")


def test_chaos_spoils_answers(platform: Platform) -> None:
    """Shares of several faults are told as they were set."""
    try:
        said = told(platform, "chaos", "set", "mid-mms", "--garbage", "30", "--cut", "20.5")
        assert said == "mid-mms: garbage 30 %, cut 20.5 %\n"
        faults = platform.ask("/simulator/v1/Carriers/mid-mms")["faults"]
        assert (faults["garbage"], faults["cut"]) == (0.3, 0.205)
    finally:
        told(platform, "chaos", "off")


def test_chaos_leaves_own_carriers_there(platform: Platform) -> None:
    """One that somebody has made loses its faults, not its life."""
    platform.ask("/simulator/v1/Carriers", {"name": "mine", "latency": 2, "mms": False})
    assert told(platform, "chaos", "off") == "mine: no faults\n"
    kept = platform.ask("/simulator/v1/Carriers/mine")
    assert (kept["latency"], kept["mms"]) == (0, False)


@pytest.mark.parametrize(
    ("words", "out"),
    [
        (("segments", "Hello"), "1 segment(s), GSM-7, 5 units\n"),
        (("segments", "It\u2019s", "--smart"), "1 segment(s), GSM-7, 4 units\n"),
        (
            ("segments", "\u20ac" * 80 + "\u2019"),
            "2 segment(s), UCS-2, 81 units\nnot in the GSM alphabet: \u2019 (U+2019)\n",
        ),
    ],
)
def test_segments(words: tuple[str, ...], out: str) -> None:
    """How long a text is, and what makes it longer; no Magpie has to run."""
    done = subprocess.run(
        [sys.executable, "-m", "magpie", *words], capture_output=True, text=True, check=True
    )
    assert done.stdout == out


def test_watch_and_completion(platform: Platform) -> None:
    """One look at all lanes and messages; a script that the shell reads."""
    assert "Lanes" in told(platform, "watch", "--times", "1")
    script = subprocess.run(
        [sys.executable, "-m", "magpie", "completion", "bash"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    subprocess.run(["bash", "-n"], input=script, text=True, check=True)


def test_a_link_to_the_console(platform: Platform) -> None:
    """It is printed where there is no browser."""
    link = told(platform, "open", "messages", "--print").strip()
    assert link.startswith(f"{platform.base}/console/sign-in/")
    assert link.endswith("?to=/console/messages")
