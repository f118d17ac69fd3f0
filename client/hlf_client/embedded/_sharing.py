"""Connections of one process to one file share one `EmbeddedNetwork`: one writer per event loop, one set of caches."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hlf_client._clock import Clock
from hlf_client.embedded._network import EmbeddedNetwork
from hlf_client.embedded.definition import HostedConsortium

__all__ = ["Place", "acquire", "forsake", "release"]


@dataclass(frozen=True, slots=True)
class Place:
    """Which ledger, and how it is opened. `path` None is in memory; `name` tells such ones apart."""

    path: Path | None
    name: str
    strict: bool
    clock: Clock
    consortium: HostedConsortium


_lock: Final = threading.Lock()
_shared: Final[dict[Place, tuple[EmbeddedNetwork, int]]] = {}


def acquire(place: Place) -> EmbeddedNetwork:
    """The network at a place, opened by the first who asks. Each `acquire` is ended by one `release`."""
    with _lock:
        network, users = _shared.get(place, (None, 0))
        if network is None:
            network = EmbeddedNetwork.open(place.path, place.consortium, strict=place.strict, clock=place.clock)
        _shared[place] = (network, users + 1)
        return network


async def release(place: Place) -> None:
    """The last one closes it."""
    if (network := _leave(place)) is not None:
        await network.close()


def forsake(place: Place) -> None:
    """As `release`, for who has asked nothing of it yet and may be outside an event loop."""
    if (network := _leave(place)) is not None:
        network.close_now()


def _leave(place: Place) -> EmbeddedNetwork | None:
    """The network that nobody uses any more."""
    with _lock:
        network, users = _shared[place]
        if users > 1:
            _shared[place] = (network, users - 1)
            return None
        del _shared[place]
        return network
