"""A small consortium whose channel changes, and what its members do: propose, sign where they have to, submit."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from hlf_chaincode.protos.common.configtx_pb2 import ConfigGroup
from hlf_network.consortium import Consortium, parse_consortium
from hlf_network.driver import Network
from hlf_network.engine.docker import Engine, wait_until_healthy
from hlf_network.engine.nodes import node_containers
from hlf_network.material.crypto import _authorities, _issue, _leaves
from hlf_network.proposals import Proposal, Review, propose, review, sign, submit

__all__ = ["CHANNEL", "agreed", "consortium", "made", "reissue", "restart", "stop"]

CHANNEL = "trade"


def consortium(
    name: str,
    *,
    members: tuple[str, ...] = ("alpha", "beta"),
    orderers: tuple[int, ...] = (0, 1, 2),
    fabric: str = "3.1.5",
    collections: str = "[]",
    consensus: str = "raft",
) -> Consortium:
    """Members with a peer each and one user, `clerk`; what orders is an organisation of its own."""
    nodes = ", ".join(f"{{name: orderer{number}}}" for number in orderers)
    people = ", ".join(
        f"{{name: {member}, role: bank, peers: [{{name: peer0}}], users: [{{name: clerk}}]}}" for member in members
    )
    return parse_consortium(f"""
name: {name}
fabric: {fabric}
consensus: {consensus}
organizations: [{{name: order, role: orderer, orderers: [{nodes}]}}, {people}]
channels:
  - name: {CHANNEL}
    members: [{", ".join(members)}]
    chaincode:
      endorsement: OR(bank.peer)
      collections: {collections}
chaincode: {{name: exim, server: host}}
""")


def made(network: Network, proposer: str, change: Callable[[ConfigGroup], ConfigGroup]) -> Proposal:
    with network.seat(proposer) as seat:
        return propose(seat, CHANNEL, change)


def agreed(network: Network, proposer: str, change: Callable[[ConfigGroup], ConfigGroup]) -> Review:
    """The change, proposed by one, signed by whoever is missing, each with the own seat alone, submitted by the first.

    Proposals travel between them as bytes.
    """
    content = made(network, proposer, change).to_bytes()
    with ExitStack() as stack:
        seats = {owner.msp: stack.enter_context(network.seat(owner.name)) for owner in network.consortium.organizations}
        own = next(seat for seat in seats.values() if seat.organization.name == proposer)
        while missing := [msp for demand in review(own, Proposal.read(content)).demands for msp in demand.missing]:
            seat = seats[missing[0]]
            content = sign(seat, Proposal.read(content), seat.signatory).to_bytes()
        return submit(own, own, Proposal.read(content), own.signatory)


def reissue(network: Network, organization: str, node: str, *authorities: str) -> None:
    """New keys and certificates for a node, by the same authorities: on the disk, not yet in use."""
    owner, layout = network.consortium.organization(organization), network.layout
    issuers = _authorities(network.consortium, owner, layout, None)
    folder = layout.organization(owner) / "orderers" / node
    for leaf in _leaves(network.consortium, owner, layout):
        if leaf.certificate.is_relative_to(folder) and leaf.authority in authorities:
            leaf.key.unlink()
            _issue(leaf, issuers[leaf.authority], network.consortium.certificates, None)


def stop(network: Network, name: str) -> None:
    """One node, for good."""
    engine = Engine.connect(network.consortium.name)
    try:
        engine.stop([f"{network.consortium.name}-{name}"])
    finally:
        engine.close()


def restart(network: Network, *names: str) -> None:
    """Nodes by name (`orderer0.order`), one after the other, each until it is well."""
    engine = Engine.connect(network.consortium.name)
    try:
        with network._session() as session:
            nodes = {node.name: node for node in node_containers(network.consortium, network.layout, session.ports)}
        for name in names:
            node = nodes[f"{network.consortium.name}-{name}"]
            engine.restart(node.name)
            wait_until_healthy(engine, node)
    finally:
        engine.close()
