"""The main job by the official Node SDK."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from tests.sdk.world import Customer, Platform, until

NODE = Path(__file__).parent / "node"
PHONE = "+15558675310"


def test_a_picture_arrives_from_node(platform: Platform, customer: Customer, sender: Any) -> None:
    """Send, follow, list and be refused, as a Node program does it."""
    account_sid, auth_token = platform.auth
    ran = subprocess.run(
        [
            "node",
            "first_mms.js",
            platform.base,
            sender.phone_number,
            PHONE,
            f"{customer.url}/node.png",
            f"{customer.url}/node",
        ],
        cwd=NODE,
        env=os.environ | {"TWILIO_ACCOUNT_SID": account_sid, "TWILIO_AUTH_TOKEN": auth_token},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr.decode()
    told = json.loads(ran.stdout)
    assert (told["first"], told["last"], told["dateSent"]) == ("queued", "delivered", True)
    assert told["listed"] == [told["sid"]]
    assert told["refused"] == {"code": 21211, "status": 400}
    until(lambda: customer.statuses("/node", told["sid"]) == ["sending", "sent", "delivered"])
    assert all(call.valid for call in customer.heard("/node"))
    assert [one for one in platform.handset() if one["body"] == "from Node"]
