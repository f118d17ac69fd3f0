"""What is left when bringing a network up is cut off: by SIGTERM, by a failure, by a test run that is killed."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import docker
import pytest
from testcontainers.core.config import testcontainers_config
from testcontainers.core.labels import LABEL_SESSION_ID, SESSION_ID

from eximledger_network import default_text
from hlf_network.consortium import ChaincodeImage, Consortium, load_consortium
from hlf_network.driver import Network
from hlf_network.engine.docker import Engine
from hlf_network.engine.nodes import LABEL, node_containers
from hlf_network.errors import NetworkError
from hlf_network.steps.renewal import stale_among
from hlf_network.testing import missing_for, running_network

pytestmark = pytest.mark.fabric

Filters = dict[str, str | list[str] | bool]

PATIENCE = 90.0
KILLED = """
import os, pathlib, signal, sys
from hlf_network.consortium import load_consortium
from hlf_network.steps.renewal import stale_among
from hlf_network.testing import running_network
with running_network(load_consortium(pathlib.Path("cut.yaml")), pathlib.Path("net"), deploy=False):
    os.kill(os.getpid(), signal.SIGKILL)
"""


def running_of(name: str) -> list[str]:
    client = docker.from_env()
    try:
        found = client.containers.list(all=True, filters={"label": f"{LABEL}={name}"}, ignore_removed=True)
        return sorted(str(one.name) for one in found)
    finally:
        client.close()


def nodes_of(name: str) -> list[str]:
    """Those of the network itself: one in which the engine builds an image has a name of its own."""
    return [one for one in running_of(name) if one.startswith(f"{name}-")]


def wait_until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"{what}: not within {PATIENCE:.0f} s"
        time.sleep(0.02)


@contextmanager
def described(name: str, folder: Path) -> Iterator[Consortium]:
    """cut.yaml in a folder, for a network that is gone afterwards."""
    file = folder / "cut.yaml"
    file.write_text(default_text().replace("name: exim  ", f"name: {name}  ", 1))
    consortium = load_consortium(file)
    assert consortium.name == name
    if reason := missing_for(consortium):
        pytest.skip(reason)
    try:
        yield consortium
    finally:
        for rest in ("net", f"{name}-network"):
            Network(consortium, folder=folder / rest).down(purge=True)


def test_sigterm_in_the_middle_of_up_takes_away_what_it_made(tmp_path: Path) -> None:
    with described("exim-term", tmp_path):
        command = [sys.executable, "-m", "eximledger", "network", "up", "-f", "cut.yaml"]
        with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as up:
            wait_until(lambda: bool(nodes_of("exim-term")) or up.poll() is not None, "a first container")
            assert up.poll() is None, up.communicate()
            up.terminate()
            _, words = up.communicate(timeout=PATIENCE)
        assert up.returncode == 143
        assert "Traceback" not in words
        assert nodes_of("exim-term") == []
        wait_until(
            lambda: running_of("exim-term") == [], "the engine's own container of a build that was cut off, gone"
        )


def test_last_words_of_what_a_failed_up_removed_are_kept(tmp_path: Path) -> None:
    with described("exim-words", tmp_path) as consortium:
        broken = consortium.chaincode
        assert broken is not None
        image = ChaincodeImage(name="python:3.11-slim", command=("python", "-c", "raise SystemExit('no licence')"))
        changed = consortium.model_copy(update={"chaincode": broken.model_copy(update={"image": image})})
        with pytest.raises(NetworkError, match="does not start: it ended with code 1: no licence"):
            Network(changed, folder=tmp_path / "net").up()
        assert running_of("exim-words") == []
        kept = {path.name: path.read_text() for path in (tmp_path / "net/failed").glob("*.log")}
        assert "peer0.safe.log" in kept
        assert len(kept["peer0.safe.log"].splitlines()) > 20
        assert [name for name, words in kept.items() if "no licence" in words]


def test_a_test_network_belongs_to_the_session_of_testcontainers(tmp_path: Path) -> None:
    with described("exim-session", tmp_path) as consortium:
        client = docker.from_env()
        try:
            with running_network(consortium, tmp_path / "net", deploy=False):
                ours: Filters = {"label": f"{LABEL}=exim-session"}
                labelled: Filters = {"label": [f"{LABEL}=exim-session", f"{LABEL_SESSION_ID}={SESSION_ID}"]}
                assert len(client.containers.list(filters=ours)) == 7
                for kind in (client.containers, client.networks, client.volumes):
                    assert len(kind.list(filters=labelled)) == len(kind.list(filters=ours)) > 0
        finally:
            client.close()


def test_the_reaper_takes_away_the_network_of_a_test_run_that_was_killed(tmp_path: Path) -> None:
    if testcontainers_config.ryuk_disabled:
        pytest.skip("Ryuk is disabled")
    with described("exim-reaped", tmp_path):
        client = docker.from_env()
        try:
            if not client.images.list(name=testcontainers_config.ryuk_image):
                pytest.skip(f"no image {testcontainers_config.ryuk_image} on this machine")
        finally:
            client.close()
        killed = subprocess.run(
            [sys.executable, "-c", KILLED], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert killed.returncode == -9, killed.stderr
        wait_until(lambda: not running_of("exim-reaped"), "the reaper")


def test_ledgers_of_other_keys_are_refused_by_name_and_a_new_test_run_clears_them(tmp_path: Path) -> None:
    with described("exim-left", tmp_path) as consortium:
        killed = subprocess.run(
            [sys.executable, "-c", KILLED], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert killed.returncode == -9, killed.stderr
        Network(consortium, folder=tmp_path / "net").stop()  # as a machine that goes down with the engine does
        with pytest.raises(NetworkError, match=r"ledgers of a network exim-left .*network down --purge"):
            Network(consortium, folder=tmp_path / "other").up(deploy=False)
        with running_network(consortium, tmp_path / "third", deploy=False) as network:
            assert network.runs()
        assert running_of("exim-left") == []


def test_a_renewal_that_is_killed_in_the_middle_is_finished_by_the_next(tmp_path: Path) -> None:
    with described("exim-halfway", tmp_path) as consortium:
        network = Network(consortium, folder=tmp_path / "exim-halfway-network")
        network.up(deploy=False)
        command = [sys.executable, "-m", "eximledger", "network", "certs", "-f", "cut.yaml", "--renew", "--within"]
        with subprocess.Popen([*command, "400d"], cwd=tmp_path, stderr=subprocess.PIPE, text=True) as renewing:
            assert renewing.stderr is not None
            for line in renewing.stderr:
                if "restarted" in line:
                    break
            renewing.kill()
        assert renewing.returncode == -9
        assert len(serving_of_old(network)) >= 4, "some serve what lies on the disk no more"
        again = subprocess.run([*command, "30d"], cwd=tmp_path, capture_output=True, text=True)
        assert again.returncode == 0, again.stderr
        assert "renewed" not in again.stdout, "what was issued needs no other"
        assert serving_of_old(network) == []
        assert network.up(deploy=False).changes == ()
        assert network.status().is_healthy


def serving_of_old(network: Network) -> list[str]:
    with network._session() as session:
        nodes = list(node_containers(network.consortium, network.layout, session.ports))
        return [node.name for node in stale_among(session, nodes)]


def test_a_purge_takes_an_image_with_it_whose_tag_another_has_taken(tmp_path: Path) -> None:
    with described("exim-untagged", tmp_path) as consortium:
        engine = Engine.connect(consortium.name)
        try:
            for number in range(2):  # the second build takes the first one's tag
                text = f"FROM python:3.11-slim\nENV NUMBER={number}\n".encode()
                tag = "exim-untagged-exim-chaincode:1"
                engine.client.images.build(fileobj=io.BytesIO(text), tag=tag, labels=engine.labels, rm=True)
            assert [name.partition(":")[0] for name in engine.images()] == ["exim-untagged-exim-chaincode", "sha256"]
            Network(consortium, folder=tmp_path / "net").down(purge=True)
            assert engine.images() == ()
            everything = engine.client.images.list(all=True, filters={"label": f"{LABEL}=exim-untagged"})
            assert everything == []
        finally:
            engine.close()
