"""Making hfc's environment: what pip is told, what is said when it fails, and that it is done once."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from eximledger.cli import main
from hlf_client.errors import FabricError, LedgerUnavailable
from hlf_client.hfc import Environment

INTERPRETER = """#!{python} -I
import json, sys
from pathlib import Path
folder = Path({folder!r})
with (folder / "calls").open("a") as calls:
    calls.write(json.dumps(sys.argv[1:]) + "\\n")
if "venv" in sys.argv:
    target = Path(sys.argv[-1]) / "bin/python"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(Path(sys.argv[0]).read_text())
    target.chmod(0o755)
elif "pip" in sys.argv and (folder / "broken").exists():
    print("Looking around", "ERROR: no matching distribution", "WARNING: a proxy says 407", sep="\\n")
    sys.exit(1)
"""


class Python:
    """An interpreter that writes down what it was told, and fails as pip does."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "python"
        self.path.write_text(INTERPRETER.format(python=sys.executable, folder=str(folder)))
        self.path.chmod(0o755)
        self._folder = folder

    def fail(self, whether: bool) -> None:
        broken = self._folder / "broken"
        broken.touch() if whether else broken.unlink()

    def calls(self) -> list[list[str]]:
        return [json.loads(line) for line in (self._folder / "calls").read_text().splitlines()]


@pytest.fixture
def python(tmp_path: Path) -> Python:
    return Python(tmp_path)


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    return Environment(tmp_path / "data/hfc")


def test_it_is_made_once(environment: Environment, python: Python) -> None:
    assert not environment.is_ready
    assert environment.install(python=python.path)
    assert environment.is_ready
    made = len(python.calls())
    assert not environment.install(python=python.path)
    assert len(python.calls()) == made


def test_pip_takes_hashed_pins_and_nothing_else(environment: Environment, python: Python) -> None:
    environment.install(python=python.path)
    build, hfc = (call for call in python.calls() if "pip" in call)
    for call in (build, hfc):
        assert {"--require-hashes", "--no-deps", "--no-build-isolation"} <= set(call)
        assert "--no-index" not in call
    assert (build[-1].endswith("requirements-build.txt"), hfc[-1].endswith("requirements.txt")) == (True, True)


def test_a_folder_of_wheels_stands_for_the_index(environment: Environment, python: Python, tmp_path: Path) -> None:
    environment.install(python=python.path, wheels=tmp_path)
    for call in python.calls():
        if "pip" in call:
            at = call.index("--no-index")
            assert call[at + 1 : at + 3] == ["--find-links", str(tmp_path)]


def test_pips_last_words_are_passed_on_and_the_next_attempt_begins_anew(
    environment: Environment, python: Python
) -> None:
    python.fail(True)
    with pytest.raises(FabricError, match=r"ERROR: no match.* / WARNING: a proxy says 407 \(behind a proxy"):
        environment.install(python=python.path)
    assert not environment.is_ready
    with pytest.raises(LedgerUnavailable, match="run `eximledger hfc install`"):
        environment.command()
    python.fail(False)
    assert environment.install(python=python.path)


@pytest.mark.parametrize("record", ["", "[]", '{"requirements": "of an older version"}'])
def test_what_another_version_made_is_made_again(environment: Environment, python: Python, record: str) -> None:
    environment.install(python=python.path)
    (environment.folder / "eximledger.json").write_text(record)
    assert not environment.is_ready
    assert environment.install(python=python.path)


def test_an_interpreter_that_is_none_is_named(environment: Environment) -> None:
    with pytest.raises(FabricError, match="/nowhere/python cannot be started"):
        environment.install(python=Path("/nowhere/python"))


@pytest.mark.parametrize(
    ("variables", "folder"),
    [
        ({"EXIM_HFC_HOME": "/opt/hfc"}, "/opt/hfc"),
        ({"XDG_DATA_HOME": "/data"}, "/data/eximledger/hfc"),
        ({"HOME": "/home/bank"}, "/home/bank/.local/share/eximledger/hfc"),
    ],
)
def test_where_it_lies(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], folder: str) -> None:
    for name in ("EXIM_HFC_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert Environment.default().folder == Path(folder)


def test_every_distribution_has_hashes(environment: Environment) -> None:
    lines = [line.strip(" \\") for line in environment.requirements.splitlines() if not line.startswith("#")]
    pins = [at for at, line in enumerate(lines) if "==" in line.split(";")[0] and not line.startswith("--hash")]
    assert "fabric-sdk-py==1.0.0" in lines
    assert all(lines[at + 1].startswith("--hash=sha256:") for at in pins)


def test_the_commands_install_and_say_where(tmp_path: Path, python: Python) -> None:
    run, variables = CliRunner(), {"EXIM_HFC_HOME": str(tmp_path / "home"), "PATH": os.environ["PATH"]}
    missing = run.invoke(main, ["hfc", "status", "--json"], env=variables)
    assert (missing.exit_code, json.loads(missing.stdout)["ready"]) == (1, False)
    made = run.invoke(main, ["hfc", "install", "--python", str(python.path), "--json"], env=variables)
    assert (made.exit_code, json.loads(made.stdout)["installed"]) == (0, True)
    again = run.invoke(main, ["hfc", "install", "--python", str(python.path)], env=variables)
    assert "installed already" in again.stdout
    ready = run.invoke(main, ["hfc", "status"], env=variables)
    assert (ready.exit_code, ready.stdout.startswith("Ready in")) == (0, True)
    pins = run.invoke(main, ["hfc", "requirements"], env=variables)
    assert pins.stdout == Environment(tmp_path).requirements
