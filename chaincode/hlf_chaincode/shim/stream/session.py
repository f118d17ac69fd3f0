"""One peer's stream as a protocol without I/O: messages in, messages out.

    we: REGISTER    peer: REGISTERED, READY    then    peer: TRANSACTION ...    we: requests, one at a time, COMPLETED

Transactions run side by side, each known by channel and id: a call from another channel comes with the same id. A peer
may leave and come back at any time; every stream begins anew with REGISTER. Contracts run behind `Runner`: in this
process, or in workers whose answers come later.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from google.protobuf.message import DecodeError

from hlf_chaincode.contract import Chaincode
from hlf_chaincode.errors import FabricError, InvalidDocument
from hlf_chaincode.limits import Limits
from hlf_chaincode.peer import Response
from hlf_chaincode.protos.peer.chaincode_pb2 import ChaincodeAdditionalParams, ChaincodeID, ChaincodeInput
from hlf_chaincode.protos.peer.chaincode_shim_pb2 import ChaincodeMessage
from hlf_chaincode.shim.metrics import Metrics
from hlf_chaincode.shim.stream.answers import TIMED_OUT, Answer, Key, Step, encode, ended, outcome_of, turned_away
from hlf_chaincode.shim.stream.peer import Abilities
from hlf_chaincode.shim.stream.watchdog import Watchdog
from hlf_chaincode.shim.stream.watching import Handling, watcher
from hlf_chaincode.shim.stream.work import Work

__all__ = ["Host", "Runner", "Session", "Unavailable"]

_log = logging.getLogger("hlf_chaincode")

_TYPES: Final[dict[int, str]] = {number: name for name, number in ChaincodeMessage.Type.items()}


class Host:
    """What all sessions of a server share: the chaincode, its limits, counters, the watch over it, a clock."""

    def __init__(
        self,
        chaincode: Chaincode,
        package_id: str,
        *,
        limits: Limits,
        metrics: Metrics,
        watchdog: Watchdog,
        clock: Callable[[], float],
    ) -> None:
        self.chaincode = chaincode
        self.package_id = package_id
        self.limits = limits
        self.metrics = metrics
        self.watchdog = watchdog
        self.clock = clock
        self._functions = chaincode.functions

    def function_of(self, payload: bytes) -> str:
        """The called function, if the chaincode has it: what a caller sends gets neither into logs nor into labels."""
        try:
            arguments = ChaincodeInput.FromString(payload).args
        except DecodeError:
            return "unknown"
        return self._functions.get(arguments[0], "unknown") if arguments else "unknown"


class Unavailable(Exception):
    """Nobody is there who could run a contract just now."""


class Runner(Protocol):
    """Who runs a stream's contracts. A step that is not there at once comes to `Session.stepped` later, in order."""

    def begin(self, name: Key, message: ChaincodeMessage, abilities: Abilities) -> Step | None:
        """Raises `Unavailable`."""
        ...

    def go_on(self, name: Key, payload: bytes, *, refused: bool) -> Step | None: ...

    def abort(self, name: Key) -> None: ...


@dataclass(frozen=True, slots=True)
class _Running:
    function: str
    since: float
    watched: Handling | None


class Session:
    """Give it each message as it comes; it gives the messages to send. `expire` now and then, `close` at the end."""

    def __init__(self, host: Host, runner: Runner | None = None) -> None:
        """Without a runner contracts run here, within `receive`."""
        self._host = host
        self._runner: Runner = runner or Work[Key](host.chaincode, host.limits, host.watchdog)
        self._running: dict[Key, _Running] = {}
        self._ids: Counter[str] = Counter()
        """How many of those at work have an id: a nested call has its caller's, on another channel."""
        self._abilities = Abilities()
        self._draining = False

    @property
    def in_flight(self) -> int:
        return len(self._running)

    def greeting(self) -> bytes:
        """The first message: who we are, by package id."""
        name = ChaincodeID(name=self._host.package_id).SerializeToString()
        return encode(ChaincodeMessage(type=ChaincodeMessage.REGISTER, payload=name))

    def receive(self, data: bytes) -> bytes | None:
        """Take one message of the peer; the message to send back, if any. Never raises for what a peer sent."""
        try:
            message = ChaincodeMessage.FromString(data)
        except DecodeError:
            self._host.metrics.messages["unreadable"] += 1
            _log.warning("a message of %d bytes cannot be read and is left out", len(data))
            return None
        kind: int = message.type
        self._host.metrics.messages[_TYPES.get(kind, "unreadable")] += 1
        if kind == ChaincodeMessage.RESPONSE or kind == ChaincodeMessage.ERROR:
            key = (message.channel_id, message.txid)
            if key not in self._running:  # it was answered or given up meanwhile
                return None
            step = self._runner.go_on(key, message.payload, refused=kind == ChaincodeMessage.ERROR)
            return None if step is None else self.stepped(key, step)
        if kind == ChaincodeMessage.TRANSACTION:
            return self._begin(message)
        return self._other(kind, message, data)

    def stepped(self, key: Key, step: Step) -> bytes:
        """A turn of a transaction at work has come to this; the message to send."""
        if step.status is not None:
            self._finish(key, step.status)
        elif (watched := self._running[key].watched) is not None:
            watched.asks()
        return step.data

    def lost(self, key: Key, why: str) -> bytes:
        """Who ran it has gone, for no fault of this transaction; the message to send."""
        self._end(key, "aborted")
        return turned_away(key, why)

    def expire(self) -> list[bytes]:
        """The answers to transactions that took too long."""
        late: list[bytes] = []
        limits = self._host.limits
        before = self._host.clock() - limits.transaction_seconds
        while self._running:  # the oldest is the first
            key = next(iter(self._running))
            if self._running[key].since > before:
                break
            self._runner.abort(key)
            what = f"the transaction took longer than {limits.transaction_seconds:g} s"
            _log.warning("%s: transaction %s on channel %s", what, key[1][:16], key[0])
            error = FabricError(f"{what}: ask for less at once")
            late.append(self.stepped(key, ended(key, Answer(Response(TIMED_OUT, error.to_message())))))
        return late

    def drain(self) -> None:
        """Begin no more transactions; those at work go on, with the calls that they make of other channels."""
        self._draining = True

    def close(self) -> None:
        """The peer has gone: end every contract where it stands."""
        for key in list(self._running):
            self._give_up(key)

    # -- messages --------------------------------------------------------------------------------------------------

    def _other(self, kind: int, message: ChaincodeMessage, data: bytes) -> bytes | None:
        if kind == ChaincodeMessage.KEEPALIVE:
            return data
        if kind == ChaincodeMessage.READY:
            self._abilities = _abilities(message.payload)
        elif kind == ChaincodeMessage.INIT:
            error = InvalidDocument("this chaincode has no Init: approve its definition without --init-required")
            answer = Answer(Response(error.status, error.to_message()))
            return ended((message.channel_id, message.txid), answer).data
        elif kind != ChaincodeMessage.REGISTERED:
            _log.warning("a message of type %d is not expected and is left out", kind)
        return None

    def _begin(self, message: ChaincodeMessage) -> bytes | None:
        key = (message.channel_id, message.txid)
        host = self._host
        if key in self._running:  # the peer has given it up, and its client tries again
            self._give_up(key)
        if refusal := self._refusal(message.txid):
            host.metrics.transactions["unknown", "refused"] += 1
            return turned_away(key, refusal)
        function, watching = host.function_of(message.payload), watcher()
        watched = None if watching is None else watching.begin(host.package_id, *key, function)
        self._running[key] = _Running(function, host.clock(), watched)
        self._ids[message.txid] += 1
        host.metrics.in_flight += 1
        try:
            step = self._runner.begin(key, message, self._abilities)
        except Unavailable as error:
            self._end(key, "refused")
            return turned_away(key, str(error))
        return None if step is None else self.stepped(key, step)

    def _refusal(self, transaction_id: str) -> str:
        """Why nothing new is begun. What a transaction at work calls is not new: it would wait for itself."""
        if transaction_id in self._ids:
            return ""
        if self._draining:
            return "the chaincode server is stopping"
        return "too many transactions" if len(self._ids) >= self._host.limits.transactions else ""

    def _give_up(self, key: Key) -> None:
        self._runner.abort(key)
        self._end(key, "aborted")

    def _finish(self, key: Key, status: int) -> None:
        function = self._end(key, outcome_of(status))
        if status >= FabricError.status or _log.isEnabledFor(logging.DEBUG):
            _log.log(
                logging.WARNING if status >= FabricError.status else logging.DEBUG,
                "%s answered with status %d",
                function,
                status,
                extra={"channel": key[0], "transaction": key[1]},
            )

    def _end(self, key: Key, outcome: str) -> str:
        """It is at work no more; the function that it called."""
        running = self._running.pop(key)
        if self._ids[key[1]] > 1:
            self._ids[key[1]] -= 1
        else:
            del self._ids[key[1]]
        self._host.metrics.in_flight -= 1
        if running.watched is not None:
            running.watched.end(outcome)
        self._host.metrics.answered(running.function, outcome, self._host.clock() - running.since)
        return running.function


def _abilities(payload: bytes) -> Abilities:
    """What READY offers: nothing on 2.5, whose payload is empty."""
    try:
        offered = ChaincodeAdditionalParams.FromString(payload)
    except DecodeError:
        return Abilities()
    return Abilities(
        writes_at_once=offered.max_size_write_batch if offered.use_write_batch else 0,
        reads_at_once=offered.max_size_get_multiple_keys if offered.use_get_multiple_keys else 0,
    )
