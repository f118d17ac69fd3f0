"""docs/toolkit/first-contract.md on real Fabric: the project of `hlf init`, its network, its client, its upgrade."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from hlf_client.cli._main import root
from hlf_network.consortium import load_consortium
from hlf_network.testing import missing_for

pytestmark = [pytest.mark.fabric, pytest.mark.xdist_group("fabric")]

NAME = "hlfbasic"
SECONDS = 240


def run(project: Path, *command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command], cwd=project, capture_output=True, text=True, check=False, timeout=SECONDS
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(root, ["init", NAME]).exit_code == 0
    folder = tmp_path / NAME
    if reason := missing_for(load_consortium(folder / "consortium.yaml")):
        pytest.skip(reason)
    try:
        yield folder
    finally:
        run(folder, "network.py", "down")


def test_the_project_on_peers_and_its_upgrade(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert f"{NAME} 1.0" in run(project, "network.py")
    profile = f"{NAME}-network/profiles/org1.yaml"
    assert "a1 is Org1MSP's since block" in run(project, "client.py", profile)
    monkeypatch.setenv("HLF_PROFILE", str(project / profile))
    monkeypatch.setenv("HLF_CHAINCODE", NAME)
    assert CliRunner().invoke(root, ["submit", "mychannel", "assets:transfer", "a1", "Org2MSP"]).exit_code == 0
    refused = CliRunner().invoke(root, ["submit", "mychannel", "assets:transfer", "a1", "Org1MSP", "--json"])
    assert json.loads(refused.stdout)["error"] == "NotAuthorized"
    contract, consortium = project / NAME / "contract.py", project / "consortium.yaml"
    contract.write_text(contract.read_text().replace("colour: str\n", 'colour: str\n    weight: str = "unknown"\n'))
    consortium.write_text(consortium.read_text().replace('"1.0"', '"1.1"'))
    run(project, "network.py")
    read = CliRunner().invoke(root, ["evaluate", "mychannel", "assets:read", "a1", "--json"])
    assert json.loads(read.stdout)["result"] | {"weight": ""} == {
        "id": "a1", "colour": "blue", "value": 5, "owner": "Org2MSP", "weight": ""
    }  # fmt: skip
    assert json.loads(read.stdout)["result"]["weight"] == "unknown"
