"""The server's side of one worker: what it was asked and has not answered, and whose transactions are with it."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol, cast

from hlf_chaincode.limits import IDLE_FACTOR, Limits
from hlf_chaincode.protos.peer.chaincode_shim_pb2 import ChaincodeMessage
from hlf_chaincode.shim.logs import replay
from hlf_chaincode.shim.stream.answers import Key, Step, encode
from hlf_chaincode.shim.stream.peer import Abilities
from hlf_chaincode.shim.workers.frames import (
    ABORT,
    LOG,
    NOTHING,
    READY,
    REFUSAL,
    REPLY,
    STEP,
    Frame,
    Splitter,
    beginning,
    framed,
)

__all__ = ["Link", "Owner"]

_PATIENCE: Final = 2
"""A worker is stuck when a turn takes so many times what its own watch allows: it hangs where no signal is heard."""


class Owner(Protocol):
    """Who put a transaction with a worker, and hears what came of it."""

    def stepped(self, key: Key, step: Step) -> None: ...

    def lost(self, key: Key) -> None: ...


class Link(asyncio.Protocol):
    """Frames go out in the order of the calls, and their answers come back in it."""

    def __init__(self, process: int, limits: Limits, clock: Callable[[], float], lost: Callable[[Link], None]) -> None:
        self.process = process
        self.is_ready = self.was_ready = False
        self.is_stuck = False
        self.settled = asyncio.Event()
        """It is ready, or has ended before it was."""
        self.at_work: dict[int, tuple[Owner, Key]] = {}
        self._unanswered: deque[int] = deque()
        self._patience = _PATIENCE * IDLE_FACTOR * limits.turn_seconds
        self._clock = clock
        self._since = 0.0
        """When the worker came to the oldest frame that it has not answered."""
        self._lost = lost
        self._splitter = Splitter()

    @property
    def load(self) -> tuple[int, int]:
        """Turns that wait for it, transactions that are with it."""
        return len(self._unanswered), len(self.at_work)

    @property
    def turn(self) -> int | None:
        """The transaction whose turn it is at, if it is at one."""
        return self._unanswered[0] if self._unanswered else None

    def overdue(self) -> bool:
        return bool(self._unanswered) and self._clock() - self._since > self._patience

    # -- to the worker -----------------------------------------------------------------------------------------------

    def begin(self, number: int, owner: Owner, key: Key, message: ChaincodeMessage, abilities: Abilities) -> None:
        self.at_work[number] = owner, key
        self._ask(number, beginning(number, abilities, encode(message)))

    def go_on(self, number: int, payload: bytes, *, refused: bool) -> None:
        self._ask(number, framed(REFUSAL if refused else REPLY, number, payload))

    def abort(self, number: int) -> None:
        del self.at_work[number]
        self._transport.write(framed(ABORT, number))

    def close(self) -> None:
        """The worker ends as soon as it sees it."""
        self._transport.abort()

    def _ask(self, number: int, frame: bytes) -> None:
        if not self._unanswered:
            self._since = self._clock()
        self._unanswered.append(number)
        self._transport.write(frame)

    # -- from the worker ---------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        for frame in self._splitter.feed(data):
            self._take(frame)

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_ready = False
        self.settled.set()
        self._lost(self)

    def _take(self, frame: Frame) -> None:
        if frame.kind == LOG:
            replay(**json.loads(frame.body))
        elif frame.kind == READY:
            self.is_ready = self.was_ready = True
            self.settled.set()
        elif frame.kind == NOTHING or frame.kind == STEP:
            self._unanswered.popleft()
            self._since = self._clock()
            if frame.kind == STEP:
                self._stepped(frame)

    def _stepped(self, frame: Frame) -> None:
        waiting = self.at_work.get(frame.number)
        if waiting is None:  # given up meanwhile
            return
        if frame.status:
            del self.at_work[frame.number]
        owner, key = waiting
        owner.stepped(key, Step(frame.body, frame.status or None))
