"""Wheels for the chaincode image: packed from what is installed, whole and installable, and no index asked for them."""

from __future__ import annotations

import importlib.metadata
import platform
import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest

from hlf_network.consortium import Chaincode, ChaincodeImage
from hlf_network.engine import docker
from hlf_network.errors import NetworkError
from hlf_network.lifecycle.image import WHEELS_BEING_COLLECTED, ensure_image
from hlf_network.lifecycle.wheels import collect_wheels, installed_closure

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="only what is installed on Linux runs in the image")


@pytest.fixture
def no_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that reaches nothing: pip asked for an index would fail."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)


def test_the_closure_is_what_the_server_needs_and_nothing_of_the_developers() -> None:
    names = {distribution.metadata["Name"].lower() for distribution in installed_closure(["eximledger[fabric]"])}
    assert {"eximledger", "grpcio", "hlf-chaincode", "protobuf", "pydantic", "cffi"} <= names
    assert names.isdisjoint({"mypy", "pytest", "docker"})


@needs_linux
def test_what_is_installed_here_is_collected_without_an_index_and_installs_whole(
    no_index: None, tmp_path: Path
) -> None:
    wheels, place = tmp_path / "wheels", tmp_path / "place"
    wheels.mkdir()
    settings = ChaincodeImage(python=HERE, requirements=("pydantic>=2", "click"))
    collect_wheels(settings, wheels, platform.machine())
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    done = subprocess.run(
        [*pip, "--find-links", wheels, "--target", place, "pydantic", "click"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    for name in ("pydantic", "pydantic_core", "click"):
        original, copy = (
            importlib.metadata.distribution(name),
            importlib.metadata.Distribution.discover(path=[str(place)]),
        )
        versions = {each.metadata["Name"].lower().replace("-", "_"): each.version for each in copy}
        assert versions[name] == original.version
    sources = [file for file in importlib.metadata.files("pydantic") or () if file.suffix == ".py"]
    assert all((place / file).read_bytes() == Path(str(file.locate())).read_bytes() for file in sources)


@needs_linux
def test_the_same_installation_gives_the_same_bytes(no_index: None, tmp_path: Path) -> None:
    settings = ChaincodeImage(python=HERE, requirements=("click",))
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        collect_wheels(settings, tmp_path / folder, platform.machine())
    one, two = sorted((tmp_path / "one").iterdir()), sorted((tmp_path / "two").iterdir())
    assert [path.name for path in one] == [path.name for path in two]
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


@needs_linux
@pytest.mark.parametrize("requirement", ["no-such-distribution", "click>=1000"])
def test_what_cannot_be_had_is_named(no_index: None, tmp_path: Path, requirement: str) -> None:
    settings = ChaincodeImage(python=HERE, requirements=(requirement,))
    with pytest.raises(NetworkError, match=rf"cannot be collected: .*{requirement}.*`chaincode.image.wheels`"):
        collect_wheels(settings, tmp_path, platform.machine())


KILLED = """
import os, signal, sys
from pathlib import Path
from hlf_network.consortium import Chaincode, ChaincodeImage
from hlf_network.lifecycle import image

class Engine:
    architecture = "some other"
    def require_image(self, name): pass
    def image_id(self, name): return "" if name.startswith("python") else None

def cut_off(settings, folder, architecture):
    (Path(folder) / "half.whl").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)

image.collect_wheels = cut_off
image.ensure_image(Engine(), "exim", Chaincode(name="exim", image=ChaincodeImage(python="3.99")), Path(sys.argv[1]))
"""


def test_wheels_whose_collection_was_killed_lie_in_the_networks_folder_alone_and_go_with_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, temporary = tmp_path / "network", tmp_path / "temporary"
    for place in (folder, temporary):
        place.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    killed = subprocess.run([sys.executable, "-c", KILLED, folder], capture_output=True, text=True)
    assert killed.returncode == -9, killed.stderr
    assert [path.name for path in folder.iterdir()] == [WHEELS_BEING_COLLECTED]
    assert list(temporary.iterdir()) == []

    class Engine:
        architecture = "any"

        def require_image(self, name: str) -> None:
            """It is there."""

        def image_id(self, _: str) -> str:
            return "there already"

    settings = Chaincode(name="exim", image=ChaincodeImage(requirements=("click",)))
    ensure_image(cast("docker.Engine", Engine()), "exim", settings, folder)
    assert list(folder.iterdir()) == []
