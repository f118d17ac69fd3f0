"""The gateway peers of an organisation: any of them may be asked; which one first, a rule says (`Balance`)."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Final, TypeAlias, cast

import grpc
import grpc.aio
from google.protobuf.message import Message

from hlf_chaincode.protos.gateway.gateway_pb2_grpc import GatewayStub
from hlf_chaincode.protos.peer.events_pb2_grpc import DeliverStub
from hlf_client.errors import InvalidDocument, LedgerUnavailable
from hlf_client.gateway._pulse import Pulse, answers
from hlf_client.wire.endpoint import Endpoint
from hlf_client.wire.timeouts import BALANCES, SILENCE, Balance

__all__ = ["Call", "Line", "Peers"]

_REST: Final = 5.0
"""Seconds for which a peer that did not answer is asked last, where calls are balanced."""
_openings: Final = count(1)

Call: TypeAlias = Callable[..., grpc.aio.UnaryUnaryCall[Message, Message]]


class Line:
    """The connection to one gateway peer, opened when it is first used."""

    def __init__(self, endpoint: Endpoint, silence: float) -> None:
        self.endpoint: Final = endpoint
        self.outstanding = 0
        self.rests_until = 0.0
        self.pulse: Final = Pulse(silence, self._answers, self._lost)
        self._opened = 0
        self._ending: set[asyncio.Task[None]] = set()
        self._channel: grpc.aio.Channel | None = None
        self._gateway: GatewayStub | None = None
        self._deliver: DeliverStub | None = None
        self._closed = False

    @property
    def gateway(self) -> GatewayStub:
        """The gateway service. Raises `LedgerUnavailable` when the connection was closed, or was another process's."""
        if self._gateway is None or _process.is_orphan:
            self._gateway = GatewayStub(self._open())
        return self._gateway

    @property
    def deliver(self) -> DeliverStub:
        """The service that delivers blocks. Raises as `gateway` does."""
        if self._deliver is None or _process.is_orphan:
            self._deliver = DeliverStub(self._open())
        return self._deliver

    def method(self, name: str) -> Call:
        """One of the gateway's calls."""
        return cast("Call", getattr(self.gateway, name))

    def _open(self) -> grpc.aio.Channel:
        if self._closed:
            raise LedgerUnavailable("this connection was closed: connect again")
        _process.use()
        if self._channel is None:
            self._channel = self.endpoint.open(self._opened)
        return self._channel

    async def _answers(self, seconds: float) -> bool:
        return self._channel is None or await answers(self._channel, seconds)

    def _lost(self) -> None:
        """The peer has gone silent: what is asked next goes by another connection."""
        channel = self._channel
        self._channel = self._gateway = self._deliver = None
        self._opened = next(_openings)  # or gRPC would go on with the silent one, which others here may still hold
        if channel is not None:
            ending = asyncio.get_running_loop().create_task(channel.close())
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)

    async def close(self) -> None:
        channel = self._channel
        self._channel = self._gateway = self._deliver = None
        self._closed = True
        self.pulse.stop()
        if channel is not None and not _process.is_orphan:
            await channel.close()


class Peers:
    """An organisation's gateway peers."""

    def __init__(
        self, endpoints: Sequence[Endpoint], *, balance: Balance = "failover", silence: float = SILENCE
    ) -> None:
        if not endpoints:
            raise InvalidDocument("there is no gateway peer to connect to", field="peers", reason="none")
        if balance not in BALANCES:
            reason = f"is none of {', '.join(BALANCES)}"
            raise InvalidDocument(f"balance {reason}", field="balance", reason=reason)
        self._lines = tuple(Line(endpoint, silence) for endpoint in endpoints)
        self._balance = balance
        self._current = 0
        self._closed = False

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Where they are, in the profile's order."""
        return tuple(line.endpoint for line in self._lines)

    @property
    def current(self) -> Line:
        """The peer of the next stream."""
        return self.in_turn()[0]

    def in_turn(self) -> Sequence[Line]:
        """Every peer, in the order in which this call asks them."""
        at, lines = self._current, self._lines
        if len(lines) == 1:
            return lines
        if self._balance == "failover":
            return lines[at:] + lines[:at] if at else lines
        now = time.monotonic()
        awake = [line for line in lines if line.rests_until <= now]
        resting = [line for line in lines if line.rests_until > now]
        self._current = at + 1
        turn = at % len(awake) if awake else 0
        turned = awake[turn:] + awake[:turn]
        if self._balance == "least_outstanding":
            turned.sort(key=lambda line: line.outstanding)  # keeps the turn among equals
        return turned + resting

    def turn_from(self, line: Line) -> None:
        """Ask another peer first, unless that has been settled meanwhile."""
        line.rests_until = time.monotonic() + _REST
        if self._balance == "failover" and self._lines[self._current] is line:
            self._current = (self._current + 1) % len(self._lines)

    @contextmanager
    def open_while(self, doing: str) -> Iterator[None]:
        """What gRPC cancels because these connections are closed ends as `LedgerUnavailable`; a cancelled task as it
        is."""
        try:
            yield
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if not self._closed or (task is not None and task.cancelling()):
                raise
            raise LedgerUnavailable(f"{doing}: the connection was closed meanwhile") from None

    async def close(self) -> None:
        """Close every connection."""
        self._closed = True
        for line in self._lines:
            await line.close()


class _Process:
    """Whether gRPC can be used in this process: its threads do not live on in a fork, where a call would crash."""

    def __init__(self) -> None:
        self._used = False
        self.is_orphan = False

    def use(self) -> None:
        if self.is_orphan:
            raise LedgerUnavailable(
                "this process was forked from one that had already called a gateway, which gRPC does not survive: make "
                "the first call after the fork (gunicorn: in the worker; multiprocessing: by the method spawn)"
            )
        self._used = True

    def forked(self) -> None:
        self.is_orphan = self._used


_process: Final = _Process()
os.register_at_fork(after_in_child=_process.forked)
