"""A client's session and a server's, joined in memory."""

from collections.abc import Callable
from datetime import UTC, datetime

from magpie.protocols import smpp
from magpie.protocols.smpp.pdu import Pdu

TO, FROM = smpp.Address(1, 1, "15558675310"), smpp.Address(1, 1, "15017122661")
SUBMIT = smpp.SubmitSm(source=FROM, destination=TO, short_message=b"hi", registered_delivery=1)


class End:
    """One side: its session, what it was told, and what waits on the wire for the other."""

    def __init__(self, role: smpp.Role, config: smpp.SessionConfig) -> None:
        self.session = smpp.Session(role, 0, config)
        self.told: list[smpp.Event] = []
        self.wire = b""

    def send(self, pdu: Pdu, now: float, token: object = None) -> None:
        self.wire += self.session.send(pdu, now, token)

    def take(self, events: list[smpp.Event]) -> None:
        for event in events:
            if isinstance(event, smpp.BytesToSend):
                self.wire += event.data
            else:
                self.told.append(event)

    def requests(self) -> list[Pdu]:
        return [event.pdu for event in self.told if isinstance(event, smpp.RequestReceived)]

    def last(self) -> smpp.Event:
        return self.told[-1]


class Pair:
    def __init__(self, config: smpp.SessionConfig | None = None) -> None:
        config = config or smpp.SessionConfig(window=3)
        self.esme = End(smpp.Role.ESME, config)
        self.smsc = End(smpp.Role.SMSC, config)
        self.now = 0.0

    def flow(self) -> None:
        """Carry octets both ways, one at a time, until none is left."""
        while self.esme.wire or self.smsc.wire:
            for here, there in ((self.esme, self.smsc), (self.smsc, self.esme)):
                data, here.wire = here.wire, b""
                for at in range(len(data)):
                    there.take(there.session.receive(data[at : at + 1], self.now))

    def pass_time(self, seconds: float, *, deaf: End | None = None) -> None:
        """Let both tick when they are due; a deaf end hears nothing and says nothing."""
        end = self.now + seconds
        ends = [e for e in (self.esme, self.smsc) if e is not deaf]
        while True:
            due = [moment for e in ends if (moment := e.session.deadline()) is not None]
            if not due or min(due) > end:
                break
            self.now = min(due)
            for one in ends:
                one.take(one.session.tick(self.now))
            if deaf:
                ends[0].wire = b""
            self.flow()
        self.now = end

    def ask(self, here: End, pdu: Pdu, token: object = None) -> None:
        here.send(pdu, self.now, token)
        self.flow()

    def answer(self, here: End, status: int = 0, **fields: object) -> None:
        here.send(smpp.reply(here.requests()[-1], status, **fields), self.now)
        self.flow()


def bound(
    bind: Callable[..., Pdu] = smpp.BindTransceiver, config: smpp.SessionConfig | None = None
) -> Pair:
    pair = Pair(config)
    pair.ask(pair.esme, bind(system_id="magpie", password="secret"))
    pair.answer(pair.smsc, system_id="centre")
    return pair


def test_bind_submit_and_receipt() -> None:
    """The whole life of a message on one transceiver."""
    pair = bound()
    assert pair.esme.session.state is pair.smsc.session.state is smpp.State.BOUND_TRX
    pair.ask(pair.esme, SUBMIT, "token")
    pair.answer(pair.smsc, message_id="ab12")
    response = pair.esme.last()
    assert isinstance(response, smpp.ResponseReceived)
    assert (response.token, response.response.status) == ("token", 0)
    moment = datetime(2024, 2, 29, tzinfo=UTC)
    state = smpp.MessageState.DELIVERED
    pair.ask(pair.smsc, smpp.build_receipt(TO, FROM, "ab12", state, submitted=moment, done=moment))
    (deliver,) = pair.esme.requests()
    assert isinstance(deliver, smpp.DeliverSm)
    receipt = smpp.read_receipt(deliver)
    assert receipt
    assert (receipt.message_id, receipt.state) == ("ab12", state)
    pair.answer(pair.esme)
    assert isinstance(pair.smsc.last(), smpp.ResponseReceived)


def test_a_receipt_may_come_before_the_response() -> None:
    """Neither waits for the other."""
    pair = bound()
    pair.ask(pair.esme, SUBMIT, "token")
    submit = pair.smsc.requests()[-1]
    pair.ask(pair.smsc, smpp.DeliverSm(esm_class=4, short_message=b"id:1 stat:DELIVRD"))
    pair.answer(pair.esme)
    pair.ask(pair.smsc, smpp.reply(submit, message_id="1"))
    kinds = [type(event) for event in pair.esme.told]
    assert kinds == [smpp.ResponseReceived, smpp.RequestReceived, smpp.ResponseReceived]
    assert pair.esme.session.outstanding == 0


def test_a_throttled_message_goes_again() -> None:
    """The refusal comes back with its token, and the next attempt passes."""
    pair = bound()
    pair.ask(pair.esme, SUBMIT, 1)
    pair.answer(pair.smsc, smpp.Status.RTHROTTLED)
    refused = pair.esme.last()
    assert isinstance(refused, smpp.ResponseReceived)
    assert smpp.classify(refused.response.status) is smpp.StatusClass.THROTTLE
    pair.ask(pair.esme, refused.request, 2)
    pair.answer(pair.smsc, message_id="1")
    passed = pair.esme.last()
    assert isinstance(passed, smpp.ResponseReceived)
    assert (passed.token, passed.response.status) == (2, 0)


def test_a_full_window_opens_answer_by_answer() -> None:
    """Answers may come in any order."""
    pair = bound()
    for token in range(3):
        pair.ask(pair.esme, SUBMIT, token)
    assert pair.esme.session.room == 0
    for request in reversed(pair.smsc.requests()[1:]):
        pair.ask(pair.smsc, smpp.reply(request, message_id=str(request.sequence)))
    tokens = [e.token for e in pair.esme.told[1:] if isinstance(e, smpp.ResponseReceived)]
    assert tokens == [2, 1, 0]
    assert pair.esme.session.room == 3


def test_an_unbind_during_traffic_leaves_nothing_untold() -> None:
    """The client says good-bye, still answers, and hears what it waited for."""
    pair = bound()
    pair.ask(pair.esme, SUBMIT, "token")
    submit = pair.smsc.requests()[-1]
    pair.smsc.send(smpp.DeliverSm(short_message=b"mo"), pair.now)
    pair.smsc.send(smpp.reply(submit, message_id="1"), pair.now)
    pair.ask(pair.esme, smpp.Unbind(), "bye")
    kinds = [type(event) for event in pair.esme.told[1:]]
    assert sorted(kind.__name__ for kind in kinds) == sorted(
        ["RequestReceived", "ResponseReceived", "ResponseReceived", "Closed"]
    )
    assert pair.esme.last() == smpp.Closed("unbound")
    closed = pair.smsc.last()
    assert isinstance(closed, smpp.Closed)
    assert len(closed.outstanding) == 1
    assert smpp.PeerUnbound() in pair.smsc.told


def test_a_server_may_say_good_bye() -> None:
    """Messages that it had not answered are of unknown outcome."""
    pair = bound()
    pair.ask(pair.esme, SUBMIT, "token")
    pair.ask(pair.smsc, smpp.Unbind())
    closed = pair.esme.last()
    assert isinstance(closed, smpp.Closed)
    assert [left.token for left in closed.outstanding] == ["token"]
    assert pair.smsc.last() == smpp.Closed("unbound")


def test_an_idle_session_is_kept_alive() -> None:
    """Probes go both ways for an hour and nobody above hears of them."""
    pair = bound()
    heard = len(pair.esme.told)
    pair.pass_time(3600)
    assert pair.esme.session.state is smpp.State.BOUND_TRX
    assert len(pair.esme.told) == heard


def test_a_silent_peer_is_given_up() -> None:
    """After 30 seconds it is probed, 10 seconds later the session is over."""
    pair = bound()
    pair.ask(pair.esme, SUBMIT, "token")
    pair.pass_time(100, deaf=pair.smsc)
    assert isinstance(pair.esme.told[-2], smpp.RequestTimedOut)
    closed = pair.esme.last()
    assert isinstance(closed, smpp.Closed)
    assert closed.reason == "EnquireLink was not answered"


def test_a_bind_without_an_answer_is_given_up() -> None:
    """And so is a connection on which nobody binds."""
    pair = Pair()
    pair.esme.send(smpp.BindTransceiver(), 0, "bind")
    pair.pass_time(100, deaf=pair.smsc)
    assert isinstance(pair.esme.last(), smpp.Closed)
    idle = Pair()
    idle.pass_time(9.9)
    assert idle.smsc.told == []
    idle.pass_time(1)
    assert idle.smsc.last() == smpp.Closed("no bind in time")


def test_an_unbind_without_an_answer_is_given_up() -> None:
    """Five seconds of courtesy are enough."""
    pair = bound()
    pair.esme.send(smpp.Unbind(), 0)
    pair.pass_time(5, deaf=pair.smsc)
    closed = pair.esme.last()
    assert isinstance(closed, smpp.Closed)
    assert pair.now == 5


def test_a_session_without_messages_may_be_ended() -> None:
    """Only where the server's operator asks for it; probes do not count."""
    pair = bound(config=smpp.SessionConfig(inactivity=600))
    pair.pass_time(500)
    pair.ask(pair.esme, SUBMIT)
    pair.answer(pair.smsc, message_id="1")
    pair.pass_time(599)
    assert pair.smsc.session.state is smpp.State.BOUND_TRX
    pair.pass_time(2)
    assert isinstance(pair.smsc.last(), smpp.Closed)
    assert isinstance(pair.esme.last(), smpp.Closed)


def test_a_server_may_call_first() -> None:
    """Outbind asks a client to bind as receiver."""
    pair = Pair()
    pair.ask(pair.smsc, smpp.Outbind(system_id="centre"))
    assert pair.esme.session.state is smpp.State.OUTBOUND
    pair.ask(pair.esme, smpp.BindReceiver())
    pair.answer(pair.smsc)
    assert pair.esme.session.state is pair.smsc.session.state is smpp.State.BOUND_RX


def test_a_refused_bind_leaves_both_open() -> None:
    """The client learns the status, and binds no more on a closed door."""
    pair = Pair()
    pair.ask(pair.esme, smpp.BindTransmitter(), "bind")
    pair.answer(pair.smsc, smpp.Status.RINVPASWD)
    refused = pair.esme.last()
    assert isinstance(refused, smpp.ResponseReceived)
    assert refused.response.status == smpp.Status.RINVPASWD
    assert pair.esme.session.state is pair.smsc.session.state is smpp.State.OPEN


def test_every_request_has_its_answer() -> None:
    """All operations of a client pass through both machines."""
    pair = bound()
    requests: list[Pdu] = [
        SUBMIT,
        smpp.SubmitMulti(destinations=(TO, smpp.DistributionList("staff"))),
        smpp.DataSm(source=FROM, destination=TO),
        smpp.QuerySm(message_id="1"),
        smpp.CancelSm(message_id="1"),
        smpp.ReplaceSm(message_id="1"),
    ]
    for request in requests:
        pair.ask(pair.esme, request, request)
        pair.answer(pair.smsc)
        answered = pair.esme.last()
        assert isinstance(answered, smpp.ResponseReceived)
        assert answered.token is request
    pair.ask(pair.smsc, smpp.AlertNotification(source=TO, esme=FROM))
    assert isinstance(pair.esme.requests()[-1], smpp.AlertNotification)
    assert pair.esme.session.unanswered == 0
