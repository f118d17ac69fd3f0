"""The commands of docs/operations.md are those that there are; those that need no engine are run here."""

from __future__ import annotations

import json
import re
import shlex
import time
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from tests.hlf_network.operators import lines_of

from eximledger_network.cli import channel, member, network
from hlf_network.engine.nodes import Container, Mount
from hlf_network.steps.renewal import _changed_since

PAGE = Path(__file__).parents[2] / "docs/operations.md"
CALL = re.compile(r"eximledger (?:member|channel) [^;&|)>]+")
LINES = [re.sub(r"\$\(.*?\)", "computed", line.command) for line in lines_of(PAGE)]
COMMANDS = sorted({call.strip() for line in LINES for call in CALL.findall(line)})
GROUPS: dict[str, click.Command] = {"member": member, "channel": channel}


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CliRunner:
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    assert runner.invoke(network, ["render"]).exit_code == 0
    return runner


def test_the_page_names_commands() -> None:
    assert len(COMMANDS) >= 25


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_of_the_page_is_there_with_its_options(line: str) -> None:
    program, *words = shlex.split(line)[1:]
    command = GROUPS[program]
    while isinstance(command, click.Group):
        command = command.commands[words.pop(0)]
    known = {option: one for one in command.params for option in one.opts}
    for option in (word for word in words if word.startswith("--")):
        assert option in known
    values = sum(not one.is_flag for one in map(known.get, words) if isinstance(one, click.Option))
    plain = [word for word in words if not word.startswith("-")]
    arguments = [one for one in command.params if isinstance(one, click.Argument)]
    least = sum(one.required for one in arguments)
    assert least <= len(plain) - values <= (99 if any(one.nargs < 0 for one in arguments) else len(arguments))


def test_certs_write_their_metrics_and_take_days_both_ways(runner: CliRunner) -> None:
    done = runner.invoke(network, ["certs", "--within", "30d", "--metrics", "hlf.prom", "--json"])
    assert done.exit_code == 0, done.output
    listed = json.loads(done.stdout)["certificates"]
    text = Path("hlf.prom").read_text()
    assert text.count("hlf_certificate_expiry_timestamp_seconds{") == len(listed)
    assert runner.invoke(network, ["certs", "--within", "30"]).exit_code == 0
    assert "write 30 or 30d" in runner.invoke(network, ["certs", "--within", "soon"]).stderr


def test_monitoring_needs_no_engine(runner: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    done = runner.invoke(network, ["monitoring", "monitoring", "--json"])
    assert done.exit_code == 0, done.output
    assert {Path(file).name for file in json.loads(done.stdout)["files"]} == {
        "certificates.prom",
        "dashboard.json",
        "prometheus.yml",
        "rules.yml",
    }


def test_a_node_is_stale_when_a_file_is_younger_than_its_start(tmp_path: Path) -> None:
    (tmp_path / "tls").mkdir()
    (tmp_path / "tls/server.crt").write_text("certificate")
    written = (tmp_path / "tls/server.crt").stat().st_mtime
    node = Container("peer0", "peer", "safe", "image", "host", mounts=(Mount(str(tmp_path / "tls"), "/tls"),))
    assert _changed_since(node, datetime.fromtimestamp(written - 1, UTC))
    assert not _changed_since(node, datetime.fromtimestamp(max(written, time.time()) + 1, UTC))
