"""`hlf` on an embedded ledger and on files: answers, exit codes, errors without tracebacks, a quick start."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hlf_client.cli._main import _COMMANDS, root

ROOT = Path(__file__).parents[3]
Run = Callable[..., Result]
DAY = '"2026-11-28"'
CAR = ["c1", "red", DAY, "[]"]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`hlf` in an empty folder, on a toy's ledger."""
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "HLF_PROFILE": "embedded:toy.db",
        "HLF_CONSORTIUM": "tests.hlf_client.typed.toy:TOY",
        "HLF_AS": "org1",
        "HLF_CHAINCODE": "toy",
    }.items():
        monkeypatch.setenv(name, value)
    return lambda *args: CliRunner().invoke(root, args)


def test_what_is_submitted_can_be_evaluated(run: Run) -> None:
    built = run("submit", "mychannel", "cars:BuildCar", *CAR)
    assert built.exit_code == 0, built.output
    assert '"id":"c1"' in built.stdout
    assert " in block 1" in built.stdout
    read = run("evaluate", "mychannel", "cars:read", "c1", "--json")
    assert json.loads(read.stdout)["result"]["colour"] == "red"
    again = run("--json", "--as", "org2/user1", "submit", "mychannel", "cars:BuildCar", *CAR)
    assert json.loads(again.stdout)["block_number"] == 2


def test_an_error_is_one_sentence_and_with_json_one_document(run: Run) -> None:
    refused = run("evaluate", "mychannel", "cars:read", "nothing")
    assert refused.exit_code == 1
    assert refused.stdout == ""
    assert "Error: there is no car nothing" in refused.stderr
    told = json.loads(run("--json", "evaluate", "mychannel", "cars:read", "nothing").stdout)
    assert (told["error"], told["details"]) == ("NotFound", {"id": "nothing"})


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("evaluate", "mychannel"), 2, "Missing argument"),
        (("nothing",), 2, "No such command"),
        (("block", "mychannel"), 1, "is no connection profile"),
        (("channel", "list"), 1, "is no connection profile"),
        (("evaluate", "mychannel", "cars:read", "c1", "--transient", "half"), 1, "NAME=VALUE"),
        (("evaluate", "mychannel", "cars:read", "c1", "--as", "org9"), 1, "there is no member 'org9'"),
        (("evaluate", "mychannel", "cars:read", "c1", "--profile", "no.yaml"), 1, "no.yaml"),
        (("evaluate", "mychannel", "cars:read", "c1", "--consortium", "nothing:at_all"), 1, "nothing"),
        (("evaluate", "mychannel", "cars:read", "c1", "--consortium", "json:dumps"), 1, "json:dumps"),
        (("events", "mychannel", "--chaincode", ""), 1, "whose events"),
        (("install", "missing.tar.gz"), 2, "does not exist"),
    ],
)
def test_wrong_use_is_told_without_a_traceback(run: Run, args: tuple[str, ...], code: int, said: str) -> None:
    done = run(*args)
    assert done.exit_code == code, done.output
    assert said in done.output
    assert "Traceback" not in done.output


def test_without_a_profile_it_asks_for_one(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HLF_PROFILE")
    done = run("evaluate", "mychannel", "cars:read", "c1")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "--profile PATH" in done.stderr


def test_events_and_blocks_are_told_one_on_a_line(run: Run) -> None:
    run("submit", "mychannel", "cars:BuildCar", *CAR)
    run("submit", "mychannel", "cars:BuildCar", "c2", "blue", DAY, "[]")
    lines = run("events", "mychannel", "--start", "0", "--count", "2", "--json").stdout.splitlines()
    assert [json.loads(line)["payload"] for line in lines] == [{"id": "c1"}, {"id": "c2"}]
    blocks = run("events", "mychannel", "--blocks", "--start", "1", "--count", "2", "--json").stdout.splitlines()
    assert [json.loads(line)["number"] for line in blocks] == [1, 2]
    assert json.loads(blocks[1])["transactions"][0]["code"] == "VALID"
    assert "Built" in run("events", "mychannel", "--start", "1", "--count", "1").stdout


def test_text_of_a_ledger_cannot_steer_the_terminal(run: Run) -> None:
    labelled = run("evaluate", "mychannel", "cars:label", "\x1b[31m\u202e")
    assert "\x1b" not in labelled.stdout
    assert "\\u001b[31m\\u202e" in labelled.stdout.replace("\\\\", "\\")
    assert "\u202e" not in run("evaluate", "mychannel", "cars:read", "\u202e").output


def test_a_package_is_the_same_for_the_same_input(run: Run, tmp_path: Path) -> None:
    first = run("package", "--label", "toy_1", "--address", "toy:9999", "one.tar.gz", "--json")
    second = run("package", "--label", "toy_1", "--address", "toy:9999", "two.tar.gz")
    package_id = json.loads(first.stdout)["package_id"]
    assert package_id == second.stdout.strip()
    assert package_id.startswith("toy_1:")
    with tarfile.open(tmp_path / "one.tar.gz") as archive:
        code = archive.extractfile("code.tar.gz")
        assert code is not None
        with tarfile.open(fileobj=code) as inner:
            connection = inner.extractfile("connection.json")
            assert connection is not None
            told = json.loads(connection.read())
    assert (told["address"], told["tls_required"], told["client_auth_required"]) == ("toy:9999", False, False)
    half = run("package", "--label", "x", "--address", "toy:9999", "--tls-cert", "one.tar.gz", "x.tar.gz")
    assert (half.exit_code, "go together" in half.stderr) == (1, True)
    bad = tmp_path / "bad.tar.gz"
    bad.write_bytes(b"no archive")
    assert "is no package of a chaincode" in run("install", "bad.tar.gz").stderr


def test_a_typed_client_is_generated_from_a_ledger_and_from_a_file(run: Run, tmp_path: Path) -> None:
    assert run("client", "generate", "mychannel", "--out", "made.py").exit_code == 0
    made = (tmp_path / "made.py").read_text()
    assert "class Toy:" in made
    (tmp_path / "metadata.json").write_text(
        json.dumps(
            json.loads(run("evaluate", "mychannel", "org.hyperledger.fabric:GetMetadata", "--json").stdout)["result"]
        )
    )
    assert run("client", "from-file", "metadata.json", "--chaincode", "toy").stdout == made


def test_every_command_is_listed_and_none_is_imported_for_it(run: Run) -> None:
    listed = run("--help").stdout
    assert all(f"\n  {name} " in listed for name in _COMMANDS)
    for name in _COMMANDS:
        assert run(name, "--help").exit_code == 0
    program = "import sys; sys.argv = ['hlf', '--help']\nfrom hlf_client.cli import main\n"
    program += "try: main()\nexcept SystemExit: print([m for m in ('grpc', 'pydantic', 'yaml') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")
