"""The default consortium on real Fabric 3.1 with raft: what an operator does in the first year, on one network."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import docker
import pytest

from hlf_client.errors import InvalidDocument
from hlf_network.consortium import Batch, Consortium, Organization, Peer, User
from hlf_network.driver import Network
from hlf_network.engine.docker import Engine
from hlf_network.engine.nodes import LABEL
from hlf_network.engine.ports import PortBook
from hlf_network.errors import NetworkError
from hlf_network.testing import GatewayCaller

pytestmark = pytest.mark.fabric

Variant = Callable[..., Consortium]
BringUp = Callable[[Consortium, Path], AbstractContextManager[Network]]


@pytest.fixture(scope="module")
def raft(variant: Variant, bring_up: BringUp, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    with bring_up(variant("exim-test"), tmp_path_factory.mktemp("raft")) as network:
        yield network


@pytest.fixture
def engine(raft: Network) -> Iterator[Engine]:
    engine = Engine.connect(raft.consortium.name)
    yield engine
    engine.close()


def changed(network: Network, **changes: object) -> Network:
    """The same network after somebody edited its file."""
    return Network(network.consortium.model_copy(update=changes), folder=network.layout.root)


def test_every_node_is_well_and_every_channel_has_its_chaincode(raft: Network) -> None:
    status = raft.status()
    assert status.is_healthy
    assert {node.kind for node in status.nodes} == {"peer", "orderer"}
    assert len(status.nodes) == 7
    assert {channel.name: (channel.chaincode_version, channel.sequence) for channel in status.channels} == {
        "customs": ("1.0", 1),
        "fx": ("1.0", 1),
        "bank": ("1.0", 1),
    }
    for channel in status.channels:
        msps = {raft.consortium.organization(name).msp for name in channel.members or ()}
        assert set(channel.approvals) == msps


def test_a_peer_has_joined_exactly_the_channels_of_its_organisation(raft: Network) -> None:
    for node in raft.status().nodes:
        if node.kind == "peer":
            owner = raft.consortium.organization(node.organization)
            assert set(node.heights) == {channel.name for channel in raft.consortium.channels_of(owner)}


def test_a_second_up_changes_nothing(raft: Network) -> None:
    ports = raft.layout.ports.read_bytes()
    assert raft.up().changes == ()
    assert raft.layout.ports.read_bytes() == ports


@pytest.mark.parametrize(("channel", "organization"), [("customs", "tradebank"), ("fx", "eximbank"), ("bank", "safe")])
def test_the_gateway_finds_the_endorsers_that_a_policy_needs(raft: Network, channel: str, organization: str) -> None:
    caller = GatewayCaller(raft, organization, raft.consortium.organization(organization).users[0].name)
    outcome = caller.submit_when_discovered(channel, "put", f"key-of-{organization}", "value")
    assert outcome.result == b"value"
    assert caller.evaluate(channel, "get", f"key-of-{organization}") == b"value"


def test_up_mends_a_container_that_was_removed_and_its_ledger_is_still_there(raft: Network, engine: Engine) -> None:
    caller = GatewayCaller(raft, "customs")
    caller.submit_when_discovered("customs", "put", "kept", "yes")
    engine.remove(["exim-test-peer0.customs"])
    assert "exim-test-peer0.customs" not in {node.name for node in raft.status().nodes if node.healthy}
    assert raft.up().changes == ("exim-test-peer0.customs started",)
    assert caller.evaluate("customs", "get", "kept") == b"yes"


def test_a_killed_peer_catches_up_after_its_restart(raft: Network, engine: Engine) -> None:
    engine.kill("exim-test-peer0.tradebank")
    assert not raft.status().is_healthy
    outcome = GatewayCaller(raft, "customs").submit_when_discovered("customs", "put", "meanwhile", "written")
    assert raft.start().changes == ("exim-test-peer0.tradebank started",)
    later = GatewayCaller(raft, "tradebank").submit_when_discovered("customs", "put", "after", "restart")
    assert later.block_number > outcome.block_number
    assert GatewayCaller(raft, "tradebank").evaluate("customs", "get", "meanwhile") == b"written"


def test_raft_goes_on_without_one_of_three_orderers(raft: Network, engine: Engine) -> None:
    engine.kill("exim-test-orderer0.safe")
    try:
        outcome = GatewayCaller(raft, "safe").submit_when_discovered("fx", "put", "without", "one")
        assert outcome.result == b"one"
    finally:
        raft.up()
    assert raft.status().is_healthy


def test_a_changed_batch_setting_reaches_the_channel_once(raft: Network) -> None:
    channels = tuple(
        channel.model_copy(update={"batch": Batch(timeout="300ms", messages=200)}) if channel.name == "fx" else channel
        for channel in raft.consortium.channels
    )
    network = changed(raft, channels=channels)
    assert network.up().changes == ("channel fx updated",)
    assert network.up().changes == ()
    assert raft.up().changes == ("channel fx updated",)


def test_renewed_certificates_are_used_and_the_network_goes_on(raft: Network) -> None:
    before = {one.path: one.not_after for one in raft.certificates() if not one.is_authority}
    assert raft.renew_certificates(within_days=1) == ()
    renewed = raft.renew_certificates(within_days=3650)
    assert set(renewed) == set(before)
    status = raft.status()
    assert status.is_healthy
    assert {channel.sequence for channel in status.channels} == {1}
    outcome = GatewayCaller(raft, "safe", "officer").submit_when_discovered("fx", "put", "renewed", "yes")
    assert outcome.result == b"yes"
    assert raft.up().changes == ()


def test_up_issues_a_lost_certificate_again_and_its_running_node_uses_it(raft: Network) -> None:
    customs = raft.consortium.organization("customs")
    certificate = raft.layout.node(customs, customs.peers[0]) / "tls/server.crt"
    certificate.unlink()
    assert raft.up().changes == ("1 certificates issued", "exim-test-peer0.customs restarted")
    endpoint = PortBook.open(raft.layout.ports, raft.consortium)["peer0.customs", "peer"]
    assert ssl.get_server_certificate(("127.0.0.1", endpoint)).split() == certificate.read_text().split()


def test_stop_and_start_lose_nothing(raft: Network) -> None:
    caller = GatewayCaller(raft, "customs")
    caller.submit_when_discovered("customs", "put", "before", "stop")
    assert len(raft.stop().changes) == len(raft.start().changes)
    assert caller.submit_when_discovered("customs", "put", "after", "start").result == b"start"
    assert caller.evaluate("customs", "get", "before") == b"stop"


def test_logs_are_those_of_the_node(raft: Network) -> None:
    assert b"Started peer with ID" in b"".join(raft.logs("peer0.customs"))
    with pytest.raises(InvalidDocument, match=r"no node 'peer9.customs'.*peer0.customs"):
        list(raft.logs("peer9.customs"))


def test_two_networks_stand_side_by_side_and_down_leaves_nothing_of_one(
    raft: Network, variant: Variant, bring_up: BringUp, tmp_path: Path
) -> None:
    folder = tmp_path / "second"
    with bring_up(variant("exim-second"), folder) as second:
        assert second.status().is_healthy
        assert raft.status().is_healthy
        assert len(leftovers("exim-second")) > 10
    assert leftovers("exim-second") == []
    assert not folder.exists()
    assert raft.status().is_healthy


def test_down_keeps_the_ledgers_and_up_goes_on_from_them(raft: Network) -> None:
    caller = GatewayCaller(raft, "safe")
    height = caller.submit_when_discovered("fx", "put", "long", "lived").block_number
    raft.down()
    assert not any(node.healthy for node in raft.status().nodes)
    raft.up()
    outcome = caller.submit_when_discovered("fx", "put", "went", "on")
    assert outcome.block_number > height
    assert caller.evaluate("fx", "get", "long") == b"lived"


def test_a_port_in_use_is_named_with_its_holder_and_nothing_is_left_running(
    raft: Network, variant: Variant, tmp_path: Path
) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        consortium = variant("exim-port")
        customs = consortium.organization("customs")
        taken = customs.model_copy(update={"peers": (Peer(name="peer0", port=port),)})
        others = tuple(one for one in consortium.organizations if one != customs)
        network = Network(consortium.model_copy(update={"organizations": (*others, taken)}), folder=tmp_path / "port")
        try:
            with pytest.raises(NetworkError, match=rf"Port {port} for exim-port-peer0.customs is held by process"):
                network.up()
            assert [one for one in leftovers("exim-port") if not one.startswith("volume")] == []
        finally:
            network.down(purge=True)
    assert leftovers("exim-port") == []


def test_at_last_a_member_is_added_to_running_channels_and_writes_through_its_own_peer(
    raft: Network, serve: Callable[..., AbstractContextManager[None]]
) -> None:
    third = Organization(name="ruralbank", role="observer", peers=(Peer(name="peer0"),), users=(User(name="officer"),))
    channels = tuple(
        channel.model_copy(update={"members": (*channel.members, "ruralbank")}) if channel.name != "bank" else channel
        for channel in raft.consortium.channels
    )
    organizations = (*raft.consortium.organizations, third)
    network = changed(raft, organizations=organizations, channels=channels)
    changes = network.add_organization("ruralbank").changes
    assert {"channel customs updated", "channel fx updated"} <= set(changes)
    assert "exim-test-peer0.ruralbank started" in changes
    with serve(network, "ruralbank"):
        caller = GatewayCaller(network, "ruralbank", "officer")
        assert caller.submit_when_discovered("customs", "put", "new", "member").result == b"member"
    assert network.up().changes == ()
    with pytest.raises(InvalidDocument, match="no organisation 'nobody'"):
        network.add_organization("nobody")


def leftovers(name: str) -> list[str]:
    """Whatever carries the network's label, asked of Docker itself."""
    client = docker.from_env()
    try:
        chosen: dict[str, str | list[str] | bool] = {"label": f"{LABEL}={name}"}
        found = [f"container {one.name}" for one in client.containers.list(all=True, filters=chosen)]
        found += [f"network {one.name}" for one in client.networks.list(filters=chosen)]
        found += [f"volume {one.name}" for one in client.volumes.list(filters=chosen)]
        found += [f"image {one.id}" for one in client.images.list(filters=chosen)]
        return found
    finally:
        client.close()
