"""`hlf init`: the project's test passes at once, and the page on the first contract shows the files that it makes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from hlf_client.cli._main import root
from hlf_network.consortium import load_consortium

DOCS = Path(__file__).parents[3] / "docs"
_SHOWN = re.compile(r"^`([\w./]+)`:\n\n```\w+\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(root, ["init", "basic"])
    assert done.exit_code == 0, done.output
    return tmp_path / "basic"


def run_tests(project: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.slow
def test_the_projects_test_passes_at_once_and_can_fail(project: Path) -> None:
    done = run_tests(project)
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout
    assert "Warning" not in done.stdout + done.stderr
    contract = project / "basic" / "contract.py"
    contract.write_text(contract.read_text().replace("asset.owner != context", "False and context"))
    assert run_tests(project).returncode == 1


def test_the_projects_network_is_one(project: Path) -> None:
    consortium = load_consortium(project / "consortium.yaml")
    assert [each.name for each in consortium.organizations] == ["org1", "org2"]
    assert consortium.chaincode is not None
    assert consortium.chaincode.image.packages == ("basic",)


def test_the_page_shows_the_projects_files(project: Path) -> None:
    shown = dict(_SHOWN.findall((DOCS / "toolkit" / "first-contract.md").read_text(encoding="utf-8")))
    assert set(shown) >= {"basic/contract.py", "tests/test_contract.py", "client.py", "consortium.yaml"}
    for name, text in shown.items():
        assert text == (project / name).read_text(encoding="utf-8"), name


def test_nothing_is_written_over(project: Path) -> None:
    done = CliRunner().invoke(root, ["init", "basic"])
    assert (done.exit_code, "is there already" in done.stderr) == (1, True)


@pytest.mark.parametrize("name", ["Basic", "a-b", "class", "../x", "1st", "x_y", "", "json", "client", "tests"])
def test_a_name_that_is_no_packages_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(root, ["init", name]).exit_code == 1
    assert list(tmp_path.iterdir()) == []
