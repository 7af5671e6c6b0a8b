"""Each operation done once over plain HTTP, as no SDK would have it: the bare answers."""

import base64
import json
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from tests.contract.spec import key_of
from tests.sdk.world import Customer, Platform, until

PHONE: Final = "+15558675310"
OWN: Final = "+15017122661"
_VOICE: Final = {
    "VoiceUrl": "https://example.com/voice",
    "VoiceFallbackUrl": "https://example.com/voice/else",
    "StatusCallback": "https://example.com/status",
}
_TEXTS: Final = {
    "FriendlyName": "All of it",
    "SmsUrl": "https://example.com/sms",
    "SmsMethod": "GET",
    "SmsFallbackUrl": "https://example.com/sms/else",
}
_METHODS: Final = {"list": "GET", "fetch": "GET", "create": "POST", "update": "POST"}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    content_type: str
    body: Any


@dataclass(slots=True)
class Answers:
    """By operation, in the order in which they came."""

    base: str
    auth: tuple[str, str]
    by_key: dict[str, list[Answer]] = field(default_factory=dict)

    def ask(self, method: str, path: str, template: str, form: dict[str, str]) -> Any:
        """`path` is below the account, `template` the same with {Sid} and its like."""
        top = "/2010-04-01/Accounts"
        below = f"{top}/{self.auth[0]}{path}" if path else top
        return self.at(method, below, f"{top}/{{}}{template}" if path else top, form)

    def at(self, method: str, path: str, template: str, form: dict[str, str]) -> Any:
        query = f"?{urlencode(form)}" if form and method == "GET" else ""
        data = urlencode(form).encode() if method == "POST" else None
        request = Request(f"{self.base}{path}.json{query}", data, method=method)
        token = base64.b64encode(":".join(self.auth).encode()).decode()
        request.add_header("Authorization", f"Basic {token}")
        answer = _answer(request)
        self.by_key.setdefault(key_of(method, template), []).append(answer)
        return answer.body

    def tree(self, path: str, verbs: str, template: str = "", **form: str) -> Any:
        """Several verbs on one path, the last answer is given."""
        given = None
        for verb in verbs.split():
            asked = form if verb in {"create", "update"} else {}
            given = self.ask(_METHODS.get(verb, "DELETE"), path, template or path, asked)
        return given


def _answer(request: Request) -> Answer:
    try:
        with urlopen(request, timeout=20) as answer:
            content = answer.read()
            kind = answer.headers.get("Content-Type", "")
            return Answer(answer.status, kind, json.loads(content) if content else None)
    except OSError as error:
        code = getattr(error, "code", None)
        if code is None:
            raise
        return Answer(code, "", error.read().decode())  # type: ignore[attr-defined]


def drive(platform: Platform, customer: Customer) -> Answers:
    answers = Answers(platform.base, platform.auth)
    _accounts(answers)
    _keys(answers)
    _applications(answers)
    _for_sale(answers)
    _numbers(answers)
    _short_codes(answers)
    _messages(answers, customer)
    return answers


def _accounts(answers: Answers) -> None:
    top, one = "/2010-04-01/Accounts", "/2010-04-01/Accounts/{Sid}"
    answers.at("GET", top, top, {"PageSize": "1"})
    made = answers.at("POST", top, top, {"FriendlyName": "Below"})
    at = f"{top}/{made['sid']}"
    answers.at("GET", at, one, {})
    answers.at("POST", at, one, {"FriendlyName": "Below it", "Status": "suspended"})
    answers.at("GET", top, top, {"PageSize": "1", "Page": "0"})


def _keys(answers: Answers) -> None:
    for path in ("/Keys", "/SigningKeys"):
        made = answers.tree(path, "create", FriendlyName="mine")
        one = f"{path}/{made['sid']}"
        answers.tree(one, "fetch update delete", path + "/{}", FriendlyName="ours")
        answers.tree(path, "create list", FriendlyName="kept")


def _applications(answers: Answers) -> None:
    path = "/Applications"
    answers.tree(path, "create", FriendlyName="bare")
    made = answers.tree(path, "create", **_TEXTS, **_VOICE)
    form = {"MessageStatusCallback": "https://example.com/status"}
    answers.tree(f"{path}/{made['sid']}", "fetch update", path + "/{}", **form)
    answers.tree(path, "list")
    answers.tree(f"{path}/{made['sid']}", "delete", path + "/{}")


def _for_sale(answers: Answers) -> None:
    path = "/AvailablePhoneNumbers"
    answers.tree(path, "fetch")
    for country in ("US", "GB"):
        answers.tree(f"{path}/{country}", "fetch", path + "/{}")
    for country, kind in (("US", "Local"), ("US", "TollFree"), ("GB", "Mobile")):
        answers.tree(f"{path}/{country}/{kind}", "fetch", f"{path}/{{}}/{kind}")


def _numbers(answers: Answers) -> None:
    path = "/IncomingPhoneNumbers"
    for country, kind in (("US", "Local"), ("US", "TollFree"), ("GB", "Mobile")):
        offered = answers.tree(
            f"/AvailablePhoneNumbers/{country}/{kind}",
            "fetch",
            f"/AvailablePhoneNumbers/{{}}/{kind}",
        )["available_phone_numbers"]
        # From the end: the front is for tests that count.
        at = f"{path}/{kind}"
        bought = answers.tree(at, "create list", PhoneNumber=offered[-1]["phone_number"])
        sid = bought["incoming_phone_numbers"][0]["sid"]
        one = f"{path}/{sid}"
        answers.tree(one, "fetch update", path + "/{}", **_TEXTS, **_VOICE)
        answers.tree(one, "delete", path + "/{}")
        answers.tree(path, "create", PhoneNumber=offered[-1]["phone_number"])
    answers.tree(path, "list")


def _short_codes(answers: Answers) -> None:
    path = "/SMS/ShortCodes"
    held = answers.tree(path, "list")["short_codes"][0]
    one = f"{path}/{held['sid']}"
    answers.tree(one, "fetch", path + "/{}")
    answers.tree(one, "update", path + "/{}", FriendlyName=held["friendly_name"])


def _messages(answers: Answers, customer: Customer) -> None:
    path, one = "/Messages", "/Messages/{}"
    text = answers.tree(path, "create", To=PHONE, From=OWN, Body="for the record")
    picture = answers.tree(path, "create", To=PHONE, From=OWN, MediaUrl=f"{customer.url}/a.png")
    for sid in (text["sid"], picture["sid"]):
        until(lambda at=f"{path}/{sid}": answers.tree(at, "fetch", one)["status"] == "delivered")
    feedback = {"Outcome": "confirmed"}
    answers.tree(f"{path}/{text['sid']}/Feedback", "create", one + "/Feedback", **feedback)
    failed = answers.tree(path, "create", To=PHONE, From=OWN, MediaUrl=f"{customer.url}/none")
    until(lambda: answers.tree(f"{path}/{failed['sid']}", "fetch", one)["error_code"])
    answers.tree(path, "list")
    _media(answers, picture["sid"])
    answers.tree(f"{path}/{text['sid']}", "update", one, Body="")
    answers.tree(f"{path}/{text['sid']}", "delete", one)


def _media(answers: Answers, message: str) -> None:
    path, shape = f"/Messages/{message}/Media", "/Messages/{}/Media"
    held = answers.tree(path, "list", shape)["media_list"][0]
    answers.tree(f"{path}/{held['sid']}", "fetch delete", shape + "/{}")
