"""One worker for all connections of an event loop: hfc takes half a second to start and 60 MB to keep."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

from hlf_client.hfc._environment import Environment
from hlf_client.hfc._pipe import Pipe

__all__ = ["borrow", "give_back"]


@dataclass(slots=True)
class _Shared:
    pipe: Pipe
    borrowers: int = 0


_shared: Final[MutableMapping[asyncio.AbstractEventLoop, dict[Environment, _Shared]]] = WeakKeyDictionary()


def borrow(environment: Environment) -> Pipe:
    """The running loop's worker of an environment; it is started when it is first called."""
    here = _shared.setdefault(asyncio.get_running_loop(), {})
    shared = here.get(environment)
    if shared is None:
        shared = here[environment] = _Shared(Pipe(environment.command))
    shared.borrowers += 1
    return shared.pipe


async def give_back(environment: Environment) -> None:
    """The last one to give it back ends it."""
    here = _shared.get(asyncio.get_running_loop(), {})
    shared = here.get(environment)
    if shared is None:
        return
    shared.borrowers -= 1
    if shared.borrowers == 0:
        del here[environment]
        await shared.pipe.close()
