"""The gateway peers of an organisation: any of them may be asked, and the one that answered last is asked first."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, TypeAlias, cast

import grpc
import grpc.aio
from google.protobuf.message import Message

from hlf_chaincode.protos.gateway.gateway_pb2_grpc import GatewayStub
from hlf_chaincode.protos.peer.events_pb2_grpc import DeliverStub
from hlf_client.errors import InvalidDocument, LedgerUnavailable
from hlf_client.wire.endpoint import Endpoint

__all__ = ["Call", "Line", "Peers"]

Call: TypeAlias = Callable[..., grpc.aio.UnaryUnaryCall[Message, Message]]


class Line:
    """The connection to one gateway peer, opened when it is first used."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint: Final = endpoint
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
            self._channel = self.endpoint.open()
        return self._channel

    async def close(self) -> None:
        channel = self._channel
        self._channel = self._gateway = self._deliver = None
        self._closed = True
        if channel is not None and not _process.is_orphan:
            await channel.close()


class Peers:
    """An organisation's gateway peers."""

    def __init__(self, endpoints: Sequence[Endpoint]) -> None:
        if not endpoints:
            raise InvalidDocument("there is no gateway peer to connect to", field="peers", reason="none")
        self._lines = tuple(Line(endpoint) for endpoint in endpoints)
        self._current = 0
        self._closed = False

    @property
    def current(self) -> Line:
        """The peer that is asked first."""
        return self._lines[self._current]

    def in_turn(self) -> Sequence[Line]:
        """Every peer, in the order in which they are asked now."""
        at = self._current
        return self._lines[at:] + self._lines[:at] if at else self._lines

    def turn_from(self, line: Line) -> None:
        """Ask another peer first, unless that has been settled meanwhile."""
        if self.current is line:
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
