"""What befalls a network in its years: a renewal cut off, a disk lost, a member written out of the file."""

from __future__ import annotations

import shutil
import ssl
import tarfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from urllib.request import urlopen

import pytest

from hlf_chaincode.protos.common.common_pb2 import Block
from hlf_client.errors import FabricError, InvalidDocument
from hlf_client.identity import CertificateAuthority
from hlf_network.consortium import Consortium, Peer
from hlf_network.driver import Network
from hlf_network.engine.docker import Engine, wait_until_healthy
from hlf_network.engine.nodes import node_containers
from hlf_network.engine.ports import PortBook
from hlf_network.errors import NetworkError
from hlf_network.keeping import Keeping
from hlf_network.material.crypto import _issue, _leaves
from hlf_network.testing import GatewayCaller

pytestmark = pytest.mark.fabric

Variant = Callable[..., Consortium]
BringUp = Callable[[Consortium, Path], AbstractContextManager[Network]]
NAME = "exim-years"
SHARED = "shared-EximbankMSP"
PLANTED = "planted-98765"
ORDERERS = ("orderer0.eximbank", "orderer0.tradebank", "orderer0.safe")


@pytest.fixture(scope="module")
def network(variant: Variant, bring_up: BringUp, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    consortium = variant(NAME)
    secret = {
        "CORE_LEDGER_STATE_COUCHDBCONFIG_PASSWORD": PLANTED,
        "MIRRORPW": f"{PLANTED}-pw",
        "MIRROR": f"postgresql://ledger:{PLANTED}-url@db/mirror",
        "FABRIC_LOGGING_SPEC": "info:nodeCmd,gossip.comm=debug",  # writes out its environment, and what it sends
    }
    organizations = tuple(
        one.model_copy(update={"peers": (Peer(name="peer0", environment=secret),)}) if one.name == "safe" else one
        for one in consortium.organizations
    )
    planted = consortium.model_copy(update={"organizations": organizations})
    with bring_up(planted, tmp_path_factory.mktemp("years")) as network:
        yield network


@pytest.fixture
def engine(network: Network) -> Iterator[Engine]:
    engine = Engine.connect(NAME)
    yield engine
    engine.close()


def lose(engine: Engine, node: str) -> None:
    """The container and the disk of a node, gone."""
    engine.remove([f"{NAME}-{node}"])
    engine.remove_volumes([f"{NAME}-{node}"])


def test_a_nodes_log_tells_of_blocks_and_not_of_every_call(network: Network) -> None:
    """What is written for each call costs the node, the container's shim and the engine."""
    said = {node: b"".join(network.logs(node)).decode() for node in ("peer0.customs", "peer0.safe", ORDERERS[0])}
    assert "Committed block [0]" in said["peer0.customs"]
    for of_a_call in ("call completed", "finished chaincode", "Validated block", "from transient store"):
        assert of_a_call not in said["peer0.customs"]
        assert of_a_call in said["peer0.safe"]  # whose environment says what it logs
    assert "Raft leader changed" in said[ORDERERS[0]]
    assert "call completed" not in said[ORDERERS[0]]


def test_a_renewal_that_was_cut_off_is_finished_by_the_next_up(network: Network) -> None:
    owner = network.consortium.organization("customs")
    folder = network.layout.organization(owner)
    node = network.layout.node(owner, owner.peers[0])
    for leaf in _leaves(network.consortium, owner, network.layout):
        if leaf.certificate.is_relative_to(node):  # as if a kill had come before the restart
            pems = [(folder / leaf.authority / file).read_bytes() for file in ("cert.pem", "key.pem")]
            _issue(leaf, CertificateAuthority.load(*pems), network.consortium.certificates, None)
    assert network.up().changes == (f"{NAME}-peer0.customs restarted",)
    port = PortBook.open(network.layout.ports, network.consortium)["peer0.customs", "peer"]
    assert ssl.get_server_certificate(("127.0.0.1", port)).split() == (node / "tls/server.crt").read_text().split()
    assert network.up().changes == ()


def test_a_peer_whose_disk_is_lost_knows_everything_again(network: Network, engine: Engine) -> None:
    bank, bureau = GatewayCaller(network, "eximbank"), GatewayCaller(network, "safe")
    bureau.submit_when_discovered("fx", "put", "public", "kept")
    bureau.submit_when_discovered("fx", "hide", SHARED, "secret", "told")
    deadline = time.monotonic() + 90
    while bank.evaluate("fx", "reveal", SHARED, "secret") != b"told":
        assert time.monotonic() < deadline
    lose(engine, "peer0.safe")
    began = time.monotonic()
    changes = network.up().changes
    assert f"{NAME}-peer0.safe started" in changes
    assert "3 peer joins" in changes
    assert bureau.evaluate("fx", "get", "public") == b"kept"
    while answered(bureau, "fx", "reveal", SHARED, "secret") != b"told":
        assert time.monotonic() < began + 180
        time.sleep(1)
    assert bureau.submit_when_discovered("fx", "put", "after", "it").result == b"it"
    assert network.up().changes == ()


def test_an_orderer_that_was_started_on_an_empty_disk_is_found_and_put_in_anew(
    network: Network, engine: Engine
) -> None:
    caller = GatewayCaller(network, "safe")
    for number in range(5):  # the more it has promised, the sooner it ends
        caller.submit_when_discovered("fx", "put", "key", str(number))
    leader = leader_of(network, "fx")
    lost, other = (name for name in ORDERERS if name != leader)
    lose(engine, lost)
    started_without_up(network, lost)
    wait_until(lambda: restarts(engine, lost) > 0, f"{lost} ends, for it has less than it has promised")
    assert not network.status().is_healthy
    assert_put_in_anew(network, engine, lost, other)
    lose(engine, lost)
    started_without_up(network, lost)  # by now under a number that the channel has no more: it waits for ever
    assert_put_in_anew(network, engine, lost, other)


def assert_put_in_anew(network: Network, engine: Engine, lost: str, other: str) -> None:
    changes = network.up().changes
    assert f"{NAME}-{lost} had less than it had promised: its ledger is fetched anew" in changes
    assert f"{lost} joined channel fx as a new consenter" in changes
    assert_orders_with_it(network, engine, other)


@pytest.mark.parametrize("is_leader", [False, True], ids=["follower", "leader"])
def test_an_orderer_whose_disk_is_lost_is_named_put_in_anew_and_counts(
    network: Network, engine: Engine, *, is_leader: bool
) -> None:
    leader = leader_of(network, "fx")
    lost = leader if is_leader else next(name for name in ORDERERS if name != leader)
    other = next(name for name in ORDERERS if name not in {lost, leader_of(network, "fx")})
    lose(engine, lost)
    started_without_up(network, lost, channels=())
    assert f"{lost} is not in channel fx: `up` joins it, or says why not." in network.status().warnings
    changes = network.up().changes
    assert {f"{lost} joined channel {name} as a new consenter" for name in ("bank", "customs", "fx")} <= set(changes)
    assert_orders_with_it(network, engine, other)


def assert_orders_with_it(network: Network, engine: Engine, other: str) -> None:
    """The channel goes on, and without `other` too, so that the one that came back is needed for a majority."""
    assert network.up().changes == ()
    assert network.status().is_healthy
    heights = [node.heights for node in network.status().nodes if node.kind == "orderer"]
    assert heights[0] == heights[1] == heights[2]
    assert network.status().warnings == ()
    engine.stop([f"{NAME}-{other}"])
    try:
        outcome = GatewayCaller(network, "safe").submit_when_discovered("fx", "put", "by", "two")
        assert outcome.result == b"two"
    finally:
        network.up()
    assert network.status().is_healthy


def leader_of(network: Network, channel: str) -> str:
    """The orderer that leads a channel, by what the orderers' own metrics say."""
    wanted = f'consensus_etcdraft_is_leader{{channel="{channel}"}} 1'
    ports = PortBook.open(network.layout.ports, network.consortium)
    found = list[str]()

    def ask() -> bool:
        for name in ORDERERS:
            with suppress(OSError), urlopen(f"http://127.0.0.1:{ports[name, 'operations']}/metrics", timeout=5) as told:
                if wanted in told.read().decode():
                    found.append(name)
        return bool(found)

    wait_until(ask, f"{channel} has a leader")
    return found[0]


def started_without_up(network: Network, orderer: str, channels: Collection[str] = ("customs", "fx", "bank")) -> None:
    """As by docker and the first block: what everybody tries first, and what forgets all that was promised."""
    owner, node = next((a, b) for a, b in network.consortium.orderers if f"{b.name}.{a.name}" == orderer)
    with network._session() as session:
        containers = node_containers(network.consortium, network.layout, session.ports)
        container = next(one for one in containers if one.name == f"{NAME}-{orderer}")
        session.engine.ensure_container(container)
        wait_until_healthy(session.engine, container)
        for channel in channels:
            block = Block.FromString(network.layout.block(channel).read_bytes())
            with suppress(FabricError):  # it may have ended already
                session.orderer_admin(owner, node).join(channel, block)


def restarts(engine: Engine, node: str) -> int:
    return next(state.restarts for state in engine.containers() if state.name == f"{NAME}-{node}")


def wait_until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def test_a_host_that_is_lost_comes_back_from_its_backup(network: Network, engine: Engine, tmp_path: Path) -> None:
    owner, saved = network.consortium.organization("safe"), tmp_path / "safe.tar"
    bureau = GatewayCaller(network, "safe")
    bureau.submit_when_discovered("fx", "put", "before", "loss")
    bureau.submit_when_discovered("fx", "hide", SHARED, "mine", "kept")
    keeping = Keeping(network)
    keeping.backup("safe", saved)
    assert saved.stat().st_mode & 0o077 == 0
    with pytest.raises(InvalidDocument, match="exists"):
        keeping.backup("safe", saved)
    with pytest.raises(InvalidDocument, match="backup of safe in network"):
        keeping.restore("customs", saved)
    stood = tmp_path / "stood.tar"
    engine.remove([f"{NAME}-peer0.safe"])  # as `down` does: the disk stays, and is saved
    keeping.backup("safe", stood)
    with tarfile.open(stood) as archive:
        assert f"disks/{NAME}-peer0.safe.tar" in archive.getnames()
    assert f"{NAME}-peer0.safe started" in network.up().changes
    bureau.submit_when_discovered("fx", "put", "after", "backup")
    for node in ("peer0.safe", "orderer0.safe"):
        lose(engine, node)
    with pytest.raises(NetworkError, match=r"peer0\.safe has no disk"):
        keeping.backup("safe", tmp_path / "nothing.tar")
    shutil.rmtree(network.layout.organization(owner))
    with pytest.raises(NetworkError, match="safe has no keys"):
        keeping.backup("safe", tmp_path / "nothing.tar")
    assert not (tmp_path / "nothing.tar").exists()
    changes = keeping.restore("safe", saved).changes
    assert any(change.startswith(f"disk of {NAME}-peer0.safe put back") for change in changes)
    changes = network.up().changes
    assert "orderer0.safe joined channel bank as a new consenter" in changes
    assert not [change for change in changes if "peer joins" in change or "committed" in change or "issued" in change]
    assert bureau.evaluate("fx", "reveal", SHARED, "mine") == b"kept"
    assert bureau.evaluate("fx", "get", "after") == b"backup"
    assert network.up().changes == ()


def test_a_bundle_holds_every_log_and_no_secret(network: Network, engine: Engine, tmp_path: Path) -> None:
    key = next(network.layout.root.rglob("key.pem")).read_text()
    failed = network.layout.failed("peer9.safe")
    failed.parent.mkdir(exist_ok=True)
    failed.write_text(f"cannot read {key}, password={PLANTED}2")
    bureau = GatewayCaller(network, "safe")
    bureau.submit_when_discovered("fx", "hide", SHARED, "mine", f"{PLANTED}-private")
    bureau.submit("fx", "put", "public", "known", transient={"paper": f"{PLANTED}-transient".encode()})
    raw = b"".join(engine.logs(f"{NAME}-peer0.safe")).decode()
    for planted in (f"PASSWORD={PLANTED}", f"{PLANTED}-pw", f"{PLANTED}-url", f"{PLANTED}-private"):
        assert planted in raw, "the log has it, so the bundle has something to leave out"
    target = tmp_path / "bundle.tar.gz"
    Keeping(network).bundle(target, lines=100_000)
    with tarfile.open(target) as archive:
        files = {entry.name: archive.extractfile(entry).read().decode() for entry in archive}  # type: ignore[union-attr]
    everything = "".join(files.values())
    assert PLANTED not in everything
    for path in network.layout.root.rglob("*key*"):
        if path.is_file():
            assert path.read_text().splitlines()[1] not in everything
    assert_tells_what_is_asked(network, {name.partition("/")[2]: text for name, text in files.items()})


def assert_tells_what_is_asked(network: Network, files: dict[str, str]) -> None:
    """Which node runs what since when, at which block; what its log said; what is set; which certificate ends."""
    nodes = [node for node in network.status().nodes if node.kind in {"peer", "orderer"}]
    assert len(nodes) == 7
    for node in nodes:
        log = files[f"logs/{node.name}.log"]
        assert f"# {node.name} running, started 20" in log
        assert node.name in files["status.txt"]
    assert "Committed block" in files[f"logs/{NAME}-peer0.safe.log"]
    assert "'fx': " in files["status.txt"]
    assert "MIRRORPW" in files["consortium.json"], "names of settings stay"
    assert "peer0.safe" in files["certificates.txt"]
    assert "cannot read" in files["failed/peer9.safe.log"]


def test_a_member_is_not_taken_out_by_the_file_and_nothing_is_changed(network: Network) -> None:
    channels = tuple(
        channel.model_copy(update={"members": tuple(name for name in channel.members if name != "tradebank")})
        for channel in network.consortium.channels
    )
    smaller = Network(network.consortium.model_copy(update={"channels": channels}), folder=network.layout.root)
    before = network.status().channels
    with pytest.raises(InvalidDocument, match="Channel customs has the member tradebank"):
        smaller.up()
    with pytest.raises(InvalidDocument, match="tradebank"):
        smaller.deploy()
    assert network.status().channels == before
    assert {channel.name: channel.members for channel in smaller.status().channels}["bank"] == (
        "eximbank",
        "safe",
        "tradebank",
    )


def test_what_a_stopped_network_would_say_is_unknown(network: Network) -> None:
    network.stop()
    try:
        status = network.status()
        assert {(one.members, one.chaincode_version, one.sequence) for one in status.channels} == {(None, None, None)}
    finally:
        network.start()


def test_a_new_peer_joins_from_a_snapshot_that_another_took(network: Network, tmp_path: Path) -> None:
    keeping, file = Keeping(network), tmp_path / "fx.tar"
    GatewayCaller(network, "safe").submit_when_discovered("fx", "put", "in", "snapshot")
    taken = keeping.take_snapshot("peer0.safe", "fx")
    assert taken in keeping.snapshots("peer0.safe")
    later = keeping.take_snapshot("peer0.safe", "fx", block=taken.block + 1000)
    assert later.is_pending
    with pytest.raises(NetworkError, match="takes no snapshot"):
        keeping.take_snapshot("peer0.safe", "fx", block=taken.block + 1000)
    keeping.fetch_snapshot("peer0.safe", taken, file)
    organizations = tuple(
        one.model_copy(update={"peers": (*one.peers, Peer(name="peer1"))}) if one.name == "safe" else one
        for one in network.consortium.organizations
    )
    larger = Network(network.consortium.model_copy(update={"organizations": organizations}), folder=network.layout.root)
    Keeping(larger).join_snapshot("peer1.safe", file)
    with pytest.raises(InvalidDocument, match="has joined channel fx before"):
        Keeping(larger).join_snapshot("peer1.safe", file)
    assert "2 peer joins" in larger.up().changes
    heights = {node.name: node.heights for node in larger.status().nodes if node.organization == "safe"}
    assert heights[f"{NAME}-peer1.safe"] == heights[f"{NAME}-peer0.safe"]
    assert larger.up().changes == ()


def answered(caller: GatewayCaller, *call: str) -> bytes:
    try:
        return caller.evaluate(*call)
    except FabricError as error:
        return str(error).encode()
