"""What is written: chaincode packages, ports, connection profiles, compose.yaml."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import socket
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from hlf_client.admin.package import ServerConnection, package_chaincode
from hlf_client.errors import InvalidDocument
from hlf_client.gateway import Profile
from hlf_network._session import Session
from hlf_network.consortium import Consortium, Peer, Tls
from hlf_network.engine.compose import compose_file
from hlf_network.engine.databases import database_containers, ensure_secrets
from hlf_network.engine.docker import Engine
from hlf_network.engine.nodes import chaincode_container, node_containers
from hlf_network.engine.ports import PortBook, free_ports, holder, is_free
from hlf_network.errors import NetworkError
from hlf_network.material.layout import Layout
from hlf_network.steps.deployment import plan_deployment
from hlf_network.steps.profiles import write_profiles
from hlf_network.testing import missing_for

Variant = Callable[..., Consortium]
OfflineSession = Callable[[Consortium, Path], Session]

CONNECTION = ServerConnection("exim.safe.internal:9999", b"ROOT", b"CERT", b"KEY")


def unpacked(archive: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as tar:
        return {entry.name: tar.extractfile(entry).read() for entry in tar}  # type: ignore[union-attr]  # all files


def test_a_package_holds_what_the_peers_builder_reads() -> None:
    package = package_chaincode("exim_1.0", CONNECTION)
    outer = unpacked(package.content)
    assert json.loads(outer["metadata.json"]) == {"type": "ccaas", "label": "exim_1.0"}
    connection = json.loads(unpacked(outer["code.tar.gz"])["connection.json"])
    assert connection["address"] == "exim.safe.internal:9999"
    assert connection["tls_required"] is True
    assert connection["client_auth_required"] is True
    assert (connection["root_cert"], connection["client_cert"], connection["client_key"]) == ("ROOT", "CERT", "KEY")
    assert package.id == f"exim_1.0:{hashlib.sha256(package.content).hexdigest()}"


def test_the_same_package_has_the_same_id_and_another_has_not() -> None:
    assert package_chaincode("a_1", CONNECTION).id == package_chaincode("a_1", CONNECTION).id
    other = ServerConnection("elsewhere:9999", b"ROOT", b"CERT", b"KEY")
    assert package_chaincode("a_1", CONNECTION).id != package_chaincode("a_1", other).id


def test_ports_are_kept_and_fixed_ones_win(variant: Variant, tmp_path: Path) -> None:
    consortium = variant("exim")
    path = tmp_path / "ports.json"
    first = PortBook.open(path, consortium)
    assert PortBook.open(path, consortium) == first
    assert len(set(first.ports.values())) == len(first.ports)
    customs = consortium.organization("customs")
    fixed = customs.model_copy(update={"peers": (Peer(name="peer0", port=7051),)})
    others = tuple(one for one in consortium.organizations if one != customs)
    second = PortBook.open(path, consortium.model_copy(update={"organizations": (*others, fixed)}))
    assert second["peer0.customs", "peer"] == 7051
    assert second["peer0.safe", "peer"] == first["peer0.safe", "peer"]


def test_nobody_gets_a_chosen_port_by_chance(variant: Variant, tmp_path: Path) -> None:
    """Between the choice and the listening, a connection of another program could take one that the kernel gives."""
    chosen = set(PortBook.open(tmp_path / "ports.json", variant("exim")).ports.values())
    with socket.socket() as given:
        given.bind(("127.0.0.1", 0))
        assert max(chosen) < given.getsockname()[1]
    assert chosen != set(PortBook.open(tmp_path / "others.json", variant("other")).ports.values())


def test_a_port_that_somebody_listens_at_is_not_chosen() -> None:
    with socket.socket() as server:
        (port,) = free_ports(1, "127.0.0.1")
        server.bind(("127.0.0.1", port))
        server.listen()
        everything = set(range(1024, 65536))
        with pytest.raises(NetworkError, match="no 1 free ports"):
            free_ports(1, "127.0.0.1", taken=everything - {port})


def test_a_damaged_port_book_says_what_to_do(variant: Variant, tmp_path: Path) -> None:
    path = tmp_path / "ports.json"
    path.write_text("{")
    with pytest.raises(InvalidDocument, match="delete it"):
        PortBook.open(path, variant("exim"))


def test_a_look_at_the_ports_writes_nothing(variant: Variant, tmp_path: Path) -> None:
    book = PortBook.open(tmp_path / "n/ports.json", variant("exim"), saved=False)
    assert book["peer0.safe", "peer"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="no /proc on this machine")
def test_the_holder_of_a_port_is_named() -> None:
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # bound does not listen yet
        server.bind(("127.0.0.1", 0))
        port = server.getsockname()[1]
        assert is_free("127.0.0.1", port)
        server.listen()
        assert not is_free("127.0.0.1", port)
        assert holder(port).startswith("process ")


def test_a_profile_leads_a_client_to_its_own_peer(variant: Variant, offline: OfflineSession, tmp_path: Path) -> None:
    session = offline(variant("exim"), tmp_path / "n")
    written = write_profiles(session)
    assert {path.name for path in written} >= {"eximbank.yaml", "eximbank.json", "customs.yaml"}
    profile = yaml.safe_load((tmp_path / "n/profiles/eximbank.yaml").read_text())
    assert profile == json.loads((tmp_path / "n/profiles/eximbank.json").read_text())
    own = profile["organizations"][profile["client"]["organization"]]
    assert own["mspid"] == "EximbankMSP"
    assert Path(own["users"]["maker"]["cert"]["path"]).is_file()
    assert Path(own["users"]["maker"]["key"]["path"]).is_file()
    peer = profile["peers"][own["peers"][0]]
    port = session.ports["peer0.eximbank", "peer"]
    assert peer["url"] == f"grpcs://127.0.0.1:{port}"
    assert peer["grpcOptions"]["ssl-target-name-override"] == "peer0.eximbank.internal"
    assert peer["tlsCACerts"]["pem"].startswith("-----BEGIN CERTIFICATE-----")
    assert set(profile["channels"]) == {"customs", "fx", "bank"}
    customs = yaml.safe_load((tmp_path / "n/profiles/customs.yaml").read_text())
    assert set(customs["channels"]) == {"customs"}
    assert "PRIVATE KEY" not in (tmp_path / "n/profiles/eximbank.yaml").read_text()


def test_nodes_that_demand_client_certificates_get_theirs_from_each_other_and_from_profiles(
    variant: Variant, offline: OfflineSession, tmp_path: Path
) -> None:
    session = offline(variant("exim", tls=Tls(client_auth="required")), tmp_path / "n")
    nodes = {one.name: one.environment for one in node_containers(session.consortium, session.layout, session.ports)}
    own = "/etc/hyperledger/fabric/tls/ca.crt"
    assert nodes["exim-peer0.safe"]["CORE_PEER_TLS_CLIENTAUTHREQUIRED"] == "true"
    assert nodes["exim-peer0.safe"]["CORE_PEER_TLS_CLIENTROOTCAS_FILES"] == own
    assert nodes["exim-orderer0.safe"]["ORDERER_GENERAL_TLS_CLIENTAUTHREQUIRED"] == "true"
    assert nodes["exim-orderer0.safe"]["ORDERER_GENERAL_TLS_CLIENTROOTCAS"] == f"[{own}]"
    write_profiles(session)
    profile = Profile.read(tmp_path / "n/profiles/eximbank.yaml")
    maker = tmp_path / "n/organizations/eximbank/users/maker/tls"
    for endpoint in (*profile.endpoints(), *profile.ordering("bank")):
        assert endpoint.certificate == (maker / "client.crt").read_bytes()
        assert endpoint.key == (maker / "client.key").read_bytes()


def test_unless_it_is_said_nodes_demand_none(variant: Variant, offline: OfflineSession, tmp_path: Path) -> None:
    session = offline(variant("exim"), tmp_path / "n")
    for node in node_containers(session.consortium, session.layout, session.ports):
        assert not {name for name in node.environment if "GENERAL_TLS_CLIENT" in name or "PEER_TLS_CLIENT" in name}
    write_profiles(session)
    assert "tlsCerts" not in (tmp_path / "n/profiles/eximbank.yaml").read_text()


def test_compose_describes_the_same_containers(variant: Variant, offline: OfflineSession, tmp_path: Path) -> None:
    session = offline(variant("exim"), tmp_path / "n")
    containers = list(node_containers(session.consortium, session.layout, session.ports))
    text = compose_file(session.consortium, session.layout, containers)
    services = yaml.safe_load(text)["services"]
    assert set(services) == {one.name for one in containers}
    peer = services["exim-peer0.safe"]
    assert peer["environment"]["CORE_PEER_LOCALMSPID"] == "SafeMSP"
    assert "./organizations/safe/peers/peer0/msp:/etc/hyperledger/fabric/msp:ro" in peer["volumes"]
    assert "exim-peer0.safe:/var/hyperledger" in peer["volumes"]
    # every folder that the images declare as a volume has a named one, or Docker makes one without a name
    assert "exim-peer0.safe-settings-3.1.5:/etc/hyperledger/fabric" in peer["volumes"]
    assert peer["volumes"].index("exim-peer0.safe-settings-3.1.5:/etc/hyperledger/fabric") == 0
    assert yaml.safe_load(text)["volumes"]["exim-peer0.safe-settings-3.1.5"]["labels"]


def test_a_chaincode_server_has_the_files_environment_but_its_own_identity(
    variant: Variant, offline: OfflineSession, tmp_path: Path
) -> None:
    wanted = {"CHAINCODE_MAX_CALLS": "8", "CHAINCODE_ID": "somebody else's"}
    consortium = variant("exim")
    assert consortium.chaincode is not None
    chaincode = consortium.chaincode.model_copy(update={"environment": wanted})
    session = offline(consortium.model_copy(update={"chaincode": chaincode}), tmp_path / "n")
    owner = session.consortium.organization("safe")
    server = chaincode_container(
        session.consortium, session.layout, owner, chaincode, version="1.0", image="image", package_id="exim_1.0:ab"
    )
    assert server.environment["CHAINCODE_MAX_CALLS"] == "8"
    assert server.environment["CHAINCODE_ID"] == "exim_1.0:ab"
    plan_deployment(session, chaincode)
    text = (session.layout.chaincode / "safe.env").read_text()
    assert "CHAINCODE_MAX_CALLS=8\n" in text
    assert "somebody" not in text


@pytest.mark.parametrize("compose", [("docker", "compose"), ("docker-compose",)])
def test_docker_compose_accepts_what_is_rendered(
    variant: Variant, offline: OfflineSession, tmp_path: Path, compose: tuple[str, ...]
) -> None:
    if shutil.which(compose[0]) is None or subprocess.run([*compose, "version"], capture_output=True).returncode:
        pytest.skip(f"no {' '.join(compose)} on this machine")
    session = offline(variant("exim"), tmp_path / "n")
    containers = list(node_containers(session.consortium, session.layout, session.ports))
    path = tmp_path / "n/compose.yaml"
    path.write_text(compose_file(session.consortium, session.layout, containers))
    done = subprocess.run([*compose, "-f", path, "config", "--quiet"], check=False, capture_output=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.fabric
def test_every_volume_that_an_image_declares_has_a_name_in_compose_yaml(
    variant: Variant, offline: OfflineSession, tmp_path: Path
) -> None:
    """Without one `docker compose down -v` would leave it behind, nameless."""
    consortium = variant("exim")
    if reason := missing_for(consortium):
        pytest.skip(reason)
    session = offline(consortium, tmp_path / "n")
    containers = list(node_containers(session.consortium, session.layout, session.ports))
    content = yaml.safe_load(compose_file(session.consortium, session.layout, containers))
    engine, looked_at = Engine.connect("exim"), 0
    try:
        for service in content["services"].values():
            declared = set(engine.client.images.get(service["image"]).attrs["Config"].get("Volumes") or {})
            named = {place.split(":")[1]: place.split(":")[0] for place in service["volumes"]}
            assert declared <= set(named), service["container_name"]
            assert {named[place] for place in declared} <= set(content["volumes"])
            looked_at += len(declared)
    finally:
        engine.close()
    assert looked_at >= 7, "Fabric's images declare one each"


def test_a_couchdb_stands_beside_its_peer_alone_and_publishes_nothing(
    variant: Callable[..., Consortium], tmp_path: Path
) -> None:
    consortium = variant("exim")
    first, *others = consortium.organizations
    peer = first.peers[0].model_copy(update={"state_database": "couchdb"})
    consortium = consortium.model_copy(update={"organizations": (first.model_copy(update={"peers": (peer,)}), *others)})
    layout = Layout(tmp_path)
    ensure_secrets(consortium, layout)
    (database,) = database_containers(consortium, layout)
    assert (database.hostname, database.ports) == ("couchdb-peer0.eximbank.internal", ())
    nodes = {
        one.name: one.environment
        for one in node_containers(consortium, layout, PortBook.open(layout.ports, consortium))
    }
    told = nodes["exim-peer0.eximbank"]
    assert told["CORE_LEDGER_STATE_COUCHDBCONFIG_COUCHDBADDRESS"] == "couchdb-peer0.eximbank.internal:5984"
    password = told["CORE_LEDGER_STATE_COUCHDBCONFIG_PASSWORD"]
    assert len(password) > 30
    assert password == database.environment["COUCHDB_PASSWORD"]
    assert "CORE_LEDGER_STATE_STATEDATABASE" not in nodes["exim-peer0.safe"]
    ensure_secrets(consortium, layout)
    assert layout.database_secret(first, peer).read_text() == password
