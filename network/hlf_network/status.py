"""What a network is doing now, asked of Docker and of the nodes themselves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from hlf_chaincode.protos.common.ledger_pb2 import BlockchainInfo
from hlf_client.admin.lifecycle import committed
from hlf_client.errors import FabricError
from hlf_network._session import Session
from hlf_network.consortium import Channel, Orderer, Organization, Peer
from hlf_network.engine.docker import ContainerState, ailment
from hlf_network.engine.nodes import Container, node_containers
from hlf_network.progress import in_parallel

__all__ = ["ChannelStatus", "NetworkStatus", "NodeStatus", "read_status"]


@dataclass(frozen=True, slots=True)
class NodeStatus:
    """A node: `state` as Docker has it (`missing` when there is no container), `healthy` as it says itself."""

    name: str
    kind: str
    organization: str
    state: str
    healthy: bool
    address: str
    heights: dict[str, int]


@dataclass(frozen=True, slots=True)
class ChannelStatus:
    """A channel and the chaincode that it has committed; version "" and sequence 0 when none."""

    name: str
    members: tuple[str, ...]
    chaincode_version: str
    sequence: int
    approvals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NetworkStatus:
    """The whole network."""

    name: str
    fabric: str
    consensus: str
    nodes: tuple[NodeStatus, ...]
    channels: tuple[ChannelStatus, ...]

    @property
    def is_healthy(self) -> bool:
        """Whether every node that the consortium wants runs and is well."""
        return bool(self.nodes) and all(node.healthy for node in self.nodes)


def read_status(session: Session) -> NetworkStatus:
    """Ask Docker, the operations endpoints and the ledgers. A node that does not answer is shown so, never an error."""
    consortium = session.consortium
    present = {state.name: state for state in session.engine.containers()}
    wanted = {node.name: node for node in node_containers(consortium, session.layout, session.ports)}
    answers = in_parallel([partial(_is_well, node, present) for node in wanted.values()])
    healthy = dict(zip(wanted, answers, strict=True))
    owners: list[tuple[Organization, Peer | Orderer]] = [*consortium.orderers, *consortium.peers]
    heights = in_parallel(
        [
            partial(_heights, session, owner, node)
            if healthy[f"{consortium.name}-{node.name}.{owner.name}"]
            else dict[str, int]
            for owner, node in owners
        ]
    )
    nodes = [
        NodeStatus(
            name=container.name,
            kind=container.kind,
            organization=container.organization,
            state=present[container.name].status if container.name in present else "missing",
            healthy=healthy[container.name],
            address=f"{container.ports[0].address}:{container.ports[0].host}",
            heights=known,
        )
        for container, known in zip(wanted.values(), heights, strict=True)
    ]
    servers = [state for state in present.values() if state.kind == "chaincode"]
    nodes += [
        NodeStatus(state.name, state.kind, state.organization, state.status, state.status == "running", "", {})
        for state in servers
    ]
    alive = {node.name for node in nodes if node.healthy}
    channels = in_parallel([partial(_channel, session, channel, alive) for channel in consortium.channels])
    return NetworkStatus(
        name=consortium.name,
        fabric=consortium.fabric,
        consensus=consortium.consensus.value,
        nodes=tuple(nodes),
        channels=tuple(channels),
    )


def _is_well(node: Container, present: dict[str, ContainerState]) -> bool:
    if node.name not in present or present[node.name].status != "running" or node.operations_port is None:
        return False
    return ailment(node.ports[0].address, node.operations_port) is None


def _heights(session: Session, owner: Organization, node: Peer | Orderer) -> dict[str, int]:
    try:
        if isinstance(node, Orderer):
            admin = session.orderer_admin(owner, node)
            return {name: admin.height(name) for name in sorted(admin.channels())}
        peer, signatory = session.peer(owner, node), session.admin(owner)
        return {
            name: BlockchainInfo.FromString(peer.query(signatory, name, "qscc", b"GetChainInfo", name.encode())).height
            for name in sorted(peer.channels(signatory))
        }
    except FabricError:
        return {}


def _channel(session: Session, channel: Channel, alive: set[str]) -> ChannelStatus:
    consortium = session.consortium
    for member in consortium.members(channel):
        seats = [peer for peer in member.peers if f"{consortium.name}-{peer.name}.{member.name}" in alive]
        if not seats or consortium.chaincode is None:
            continue
        try:
            found = committed(session.participant(member), channel.name, consortium.chaincode.name)
        except FabricError:
            continue
        if found:
            approvals = tuple(sorted(found.approvals))
            return ChannelStatus(channel.name, channel.members, found.version, found.sequence, approvals)
        break
    return ChannelStatus(channel.name, channel.members, "", 0, ())
