"""A server with workers as a protocol without I/O: hypothesis plays the peer, the workers' pace, and their deaths."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter, deque
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule
from tests.conformance.probe import probe
from tests.hlf_chaincode.shim.fake_peer import BATCHES, MESSAGE
from tests.hlf_chaincode.shim.test_session import CALLS, REQUESTS, Clock, proposal

from hlf_chaincode.limits import Limits
from hlf_chaincode.shim.metrics import Metrics
from hlf_chaincode.shim.stream.answers import Key, Step
from hlf_chaincode.shim.stream.session import Host, Session
from hlf_chaincode.shim.stream.watchdog import Watchdog
from hlf_chaincode.shim.stream.work import Work
from hlf_chaincode.shim.workers.crew import Crew, Remote
from hlf_chaincode.shim.workers.frames import READY, Splitter, framed
from hlf_chaincode.shim.workers.process import turn

WORKERS = 3


class NoForks:
    """Nobody takes a dead worker's place unless the test says so."""

    def __init__(self) -> None:
        self.killed: list[int] = []

    async def fork(self) -> tuple[int, socket.socket]:
        return await asyncio.Event().wait(), socket.socket()  # for ever

    def kill(self, process: int) -> None:
        self.killed.append(process)

    async def close(self) -> None:
        pass


class Played:
    """A worker that takes a frame when the test lets it, by the very code of the process."""

    def __init__(self, crew: Crew, number: int, limits: Limits) -> None:
        self.link = crew.add(number)
        self.inbox: deque[Any] = deque()
        self._splitter = Splitter()
        self._work = Work[int](probe(), limits, Watchdog(limits.turn_seconds))
        self.link.connection_made(cast("asyncio.BaseTransport", self))
        self.link.data_received(framed(READY))

    def write(self, data: bytes) -> None:
        self.inbox.extend(self._splitter.feed(data))

    def abort(self) -> None:
        pass

    def take(self, chunk: int) -> None:
        """One frame; the answer comes in pieces."""
        if not self.inbox:
            return
        answer = turn(self._work, self.inbox.popleft())
        for start in range(0, len(answer), chunk):
            self.link.data_received(answer[start : start + chunk])


class AnyOrder(RuleBasedStateMachine):
    """Proposals, answers, resent proposals, time and reconnects while workers go on at any pace and die at any moment.

    Every proposal is answered once at most, and at last; a request never comes while the one before is unanswered; each
    transaction's messages come from its own worker in their order.
    """

    transactions = Bundle("transactions")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.clock = Clock()
        self.limits = Limits(transaction_seconds=10, transactions=6)
        self.metrics = Metrics()
        self.forks = NoForks()
        self.crew = Crew(WORKERS, self.forks, self.limits, self.metrics, self.clock)
        self.waits: dict[Key, bool] = {}
        """Unanswered proposals: whether the peer owes an answer to a request."""
        self.answers: Counter[Key] = Counter()
        self.proposed: Counter[Key] = Counter()
        self.number = 0
        self.workers = self.do(lambda: [Played(self.crew, number, self.limits) for number in range(WORKERS)])
        watchdog = Watchdog(self.limits.turn_seconds)
        self.host = Host(probe(), "id", limits=self.limits, metrics=self.metrics, watchdog=watchdog, clock=self.clock)
        self.connect()

    def do(self, action: Any) -> Any:
        """Within the loop, as the server does all it does."""

        async def run() -> Any:
            return action()

        return self.runner.run(run())

    def connect(self) -> None:
        self.session = Session(self.host, Remote(self.crew, self))
        self.give(MESSAGE(type=MESSAGE.READY, payload=BATCHES.SerializeToString()))

    def stepped(self, key: Key, step: Step) -> None:
        self.take(self.session.stepped(key, step))

    def lost(self, key: Key, why: str) -> None:
        self.take(self.session.lost(key, why))

    def give(self, message: Any) -> None:
        data = self.do(lambda: self.session.receive(message.SerializeToString()))
        if data is not None:
            self.take(data)

    def take(self, data: bytes) -> None:
        message = MESSAGE.FromString(data)
        key = (message.channel_id, message.txid)
        assert key in self.waits, "a message for no open transaction"
        if message.type in REQUESTS:
            assert not self.waits[key], "two requests at once"
            self.waits[key] = True
        else:
            assert message.type in {MESSAGE.COMPLETED, MESSAGE.ERROR}
            del self.waits[key]
            self.answers[key] += 1

    @rule(target=transactions, call=st.sampled_from(CALLS), channel=st.sampled_from(["fx", "bank"]))
    def propose(self, call: list[str], channel: str) -> Key:
        self.number += 1
        message = proposal(self.number, channel, call)
        key = (channel, str(message.txid))
        self.send(key, message)
        return key

    @rule(key=transactions, call=st.sampled_from(CALLS), elsewhere=st.booleans())
    def propose_again(self, key: Key, call: list[str], elsewhere: bool) -> None:
        """The peer gave it up, or it is a nested call."""
        channel = "customs" if elsewhere else key[0]
        self.send((channel, key[1]), proposal(int(key[1], 16), channel, call))

    def send(self, key: Key, message: Any) -> None:
        self.waits[key] = False
        self.proposed[key] += 1
        self.give(message)

    @rule(key=transactions, payload=st.sampled_from([b"", b"1", b"\xff"]), refuse=st.booleans())
    def answer(self, key: Key, payload: bytes, refuse: bool) -> None:
        if self.waits.get(key):
            self.waits[key] = False
            kind = MESSAGE.ERROR if refuse else MESSAGE.RESPONSE
            self.give(MESSAGE(type=kind, payload=payload, channel_id=key[0], txid=key[1]))

    @rule(which=st.integers(0, WORKERS - 1), chunk=st.sampled_from([1, 7, 1000]))
    def go_on(self, which: int, chunk: int) -> None:
        self.do(lambda: self.workers[which].take(chunk))

    @rule(which=st.integers(0, WORKERS - 1))
    def die(self, which: int) -> None:
        """Its place is taken by a new one."""
        self.do(lambda: self.workers[which].link.connection_lost(None))
        self.workers[which] = self.do(lambda: Played(self.crew, 100 + self.number, self.limits))

    @rule(seconds=st.sampled_from([1, 5, 11]))
    def time_goes_on(self, seconds: int) -> None:
        self.clock.now += seconds
        for data in self.do(lambda: self.session.expire()):
            self.take(data)

    @rule()
    def reconnect(self) -> None:
        self.do(lambda: self.session.close())
        self.waits.clear()
        self.connect()

    @invariant()
    def what_is_open_is_at_work_with_one_worker(self) -> None:
        assert self.session.in_flight == len(self.waits) == self.metrics.in_flight
        assert sum(worker.link.load[1] for worker in self.workers) == len(self.waits)
        assert all(self.answers[key] <= self.proposed[key] for key in self.answers)

    def teardown(self) -> None:
        for worker in self.workers:
            while worker.inbox:
                self.do(lambda worker=worker: worker.take(1000))
        assert all(self.waits.values()), "a transaction waits for nobody"
        self.do(lambda: self.session.close())
        assert not any(any(worker.link.load) for worker in self.workers)
        self.runner.run(self.crew.close())
        self.runner.close()


AnyOrder.TestCase.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
test_any_order = AnyOrder.TestCase


@given(st.lists(st.binary(max_size=300), max_size=8), st.integers(1, 50))
def test_frames_come_whole_however_their_bytes_come(bodies: list[bytes], chunk: int) -> None:
    data = b"".join(framed(READY, number, body, number) for number, body in enumerate(bodies))
    splitter = Splitter()
    found = [frame for start in range(0, len(data), chunk) for frame in splitter.feed(data[start : start + chunk])]
    assert [(frame.number, frame.status, frame.body) for frame in found] == [
        (number, number, body) for number, body in enumerate(bodies)
    ]
