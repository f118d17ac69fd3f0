"""Faults: what happens to a network's nodes in bad hours, done to the containers of this one network only."""

from __future__ import annotations

import http.client
import time
from functools import cached_property
from typing import Final

from docker.models.containers import Container as DockerContainer
from tests.fabric.gateway.network import SECONDS, ScenarioNetwork

from hlf_network.engine.docker import wait_until_healthy
from hlf_network.engine.nodes import Container, node_containers
from hlf_network.engine.ports import PortBook

__all__ = ["Faults"]

_LEADER: Final = 'consensus_etcdraft_is_leader{{channel="{channel}"}} 1'


class Faults:
    """Nodes are killed, paused and cut off by name (`peer0.org1`), and `mend` undoes all of it."""

    def __init__(self, scenarios: ScenarioNetwork) -> None:
        self._scenarios = scenarios
        self._name = scenarios.network.consortium.name
        self._killed: set[str] = set()
        self._paused: set[str] = set()
        self._cut: set[str] = set()

    def kill(self, node: str) -> None:
        """End a node as a power cut would."""
        self._killed.add(node)
        self._scenarios.engine.kill(self._nodes[node].name)

    def start(self, node: str) -> None:
        """Start a killed node, and wait until it says that it is well."""
        self._scenarios.engine.start(self._nodes[node].name)
        wait_until_healthy(self._scenarios.engine, self._nodes[node])
        self._killed.discard(node)

    def pause(self, *nodes: str) -> None:
        """Freeze nodes: they keep their connections and answer nothing."""
        for node in nodes:
            self._paused.add(node)
            self._container(node).pause()

    def resume(self, *nodes: str) -> None:
        """Let frozen nodes go on where they were."""
        for node in nodes:
            self._container(node).unpause()
            self._paused.discard(node)

    def cut(self, node: str) -> None:
        """Take a running node off the network: neither clients nor other nodes reach it."""
        self._cut.add(node)
        self._scenarios.engine.client.networks.get(self._name).disconnect(self._container(node))

    def rejoin(self, node: str) -> None:
        """Put a node back on the network under its own name."""
        network = self._scenarios.engine.client.networks.get(self._name)
        network.connect(self._container(node), aliases=[self._nodes[node].hostname])
        self._cut.discard(node)

    def leader(self, channel: str) -> str:
        """The orderer that leads a channel's consensus, when there is one among those that are not frozen."""
        wanted, deadline = _LEADER.format(channel=channel), time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            for owner, orderer in self._scenarios.network.consortium.orderers:
                node = f"{orderer.name}.{owner.name}"
                if node not in self._paused and wanted in self._metrics(node):
                    return node
            time.sleep(0.1)
        raise AssertionError(f"no orderer leads {channel} after {SECONDS:.0f} s")

    async def mend(self) -> None:
        """Undo every fault that is left, and wait until everybody has found everybody again."""
        self.resume(*self._paused)
        for node in list(self._cut):
            self.rejoin(node)
        for node in list(self._killed):
            self.start(node)
        await self._scenarios.settled()

    @cached_property
    def _nodes(self) -> dict[str, Container]:
        network = self._scenarios.network
        ports = PortBook.open(network.layout.ports, network.consortium)
        described = node_containers(network.consortium, network.layout, ports)
        return {node.name.removeprefix(f"{self._name}-"): node for node in described}

    def _container(self, node: str) -> DockerContainer:
        return self._scenarios.engine.client.containers.get(self._nodes[node].name)

    def _metrics(self, node: str) -> list[str]:
        """The lines that a node's operations endpoint shows."""
        described = self._nodes[node]
        assert described.operations is not None
        connection = http.client.HTTPConnection(described.operations[0], described.operations[1], timeout=5)
        try:
            connection.request("GET", "/metrics")
            return connection.getresponse().read().decode().splitlines()
        finally:
            connection.close()
