"""What a network is doing now, asked of Docker and of the nodes themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from hlf_chaincode.protos.common.ledger_pb2 import BlockchainInfo
from hlf_client.admin.lifecycle import Participant, committed
from hlf_client.errors import FabricError
from hlf_network._session import Session
from hlf_network.channels.config import block_config
from hlf_network.consortium import Channel, Orderer, Organization, Peer
from hlf_network.engine.docker import ContainerState, ailment
from hlf_network.engine.nodes import Container, node_containers
from hlf_network.material.crypto import list_certificates
from hlf_network.progress import in_parallel

__all__ = ["ChannelStatus", "NetworkStatus", "NodeStatus", "read_status"]

SOON_DAYS = 30
STEADY = timedelta(seconds=30)
"""How long a node that Docker had to start again has to run until it counts as well."""


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
    """A channel as its own peers know it: its members and the chaincode that it has committed; version "" and
    sequence 0 when none. None of it where no peer answers; the file says what should be, not what is."""

    name: str
    members: tuple[str, ...] | None = None
    """Organisations by the file's names; one that the file does not have, by its MSP id."""
    chaincode_version: str | None = None
    sequence: int | None = None
    approvals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NetworkStatus:
    """The whole network."""

    name: str
    fabric: str
    consensus: str
    nodes: tuple[NodeStatus, ...]
    channels: tuple[ChannelStatus, ...]
    warnings: tuple[str, ...] = ()
    """What is to be seen to: certificates that expire soon, and nodes that are not in a channel of theirs."""

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
    owners: list[tuple[Organization, Peer | Orderer]] = [
        *((owner, orderer) for owner in consortium.here for orderer in owner.orderers),
        *((owner, peer) for owner in consortium.here for peer in owner.peers),
    ]
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
            address=f"{container.ports[0].address}:{container.ports[0].host}" if container.name in present else "",
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
        warnings=(*_absent(session, nodes), *_expiring(session)),
    )


def _absent(session: Session, nodes: Sequence[NodeStatus]) -> Iterator[str]:
    """Nodes that are well and are not in a channel of theirs."""
    consortium = session.consortium
    for node in (one for one in nodes if one.healthy and one.kind in {"peer", "orderer"}):
        owner = consortium.organization(node.organization)
        ordered = [channel for channel in consortium.channels if owner in consortium.ordering(channel)]
        for channel in ordered if node.kind == "orderer" else consortium.channels_of(owner):
            if channel.name not in node.heights:
                name = node.name.removeprefix(f"{consortium.name}-")
                yield f"{name} is not in channel {channel.name}: `up` joins it, or says why not."


def _expiring(session: Session) -> Iterator[str]:
    for certificate in list_certificates(session.consortium, session.layout):
        left = certificate.days_left()
        if left <= SOON_DAYS:
            when = f"expires in {left} days" if left >= 0 else "has expired"
            yield f"{certificate.path} {when}, on {certificate.not_after:%Y-%m-%d}: `network certs --renew`."


def _is_well(node: Container, present: dict[str, ContainerState]) -> bool:
    if node.name not in present or node.operations is None:
        return False
    state = present[node.name]
    if state.status != "running" or (state.restarts and datetime.now(UTC) - state.started < STEADY):
        return False  # it has just ended by itself, and may well do so again
    return ailment(*node.operations) is None


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
    """Asked of the first peer that answers, whichever member's it is."""
    consortium = session.consortium
    for member, peer in ((owner, peer) for owner in consortium.here for peer in owner.peers):
        if f"{consortium.name}-{peer.name}.{member.name}" not in alive:
            continue
        client, admin = session.peer(member, peer), session.admin(member)
        try:
            block = client.config_block(admin, channel.name)
            participant = Participant(member.msp, admin, (client,))
            wanted = next((one for one in consortium.all_chaincodes if consortium.terms(channel, one)), None)
            found = committed(participant, channel.name, wanted.name) if wanted else None
        except FabricError:
            continue
        names = {owner.msp: owner.name for owner in consortium.organizations}
        msps = block_config(block).channel_group.groups["Application"].groups
        known = {names.get(msp, msp) for msp in msps}
        members = (*(name for name in channel.members if name in known), *sorted(known - set(channel.members)))
        if found is None:
            return ChannelStatus(channel.name, members, "", 0)
        return ChannelStatus(channel.name, members, found.version, found.sequence, tuple(sorted(found.approvals)))
    return ChannelStatus(channel.name)
