"""One peer's stream as a protocol without I/O: messages in, messages out.

    we: REGISTER    peer: REGISTERED, READY    then    peer: TRANSACTION ...    we: requests, one at a time, COMPLETED

Transactions run side by side, each known by channel and id: a call from another channel comes with the same id. A peer
may leave and come back at any time; every stream begins anew with REGISTER.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from google.protobuf.message import DecodeError

from hlf_chaincode.contract import Chaincode
from hlf_chaincode.errors import FabricError, InvalidDocument
from hlf_chaincode.limits import Limits
from hlf_chaincode.peer import Response
from hlf_chaincode.protos.peer.chaincode_event_pb2 import ChaincodeEvent
from hlf_chaincode.protos.peer.chaincode_pb2 import ChaincodeAdditionalParams, ChaincodeID
from hlf_chaincode.protos.peer.chaincode_shim_pb2 import ChaincodeMessage
from hlf_chaincode.protos.peer.proposal_response_pb2 import Response as WireResponse
from hlf_chaincode.shim.metrics import Metrics
from hlf_chaincode.shim.stream.conversation import TIMED_OUT, Answer, Conversation
from hlf_chaincode.shim.stream.peer import Abilities
from hlf_chaincode.shim.stream.proposal import transaction_of
from hlf_chaincode.shim.stream.refusal import refusal
from hlf_chaincode.shim.stream.request import Request
from hlf_chaincode.shim.stream.watchdog import Watchdog
from hlf_chaincode.shim.stream.watching import Handling, watcher

__all__ = ["Host", "Session"]

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

    def function_of(self, arguments: Sequence[bytes]) -> str:
        """The called function, if the chaincode has it: what a caller sends gets neither into logs nor into labels."""
        return self._functions.get(arguments[0], "unknown") if arguments else "unknown"


@dataclass(frozen=True, slots=True)
class _Running:
    conversation: Conversation
    function: str
    since: float
    watched: Handling | None


class Session:
    """Give it each message as it comes; it gives the messages to send. `expire` now and then, `close` at the end."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._running: dict[tuple[str, str], _Running] = {}
        self._abilities = Abilities()
        self._draining = False

    @property
    def in_flight(self) -> int:
        return len(self._running)

    def greeting(self) -> bytes:
        """The first message: who we are, by package id."""
        name = ChaincodeID(name=self._host.package_id).SerializeToString()
        return _encode(ChaincodeMessage(type=ChaincodeMessage.REGISTER, payload=name))

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
            return self._go_on(message)
        if kind == ChaincodeMessage.TRANSACTION:
            return self._begin(message)
        return self._other(kind, message, data)

    def expire(self) -> list[bytes]:
        """The answers to transactions that took too long."""
        late: list[bytes] = []
        before = self._host.clock() - self._host.limits.transaction_seconds
        while self._running:  # the oldest is the first
            key = next(iter(self._running))
            if self._running[key].since > before:
                break
            late.append(self._finish(key, self._running[key].conversation.time_out()))
        return late

    def drain(self) -> None:
        """Begin no more transactions; those at work go on."""
        self._draining = True

    def close(self) -> None:
        """The peer has gone: end every contract where it stands."""
        for key in list(self._running):
            running = self._running.pop(key)
            running.conversation.abort()
            self._count(running, "aborted")

    # -- messages --------------------------------------------------------------------------------------------------

    def _other(self, kind: int, message: ChaincodeMessage, data: bytes) -> bytes | None:
        if kind == ChaincodeMessage.KEEPALIVE:
            return data
        if kind == ChaincodeMessage.READY:
            self._abilities = _abilities(message.payload)
        elif kind == ChaincodeMessage.INIT:
            error = InvalidDocument("this chaincode has no Init: approve its definition without --init-required")
            return _completed(message.channel_id, message.txid, Answer(Response(error.status, error.to_message())))
        elif kind != ChaincodeMessage.REGISTERED:
            _log.warning("a message of type %d is not expected and is left out", kind)
        return None

    def _begin(self, message: ChaincodeMessage) -> bytes:
        key = (message.channel_id, message.txid)
        host = self._host
        earlier = self._running.pop(key, None)
        if earlier is not None:  # the peer has given it up, and its client tries again
            earlier.conversation.abort()
            self._count(earlier, "aborted")
        if self._draining or len(self._running) >= host.limits.transactions:
            host.metrics.transactions["unknown", "refused"] += 1
            return _turned_away(key, "the chaincode server is stopping" if self._draining else "too many transactions")
        now = host.clock()
        try:
            transaction = transaction_of(message)
        except InvalidDocument as error:
            host.metrics.answered("unknown", "error", 0.0)
            return _completed(*key, Answer(Response(error.status, error.to_message())))
        conversation = Conversation(host.chaincode, transaction, self._abilities, host.limits, host.watchdog)
        function, watching = host.function_of(transaction.arguments), watcher()
        watched = None if watching is None else watching.begin(host.package_id, *key, function)
        self._running[key] = _Running(conversation, function, now, watched)
        host.metrics.in_flight += 1
        return self._sent(key, conversation.start())

    def _go_on(self, message: ChaincodeMessage) -> bytes | None:
        key = (message.channel_id, message.txid)
        running = self._running.get(key)
        if running is None:  # it was answered or given up meanwhile
            return None
        if message.type == ChaincodeMessage.RESPONSE:
            return self._sent(key, running.conversation.reply(message.payload))
        return self._sent(key, running.conversation.refuse(refusal(message.payload)))

    def _sent(self, key: tuple[str, str], step: Request | Answer) -> bytes:
        if isinstance(step, Answer):
            return self._finish(key, step)
        watched = self._running[key].watched
        if watched is not None:
            watched.asks()
        return _encode(ChaincodeMessage(type=step.kind, payload=step.payload, channel_id=key[0], txid=key[1]))

    def _finish(self, key: tuple[str, str], answer: Answer) -> bytes:
        running = self._running.pop(key)
        status = answer.response.status
        self._count(running, _outcome(status))
        if status >= FabricError.status or _log.isEnabledFor(logging.DEBUG):
            _log.log(
                logging.WARNING if status >= FabricError.status else logging.DEBUG,
                "%s answered with status %d",
                running.function,
                status,
                extra={"channel": key[0], "transaction": key[1]},
            )
        return _completed(*key, answer)

    def _count(self, running: _Running, outcome: str) -> None:
        self._host.metrics.in_flight -= 1
        if running.watched is not None:
            running.watched.end(outcome)
        self._host.metrics.answered(running.function, outcome, self._host.clock() - running.since)


def _outcome(status: int) -> str:
    if status == TIMED_OUT:
        return "timeout"
    if status >= FabricError.status:
        return "bug"
    return "ok" if 200 <= status < 400 else "error"


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


def _completed(channel: str, transaction_id: str, answer: Answer) -> bytes:
    response = answer.response
    wire = WireResponse(status=response.status, message=response.message, payload=response.payload)
    message = ChaincodeMessage(
        type=ChaincodeMessage.COMPLETED, payload=wire.SerializeToString(), channel_id=channel, txid=transaction_id
    )
    if answer.event is not None:
        name, payload = answer.event
        message.chaincode_event.CopyFrom(ChaincodeEvent(tx_id=transaction_id, event_name=name, payload=payload))
    return _encode(message)


def _turned_away(key: tuple[str, str], why: str) -> bytes:
    """ERROR, not a response: a gateway then asks another peer."""
    payload = f"{why}: try again".encode()
    return _encode(ChaincodeMessage(type=ChaincodeMessage.ERROR, payload=payload, channel_id=key[0], txid=key[1]))


def _encode(message: ChaincodeMessage) -> bytes:
    data: bytes = message.SerializeToString()
    return data
