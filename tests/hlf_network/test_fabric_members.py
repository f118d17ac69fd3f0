"""Forty members on a real channel, three of them with peers: most are known by their MSP alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest
from tests.hlf_network.many_members import BY_CHANNEL, consortium_of

from hlf_chaincode.protos.common.common_pb2 import Envelope, Payload, SignatureHeader
from hlf_chaincode.protos.common.configtx_pb2 import ConfigEnvelope, ConfigUpdateEnvelope
from hlf_chaincode.protos.msp.identities_pb2 import SerializedIdentity
from hlf_client.admin.nodes import PeerError
from hlf_client.errors import LedgerUnavailable
from hlf_network._session import Session
from hlf_network.consortium import Consortium
from hlf_network.driver import Network
from hlf_network.engine.docker import Engine
from hlf_network.engine.ports import PortBook
from hlf_network.progress import Recorder
from hlf_network.testing import GatewayCaller

pytestmark = pytest.mark.fabric

NAME, CHANNEL, BANKS = "exim-many", "loans", 38
BringUp = Callable[[Consortium, Path], AbstractContextManager[Network]]


@pytest.fixture(scope="module")
def network(bring_up: BringUp, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    with bring_up(consortium_of(BANKS, name=NAME), tmp_path_factory.mktemp("many")) as network:
        yield network


@pytest.fixture
def session(network: Network) -> Iterator[Session]:
    engine = Engine.connect(NAME)
    ports = PortBook.open(network.layout.ports, network.consortium)
    with Session(network.consortium, network.layout, ports, engine, Recorder()) as session:
        yield session
    engine.close()


def test_a_channel_of_forty_works_with_three_peers(network: Network) -> None:
    status = network.status()
    assert status.is_healthy
    assert len([node for node in status.nodes if node.kind == "peer"]) == 3
    assert status.channels[0].approvals == ("BureauMSP", "Lender000MSP", "TollMSP")
    assert GatewayCaller(network, "lender000").submit_when_discovered(CHANNEL, "put", "k", "v").result == b"v"
    assert network.up().changes == ()


def test_a_member_without_a_peer_reads_at_anothers_and_a_stranger_does_not(session: Session) -> None:
    bureau = session.consortium.organization("bureau")
    peer = session.peer(bureau, bureau.peers[0])
    member = session.admin(session.consortium.organization(f"lender{BANKS - 1:03}"))
    assert peer.query(member, CHANNEL, "exim", b"where") == CHANNEL.encode()
    with pytest.raises((PeerError, LedgerUnavailable), match="access denied"):
        peer.query(replace(member, msp_id=bureau.msp), CHANNEL, "exim", b"where")


def test_two_let_one_more_in_and_both_know_it(network: Network, session: Session) -> None:
    larger = Network(consortium_of(BANKS + 1, name=NAME), folder=network.layout.root)
    newcomer = f"lender{BANKS:03}"
    changes = larger.add_organization(newcomer).changes
    assert f"channel {CHANNEL} updated" in changes
    bureau = session.consortium.organization("bureau")
    block = session.peer(bureau, bureau.peers[0]).config_block(session.admin(bureau), CHANNEL)
    config = ConfigEnvelope.FromString(Payload.FromString(Envelope.FromString(block.data.data[0]).payload).data)
    assert len(config.config.channel_group.groups["Application"].groups) == BANKS + 3
    update = ConfigUpdateEnvelope.FromString(Payload.FromString(config.last_update.payload).data)
    headers = [SignatureHeader.FromString(one.signature_header) for one in update.signatures]
    signers = {SerializedIdentity.FromString(header.creator).mspid for header in headers}
    assert len(signers) == 2
    assert signers < {"BureauMSP", "TollMSP", "Lender000MSP"}
    assert larger.status().channels[0].sequence == 2, "its collection is in a new definition"
    member = larger.consortium.organization(newcomer)
    joined = Session(larger.consortium, session.layout, session.ports, session.engine, Recorder())
    with joined:
        seat = joined.peer(bureau, bureau.peers[0])
        assert seat.query(joined.admin(member), CHANNEL, "exim", b"where") == CHANNEL.encode()
    assert larger.up().changes == ()


def test_by_the_channels_own_policy_one_more_comes_in_without_a_new_definition(
    bring_up: BringUp, tmp_path: Path
) -> None:
    name = f"{NAME}-by-channel"
    with bring_up(consortium_of(5, name=name, endorsement=BY_CHANNEL), tmp_path / "network") as network:
        caller = GatewayCaller(network, "lender000")
        assert caller.submit_when_discovered(CHANNEL, "put", "k", "v").result == b"v"
        larger = Network(consortium_of(6, name=name, endorsement=BY_CHANNEL), folder=network.layout.root)
        assert larger.add_organization("lender005").changes == (
            "2 certificates issued",
            f"channel {CHANNEL} updated",
        )
        assert larger.status().channels[0].sequence == 1
        assert caller.submit_when_discovered(CHANNEL, "put", "k", "w").result == b"w"
