"""What importing the Gateway client costs and where it works: no pydantic, no embedded ledger, no POSIX-only module."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("pydantic", "sqlite3", "pycountry", "opentelemetry", "yaml", "grpc_status", "google.rpc", "fabric_protos",
         "hlf_client.embedded", "hlf_client.hfc", "hlf_client.testing", "hlf_chaincode.contract", "hlf_chaincode.shim",
         "hlf_network", "eximledger", "eximledger_chaincode")  # fmt: skip
POSIX_ONLY = ("fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "syslog", "readline")
OURS_AT_MOST = 44
"""Modules of ours, generated ones aside, in a process that has imported the Gateway client. It has 44."""
GENERATED_AT_MOST = 34
"""Generated ones and the folders that they lie in: the Gateway's, and no lifecycle, discovery or shim. It has 30."""

IMPORT = "import hlf_client.gateway, json, sys; print(json.dumps(sorted(sys.modules)))"


def run(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def loaded() -> list[str]:
    found: list[str] = json.loads(run(IMPORT))
    return found


@pytest.mark.parametrize("name", HEAVY)
def test_the_gateway_client_leaves_what_it_does_not_need(loaded: list[str], name: str) -> None:
    assert [each for each in loaded if each == name or each.startswith(f"{name}.")] == []


def test_the_gateway_client_loads_few_modules(loaded: list[str]) -> None:
    ours = [name for name in loaded if name.startswith("hlf_")]
    generated = [name for name in ours if name.startswith("hlf_chaincode.protos.")]
    assert len(ours) - len(generated) <= OURS_AT_MOST
    assert len(generated) <= GENERATED_AT_MOST
    assert not [name for name in generated if "lifecycle" in name or "discovery" in name or "shim" in name]


@pytest.mark.parametrize("package", ["hlf_client", "hlf_client.gateway", "hlf_client.identity", "hlf_client.sync"])
def test_the_client_imports_where_posix_is_not(package: str) -> None:
    blocked = f"import sys; sys.modules.update(dict.fromkeys({POSIX_ONLY!r}))"
    lazy = "import hlf_client; hlf_client.connect, hlf_client.Ledger, hlf_client.Identity"
    run(f"{blocked}; import {package}; {lazy}")


def test_no_module_imports_what_only_posix_has_at_import() -> None:
    """`_file_lock` does when it is called; the network driver is for Linux."""
    pattern = re.compile(rf"^(?:import|from) (?:{'|'.join(POSIX_ONLY)})\b", re.MULTILINE)
    found = [str(path) for path in (ROOT / "client" / "hlf_client").rglob("*.py") if pattern.search(path.read_text())]
    assert found == []


def test_messages_come_from_one_place() -> None:
    """Nothing else of the product names generated modules: neither another package of them nor one of its own.

    `hfc/worker.py` alone does: it runs in hfc's own environment, and imports nothing of ours.
    """
    pattern = re.compile(r"(?:from|import) (?!hlf_chaincode\.protos\.)[\w.]*_pb2")
    roots = [ROOT / room for room in ("chaincode", "client", "network")]
    sources = [
        path for root in roots for path in root.rglob("*.py") if "protos" not in path.parts and path.name != "worker.py"
    ]
    found = [f"{path.name}: {hit}" for path in sources for hit in pattern.findall(path.read_text())]
    assert [each for each in found if "google.rpc.status_pb2" not in each] == []


@pytest.mark.parametrize("room", ["chaincode", "client", "network"])
def test_each_distribution_has_what_goes_with_it(room: str) -> None:
    """Files, not links: a link out of its folder is dangling in an sdist."""
    folder = ROOT / room
    for name in ("LICENSE", "README.md"):
        assert (folder / name).is_file()
        assert not (folder / name).is_symlink()
    assert (folder / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
    assert (folder / f"hlf_{room}" / "py.typed").is_file()
