"""Connections of one process to one file share one `EmbeddedNetwork`: one writer per event loop, one set of caches.

It is opened, and founded where the file is new, on a thread of its own: keys, a slow disk and the modules of contracts
take seconds, and whoever connects may have an event loop to keep going.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hlf_client._clock import Clock
from hlf_client.embedded.definition import HostedConsortium

if TYPE_CHECKING:
    from hlf_client.embedded._network import EmbeddedNetwork

__all__ = ["Opened", "Place", "acquire"]


@dataclass(frozen=True, slots=True)
class Place:
    """Which ledger, and how it is opened. `path` None is in memory; `name` tells such ones apart."""

    path: Path | None
    name: str
    strict: bool
    clock: Clock
    consortium: HostedConsortium


class Opened:
    """A network that is open, or being opened. Each `acquire` is ended by one `release` or `forsake`."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._users = 1
        self._future: Future[EmbeddedNetwork] = Future()

    @property
    def is_ready(self) -> bool:
        """Whether `wait` would not wait."""
        return self._future.done()

    def wait(self) -> EmbeddedNetwork:
        """The network, waited for by this thread. Raises what kept it from being opened."""
        return self._future.result()

    async def network(self) -> EmbeddedNetwork:
        """The network. Whoever stops waiting stops nobody else's opening."""
        return await asyncio.shield(asyncio.wrap_future(self._future))

    async def release(self) -> None:
        """The last one closes it; what is being founded is founded first."""
        if not self._leave():
            return
        try:
            network = await self.network()
        except asyncio.CancelledError:
            self._future.add_done_callback(_close_now)
            raise
        except Exception:  # told to those who waited for it
            return
        await network.close()

    def forsake(self) -> None:
        """As `release`, without waiting: for who has asked nothing of it yet and may be outside an event loop."""
        if self._leave():
            self._future.add_done_callback(_close_now)

    def _leave(self) -> bool:
        """Whether nobody uses it any more."""
        with _lock:
            self._users -= 1
            if self._users == 0 and _shared.get(self._place) is self:
                del _shared[self._place]
            return self._users == 0

    def join(self) -> None:
        """One more uses it; the lock is held."""
        self._users += 1

    def open(self) -> None:
        """Do the work, on a thread of its own. A failure is everyone's who waits; who comes later tries again."""
        try:
            from hlf_client.embedded._opening import open_network  # with it what the first call needs

            place = self._place
            network = open_network(place.path, place.consortium, strict=place.strict, clock=place.clock)
        except BaseException as error:
            with _lock:
                if _shared.get(self._place) is self:
                    del _shared[self._place]
            self._future.set_exception(error)
        else:
            self._future.set_result(network)


_lock: Final = threading.Lock()
_shared: Final[dict[Place, Opened]] = {}


def acquire(place: Place) -> Opened:
    """The network at a place; the first who asks has it opened."""
    with _lock:
        opened = _shared.get(place)
        if opened is not None:
            opened.join()
            return opened
        opened = _shared[place] = Opened(place)
    threading.Thread(target=opened.open, name="hlf-opening").start()
    return opened


def _close_now(opening: Future[EmbeddedNetwork]) -> None:
    if opening.exception() is None:
        opening.result().close_now()
