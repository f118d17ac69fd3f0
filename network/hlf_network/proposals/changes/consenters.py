"""Changes of who orders: a consenter in, out, or with other certificates, for raft and for BFT; and from raft to BFT.

Fabric takes one consenter at a time: a quorum of the old and one of the new must have a node in common. A node that
comes to another host is two proposals: the new one in, then the old one out, or, where the old one is lost, out first.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from hlf_chaincode.protos.common.configtx_pb2 import ConfigGroup
from hlf_chaincode.protos.common.configuration_pb2 import Capabilities, Consenter, Orderers
from hlf_chaincode.protos.orderer.configuration_pb2 import BatchSize, ConsensusType
from hlf_chaincode.protos.orderer.etcdraft.configuration_pb2 import ConfigMetadata as RaftMetadata
from hlf_chaincode.protos.orderer.etcdraft.configuration_pb2 import Consenter as RaftConsenter
from hlf_client.errors import InvalidDocument, Refused
from hlf_client.wire.evidence import bft_quorum
from hlf_network.channels.config import ADMINS, Address, OrdererNode, bft_block_validation, bft_options, bft_orderers
from hlf_network.proposals.changes.tree import below, copied, value_of

__all__ = [
    "Seat",
    "bft",
    "consensus_of",
    "consenter_in",
    "consenter_out",
    "consenter_renewed",
    "maintenance",
    "quorum_of",
    "seats_of",
]

RAFT, BFT = "etcdraft", "BFT"
BFT_LEAST = 4


@dataclass(frozen=True, slots=True)
class Seat:
    """A consenter as a channel has it; raft knows neither number nor organisation nor identity."""

    address: Address
    server_tls: bytes
    client_tls: bytes
    number: int = 0
    msp_id: str = ""
    identity: bytes = b""


def consensus_of(config: ConfigGroup) -> ConsensusType:
    return ConsensusType.FromString(value_of(below(config, "Orderer"), "ConsensusType"))


def seats_of(config: ConfigGroup) -> tuple[Seat, ...]:
    """The channel's consenters, in its order."""
    consensus = consensus_of(config)
    if consensus.type == BFT:
        value = value_of(below(config, "Orderer"), "Orderers")
        return tuple(
            Seat(
                Address(one.host, one.port),
                one.server_tls_cert,
                one.client_tls_cert,
                one.id,
                one.msp_id,
                one.identity,
            )
            for one in Orderers.FromString(value).consenter_mapping
        )
    return tuple(
        Seat(Address(one.host, one.port), one.server_tls_cert, one.client_tls_cert)
        for one in RaftMetadata.FromString(consensus.metadata).consenters
    )


def quorum_of(consensus: str, nodes: int) -> int:
    """How many must stand for a block to be ordered."""
    return bft_quorum(nodes) if consensus == BFT else nodes // 2 + 1


def consenter_in(config: ConfigGroup, node: OrdererNode, *, down: Collection[Address] = ()) -> ConfigGroup:
    """With another consenter; it must have joined the channel, to catch up. `down`: those known not to answer."""
    seats = seats_of(config)
    if any(seat.address == node.address for seat in seats):
        raise InvalidDocument(f"{node.address} is a consenter already.")
    _require_organization(config, node)
    number = max((seat.number for seat in seats), default=0) + 1
    return _with_seats(config, (*seats, _seat(node, number)), down)


def consenter_out(config: ConfigGroup, address: Address, *, down: Collection[Address] = ()) -> ConfigGroup:
    """Without a consenter."""
    leaving = _at(config, address)
    return _with_seats(config, tuple(seat for seat in seats_of(config) if seat != leaving), down)


def consenter_renewed(config: ConfigGroup, node: OrdererNode, *, down: Collection[Address] = ()) -> ConfigGroup:
    """The consenter of this address with its new certificates; for BFT with its new identity too."""
    present = _at(config, node.address)
    renewed = _seat(node, present.number)
    if consensus_of(config).type != BFT:
        renewed = replace(renewed, msp_id="", identity=b"", number=0)
    seats = tuple(renewed if seat == present else seat for seat in seats_of(config))
    return _with_seats(config, seats, down)


def maintenance(config: ConfigGroup, *, on: bool) -> ConfigGroup:
    """Into maintenance, where only administrators' updates are ordered, or out of it: alone in its update."""
    consensus = consensus_of(config)
    state = ConsensusType.STATE_MAINTENANCE if on else ConsensusType.STATE_NORMAL
    if consensus.state == state:
        raise InvalidDocument(f"The channel is {'in' if on else 'out of'} maintenance already.")
    consensus.state = state
    wanted = copied(config)
    wanted.groups["Orderer"].values["ConsensusType"].value = consensus.SerializeToString(deterministic=True)
    return wanted


def bft(config: ConfigGroup, nodes: Sequence[OrdererNode]) -> ConfigGroup:
    """From raft to BFT, in maintenance: the same consenters with their identities, and the block's quorum as policy.

    Raises Refused where a step before is missing, naming it.
    """
    consensus, seats = consensus_of(config), seats_of(config)
    if consensus.type != RAFT:
        raise Refused(f"The channel is ordered by {consensus.type}, not by raft.")
    if "V3_0" not in _capabilities(config):
        raise Refused("First propose the capability V3_0 of the channel: BFT is Fabric 3's.")
    if consensus.state != ConsensusType.STATE_MAINTENANCE:
        raise Refused("First propose maintenance: consensus changes only in it.")
    if len(seats) < BFT_LEAST:
        raise Refused(f"BFT needs {BFT_LEAST} consenters to stand the loss of one, and the channel has {len(seats)}.")
    by_address = {node.address: node for node in nodes}
    if missing := [str(seat.address) for seat in seats if seat.address not in by_address]:
        raise InvalidDocument(f"The identities of these consenters are wanted too: {', '.join(missing)}.")
    chosen = [by_address[seat.address] for seat in seats]
    for node, seat in zip(chosen, seats, strict=True):
        _require_organization(config, node)
        if node.tls_certificate != seat.server_tls:
            raise InvalidDocument(f"The channel has another TLS certificate of {node.address} than what is brought.")
    wanted = copied(config)
    orderer = wanted.groups["Orderer"]
    size, options = BatchSize.FromString(value_of(orderer, "BatchSize")), bft_options()
    # what BatchSize says holds all the same, but without these Fabric refuses the move
    options.request_batch_max_count = size.max_message_count
    options.request_batch_max_bytes = options.request_max_bytes = size.absolute_max_bytes
    consensus.type, consensus.metadata = BFT, options.SerializeToString(deterministic=True)
    orderer.values["ConsensusType"].value = consensus.SerializeToString(deterministic=True)
    _set_bft(orderer, chosen)
    return wanted


def _capabilities(config: ConfigGroup) -> Collection[str]:
    return set(Capabilities.FromString(value_of(config, "Capabilities")).capabilities)


def _at(config: ConfigGroup, address: Address) -> Seat:
    seats = seats_of(config)
    for seat in seats:
        if seat.address == address:
            return seat
    known = ", ".join(str(seat.address) for seat in seats)
    raise InvalidDocument(f"{address} is no consenter of the channel: it has {known}.")


def _seat(node: OrdererNode, number: int) -> Seat:
    return Seat(node.address, node.tls_certificate, node.tls_certificate, number, node.msp_id, node.identity)


def _require_organization(config: ConfigGroup, node: OrdererNode) -> None:
    if node.msp_id not in below(config, "Orderer").groups:
        raise Refused(f"First propose {node.msp_id} as an ordering organisation: {node.address} is its.")


def _with_seats(config: ConfigGroup, seats: Sequence[Seat], down: Collection[Address]) -> ConfigGroup:
    consensus = consensus_of(config)
    quorum = quorum_of(consensus.type, len(seats))
    standing = [seat for seat in seats if seat.address not in down]
    if not seats or len(standing) < quorum:
        raise Refused(
            f"Of {len(seats)} consenters {quorum} must stand, and {len(standing)} would: bring those that are down "
            "back, or take a lost one out first."
        )
    wanted = copied(config)
    orderer = wanted.groups["Orderer"]
    if consensus.type == BFT:
        orderer.values["Orderers"].value = Orderers(
            consenter_mapping=[
                Consenter(
                    id=seat.number,
                    host=seat.address.host,
                    port=seat.address.port,
                    msp_id=seat.msp_id,
                    identity=seat.identity,
                    client_tls_cert=seat.client_tls,
                    server_tls_cert=seat.server_tls,
                )
                for seat in seats
            ]
        ).SerializeToString(deterministic=True)
        _validate_blocks(orderer, [(seat.msp_id, seat.identity) for seat in seats])
        return wanted
    metadata = RaftMetadata.FromString(consensus.metadata)
    del metadata.consenters[:]
    metadata.consenters.extend(
        RaftConsenter(
            host=seat.address.host,
            port=seat.address.port,
            client_tls_cert=seat.client_tls,
            server_tls_cert=seat.server_tls,
        )
        for seat in seats
    )
    consensus.metadata = metadata.SerializeToString(deterministic=True)
    orderer.values["ConsensusType"].value = consensus.SerializeToString(deterministic=True)
    return wanted


def _set_bft(orderer: ConfigGroup, nodes: Sequence[OrdererNode]) -> None:
    value = orderer.values["Orderers"]
    value.mod_policy, value.value = ADMINS, bft_orderers(nodes).SerializeToString(deterministic=True)
    _validate_blocks(orderer, [(node.msp_id, node.identity) for node in nodes])


def _validate_blocks(orderer: ConfigGroup, signers: Sequence[tuple[str, bytes]]) -> None:
    policy = orderer.policies["BlockValidation"]
    policy.mod_policy = policy.mod_policy or ADMINS
    policy.policy.CopyFrom(bft_block_validation(signers))
