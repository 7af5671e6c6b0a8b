"""Each operation that is no part of the published API done once, by the names of our description.

What is made here is taken away again where that is an operation, too.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

from tests.contract.described import operations
from tests.contract.drive import OWN, PHONE, Answer
from tests.sdk.world import Customer, Platform, until

NO_MMS: Final = "+15558675311"
_FORM: Final = "application/x-www-form-urlencoded"
_BROWSER: Final = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"


@dataclass(slots=True)
class Whole:
    """`named` is what stands in paths, by the names that these have for it."""

    platform: Platform
    customer: Customer
    named: dict[str, str] = field(default_factory=dict)
    answers: dict[str, list[Answer]] = field(default_factory=dict)

    def do(self, id_: str, sid: str = "", /, **given: Any) -> Any:
        told = operations()[id_]
        names = {name: quote(one, safe="") for name, one in {**self.named, "Sid": sid}.items()}
        path = told.path.format_map(names)
        data = None
        if told.method == "GET":
            path += f"?{urlencode(given)}" if given else ""
        elif told.body == "application/json":
            data = json.dumps(given).encode()
        elif told.method != "DELETE":
            data = urlencode(given).encode()
        answer = self._ask(told.method, path, data, told.body or _FORM)
        self.answers.setdefault(id_, []).append(answer)
        return answer.body

    def each(self, ids: str, sid: str = "", /, **given: Any) -> Any:
        """Several by their names, of which those that change are given the form."""
        last = None
        for id_ in ids.split():
            told = operations()[id_]
            last = self.do(id_, sid, **given if told.body else {})
        return last

    def _ask(self, method: str, path: str, data: bytes | None, kind: str) -> Answer:
        request = Request(self.platform.base + path, data, method=method)
        token = base64.b64encode(":".join(self.platform.auth).encode()).decode()
        request.add_header("Authorization", f"Basic {token}")
        request.add_header("Content-Type", kind)
        try:
            with urlopen(request, timeout=40) as answer:
                content = answer.read()
                return Answer(answer.status, "", json.loads(content) if content else None)
        except OSError as error:
            code = getattr(error, "code", None)
            if code is None:
                raise
            return Answer(code, "", json.loads(error.read()))  # type: ignore[attr-defined]


def whole(platform: Platform, customer: Customer) -> dict[str, list[Answer]]:
    """By operation, in the order in which they came."""
    one = Whole(platform, customer, {"AccountSid": platform.auth[0]})
    steps: tuple[Callable[[Whole], None], ...] = (
        _phones,
        _networks,
        _messages,
        _webhooks,
        _links,
        _services,
        _domains,
        _own,
        _carriers,
        _outcomes,
        _settings,
    )
    for step in steps:
        step(one)
    return one.answers


def _phones(one: Whole) -> None:
    number = "+15558675399"
    one.do("CreateSimulatorHandset", number=number, carrier="simulator")
    one.do("ListSimulatorHandsets")
    one.each("FetchSimulatorHandset UpdateSimulatorHandset", number, state="airplane")
    one.do("DeleteSimulatorHandset", number)
    one.named["Number"] = PHONE
    dot = {"content_type": "text/plain", "base64": base64.b64encode(b"dot").decode()}
    one.do("CreateSimulatorHandsetsMessage", to=OWN, body="from a phone", media=[dot])
    one.do("ListSimulatorHandsetsMessages", direction="sent")


def _networks(one: Whole) -> None:
    one.do(
        "CreateSimulatorCarrier", name="told", latency=[0.1, 0.2], faults={"refuse": {"to": "9"}}
    )
    one.do("ListSimulatorCarriers")
    changes = "FetchSimulatorCarrier UpdateSimulatorCarrier UpdateSimulatorCarrierByPut"
    one.each(changes, "told", seed=2)
    one.do("DeleteSimulatorCarrier", "told")


def _messages(one: Whole) -> None:
    """One picture, so that there are media."""
    picture = f"{one.customer.url}/a.png"
    callback = f"{one.customer.url}/status"
    form = {"To": PHONE, "From": OWN, "Body": "whole", "MediaUrl": picture}
    sid = one.do("CreateMessage", **form, StatusCallback=callback)["sid"]
    until(lambda: one.do("FetchMessage", sid)["status"] == "delivered")
    one.named["MessageSid"] = sid
    one.each("ListMagpieMessagesTimeline FetchMagpieMessagesRequest ListMagpieMessagesMedia")
    one.do("ListMagpieMessages", Q="whole")
    one.do("CreateMagpieMessagesPreflight", To=PHONE, From=OWN, Body="hello", MediaUrl=picture)
    one.do("CreateMagpieMessagesPreflight", Body="hello")


def _webhooks(one: Whole) -> None:
    """One that is answered, and one that nobody hears, of which an alert tells."""
    until(lambda: one.do("ListMagpieWebhooks", MessageSid=one.named["MessageSid"])["webhooks"])
    held = one.do("ListMagpieWebhooks")["webhooks"][0]["sid"]
    one.do("FetchMagpieWebhook", held)
    one.named["WebhookSid"] = held
    one.do("CreateMagpieWebhooksReplay")
    one.do("CreateMagpieWebhooksReplay", Url="http://127.0.0.1:9/deaf")
    one.do("CreateMessage", To=PHONE, From=OWN, Body="deaf", StatusCallback="http://127.0.0.1:9/")
    alerts = until(lambda: one.do("ListMagpieAlerts")["alerts"])
    one.do("FetchMagpieAlert", alerts[0]["sid"])
    until(lambda: one.do("ListMagpieWebhooks", Failed="true")["webhooks"])


def _links(one: Whole) -> None:
    """A picture for a phone that takes none goes as a link."""
    picture = f"{one.customer.url}/a.png"
    sid = one.do("CreateMessage", To=NO_MMS, From=OWN, MediaUrl=picture)["sid"]
    (link,) = until(lambda: one.do("ListMagpieLinks", MessageSid=sid)["links"])
    with urlopen(Request(link["link"], headers={"User-Agent": _BROWSER}), timeout=20) as page:
        assert page.status == 200
    one.named["LinkSid"] = link["sid"]
    until(lambda: one.do("ListMagpieLinksOpens")["opens"])
    one.each("FetchMagpieLink DeleteMagpieLink FetchMagpieLink", link["sid"])


def _services(one: Whole) -> None:
    sid = one.do("CreateMessagingService", FriendlyName="Whole")["sid"]
    one.each("FetchMessagingService UpdateMessagingService", sid, StickySender="false")
    one.each("ListMessagingServices FetchMessagingServicesUsecases")
    one.named |= {"ServiceSid": sid, "MessagingServiceSid": sid}
    numbers = one.do("ListIncomingPhoneNumbers", PageSize=1)["incoming_phone_numbers"]
    codes = one.do("ListSMSShortCodes")["short_codes"]
    for name, form in (
        ("PhoneNumber", {"PhoneNumberSid": numbers[0]["sid"]}),
        ("ShortCode", {"ShortCodeSid": codes[0]["sid"]}),
        ("AlphaSender", {"AlphaSender": "Magpie"}),
    ):
        held = one.do(f"CreateMessagingServices{name}", **form)["sid"]
        one.do(f"ListMessagingServices{name}s")
        one.each(f"FetchMessagingServices{name} DeleteMessagingServices{name}", held)


def _domains(one: Whole) -> None:
    sid = one.do("CreateMagpieDomain", DomainName="whole.example.com")["sid"]
    one.each("ListMagpieDomains FetchMagpieDomain", sid)
    one.named["DomainSid"] = sid
    base = "MessagingLinkShortening"
    one.do(f"Create{base}DomainsMessagingService")
    one.do(f"Fetch{base}DomainsConfig")
    one.do(f"Update{base}DomainsConfig", FallbackUrl="https://example.com/else")
    one.do(f"Fetch{base}MessagingServicesDomain")
    one.do(f"Fetch{base}MessagingServiceDomainConfig")
    one.do(f"Delete{base}DomainsMessagingService")
    one.do("DeleteMagpieDomain", sid)
    one.do("DeleteMessagingService", one.named["ServiceSid"])


def _own(one: Whole) -> None:
    one.do("ListMagpieLanes")
    one.each("FetchMagpieLane UpdateMagpieLane", OWN, Draining="false")
    one.do("CreateMagpieNumber", PhoneNumber="+31612345678", Locality="Utrecht")
    one.do("ListMagpieNumbers")
    one.each("FetchMagpieNumber DeleteMagpieNumber", "+31612345678")
    made = one.do("CreateMagpieEsme", SystemId="whole", AllowedNetworks="192.0.2.0/24")
    one.do("ListMagpieEsmes")
    one.each("FetchMagpieEsme UpdateMagpieEsme", made["sid"], NewPassword="true")
    one.do("DeleteMagpieEsme", made["sid"])
    one.do("CreateMagpieSignInLink")


def _carriers(one: Whole) -> None:
    link = json.dumps({"host": "127.0.0.1", "port": 9, "system_id": "whole"})
    one.do("CreateMagpieCarrier", Name="whole", Kind="smpp", Configuration=link, Status="paused")
    until(lambda: any(c["nodes"] for c in one.do("ListMagpieCarriers")["carriers"]))
    one.each("FetchMagpieCarrier UpdateMagpieCarrier", "whole", Status="draining")
    one.named["Name"] = "whole"
    one.each("ListMagpieCarriersTrace ListMagpieCarriersParkedReceipts")
    route = one.do("CreateMagpieRoute", Carrier="whole", Prefix="+999", Kinds="sms")["sid"]
    one.do("ListMagpieRoutes")
    one.each("FetchMagpieRoute UpdateMagpieRoute", route, Priority="3")
    one.do("DeleteMagpieRoute", route)
    one.do("DeleteMagpieCarrier", "whole")


def _outcomes(one: Whole) -> None:
    """Of a message for which a provider answers what nobody understands."""
    access = {"provider": "twilio", "account": "AC" + "1" * 32, "token": "x", "on_unknown": "hold"}
    link = json.dumps(access | {"url": one.customer.url})
    one.do("CreateMagpieCarrier", Name="vague", Kind="http", Configuration=link)
    route = one.do("CreateMagpieRoute", Carrier="vague", Prefix="+1999")["sid"]
    sid = one.do("CreateMessage", To="+19995550142", From=OWN, Body="perhaps")["sid"]
    until(lambda: "unknown" in [hop["hop"] for hop in one.platform.timeline(sid)])
    one.named["MessageSid"] = sid
    one.do("CreateMagpieMessagesOutcome", Outcome="sent")
    one.do("DeleteMagpieRoute", route)
    one.do("DeleteMagpieCarrier", "vague")


def _settings(one: Whole) -> None:
    one.do("FetchMagpieSettings")
    one.do("UpdateMagpieSettings", ConvertRefused="false")
