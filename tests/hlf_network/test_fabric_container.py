"""Chaincode in containers: an image built without an index, a server per organisation, an upgrade under load."""

from __future__ import annotations

import io
import tarfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from hlf_network.consortium import Chaincode, ChaincodeImage, Consortium, ServerPlace
from hlf_network.driver import Network
from hlf_network.engine.docker import Engine
from hlf_network.engine.nodes import LABEL
from hlf_network.errors import NetworkError
from hlf_network.lifecycle.image import ensure_image
from hlf_network.lifecycle.wheels import collect_wheels
from hlf_network.steps import rollout
from hlf_network.steps.deployment import settle_channels
from hlf_network.testing import GatewayCaller, missing_for, running_network

pytestmark = pytest.mark.fabric

HERE = Path(__file__).parent
NAME = "exim-image"
IMAGE = f"{NAME}-server:test"
OF_IMAGES = "exim-image-images"
"""The network that the image is labelled as of: what takes another one away leaves it."""
REQUIREMENTS = ("hlf-chaincode",)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    try:
        engine = Engine.connect(NAME)
    except NetworkError as error:
        pytest.skip(str(error))
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def wheels(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the test's chaincode server needs, collected by this host's pip."""
    folder = tmp_path_factory.mktemp("wheels")
    try:
        collect_wheels(ChaincodeImage(requirements=REQUIREMENTS), folder, engine.architecture)
    except NetworkError as error:
        pytest.skip(str(error))
    return folder


@pytest.fixture(scope="module")
def server_image(engine: Engine, wheels: Path) -> Iterator[str]:
    """The driver's own image of the wheels, and on top of it the test's server."""
    if engine.image_id("python:3.11-slim") is None:
        pytest.skip("no image python:3.11-slim on this machine")
    settings = Chaincode(name="exim", image=ChaincodeImage(requirements=REQUIREMENTS, wheels=wheels))
    base = ensure_image(engine, NAME, settings, wheels)
    assert ensure_image(engine, NAME, settings, wheels) == base
    context = io.BytesIO()
    with tarfile.open(fileobj=context, mode="w") as archive:
        dockerfile = f"FROM {base.name}\nCOPY chaincode_server.py /\n".encode()
        entry = tarfile.TarInfo("Dockerfile")
        entry.size = len(dockerfile)
        archive.addfile(entry, io.BytesIO(dockerfile))
        archive.add(HERE / "chaincode_server.py", arcname="chaincode_server.py")
    context.seek(0)
    engine.client.images.build(fileobj=context, custom_context=True, tag=IMAGE, rm=True, labels={LABEL: OF_IMAGES})
    yield IMAGE
    engine.remove_images([IMAGE, base.name])


@pytest.fixture(scope="module")
def network(
    variant: Callable[..., Consortium], server_image: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Network]:
    image = ChaincodeImage(name=server_image, command=("python", "/chaincode_server.py"))
    chaincode = Chaincode(name="exim", server=ServerPlace.CONTAINER, image=image)
    consortium = variant(NAME, chaincode=chaincode)
    reason = missing_for(consortium)
    if reason:
        pytest.skip(reason)
    with running_network(consortium, tmp_path_factory.mktemp("container")) as network:
        yield network


def test_every_organisation_has_its_own_server_which_its_peer_reaches(network: Network) -> None:
    servers = {node.organization for node in network.status().nodes if node.kind == "chaincode" and node.healthy}
    assert servers == {"eximbank", "tradebank", "safe", "customs"}
    assert GatewayCaller(network, "tradebank").submit_when_discovered("bank", "put", "k", "v").result == b"v"
    ids = {GatewayCaller(network, name).evaluate("customs", "version") for name in servers}
    assert len(ids) == 4
    assert network.up().changes == ()


def test_an_upgrade_answers_all_the_while_and_retires_the_old_servers(network: Network) -> None:
    chaincode = network.consortium.chaincode
    assert chaincode is not None
    newer = chaincode.model_copy(update={"version": "1.1"})
    upgraded = Network(network.consortium.model_copy(update={"chaincode": newer}), folder=network.layout.root)
    caller = GatewayCaller(network, "customs")
    caller.submit_when_discovered("customs", "put", "before", "upgrade")
    ended, answers, failures = threading.Event(), list[bytes](), list[BaseException]()

    def ask() -> None:
        while not ended.is_set():
            try:
                answers.append(caller.evaluate("customs", "get", "before"))
            except Exception as error:  # noqa: BLE001, RUF100 - any failure at all fails the test
                failures.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        changes = upgraded.deploy().changes
    finally:
        ended.set()
        asking.join()
    assert failures == []
    assert len(answers) > 10
    assert set(answers) == {b"upgrade"}
    assert {f"exim 1.1 committed on {name}" for name in ("customs", "fx", "bank")} <= set(changes)
    status = upgraded.status()
    assert {(channel.chaincode_version, channel.sequence) for channel in status.channels} == {("1.1", 2)}
    assert {node.name for node in status.nodes if node.kind == "chaincode"} == {
        f"{NAME}-exim-1-1.{name}" for name in ("eximbank", "tradebank", "safe", "customs")
    }
    assert caller.evaluate("customs", "version").startswith(b"exim_1.1:")
    assert upgraded.up().changes == ()


def test_an_upgrade_that_is_cut_off_is_undone_before_it_is_approved_and_served_afterwards(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    chaincode = network.consortium.chaincode
    assert chaincode is not None
    newer = chaincode.model_copy(update={"version": "1.2"})
    upgraded = Network(network.consortium.model_copy(update={"chaincode": newer}), folder=network.layout.root)
    before = servers_of(upgraded)
    caller = GatewayCaller(network, "customs")

    def interrupted(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    for step, act in {
        "install_packages": interrupted,
        "settle_channels": lambda *given: interrupted(settle_channels(*given)),
    }.items():
        assert servers_of(upgraded) == before
        monkeypatch.setattr(rollout, step, act)
        with pytest.raises(KeyboardInterrupt):
            upgraded.deploy()
        monkeypatch.undo()
    assert caller.evaluate("customs", "version").startswith(b"exim_1.2:")
    assert len(servers_of(upgraded)) == 2 * len(before)
    changes = upgraded.up().changes
    assert not [change for change in changes if "committed" in change or "started" in change]
    assert servers_of(upgraded) == {name.replace("exim-1-1", "exim-1-2") for name in before}
    assert caller.evaluate("customs", "version").startswith(b"exim_1.2:")


def servers_of(network: Network) -> set[str]:
    return {node.name for node in network.status().nodes if node.kind == "chaincode"}


def test_a_server_that_does_not_start_is_never_committed(network: Network) -> None:
    chaincode = network.consortium.chaincode
    assert chaincode is not None
    image = chaincode.image.model_copy(update={"command": ("python", "-c", "raise SystemExit('no such contract')")})
    broken = chaincode.model_copy(update={"version": "9.9", "image": image})
    consortium = network.consortium.model_copy(update={"chaincode": broken})
    before = network.status().channels
    with pytest.raises(NetworkError, match=r"does not start: it ended with code 1: no such contract"):
        Network(consortium, folder=network.layout.root).deploy()
    assert network.status().channels == before
    assert not [node.name for node in network.status().nodes if "9-9" in node.name]


def test_wheels_that_do_not_satisfy_the_requirements_fail_with_pips_words(
    engine: Engine, wheels: Path, tmp_path: Path
) -> None:
    with pytest.raises(NetworkError, match="There are no wheels in"):
        ensure_image(engine, NAME, Chaincode(name="exim", image=ChaincodeImage(wheels=tmp_path)), tmp_path)
    settings = Chaincode(name="exim", image=ChaincodeImage(requirements=("no-such-distribution",), wheels=wheels))
    with pytest.raises(NetworkError, match="no-such-distribution"):
        ensure_image(engine, NAME, settings, tmp_path)


def test_a_missing_image_is_named_and_nothing_is_left(
    variant: Callable[..., Consortium], tmp_path: Path, engine: Engine
) -> None:
    image = ChaincodeImage(name="exim-image-nowhere:never")
    assert engine.image_id(image.name or "") is None
    consortium = variant("exim-absent", chaincode=Chaincode(name="exim", server=ServerPlace.CONTAINER, image=image))
    assert missing_for(consortium) is not None
    network = Network(consortium, folder=tmp_path / "absent")
    try:
        with pytest.raises(NetworkError, match=r"exim-image-nowhere:never is not on this machine.*docker load"):
            network.up()
        assert not [node for node in network.status().nodes if node.state != "missing"]
    finally:
        network.down(purge=True)
