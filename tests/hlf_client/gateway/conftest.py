"""An identity, and gateway peers in this process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import pytest

pytest.importorskip("grpc", reason="needs the extra `fabric`")

from tests.eximledger.bank import bank_maker
from tests.hlf_client.gateway.fake import AT_ONCE, FakePeer

from hlf_client.gateway import GatewayLedger
from hlf_client.identity import Identity

Start = Callable[[], Awaitable[FakePeer]]
Connect = Callable[[Sequence[FakePeer]], GatewayLedger]


@pytest.fixture(scope="session")
def identity() -> Identity:
    return bank_maker()


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Starts gateway peers; all end with the test."""
    running: list[FakePeer] = []

    async def started() -> FakePeer:
        running.append(await FakePeer.start())
        return running[-1]

    yield started
    for peer in running:
        await peer.stop()


@pytest.fixture
async def connect(identity: Identity) -> AsyncIterator[Connect]:
    """Connects to peers, in this order."""
    opened: list[GatewayLedger] = []

    def connected(peers: Sequence[FakePeer]) -> GatewayLedger:
        endpoints = [peer.endpoint for peer in peers]
        opened.append(GatewayLedger(endpoints, identity, channels=["fx", "bank"], retries=AT_ONCE, chaincode="exim"))
        return opened[-1]

    yield connected
    for ledger in opened:
        await ledger.close()


@pytest.fixture
async def peer(start: Start) -> FakePeer:
    return await start()


@pytest.fixture
def ledger(connect: Connect, peer: FakePeer) -> GatewayLedger:
    return connect([peer])
