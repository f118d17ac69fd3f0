"""A chaincode server on loopback with the probe, and peers that connect to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from tests.conformance.probe import probe
from tests.hlf_chaincode.memory_peer import MemoryLedger
from tests.hlf_chaincode.shim.fake_peer import FakePeer, connected

from hlf_chaincode.contract import Chaincode
from hlf_chaincode.shim import ChaincodeServer, Limits, Settings

Serve = Callable[..., AbstractAsyncContextManager[ChaincodeServer]]


def settings(address: str = "127.0.0.1:0") -> Settings:
    return Settings("probe_1.0:abc", address, None, "127.0.0.1:0")


@asynccontextmanager
async def serving(
    chaincode: Chaincode | None = None, *, limits: Limits | None = None, address: str = "127.0.0.1:0"
) -> AsyncIterator[ChaincodeServer]:
    async with ChaincodeServer(chaincode or probe(), settings(address), limits=limits) as server:
        yield server


@pytest.fixture
def serve() -> Serve:
    return serving


@pytest.fixture
async def server() -> AsyncIterator[ChaincodeServer]:
    async with serving() as server:
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
