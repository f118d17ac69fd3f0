"""Noticing that a peer has gone silent: a machine that lost its power, a network that swallows.

TCP tells nobody, and Fabric's peers take gRPC's own pings once a minute only (they close the connection of who sends
more). So while something is awaited and nothing has come for a while, the peer is asked a question that costs it next
to nothing, on the same connection: that of gRPC's health service. Whatever it answers, also that it has no such
service, it is there. Where nothing is awaited nothing is asked.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Final, Protocol, Self

import grpc
import grpc.aio

__all__ = ["PROBE", "Cancellable", "Pulse", "Silence", "answers"]

PROBE: Final = "/grpc.health.v1.Health/Check"


class Cancellable(Protocol):
    """A call under way."""

    def cancel(self) -> bool: ...


class Silence(Exception):
    """A peer that was awaited has gone silent; said as gRPC says that a connection broke."""

    def code(self) -> grpc.StatusCode:
        return grpc.StatusCode.UNAVAILABLE

    def details(self) -> str:
        return "the peer has gone silent"

    def trailing_metadata(self) -> tuple[()]:
        return ()


class Pulse:
    """One connection's. `ask` says whether the peer answers within so many seconds; `lost` is called where it does not,
    after every call that waits has been cancelled."""

    def __init__(self, silence: float, ask: Callable[[float], Awaitable[bool]], lost: Callable[[], None]) -> None:
        self._silence = silence
        self._ask = ask
        self._lost = lost
        self._waiting: set[Cancellable] = set()
        self._given_up: set[Cancellable] = set()
        self._heard = 0.0
        self._task: asyncio.Task[None] | None = None

    def heard(self) -> None:
        """Something came."""
        self._heard = time.monotonic()

    def awaiting(self, call: Cancellable) -> _Awaited:
        """The call is awaited in the block; raises `Silence` where it was given up."""
        return _Awaited(self, call)

    def begin(self, call: Cancellable) -> None:
        self._waiting.add(call)
        if self._task is None and self._silence < math.inf:
            self._task = asyncio.get_running_loop().create_task(self._watch(), name="pulse")

    def end(self, call: Cancellable) -> bool:
        """The call is awaited no more; whether it was given up."""
        self._waiting.discard(call)
        was_given_up = call in self._given_up
        self._given_up.discard(call)
        return was_given_up

    def stop(self) -> None:
        """Watch no more."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _watch(self) -> None:
        """A third of the time is given to whatever comes by itself, the rest to the question's answer."""
        quiet = self._silence / 3
        self.heard()
        try:
            while self._waiting:
                await asyncio.sleep(quiet)
                since_heard = time.monotonic() - self._heard
                if self._waiting and since_heard >= quiet and not await self._ask(self._silence - quiet):
                    self._give_up()
        finally:
            self._task = None

    def _give_up(self) -> None:
        for call in self._waiting:
            self._given_up.add(call)
            call.cancel()
        self._waiting.clear()
        self._lost()


class _Awaited:
    """A class and not a generator: this is in the way of every call."""

    __slots__ = ("_call", "_pulse")

    def __init__(self, pulse: Pulse, call: Cancellable) -> None:
        self._pulse = pulse
        self._call = call

    def __enter__(self) -> Self:
        self._pulse.begin(self._call)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        given_up = self._pulse.end(self._call)
        if kind is None or isinstance(error, grpc.aio.AioRpcError):
            self._pulse.heard()
        if given_up and isinstance(error, asyncio.CancelledError | grpc.aio.AioRpcError):
            task = asyncio.current_task()
            if task is None or not task.cancelling():
                raise Silence from error


async def answers(channel: grpc.aio.Channel, seconds: float) -> bool:
    """Whether the node at the other end says anything in this time."""
    ask: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(PROBE)
    try:
        await ask(b"", timeout=seconds)
    except grpc.aio.AioRpcError as error:
        return error.code() is not grpc.StatusCode.DEADLINE_EXCEEDED  # a broken connection ends its calls by itself
    return True
