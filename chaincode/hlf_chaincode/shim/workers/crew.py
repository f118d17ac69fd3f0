"""A server's workers: who takes a transaction, and what becomes of it when a worker dies."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections.abc import Callable
from itertools import count
from typing import Final, Protocol

from hlf_chaincode.errors import FabricError
from hlf_chaincode.limits import Limits
from hlf_chaincode.peer import Response
from hlf_chaincode.protos.peer.chaincode_shim_pb2 import ChaincodeMessage
from hlf_chaincode.shim.metrics import Metrics
from hlf_chaincode.shim.stream.answers import TIMED_OUT, Answer, Key, Step, ended
from hlf_chaincode.shim.stream.peer import Abilities
from hlf_chaincode.shim.stream.session import Unavailable
from hlf_chaincode.shim.workers.link import Link

__all__ = ["Crew", "Forks", "Remote", "Stream"]

_log = logging.getLogger("hlf_chaincode")

_PAUSE_SECONDS: Final = 1.0
"""Before another worker is tried where one could not be started. One that dies at work is replaced at once."""
_GONE: Final = "the worker has ended"


class Forks(Protocol):
    """Where workers come from."""

    async def fork(self) -> tuple[int, socket.socket]:
        """A new worker's process, and our end of its connection. Raises `FabricError`."""
        ...

    def kill(self, process: int) -> None: ...

    async def close(self) -> None: ...


class Stream(Protocol):
    """Where a stream's steps go."""

    def stepped(self, key: Key, step: Step) -> None: ...

    def lost(self, key: Key, why: str) -> None: ...


class Remote:
    """The `Runner` of one stream: each transaction is with one worker from its beginning to its end."""

    def __init__(self, crew: Crew, stream: Stream) -> None:
        self._crew = crew
        self._stream = stream
        self._with: dict[Key, tuple[Link, int]] = {}

    def begin(self, name: Key, message: ChaincodeMessage, abilities: Abilities) -> None:
        link, number = self._crew.pick(), self._crew.number()
        self._with[name] = link, number
        link.begin(number, self, name, message, abilities)

    def go_on(self, name: Key, payload: bytes, *, refused: bool) -> None:
        link, number = self._with[name]
        link.go_on(number, payload, refused=refused)

    def abort(self, name: Key) -> None:
        link, number = self._with.pop(name)
        link.abort(number)

    def stepped(self, key: Key, step: Step) -> None:
        if step.status is not None:
            del self._with[key]
        self._stream.stepped(key, step)

    def lost(self, key: Key) -> None:
        """Its worker died at another's turn."""
        del self._with[key]
        self._stream.lost(key, _GONE)


class Crew:
    """So many workers, started again when they end. `check` now and then. Belongs to the event loop that starts it."""

    def __init__(
        self, size: int, forks: Forks, limits: Limits, metrics: Metrics, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._size = size
        self._limits = limits
        self._metrics = metrics
        self._clock = clock
        self._forks = forks
        self._links: set[Link] = set()
        self._numbers = count(1)
        self._starting: set[asyncio.Task[None]] = set()
        self._closing = False

    @property
    def is_ready(self) -> bool:
        return any(link.is_ready for link in self._links)

    @property
    def processes(self) -> list[int]:
        return [link.process for link in self._links]

    async def start(self) -> None:
        """Returns when all are ready. Raises `FabricError` when one cannot be started."""
        try:
            for _ in range(self._size):
                if not await self._begin():
                    raise FabricError("a worker has ended before it was ready: its last words are on standard error")
        except FabricError:
            await self.close()
            raise

    async def close(self) -> None:
        """End the workers; what is with them is not answered any more."""
        self._closing = True
        for task in self._starting:
            task.cancel()
        await asyncio.gather(*self._starting, return_exceptions=True)
        for link in list(self._links):
            link.close()
        await self._forks.close()

    def add(self, process: int) -> Link:
        """A worker that has been started, as the protocol of its connection."""
        link = Link(process, self._limits, self._clock, self._lost)
        self._links.add(link)
        return link

    def pick(self) -> Link:
        """Who has the least to do. Raises `Unavailable`."""
        ready = [link for link in self._links if link.is_ready]
        if not ready:
            raise Unavailable("no worker is ready")
        return min(ready, key=_load)

    def number(self) -> int:
        """A new transaction's, unlike a peer's id never used again."""
        return next(self._numbers)

    def check(self) -> None:
        """Put an end to workers that hang where their own watch does not reach."""
        for link in self._links:
            if not link.is_stuck and link.overdue():
                link.is_stuck = True
                self._forks.kill(link.process)

    async def _begin(self) -> bool:
        process, connection = await self._forks.fork()
        link = self.add(process)
        await asyncio.get_running_loop().create_connection(lambda: link, sock=connection)
        await link.settled.wait()
        self._count()
        return link.is_ready

    # -- ends --------------------------------------------------------------------------------------------------------

    def _lost(self, link: Link) -> None:
        self._links.discard(link)
        self._count()
        if self._closing:
            return
        self._metrics.workers_lost += 1
        turn = link.turn
        for number, (remote, key) in list(link.at_work.items()):
            if number == turn:
                remote.stepped(key, self._broken(key, stuck=link.is_stuck))
            else:
                remote.lost(key)
        task = asyncio.create_task(self._replace(0.0 if link.was_ready else _PAUSE_SECONDS))
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    def _broken(self, key: Key, *, stuck: bool) -> Step:
        """The answer to the transaction at whose turn a worker died: another peer's would die of it too."""
        if stuck:
            error = FabricError("the contract computed for too long, and its worker was ended: ask for less at once")
            return ended(key, Answer(Response(TIMED_OUT, error.to_message())))
        incident = key[1][:16]
        _log.error("incident %s on channel %s: the worker ended at its turn", incident, key[0])
        error = FabricError(f"the contract failed; tell its operator incident {incident}", incident=incident)
        return ended(key, Answer(Response(error.status, error.to_message())))

    async def _replace(self, pause: float) -> None:
        while True:
            await asyncio.sleep(pause)
            try:
                await self._begin()
            except FabricError as error:
                _log.error("%s", error.message)
                pause = _PAUSE_SECONDS
            else:
                return

    def _count(self) -> None:
        self._metrics.workers = sum(link.is_ready for link in self._links)


def _load(link: Link) -> tuple[int, int]:
    return link.load
