"""What all clients are measured against: one organisation's network, and the key-value chaincode filled with keys."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.sdk.connection import Connection
from tests.fabric.servers import Servers

from hlf_client.gateway import GatewayLedger, Profile
from hlf_network.consortium import Consortium, parse_consortium
from hlf_network.driver import Network
from hlf_network.testing import running_network

__all__ = ["consortium_of", "open_stage"]

CHANNEL, CHAINCODE, USER = "bench", "kv", "officer"
KEYS = 100
VALUE = "v" * 200

CONSORTIUM = f"""\
name: exim-sdk-bench
organizations:
  - name: bank
    role: bank
    peers: [{{name: peer0}}]
    orderers: [{{name: orderer0}}]
    users: [{{name: {USER}}}]
channels:
  - name: {CHANNEL}
    members: [bank]
    batch: {{timeout: 20ms}}
    chaincode: {{endorsement: OR(bank.peer)}}
chaincode: {{name: {CHAINCODE}, server: host}}
"""
"""One organisation is the least that endorses, orders and commits: what two cores can do is left to the clients."""


def consortium_of(fabric: str) -> Consortium:
    """The network on this release of Fabric."""
    return parse_consortium(CONSORTIUM).model_copy(update={"fabric": fabric})


@contextmanager
def open_stage(consortium: Consortium) -> Iterator[Path]:
    """Bring all up, with every key written; gives the description of the connection. All goes away at the end."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with running_network(consortium, folder / "network") as network:
            servers = Servers(network, folder)
            try:
                servers.run_all("bench.chaincode.keyvalue:keyvalue")
                connection = _connection(network, folder)
                asyncio.run(_fill(connection))
                yield connection.write(folder / "connection.json")
            finally:
                servers.stop_all()


def _connection(network: Network, folder: Path) -> Connection:
    bank = network.consortium.organizations[0]
    path = network.layout.profile(bank, "json")
    peer = Profile.read(path).endpoints()[0]
    roots = folder / "roots.pem"
    roots.write_bytes(network.layout.tls_authorities(bank))
    msp = network.layout.user(bank, USER) / "msp"
    return Connection(
        address=peer.address,
        host=peer.host,
        roots=str(roots),
        msp=bank.msp,
        certificate=str(msp / "signcerts/cert.pem"),
        key=str(msp / "keystore/key.pem"),
        channel=CHANNEL,
        chaincode=CHAINCODE,
        keys=KEYS,
        value=VALUE,
        written="null",
        warm_up_in_flight=32,
        profile=str(path),
        user=USER,
    )


async def _fill(connection: Connection) -> None:
    profile = Profile.read(connection.profile)
    async with GatewayLedger.connect(profile, profile.identity(USER), chaincode=CHAINCODE) as ledger:
        puts = (ledger.submit(CHANNEL, "kv:put", f"key-{number}", VALUE) for number in range(KEYS))
        await asyncio.gather(*puts)
