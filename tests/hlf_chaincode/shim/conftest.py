"""A chaincode server on loopback with the probe, and peers that connect to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial

import pytest
from tests.conformance.probe import probe
from tests.hlf_chaincode.memory_peer import MemoryLedger
from tests.hlf_chaincode.shim.fake_peer import FakePeer, connected

from hlf_chaincode.shim import ChaincodeServer, Limits, Settings
from hlf_chaincode.shim.factory import chaincode_from

Serve = Callable[..., AbstractAsyncContextManager[ChaincodeServer]]
PROBE = "tests.conformance.probe:probe"


def settings(address: str = "127.0.0.1:0", workers: int = 1) -> Settings:
    return Settings("probe_1.0:abc", address, None, "127.0.0.1:0", workers=workers)


@asynccontextmanager
async def serving(
    factory: str = PROBE, *, limits: Limits | None = None, address: str = "127.0.0.1:0", workers: int = 1
) -> AsyncIterator[ChaincodeServer]:
    chaincode = chaincode_from(factory)
    async with ChaincodeServer(chaincode, settings(address, workers), limits=limits, factory=factory) as server:
        yield server


@pytest.fixture(params=[1, 3], ids=["one process", "three workers"])
def workers(request: pytest.FixtureRequest) -> int:
    """Whatever a server promises, it promises with workers too."""
    count: int = request.param
    return count


@pytest.fixture
def serve(workers: int) -> Serve:
    return partial(serving, workers=workers)


@pytest.fixture
async def server(serve: Serve) -> AsyncIterator[ChaincodeServer]:
    async with serve() as server:
        yield server


@pytest.fixture
def ledger() -> MemoryLedger:
    return MemoryLedger(probe(), ["bank", "fx", "customs"], collection_readers=["SafeMSP"])


@pytest.fixture
async def peer(server: ChaincodeServer, ledger: MemoryLedger) -> AsyncIterator[FakePeer]:
    """A peer of 3.1: it takes batches. What it saw of the protocol is checked at the end."""
    async with connected(ledger, f"127.0.0.1:{server.port}") as peer:
        yield peer
        assert peer.violations == []


@pytest.fixture
async def old_peer(server: ChaincodeServer, ledger: MemoryLedger) -> AsyncIterator[FakePeer]:
    """A peer of 2.5: no batches."""
    async with connected(ledger, f"127.0.0.1:{server.port}", ready=b"") as peer:
        yield peer
        assert peer.violations == []
