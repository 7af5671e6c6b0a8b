"""What a program is told, brought to it, shown and called again from the terminal."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from tests.sdk.world import Customer, Platform, until


def words(platform: Platform, *given: str) -> list[str]:
    return [sys.executable, "-m", "magpie", *given, "--data", str(platform.data)]


def magpie(platform: Platform, *given: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words(platform, *given), capture_output=True, text=True, timeout=60, check=False
    )


def told(platform: Platform, *given: str) -> str:
    done = magpie(platform, *given)
    assert done.returncode == 0, done.stderr
    return done.stdout


def webhooks(platform: Platform, *given: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        told(platform, "webhooks", "list", *given, "-o", "json")
    )
    return found


@contextmanager
def listening(platform: Platform, *given: str) -> Iterator[subprocess.Popen[str]]:
    """A `magpie listen` that is ready."""
    command = words(platform, "listen", *given)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        assert "Ready" in process.stderr.readline()
        try:
            yield process
        finally:
            process.terminate()


def test_a_program_without_a_webhook_hears_and_answers(
    platform: Platform, customer: Customer, client: Any, sender: Any
) -> None:
    """A number without an address has the program's while that is listened for, and no longer."""
    customer.answers["/heard"] = (200, "text/xml", b"<Response><Message>Yes</Message></Response>")
    with listening(platform, "--forward-to", f"{customer.url}/heard", "-o", "json") as process:
        assert client.incoming_phone_numbers(sender.sid).fetch().sms_url == f"{customer.url}/heard"
        told(platform, "trigger", "inbound-sms", "--sender", sender.phone_number)
        assert process.stdout is not None
        call = json.loads(process.stdout.readline())
        assert (call["event"], call["status"], call["replay_of"]) == ("inbound", 200, None)
        until(lambda: any(one["body"] == "Yes" for one in platform.handset()))
        process.terminate()
        assert process.wait(20) == 130
    assert not client.incoming_phone_numbers(sender.sid).fetch().sms_url
    assert [call.valid for call in customer.heard("/heard")] == [True]


def test_what_goes_elsewhere_comes_too(
    platform: Platform, customer: Customer, client: Any, sender: Any
) -> None:
    """Callbacks of another address are replayed to the program, signed for it."""
    forward = ("--forward-to", customer.url.removeprefix("http://") + "/mine", "--times", "3")
    with listening(platform, *forward) as process:
        sid = told(
            platform,
            *("trigger", "delivered", "--sender", sender.phone_number),
            *("--callback", f"{customer.url}/theirs"),
        ).strip()
        out, _ = process.communicate(timeout=40)
        assert process.returncode == 0
    assert [line.split()[1:3] for line in out.splitlines()] == [
        ["sending", "204"],
        ["sent", "204"],
        ["delivered", "204"],
    ]
    for path in ("/theirs", "/mine"):
        assert customer.statuses(path, sid) == ["sending", "sent", "delivered"]
        assert all(call.valid for call in customer.heard(path))
    assert all("X-Magpie-Replay" in call.headers for call in customer.heard("/mine"))


def test_a_failure_is_found_and_mended(
    platform: Platform, customer: Customer, client: Any, sender: Any
) -> None:
    """Calls that went wrong are listed, shown, and called again once the program is right."""
    customer.answers["/status"] = (500, "text/plain", b"no")
    sid = told(
        platform,
        *("trigger", "failed:30005", "--sender", sender.phone_number),
        *("--callback", f"{customer.url}/status"),
    ).strip()
    until(lambda: len(webhooks(platform, "--message", sid)) == 2)
    failed = webhooks(platform, "--message", sid, "--failed")
    assert [one["event"] for one in failed] == ["failed", "sending"]
    assert "ErrorCode = 30005" in told(platform, "webhooks", "show", failed[0]["sid"])
    again = ("webhooks", "replay", "--failed", "--url", f"{customer.url}/status")
    assert magpie(platform, *again).returncode == 1
    customer.answers.pop("/status")
    assert told(platform, *again, "--limit", "2").count("  204  ") == 2


def test_who_leaves_is_another_phone(platform: Platform, sender: Any) -> None:
    """After an opt-out the first phone can still be reached, twice over."""
    for _ in range(2):
        told(platform, "trigger", "opt-out", "--sender", sender.phone_number)
        told(platform, "trigger", "delivered", "--sender", sender.phone_number)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (("listen",), 2),
        (("listen", "--forward-to", "ftp://x"), 2),
        (("trigger", "nothing"), 2),
        (("trigger", "inbound-sms", "--callback", "http://localhost:3000/status"), 2),
        (("webhooks", "replay"), 2),
        (("webhooks", "show", "WA" + "0" * 32), 4),
    ],
)
def test_mistakes(platform: Platform, given: tuple[str, ...], code: int) -> None:
    """Each has its exit code and a way out, and no traceback."""
    done = magpie(platform, *given)
    assert (done.returncode, "fix:" in done.stderr) == (code, True)


def test_the_secret(platform: Platform) -> None:
    """What a program checks signatures with is printed alone."""
    assert told(platform, "listen", "--print-secret").strip() == platform.auth[1]
