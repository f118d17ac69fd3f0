"""The scenarios' network: three organisations, two channels, and everything that a scenario or a fault does to them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.fabric.gateway.chaincode import CHAINCODE
from tests.fabric.servers import Servers
from tests.fabric.settling import until_endorsed

from eximledger_network import default_consortium
from hlf_client.gateway import Balance, GatewayLedger, Profile, Retries, Timeouts
from hlf_client.identity import Identity
from hlf_network.consortium import (
    Batch,
    Chaincode,
    Channel,
    ChannelChaincode,
    Collection,
    Consortium,
    Orderer,
    Organization,
    Peer,
    ServerPlace,
    User,
)
from hlf_network.driver import Network
from hlf_network.engine.docker import Engine
from hlf_network.testing import running_network

__all__ = [
    "ANY",
    "MSPS",
    "ORGANIZATIONS",
    "SECONDS",
    "TWO",
    "ScenarioNetwork",
    "running_scenarios",
    "scenario_consortium",
]

ANY: Final = "any-one"
"""The channel where one organisation's endorsement is enough, whichever it is. It has the collections."""
TWO: Final = "any-two"
"""The channel where two of the three must endorse."""

ORGANIZATIONS: Final = ("org1", "org2", "org3")
MSPS: Final = ("Org1MSP", "Org2MSP", "Org3MSP")
SECONDS: Final = 60.0
"""How long anything is waited for."""
QUICK: Final = {
    "CORE_PEER_GATEWAY_ENDORSEMENTTIMEOUT": "5s",
    "CORE_PEER_GATEWAY_BROADCASTTIMEOUT": "2s",
    "CORE_PEER_GATEWAY_DIALTIMEOUT": "5s",
}
"""How long a gateway waits for others: long enough for a busy machine, and no fault test lasts minutes."""

_ANY_PEER: Final = ", ".join(f"'{msp}.peer'" for msp in MSPS)
_COLLECTIONS: Final = (
    Collection(name="org1-only", members="OR('Org1MSP.member')"),
    Collection(name="org3-only", members="OR('Org3MSP.member')"),
    Collection(
        name="org1-inbox",
        members="OR('Org1MSP.member')",
        endorsement="OR('Org1MSP.peer')",
        member_only_write=False,
    ),
    Collection(name="org1-org2", members="OR('Org1MSP.member', 'Org2MSP.member')", endorsement="OR('Org1MSP.peer')"),
)


def scenario_consortium(name: str, **changes: object) -> Consortium:
    """Three organisations with an orderer each; the first has two gateway peers. EXIM_FABRIC chooses another Fabric."""
    default = default_consortium()
    consortium = Consortium(
        name=name,
        fabric=os.environ.get("EXIM_FABRIC", default.fabric),
        organizations=tuple(
            Organization(
                name=organization,
                msp=msp,
                role="bank",
                peers=tuple(
                    Peer(name=f"peer{number}", environment=QUICK) for number in range(2 if msp == "Org1MSP" else 1)
                ),
                orderers=(Orderer(name="orderer0"),),
                users=(User(name="user"),),
            )
            for organization, msp in zip(ORGANIZATIONS, MSPS, strict=True)
        ),
        channels=(
            _channel(ANY, ChannelChaincode(endorsement=f"OR({_ANY_PEER})", collections=_COLLECTIONS)),
            _channel(TWO, ChannelChaincode(endorsement=f"OutOf(2, {_ANY_PEER})")),
        ),
        chaincode=Chaincode(name=CHAINCODE, server=ServerPlace.HOST),
    )
    return consortium.model_copy(update=changes)


def _channel(name: str, chaincode: ChannelChaincode) -> Channel:
    return Channel(name=name, members=ORGANIZATIONS, batch=Batch(timeout="100ms"), chaincode=chaincode)


@dataclass(frozen=True)
class ScenarioNetwork:
    """A running network with every organisation's chaincode server on this host."""

    network: Network
    servers: Servers
    engine: Engine

    def profile(self, organization: str) -> Profile:
        owner = self.network.consortium.organization(organization)
        return Profile.read(self.network.layout.profile(owner, "yaml"))

    def identity(self, organization: str) -> Identity:
        return self.profile(organization).identity("user")

    def connect(
        self,
        organization: str,
        *,
        identity: Identity | None = None,
        peers: Sequence[int] | None = None,
        chaincode: str = CHAINCODE,
        timeouts: Timeouts | None = None,
        retries: Retries | None = None,
        balance: Balance = "failover",
    ) -> GatewayLedger:
        """An organisation's user at its gateway peers, at those of these numbers alone where they are given."""
        profile = self.profile(organization)
        endpoints = profile.endpoints()
        return GatewayLedger(
            endpoints if peers is None else [endpoints[number] for number in peers],
            identity or self.identity(organization),
            chaincode=chaincode,
            channels=profile.channel_names,
            timeouts=timeouts,
            retries=retries,
            balance=balance,
        )

    def serve(self, organization: str) -> None:
        """Start an organisation's chaincode server, in place of the one that runs."""
        self.servers.run(organization, f"tests.fabric.gateway.chaincode:{organization}")

    async def settled(self) -> None:
        """Every gateway peer has every organisation endorse, on both channels."""
        owners = self.network.consortium.organizations
        gateways = [(owner.name, number) for owner in owners for number in range(len(owner.peers))]
        await asyncio.gather(*(self._settled(*gateway, channel) for gateway in gateways for channel in (ANY, TWO)))

    async def _settled(self, organization: str, number: int, channel: str) -> None:
        async with self.connect(organization, peers=[number]) as ledger:
            await until_endorsed(ledger, channel, "public:put", "settled", "1", endorsing_organizations=MSPS)


@contextmanager
def running_scenarios(consortium: Consortium, folder: Path) -> Iterator[ScenarioNetwork]:
    """The network, gone at the end; its organisations have found each other."""
    with running_network(consortium, folder / "network") as network:
        scenarios = ScenarioNetwork(network, Servers(network, folder), Engine.connect(consortium.name))
        try:
            for organization in ORGANIZATIONS:
                scenarios.serve(organization)
            asyncio.run(scenarios.settled())
            yield scenarios
        finally:
            scenarios.servers.stop_all()
            scenarios.engine.close()
