"""`eximledger network` as a shell sees it: exit codes, one sentence for each error, JSON on demand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from eximledger_network import default_text
from eximledger_network.cli import network
from hlf_network.consortium import load_consortium
from hlf_network.engine.api import no_engine
from hlf_network.testing import missing_for


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CliRunner:
    monkeypatch.chdir(tmp_path)
    return CliRunner()


def test_init_writes_a_file_that_loads_and_never_overwrites(runner: CliRunner, tmp_path: Path) -> None:
    assert runner.invoke(network, ["init"]).exit_code == 0
    assert load_consortium(tmp_path / "consortium.yaml").name == "exim"
    again = runner.invoke(network, ["init"])
    assert again.exit_code == 2
    assert "consortium.yaml exists" in again.stderr


@pytest.mark.parametrize("command", [["up"], ["deploy"], ["status"], ["certs"], ["render"], ["stop"], ["logs", "x"]])
def test_a_wrong_file_is_exit_code_2_for_every_command(runner: CliRunner, tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "consortium.yaml").write_text(default_text().replace("role: customs", "role: Pirate King"))
    result = runner.invoke(network, command)
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: consortium.yaml, line ")
    assert "organizations[3].role" in result.stderr
    assert "Traceback" not in result.output


def test_errors_as_json_carry_line_and_field(runner: CliRunner) -> None:
    Path("mine.yaml").write_text(default_text().replace("consensus: raft", "consensus: luck"))
    result = runner.invoke(network, ["up", "-f", "mine.yaml", "--json"])
    assert result.exit_code == 2
    body = json.loads(result.stderr)
    assert body["error"] == "InvalidDocument"
    assert body["details"]["field"] == "consensus"
    assert body["details"]["line"].isdigit()


@pytest.mark.parametrize(
    ("host", "words"),
    [("unix:///nowhere/docker.sock", "No Docker engine answers: start Docker"), ("tcp://127.0.0.1:9", "No Docker")],
)
def test_no_engine_is_told_and_nothing_is_left(
    runner: CliRunner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, host: str, words: str
) -> None:
    monkeypatch.setenv("DOCKER_HOST", host)
    result = runner.invoke(network, ["up"])
    assert result.exit_code == 1
    assert words in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_socket_without_permission_is_told() -> None:
    assert "group `docker`" in no_engine("PermissionError(13, 'Permission denied')")


def test_certs_lists_and_renews_without_an_engine(runner: CliRunner) -> None:
    assert runner.invoke(network, ["render"]).exit_code == 0
    plain = runner.invoke(network, ["certs"])
    assert plain.exit_code == 0
    assert "365 days" in plain.stdout or "364 days" in plain.stdout
    listed = json.loads(runner.invoke(network, ["certs", "--json"]).stdout)
    assert listed["renewed"] == []
    assert {row["organization"] for row in listed["certificates"]} == {"eximbank", "tradebank", "safe", "customs"}


def test_render_names_the_file_it_wrote(runner: CliRunner, tmp_path: Path) -> None:
    result = runner.invoke(network, ["render", "--json"])
    assert Path(json.loads(result.stdout)["file"]) == tmp_path / "exim-network/compose.yaml"


@pytest.fixture
def small(runner: CliRunner) -> Iterator[list[str]]:
    """A file for a network without chaincode, and its removal afterwards."""
    text = default_text().replace("name: exim  ", "name: exim-cli  ", 1)
    Path("small.yaml").write_text(text)
    reason = missing_for(load_consortium(Path("small.yaml")))
    if reason:
        pytest.skip(reason)
    yield ["-f", "small.yaml"]
    runner.invoke(network, ["down", "--purge", "-f", "small.yaml"])


@pytest.mark.fabric
def test_up_status_logs_and_down_from_the_shell(runner: CliRunner, small: list[str]) -> None:
    assert runner.invoke(network, ["start", *small]).exit_code == 1
    up = runner.invoke(network, ["up", "--no-deploy", "--json", *small])
    assert up.exit_code == 0, up.output
    report = json.loads(up.stdout)
    assert [step["title"] for step in report["steps"]][:3] == ["images", "certificates", "genesis blocks"]
    assert runner.invoke(network, ["up", "--no-deploy", *small]).stdout.startswith("exim-cli: nothing to do")
    status = json.loads(runner.invoke(network, ["status", "--json", *small]).stdout)
    assert status["healthy"] is True
    assert "peer0.safe" in runner.invoke(network, ["status", *small]).stdout
    assert runner.invoke(network, ["logs", "peer0.safe", "--tail", "5", *small]).exit_code == 0
    unknown = runner.invoke(network, ["logs", "peer7.safe", *small])
    assert (unknown.exit_code, "it has" in unknown.stderr) == (2, True)
    assert runner.invoke(network, ["add-org", "nobody", *small]).exit_code == 2
    down = runner.invoke(network, ["down", "--purge", *small])
    assert down.exit_code == 0
    assert runner.invoke(network, ["status", *small]).exit_code == 1
