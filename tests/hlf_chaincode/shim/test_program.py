"""`python -m eximledger_chaincode` as a container or a debugger starts it: a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from threading import Thread

import grpc
import pytest
from tests.conformance.probe import probe
from tests.hlf_chaincode.memory_peer import MemoryLedger, identity
from tests.hlf_chaincode.shim.certificates import Pair, TlsAuthority
from tests.hlf_chaincode.shim.fake_peer import connected
from tests.hlf_chaincode.shim.processes import is_alive

import eximledger_chaincode

ROOT = Path(__file__).resolve().parents[3]
SAFE = identity("SafeMSP", "officer")
ENDLESS = "tests.hlf_chaincode.shim.endless:endless"

SECONDS = 30.0

pytestmark = pytest.mark.slow


def settings(**more: str) -> dict[str, str]:
    package = str(Path(eximledger_chaincode.__file__).parents[1])
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("CHAINCODE_")},
        "PYTHONPATH": os.pathsep.join([package, str(ROOT), os.environ.get("PYTHONPATH", "")]),
        "CHAINCODE_ID": "exim_1.0:abc",
        "CHAINCODE_SERVER_ADDRESS": "127.0.0.1:0",
        "CHAINCODE_TLS_DISABLED": "true",
        **more,
    }


def program(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "eximledger_chaincode", *arguments]


class Server:
    """The program while it runs. It listens where the kernel lets it, and its log says where."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.log: list[str] = []
        self._ports: Queue[int] = Queue()
        self._reader = Thread(target=self._read)
        self._reader.start()

    async def address(self) -> str:
        """Where it listens, once it does; asked again, where the next one does that took its place."""
        return f"127.0.0.1:{await asyncio.to_thread(self._ports.get, timeout=SECONDS)}"

    def ended(self) -> list[str]:
        """All that it logged, when it has ended."""
        self._reader.join(SECONDS)
        return self.log

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.log.append(line)
            if line.startswith("{") and (port := json.loads(line).get("port")):
                self._ports.put(port)


@contextmanager
def running(environment: Mapping[str, str], *arguments: str) -> Iterator[Server]:
    """The program, ended and waited for at the end of the block; it must leave in order."""
    with subprocess.Popen(
        program(*arguments), env=dict(environment), stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        server = Server(process)
        try:
            yield server
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(SECONDS)
            log = "".join(server.ended())
    assert process.returncode == 0, log


def failing(environment: Mapping[str, str], *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        program(*arguments), env=dict(environment), capture_output=True, text=True, timeout=60, check=False, cwd=ROOT
    )
    return done.returncode, done.stderr


@pytest.fixture(params=["1", "2"])
def workers(request: pytest.FixtureRequest) -> dict[str, str]:
    return {"CHAINCODE_WORKERS": request.param}


async def test_it_serves_the_exim_chaincode_and_ends_in_order_on_sigterm(workers: dict[str, str]) -> None:
    ledger = MemoryLedger(probe(), ["fx"])
    with running(settings(**workers)) as server:
        async with connected(ledger, await server.address()) as peer:
            assert peer.package_id == "exim_1.0:abc"
            response = await peer.call(SAFE, "fx", "org.hyperledger.fabric:GetMetadata")
            assert "loans" in json.loads(response.payload)["contracts"]
            server.process.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(server.process.wait, SECONDS) == 0
            lines = [json.loads(line) for line in server.ended()]
            assert [line["message"] for line in lines][-2:] == ["stopping", "a peer has gone"]


@pytest.mark.parametrize("debug", ["true", "false"])
async def test_a_setting_shows_a_contracts_traceback_to_its_developer(debug: str, workers: dict[str, str]) -> None:
    with running(settings(CHAINCODE_DEBUG=debug, **workers), "--chaincode", "tests.conformance.probe:probe") as server:
        async with connected(MemoryLedger(probe(), ["fx"]), await server.address()) as peer:
            response = await peer.call(SAFE, "fx", "probe:crash")
    assert response.status == 500
    assert ("in crash" in response.message) == ("ZeroDivisionError" in response.message) == (debug == "true")
    assert any("debugging" in line for line in server.log) == (debug == "true")


@pytest.mark.parametrize("function", ["endless:spin", "endless:stubborn", "endless:wait"])
async def test_a_contract_that_computes_without_end_is_interrupted(function: str, workers: dict[str, str]) -> None:
    environment = settings(CHAINCODE_TURN_SECONDS="0.3", **workers)
    with running(environment, "--chaincode", ENDLESS) as server:
        async with connected(MemoryLedger(probe(), ["fx"]), await server.address()) as peer:
            response = await peer.call(SAFE, "fx", function)
            assert response.status == 504
            assert "computed for longer than" in response.message
            assert (await peer.call(SAFE, "fx", "endless:well")).status == 200


@pytest.fixture(scope="module")
def authority() -> TlsAuthority:
    return TlsAuthority("tls")


def tls_settings(folder: Path, authority: TlsAuthority) -> dict[str, str]:
    pair = authority.issue("server")
    files = {"KEY": pair.key, "CERT": pair.certificate, "CLIENT_CACERT": authority.root}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    paths = {f"CHAINCODE_TLS_{name}_FILE": str(folder / name) for name in files}
    return settings(**paths, CHAINCODE_TLS_DISABLED="false")


def credentials(authority: TlsAuthority, client: Pair | None) -> object:
    key, certificate = (client.key, client.certificate) if client else (None, None)
    return grpc.ssl_channel_credentials(authority.root, key, certificate)


async def test_only_a_client_certificate_of_the_organisations_authority_may_call(
    tmp_path: Path, authority: TlsAuthority
) -> None:
    ledger, stranger = MemoryLedger(probe(), ["fx"]), TlsAuthority("another").issue("peer")
    with running(tls_settings(tmp_path, authority)) as server:
        target = await server.address()
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
        ({"CHAINCODE_WORKERS": "many"}, 2, "CHAINCODE_WORKERS is a number from 1 to 64"),
        ({"CHAINCODE_LOG_LEVEL": "loud"}, 2, "CHAINCODE_LOG_LEVEL is one of"),
        ({"CHAINCODE_FACTORY": "nowhere:exim"}, 2, "no chaincode at 'nowhere:exim'"),
        ({"CHAINCODE_FACTORY": "tests.hlf_chaincode.shim.endless:nothing"}, 2, "makes no chaincode"),
        ({"CHAINCODE_SERVER_ADDRESS": "192.0.2.1:0"}, 1, "cannot listen at 192.0.2.1:0"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_an_exit_code(changes: dict[str, str], code: int, words: str) -> None:
    returned, errors = failing(settings() | changes)
    assert returned == code
    assert words in errors
    assert "Traceback" not in errors


async def test_with_reload_it_starts_again_when_a_source_changes(tmp_path: Path, workers: dict[str, str]) -> None:
    source = tmp_path / "edited.py"
    original = (Path(__file__).parent / "endless.py").read_text()
    source.write_text(original)
    environment = settings(**workers)
    environment["PYTHONPATH"] += f"{os.pathsep}{tmp_path}"
    arguments = ("--reload", "--chaincode", "edited:endless")
    ledger = MemoryLedger(probe(), ["fx"])
    with running(environment, *arguments) as server:
        async with connected(ledger, await server.address()) as peer:
            assert json.loads((await peer.call(SAFE, "fx", "endless:well")).payload) == "well"
            source.write_text(original.replace('return "well"', 'return "better"'))
            await peer.gone.wait()
        async with connected(ledger, await server.address()) as peer:
            assert json.loads((await peer.call(SAFE, "fx", "endless:well")).payload) == "better"


def test_workers_end_with_a_server_that_is_killed() -> None:
    environment = settings(CHAINCODE_WORKERS="2")
    with subprocess.Popen(program(), env=environment, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        server = Server(process)
        asyncio.run(server.address())
        (nursery,) = children(process.pid)
        below = [nursery, *children(nursery)]
        process.kill()
        process.wait(SECONDS)
        server.ended()
    assert len(below) == 3
    deadline = time.monotonic() + SECONDS
    while any(is_alive(each) for each in below):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def children(process: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
