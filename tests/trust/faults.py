"""Faults of a running network, as Docker can make them: a container killed, frozen, or cut off from the others.

Each ends in `finally`: the container runs again, is on its network again, and is well, before a test goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from hlf_network.driver import Network
from hlf_network.engine.docker import ContainerState, Engine, wait_until_healthy, wait_until_listening
from hlf_network.engine.nodes import CHAINCODE_PORT, Container, node_containers
from hlf_network.engine.ports import PortBook

__all__ = ["Fault", "Strike", "Target", "Targets", "legal_pairs"]


class Fault(StrEnum):
    KILLED = "killed"
    """SIGKILL, and started again from what its disk has."""
    PAUSED = "paused"
    """Frozen: connections stand, nobody answers."""
    CUT_OFF = "cut off"
    """Off the network: neither members nor clients reach it."""


@dataclass(frozen=True, slots=True)
class Target:
    """A container that can be struck."""

    container: str
    kind: str
    organization: str

    def __str__(self) -> str:
        return f"{self.organization}'s {self.kind}"


@dataclass(frozen=True, slots=True)
class Strike:
    """A fault of one container."""

    target: Target
    fault: Fault

    def __str__(self) -> str:
        return f"{self.target} {self.fault}"


def legal_pairs(targets: Sequence[Target]) -> list[tuple[Target, Target]]:
    """What may fail together: a raft of three orderers stands the loss of one."""
    return [(one, other) for one, other in combinations(targets, 2) if not one.kind == other.kind == "orderer"]


class Targets:
    """The containers of a running network, and the strikes upon them."""

    def __init__(self, network: Network, engine: Engine) -> None:
        ports = PortBook.open(network.layout.ports, network.consortium)
        self._nodes = {node.name: node for node in node_containers(network.consortium, network.layout, ports)}
        self._engine = engine
        self._network = network.consortium.name
        self.all = tuple(_target(state) for state in engine.containers())

    @classmethod
    @contextmanager
    def of(cls, network: Network) -> Iterator[Targets]:
        engine = Engine.connect(network.consortium.name)
        try:
            yield cls(network, engine)
        finally:
            engine.close()

    @asynccontextmanager
    async def struck(self, *strikes: Strike) -> AsyncIterator[None]:
        """All strikes at once for the length of the block; afterwards everything is well again."""
        async with AsyncExitStack() as stack:
            for strike in strikes:
                stack.push_async_callback(asyncio.to_thread, self._mend, strike)
                await asyncio.to_thread(self._strike, strike)
            yield
        await asyncio.gather(*(asyncio.to_thread(self._wait, strike.target) for strike in strikes))

    def _strike(self, strike: Strike) -> None:
        container = self._engine.client.containers.get(strike.target.container)
        match strike.fault:
            case Fault.KILLED:
                container.kill()
            case Fault.PAUSED:
                container.pause()
            case Fault.CUT_OFF:
                self._engine.client.networks.get(self._network).disconnect(container)

    def _mend(self, strike: Strike) -> None:
        container = self._engine.client.containers.get(strike.target.container)
        match strike.fault:
            case Fault.KILLED:
                container.start()
            case Fault.PAUSED:
                container.unpause()
            case Fault.CUT_OFF:
                host = container.attrs["Config"]["Hostname"]
                self._engine.client.networks.get(self._network).connect(container, aliases=[host])

    def _wait(self, target: Target) -> None:
        node = self._nodes.get(target.container)
        if node is not None:
            wait_until_healthy(self._engine, node)
        else:
            server = Container(target.container, target.kind, target.organization, image="", hostname="")
            wait_until_listening(self._engine, server, CHAINCODE_PORT)


def _target(state: ContainerState) -> Target:
    return Target(state.name, state.kind, state.organization)
