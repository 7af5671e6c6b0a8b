"""`magpie run` around programs that know nothing of Magpie."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.sdk.world import Platform

NODE_MODULES = Path(__file__).parent / "node/node_modules"

PYTHON = """
from twilio.rest import Client
client = Client()
sent = client.messages.create(from_="+15017122661", to="+15558675310", body="from Python")
assert client.messages(sent.sid).fetch().body == "from Python"
print(sent.sid)
"""
ASYNC = """
import asyncio
from twilio.rest import Client
from twilio.http.async_http_client import AsyncTwilioHttpClient
async def main():
    client = Client(http_client=AsyncTwilioHttpClient())
    sent = await client.messages.create_async(
        from_="+15017122661", to="+15558675310", body="from asyncio")
    print(sent.sid)
    await client.http_client.close()
asyncio.run(main())
"""
NODE = """
const client = require("twilio")();
client.messages
  .create({ from: "+15017122661", to: "+15558675310", body: "from Node" })
  .then((message) => console.log(message.sid))
  .catch((error) => { console.error(error); process.exitCode = 1; });
"""
WAITS = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(5))
print("ready", flush=True)
time.sleep(60)
"""


def _command(platform: Platform, *command: str) -> list[str]:
    return [sys.executable, "-m", "magpie", "run", "--data", str(platform.data), "--", *command]


def _environment(**more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("MAGPIE_", "TWILIO_"))}
    return kept | {"NODE_PATH": str(NODE_MODULES)} | more


def _run(platform: Platform, *command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        _command(platform, *command),
        env=_environment(TWILIO_REGION="ie1", TWILIO_EDGE="dublin"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "program",
    [(sys.executable, "-c", PYTHON), (sys.executable, "-c", ASYNC), ("node", "-e", NODE)],
    ids=["python", "python-async", "node"],
)
def test_untouched_program(platform: Platform, program: tuple[str, ...]) -> None:
    """A tutorial's program sends through Magpie as it stands, and its message is there."""
    assert shutil.which(program[0]), f"the tests need {program[0]}"
    done = _run(platform, *program)
    assert (done.returncode, done.stderr) == (0, "")
    assert platform.client().messages(done.stdout.strip()).fetch().to == "+15558675310"


@pytest.mark.parametrize(
    ("program", "code"),
    [
        (("sh", "-c", "exit 7"), 7),
        (("sh", "-c", "kill -KILL $$"), 137),
        (("no-such-program",), 127),
        (("/",), 126),
    ],
)
def test_exit_code(platform: Platform, program: tuple[str, ...], code: int) -> None:
    """The exit code is the program's own, or what a shell would give."""
    done = _run(platform, *program)
    assert done.returncode == code
    assert "Traceback" not in done.stderr


def test_signal(platform: Platform) -> None:
    """Who ends `magpie run` ends the program, which may still tidy up."""
    command = _command(platform, sys.executable, "-c", WAITS)
    with subprocess.Popen(
        command, env=_environment(), stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 5


def _magpie(platform: Platform, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "magpie", *arguments, "--data", str(platform.data)],
        env=_environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_send_and_explain(platform: Platform) -> None:
    """`send --wait` prints the SID alone and tells the rest aside; `explain` tells it again."""
    sent = _magpie(platform, "send", "+15558675310", "Hello", "--wait")
    assert sent.returncode == 0, sent.stderr
    assert "receipt of simulator: delivered" in sent.stderr
    told = _magpie(platform, "explain", sent.stdout.strip())
    assert told.returncode == 0
    assert "is delivered." in told.stdout


def test_send_fails(platform: Platform, tmp_path: Path) -> None:
    """What a carrier refuses ends with exit code 1 and the reason."""
    heavy = tmp_path / "heavy.pdf"
    heavy.write_bytes(b"%PDF-1.7\n" + b"x" * 400_000)
    sent = _magpie(platform, "send", "+15558675312", "--media", str(heavy), "--wait")
    assert sent.returncode == 1
    assert "30019" in sent.stderr


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("up",), "Magpie is already running: pid"),
        (("serve",), "Magpie is already running: pid"),
        (("status",), "ready: yes"),
        (("doctor",), "fsync on"),
        (("doctor",), "of its walls"),
    ],
)
def test_beside_a_running_one(platform: Platform, arguments: tuple[str, ...], text: str) -> None:
    """Commands find the Magpie that runs on their data folder."""
    done = _magpie(platform, *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert text in done.stdout
