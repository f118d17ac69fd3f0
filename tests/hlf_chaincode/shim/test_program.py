"""`python -m eximledger_chaincode` as a container or a debugger starts it: a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import grpc
import pytest
from tests.conformance.probe import probe
from tests.hlf_chaincode.memory_peer import MemoryLedger, identity
from tests.hlf_chaincode.shim.certificates import Pair, TlsAuthority
from tests.hlf_chaincode.shim.fake_peer import connected

import eximledger_chaincode

ROOT = Path(__file__).resolve().parents[3]
SAFE = identity("SafeMSP", "officer")
ENDLESS = "tests.hlf_chaincode.shim.endless:endless"

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as probing:
        probing.bind(("127.0.0.1", 0))
        port: int = probing.getsockname()[1]
        return port


def settings(port: int, **more: str) -> dict[str, str]:
    package = str(Path(eximledger_chaincode.__file__).parents[1])
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("CHAINCODE_")},
        "PYTHONPATH": os.pathsep.join([package, str(ROOT), os.environ.get("PYTHONPATH", "")]),
        "CHAINCODE_ID": "exim_1.0:abc",
        "CHAINCODE_SERVER_ADDRESS": f"127.0.0.1:{port}",
        "CHAINCODE_TLS_DISABLED": "true",
        **more,
    }


def program(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "eximledger_chaincode", *arguments]


@contextmanager
def running(environment: Mapping[str, str], *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The program, ended and waited for at the end of the block; it must leave in order."""
    with subprocess.Popen(
        program(*arguments), env=dict(environment), stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors


def failing(environment: Mapping[str, str], *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        program(*arguments), env=dict(environment), capture_output=True, text=True, timeout=60, check=False, cwd=ROOT
    )
    return done.returncode, done.stderr


async def test_it_serves_the_exim_chaincode_and_ends_in_order_on_sigterm() -> None:
    port = free_port()
    ledger = MemoryLedger(probe(), ["fx"])
    with running(settings(port)) as process:
        async with connected(ledger, f"127.0.0.1:{port}") as peer:
            assert peer.package_id == "exim_1.0:abc"
            response = await peer.call(SAFE, "fx", "org.hyperledger.fabric:GetMetadata")
            assert "loans" in json.loads(response.payload)["contracts"]
            process.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(process.wait, 20) == 0
            assert process.stderr is not None
            lines = [json.loads(line) for line in process.stderr]
            assert [line["message"] for line in lines][-2:] == ["stopping", "a peer has gone"]


@pytest.mark.parametrize("function", ["endless:spin", "endless:stubborn", "endless:wait"])
async def test_a_contract_that_computes_without_end_is_interrupted(function: str) -> None:
    port = free_port()
    environment = settings(port, CHAINCODE_TURN_SECONDS="0.3")
    with running(environment, "--chaincode", ENDLESS):
        async with connected(MemoryLedger(probe(), ["fx"]), f"127.0.0.1:{port}") as peer:
            response = await peer.call(SAFE, "fx", function)
            assert response.status == 504
            assert "computed for longer than" in response.message
            assert (await peer.call(SAFE, "fx", "endless:well")).status == 200


@pytest.fixture(scope="module")
def authority() -> TlsAuthority:
    return TlsAuthority("tls")


def tls_settings(folder: Path, port: int, authority: TlsAuthority) -> dict[str, str]:
    pair = authority.issue("server")
    files = {"KEY": pair.key, "CERT": pair.certificate, "CLIENT_CACERT": authority.root}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    paths = {f"CHAINCODE_TLS_{name}_FILE": str(folder / name) for name in files}
    return settings(port, **paths, CHAINCODE_TLS_DISABLED="false")


def credentials(authority: TlsAuthority, client: Pair | None) -> object:
    key, certificate = (client.key, client.certificate) if client else (None, None)
    return grpc.ssl_channel_credentials(authority.root, key, certificate)


async def test_only_a_client_certificate_of_the_organisations_authority_may_call(
    tmp_path: Path, authority: TlsAuthority
) -> None:
    port = free_port()
    target, ledger = f"127.0.0.1:{port}", MemoryLedger(probe(), ["fx"])
    stranger = TlsAuthority("another").issue("peer")
    with running(tls_settings(tmp_path, port, authority)):
        async with connected(ledger, target, credentials=credentials(authority, authority.issue("peer"))) as peer:
            assert peer.package_id == "exim_1.0:abc"
            for other in (credentials(authority, None), credentials(authority, stranger)):
                with pytest.raises((grpc.aio.AioRpcError, AssertionError)):
                    async with connected(ledger, target, credentials=other, wait=False):
                        pytest.fail("a stranger was let in")
            with pytest.raises((grpc.aio.AioRpcError, AssertionError)):
                async with connected(ledger, target, wait=False):
                    pytest.fail("a client without TLS was let in")


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"CHAINCODE_ID": ""}, 2, "CHAINCODE_ID is not set"),
        ({"CHAINCODE_TLS_DISABLED": "false"}, 2, "CHAINCODE_TLS_KEY_FILE is not set"),
        ({"CHAINCODE_LOG_LEVEL": "loud"}, 2, "CHAINCODE_LOG_LEVEL is one of"),
        ({"CHAINCODE_FACTORY": "nowhere:exim"}, 2, "no chaincode at 'nowhere:exim'"),
        ({"CHAINCODE_FACTORY": "tests.hlf_chaincode.shim.endless:nothing"}, 2, "makes no chaincode"),
        ({"CHAINCODE_SERVER_ADDRESS": "192.0.2.1:9999"}, 1, "cannot listen at 192.0.2.1:9999"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_an_exit_code(changes: dict[str, str], code: int, words: str) -> None:
    returned, errors = failing(settings(free_port()) | changes)
    assert returned == code
    assert words in errors
    assert "Traceback" not in errors


async def test_with_reload_it_starts_again_when_a_source_changes(tmp_path: Path) -> None:
    source = tmp_path / "edited.py"
    original = (Path(__file__).parent / "endless.py").read_text()
    source.write_text(original)
    port = free_port()
    environment = settings(port)
    environment["PYTHONPATH"] += f"{os.pathsep}{tmp_path}"
    arguments = ("--reload", "--chaincode", "edited:endless")
    ledger = MemoryLedger(probe(), ["fx"])
    with running(environment, *arguments):
        async with connected(ledger, f"127.0.0.1:{port}") as peer:
            assert json.loads((await peer.call(SAFE, "fx", "endless:well")).payload) == "well"
            source.write_text(original.replace('return "well"', 'return "better"'))
            await peer.gone.wait()
        async with connected(ledger, f"127.0.0.1:{port}") as peer:
            assert json.loads((await peer.call(SAFE, "fx", "endless:well")).payload) == "better"
