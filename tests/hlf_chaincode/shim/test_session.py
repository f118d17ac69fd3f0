"""The protocol without I/O, against whatever a peer may send: hypothesis plays the peer."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule
from tests.conformance.probe import probe
from tests.hlf_chaincode.memory_peer import identity
from tests.hlf_chaincode.shim.fake_peer import BATCHES, MESSAGE, transaction_message

from hlf_chaincode.limits import Limits
from hlf_chaincode.peer import Transaction
from hlf_chaincode.protos.peer import chaincode_shim_pb2 as shim
from hlf_chaincode.protos.peer import proposal_response_pb2 as responses
from hlf_chaincode.shim.metrics import Metrics
from hlf_chaincode.shim.stream.session import Host, Session
from hlf_chaincode.shim.stream.watchdog import Watchdog

WHO = identity("SafeMSP", "officer")
REQUESTS = {
    MESSAGE.GET_STATE, MESSAGE.PUT_STATE, MESSAGE.DEL_STATE, MESSAGE.GET_STATE_BY_RANGE, MESSAGE.QUERY_STATE_NEXT,
    MESSAGE.QUERY_STATE_CLOSE, MESSAGE.GET_HISTORY_FOR_KEY, MESSAGE.GET_STATE_METADATA, MESSAGE.PUT_STATE_METADATA,
    MESSAGE.GET_PRIVATE_DATA_HASH, MESSAGE.PURGE_PRIVATE_DATA, MESSAGE.WRITE_BATCH_STATE, MESSAGE.GET_STATE_MULTIPLE,
    MESSAGE.INVOKE_CHAINCODE,
}  # fmt: skip
CALLS = [
    ["state:get", "a"], ["state:put", "a", "1"], ["state:put_many", '{"a":"1","b":"2"}'], ["state:add", "a", "1"],
    ["state:range", "", ""], ["state:first_into", "", "", "1", "t"], ["state:page", "", "", "5", ""],
    ["state:history", "a"], ["state:get_many", '["a","b"]'], ["private:get", "c", "a"], ["private:hash", "c", "a"],
    ["probe:policy", "a"], ["probe:ask", "probe", "customs", '["state:get","a"]'], ["probe:crash"], ["probe:creator"],
    ["state:nothing"], [], ["state:put", "", ""], ["state:put", "\x00", "1"],
]  # fmt: skip


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def session(clock: Clock | None = None, limits: Limits | None = None) -> tuple[Session, Metrics]:
    metrics, limits = Metrics(), limits or Limits()
    watchdog = Watchdog(limits.turn_seconds)
    host = Host(probe(), "id", limits=limits, metrics=metrics, watchdog=watchdog, clock=clock or Clock())
    return Session(host), metrics


def proposal(number: int, channel: str, call: list[str]) -> Any:
    moment = datetime(2026, 9, 1, tzinfo=UTC)
    arguments = tuple(part.encode() for part in call)
    return transaction_message(
        Transaction(f"{number:064x}", channel, moment, WHO.msp_id, WHO.certificate, arguments, {"value": b"1"})
    )


@given(st.binary(max_size=300))
def test_no_bytes_break_a_session(data: bytes) -> None:
    peer, _ = session()
    peer.receive(data)
    assert peer.receive(proposal(1, "fx", ["state:get", "a"]).SerializeToString()) is not None


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_a_proposal_that_cannot_be_read_is_answered_with_an_error(payload: bytes, proposal_bytes: bytes) -> None:
    peer, metrics = session()
    message = MESSAGE(type=MESSAGE.TRANSACTION, txid="t", channel_id="fx", payload=payload)
    message.proposal.proposal_bytes = proposal_bytes
    answer = MESSAGE.FromString(peer.receive(message.SerializeToString()) or b"")
    assert answer.type == MESSAGE.COMPLETED
    status = responses.Response.FromString(answer.payload).status
    assert 400 <= status < 500
    assert metrics.in_flight == 0


@given(st.sampled_from(CALLS), st.lists(st.binary(max_size=80), max_size=6))
def test_no_answer_of_a_peer_breaks_a_contract_without_a_response(call: list[str], answers: list[bytes]) -> None:
    """Unreadable answers end in an error response; the stream lives on."""
    peer, metrics = session()
    message = MESSAGE.FromString(peer.receive(proposal(1, "fx", call).SerializeToString()) or b"")
    for answer in answers:
        if message.type == MESSAGE.COMPLETED:
            break
        reply = MESSAGE(type=MESSAGE.RESPONSE, txid=message.txid, channel_id="fx", payload=answer)
        message = MESSAGE.FromString(peer.receive(reply.SerializeToString()) or b"")
    if message.type == MESSAGE.COMPLETED:
        assert metrics.in_flight == 0
        assert responses.Response.FromString(message.payload).status > 0
    else:
        assert message.type in REQUESTS
        assert metrics.in_flight == 1


def test_an_init_is_answered_with_what_to_do() -> None:
    peer, _ = session()
    answer = peer.receive(MESSAGE(type=MESSAGE.INIT, txid="t", channel_id="fx").SerializeToString())
    response = responses.Response.FromString(MESSAGE.FromString(answer or b"").payload)
    assert response.status == 400
    assert "--init-required" in json.loads(response.message)["message"]


class AnyPeer(RuleBasedStateMachine):
    """Proposals, answers, refusals, junk, time and reconnects in any order.

    Every proposal is answered once at most; a request never comes while the one before is unanswered; what is at work
    is what is unanswered.
    """

    transactions = Bundle("transactions")

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.limits = Limits(transaction_seconds=10, transactions=6)
        self.open: dict[tuple[str, str], bool] = {}
        """Transactions that wait for us or for the peer."""
        self.answers: Counter[tuple[str, str]] = Counter()
        self.number = 0
        self.connect()

    def connect(self) -> None:
        self.session, self.metrics = session(self.clock, self.limits)
        assert MESSAGE.FromString(self.session.greeting()).type == MESSAGE.REGISTER
        self.give(MESSAGE(type=MESSAGE.REGISTERED))

    def give(self, message: Any) -> None:
        data = self.session.receive(message.SerializeToString())
        if data is not None:
            self.take(MESSAGE.FromString(data))

    def take(self, message: Any) -> None:
        key = (message.channel_id, message.txid)
        assert key in self.open, "a message for no open transaction"
        if message.type in REQUESTS:
            assert not self.open[key], "two requests at once"
            self.open[key] = True
        else:
            assert message.type in {MESSAGE.COMPLETED, MESSAGE.ERROR}
            del self.open[key]
            self.answers[key] += 1

    @rule(batches=st.booleans())
    def ready(self, batches: bool) -> None:
        payload = BATCHES.SerializeToString() if batches else b""
        self.give(MESSAGE(type=MESSAGE.READY, payload=payload))

    @rule(target=transactions, call=st.sampled_from(CALLS), channel=st.sampled_from(["fx", "bank"]))
    def propose(self, call: list[str], channel: str) -> tuple[str, str]:
        self.number += 1
        message = proposal(self.number, channel, call)
        self.open[channel, message.txid] = False
        self.give(message)
        return channel, str(message.txid)

    @rule(key=transactions, payload=st.sampled_from([b"", b"1", b"\x0a\x02", b"\xff"]), refuse=st.booleans())
    def answer(self, key: tuple[str, str], payload: bytes, refuse: bool) -> None:
        if self.open.get(key):
            self.open[key] = False
        kind = MESSAGE.ERROR if refuse else MESSAGE.RESPONSE
        self.give(MESSAGE(type=kind, payload=payload, channel_id=key[0], txid=key[1]))

    @rule(key=transactions)
    def answer_a_range(self, key: tuple[str, str]) -> None:
        if self.open.get(key):
            self.open[key] = False
        payload = shim.QueryResponse(has_more=True, id="i").SerializeToString()
        self.give(MESSAGE(type=MESSAGE.RESPONSE, payload=payload, channel_id=key[0], txid=key[1]))

    @rule(key=consumes(transactions), call=st.sampled_from(CALLS))
    def propose_again(self, key: tuple[str, str], call: list[str]) -> None:
        message = proposal(int(key[1], 16), key[0], call)
        self.open[key] = False
        self.give(message)

    @rule(seconds=st.sampled_from([1, 5, 11]))
    def time_goes_on(self, seconds: int) -> None:
        self.clock.now += seconds
        for data in self.session.expire():
            self.take(MESSAGE.FromString(data))

    @rule(data=st.binary(max_size=40))
    def junk(self, data: bytes) -> None:
        try:
            known = MESSAGE.FromString(data).type in {MESSAGE.TRANSACTION, MESSAGE.INIT, MESSAGE.KEEPALIVE}
        except Exception:
            known = False
        if not known:
            assert self.session.receive(data) is None

    @rule()
    def reconnect(self) -> None:
        self.session.close()
        assert self.session.in_flight == 0
        self.open.clear()
        self.connect()

    @invariant()
    def what_is_open_is_at_work(self) -> None:
        assert self.session.in_flight == len(self.open) == self.metrics.in_flight
        assert all(self.open.values()), "a transaction waits for nobody"

    def teardown(self) -> None:
        self.session.close()


AnyPeer.TestCase.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
test_any_peer = AnyPeer.TestCase
