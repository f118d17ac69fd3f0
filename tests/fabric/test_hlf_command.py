"""`hlf` on real Fabric: a chaincode's whole life, two members each for itself, and what is read of it afterwards."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.docs.shell import Shell, shell_blocks
from tests.docs.snippets import DOCS

from hlf_client.cli._main import root
from hlf_network._session import Session
from hlf_network.channels.config import genesis_block
from hlf_network.consortium import HOST_GATEWAY, Batch, Channel, Consortium, Orderer, Organization, Peer, User
from hlf_network.driver import Network
from hlf_network.engine.docker import Engine
from hlf_network.engine.ports import PortBook
from hlf_network.progress import Recorder
from hlf_network.testing import missing_for, running_network

pytestmark = pytest.mark.fabric

ROOT = Path(__file__).parents[2]
MEMBERS = ("org1", "org2")
POLICY = "AND('Org1MSP.peer', 'Org2MSP.peer')"
TERMS = ("--name", "toy", "--version", "1.0", "--policy", POLICY)
CAR = ("c1", "red", '"2026-11-28"', "[]")
SECONDS = 60.0


def consortium() -> Consortium:
    return Consortium(
        name="exim-hlf",
        organizations=tuple(
            Organization(
                name=name,
                msp=f"Org{number}MSP",
                role="member",
                peers=(Peer(name="peer0"),),
                orderers=(Orderer(name="orderer0"),) if number == 1 else (),
                users=(User(name="user1"),),
            )
            for number, name in enumerate(MEMBERS, 1)
        ),
        channels=(Channel(name="mychannel", members=MEMBERS, batch=Batch(timeout="100ms")),),
    )


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    wanted = consortium()
    if reason := missing_for(wanted):
        pytest.skip(reason)
    with running_network(wanted, tmp_path_factory.mktemp("hlf")) as network:
        yield network


class Hlf:
    """The command in the name of a member's user or administrator."""

    def __init__(self, network: Network) -> None:
        self._profiles = network.layout.root / "profiles"

    def __call__(self, who: str, *args: str, code: int = 0) -> Any:
        of_whom = [] if args[0] == "package" else ["--profile", str(self._profiles), "--as", who]
        done = CliRunner().invoke(root, ["--json", *of_whom, *args])
        assert done.exit_code == code, done.output
        return json.loads(done.stdout)


@contextmanager
def serving(package_id: str, port: int) -> Iterator[None]:
    """A member's chaincode server on this host, without TLS."""
    environment = os.environ | {"CHAINCODE_TLS_DISABLED": "true", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "hlf_chaincode", "--chaincode", "tests.hlf_client.typed.toy:chaincode"]
    command += ["--id", package_id, "--address", f"0.0.0.0:{port}"]
    with subprocess.Popen(command, env=environment, cwd=ROOT) as server:
        try:
            yield
        finally:
            server.terminate()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("", 0))
        return int(taken.getsockname()[1])


def eventually(check: Callable[[], Any]) -> Any:
    """Peers tell each other of a new definition in their own time."""
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            return check()
        except AssertionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


def test_a_chaincode_from_its_package_to_its_typed_client(network: Network, tmp_path: Path) -> None:
    hlf, file = Hlf(network), str(tmp_path / "toy.tar.gz")
    assert list(hlf("org1", "channel", "list").values()) == [["mychannel"]]
    with ExitStack() as servers:
        for member in MEMBERS:
            port = free_port()
            packed = hlf(member, "package", "--label", "toy_1", "--address", f"{HOST_GATEWAY}:{port}", file)
            servers.enter_context(serving(packed["package_id"], port))
            installed = hlf(member, "install", file)
            assert (installed["package_id"], installed["installed"]) == (packed["package_id"], 1)
            assert hlf(member, "install", file)["installed"] == 0
            assert list(hlf(member, "installed").values()) == [[packed["package_id"]]]
            if member == "org2":
                ready = hlf("org2", "check", *TERMS, "mychannel", code=3)
                assert ready["approvals"] == {"Org1MSP": True, "Org2MSP": False}
                refused = hlf("org2", "commit", *TERMS, "mychannel", code=1)
                assert refused["error"] == "EndorsementFailed"
            hlf(member, "approve", *TERMS, "--package-id", packed["package_id"], "mychannel")
        eventually(lambda: hlf("org1", "check", *TERMS, "mychannel"))
        assert eventually(lambda: hlf("org1", "commit", *TERMS, "mychannel"))["sequence"] == 1
        told = hlf("org1", "committed", "mychannel")["toy"]
        assert (told["version"], told["endorsement"]) == ("1.0", POLICY)
        assert told["approvals"] == ["Org1MSP", "Org2MSP"]
        called = ("submit", "--chaincode", "toy", "mychannel", "cars:BuildCar", *CAR)
        built = eventually(lambda: hlf("org1/user1", *called))
        read = hlf("org2/user1", "evaluate", "--chaincode", "toy", "mychannel", "cars:read", "c1")
        assert read["result"]["colour"] == "red"
        _read_back(hlf, built, tmp_path)
        _discovered(hlf)
        made = tmp_path / "toy_client.py"
        hlf("org1/user1", "client", "generate", "--chaincode", "toy", "mychannel", "--out", str(made))
        assert "async def build_car(" in made.read_text()


def _read_back(hlf: Hlf, built: dict[str, Any], tmp_path: Path) -> None:
    """The block of the call, whole; the lifecycle's own block; the configuration."""
    block = hlf("org2/user1", "block", "mychannel", built["transaction_id"])
    assert block["number"] == built["block_number"]
    (transaction,) = block["transactions"]
    assert (transaction["code"], transaction["creator"]["msp_id"]) == ("VALID", "Org1MSP")
    (action,) = transaction["actions"]
    assert action["arguments"] == ["cars:BuildCar", *CAR]
    assert {each["msp_id"] for each in action["endorsers"]} == {"Org1MSP", "Org2MSP"}
    assert (action["event"]["name"], action["event"]["payload"]) == ("Built", '{"id":"c1"}')
    (written,) = [each for each in action["sets"] if each["chaincode"] == "toy"]
    assert written["writes"][0]["key"] == "c1"
    agreed = hlf("org1", "block", "mychannel", str(built["block_number"] - 1))
    (committing,) = agreed["transactions"][0]["actions"]
    assert committing["chaincode"] == "_lifecycle"
    assert committing["arguments"][0] == "CommitChaincodeDefinition"
    assert committing["arguments"][1]["validation_parameter"] == POLICY
    file = str(tmp_path / "genesis.block")
    first = hlf("org1", "block", "mychannel", "0", "--out", file)
    group = first["transactions"][0]["channel_group"]
    assert group["groups"]["Application"]["policies"]["Admins"]["policy"] == "MAJORITY Admins"
    assert set(group["groups"]["Application"]["groups"]) == {"Org1MSP", "Org2MSP"}
    consensus = group["groups"]["Orderer"]["values"]["ConsensusType"]["value"]
    assert (consensus["type"], len(consensus["metadata"]["consenters"])) == ("etcdraft", 1)
    assert hlf("org1", "config", "mychannel")["channel_group"]["groups"].keys() == group["groups"].keys()
    assert list(hlf("org1", "channel", "join", file)["joined"].values()) == [False]
    missing = hlf("org1", "block", "mychannel", "9999", code=1)
    assert missing["error"] == "NotFound"


def _discovered(hlf: Hlf) -> None:
    peers = eventually(lambda: hlf("org1", "discovery", "peers", "mychannel"))
    assert {each["msp_id"] for each in peers} == {"Org1MSP", "Org2MSP"}
    assert all(each["height"] and "toy" in each["chaincodes"] for each in peers)
    found = hlf("org1", "discovery", "endorsers", "--chaincode", "toy", "mychannel")
    assert sum(found["layouts"][0].values()) == 2


def test_the_pages_block_takes_a_chaincode_through_its_life(network: Network, tmp_path: Path) -> None:
    """docs/toolkit/hlf.md as org1's administrator; what it leaves to the others org2's does in between."""
    profiles = network.layout.root / "profiles"
    shells = {}
    for name in MEMBERS:
        (tmp_path / name).mkdir()
        shells[name] = Shell(tmp_path / name, {"HLF_PROFILE": str(profiles / f"{name}.yaml")})
    package, install, approve, check, commit = shell_blocks(DOCS / "toolkit/hlf.md")[1].splitlines()
    for name, shell in shells.items():
        packed = shell.run(package.replace("org1", name))
        installed = shell.run(install)
        (package_id,) = set(re.findall(r"basic_1\.0:[0-9a-f]{64}", installed))
        assert package_id in packed
        if name == "org2":
            assert "Org2MSP" in shell.run(f"{check.partition('#')[0]} && exit 1 || test $? = 3")
        shell.run(approve.replace("basic_1.0:...", package_id))
    eventually(lambda: shells["org1"].run(check))
    eventually(lambda: shells["org1"].run(commit))
    assert "basic" in shells["org2"].run("hlf committed mychannel")


def test_an_orderers_channels_are_listed_and_joined(network: Network, tmp_path: Path) -> None:
    wanted = network.consortium
    owner = wanted.organization("org1")
    with Session(
        wanted, network.layout, PortBook.open(network.layout.ports, wanted), Engine.connect(wanted.name), Recorder()
    ) as session:
        door = session.orderer_admin(owner, owner.orderers[0])
        block = genesis_block(session.channel_settings(wanted.channels[0].model_copy(update={"name": "second"})))
    file = tmp_path / "second.block"
    file.write_bytes(block.SerializeToString())
    node = f"{door.address}:{door.port}"
    at = (
        "--orderer",
        node,
        "--tls-ca",
        str(door.roots),
        "--tls-cert",
        str(door.certificate),
        "--tls-key",
        str(door.key),
    )
    hlf = Hlf(network)
    assert hlf("org1", "channel", "list", *at) == {node: ["mychannel"]}
    assert hlf("org1", "channel", "join", *at, str(file)) == {"channel": "second", "joined": {node: True}}
    assert hlf("org1", "channel", "join", *at, str(file))["joined"] == {node: False}
    assert hlf("org1", "channel", "list", *at) == {node: ["mychannel", "second"]}
    stranger = (*at[:-4], "--tls-cert", str(door.roots), "--tls-key", str(door.key))
    assert hlf("org1", "channel", "list", *stranger, code=1)["error"]
