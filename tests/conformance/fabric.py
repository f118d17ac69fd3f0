"""The conformance suite's network on real Fabric: the probe in our own chaincode server beside every peer.

One network serves the whole session. A test has a probe of its own: the same package under a name that no test had
before, so it finds an empty state. Names are deployed in batches, for a definition takes the same blocks as many.
"""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path

from tests.conformance.probe import NEIGHBOUR, PROBE
from tests.conformance.providers import COLLECTIONS, POLICIES
from tests.fabric.servers import Servers
from tests.fabric.settling import until_endorsed

from eximledger_network import default_consortium
from hlf_client import CommitStatus, Ledger, SubmittedTransaction
from hlf_client.gateway import GatewayLedger, Profile
from hlf_client.identity import Identity
from hlf_network._session import Session
from hlf_network.consortium import Chaincode, ChannelChaincode, Collection, Consortium, FurtherChaincode, ServerPlace
from hlf_network.driver import Network
from hlf_network.engine.docker import Engine
from hlf_network.engine.ports import PortBook
from hlf_network.progress import Recorder, in_parallel
from hlf_network.steps.deployment import recorded, settle_channels
from hlf_network.testing import running_network

__all__ = ["FabricProvider", "ProbeNetwork", "fresh_probe", "probe_consortium", "running_probes"]

FACTORY = "tests.conformance.probe:probe"
BATCH = 12
"""Probes deployed at once."""
IDENTITIES = {
    "bank": ("eximbank", "tradebank", "safe"),
    "fx": ("eximbank", "tradebank", "safe"),
    "customs": ("customs", "eximbank"),
}
"""Who must find endorsers on a channel before a test begins."""


def probe_consortium(name: str) -> Consortium:
    """The default consortium with the probe, its policies and its collections on this host, and on bank another one
    with servers of its own, for a peer knows a transaction once by its package; EXIM_FABRIC=2.5.15 chooses another
    Fabric."""
    fabric = os.environ.get("EXIM_FABRIC", default_consortium().fabric)
    consortium = default_consortium().model_copy(update={"fabric": fabric})
    assert consortium.chaincode is not None
    chaincode = consortium.chaincode.model_copy(update={"name": PROBE, "server": ServerPlace.HOST})
    other = Chaincode(name=NEIGHBOUR, server=ServerPlace.HOST)
    channels = tuple(
        channel.model_copy(update={"chaincode": _terms(channel.name), "chaincodes": _beside(channel.name)})
        for channel in consortium.channels
    )
    return consortium.model_copy(
        update={"name": name, "chaincode": chaincode, "chaincodes": (other,), "channels": channels}
    )


def _beside(channel: str) -> tuple[FurtherChaincode, ...]:
    return (FurtherChaincode(name=NEIGHBOUR, endorsement=POLICIES[channel]),) if channel == "bank" else ()


def _terms(channel: str) -> ChannelChaincode:
    collections = tuple(
        Collection(
            name=each.name,
            members=f"OR({', '.join(repr(f'{msp_id}.member') for msp_id in each.members)})",
            endorsement=each.policy or None,
            member_only_read=each.member_only_read,
            member_only_write=each.member_only_write,
        )
        for each in COLLECTIONS.get(channel, ())
    )
    return ChannelChaincode(endorsement=POLICIES[channel], collections=collections)


class ProbeNetwork:
    """A running network and the names of probes that no test has used yet."""

    def __init__(self, network: Network, session: Session) -> None:
        self.network = network
        self._session = session
        self._numbers = itertools.count()
        self._fresh: list[str] = []

    def take(self) -> str:
        """The name of a probe with nothing in its state."""
        if not self._fresh:
            self._fresh = [f"{PROBE}{next(self._numbers)}" for _ in range(BATCH)]
            in_parallel([partial(self._deploy, name) for name in self._fresh])
        return self._fresh.pop()

    def _deploy(self, name: str) -> None:
        chaincode, deployment = self.network.consortium.chaincode, recorded(self.network.layout)
        assert chaincode is not None
        assert deployment is not None
        settle_channels(self._session, chaincode.model_copy(update={"name": name}), deployment)

    def members(self, channel: str) -> Sequence[str]:
        """The organisations whose peers are on a channel."""
        return next(each.members for each in self.network.consortium.channels if each.name == channel)

    def profile(self, organization: str) -> Profile:
        owner = self.network.consortium.organization(organization)
        return Profile.read(self.network.layout.profile(owner, "yaml"))


class PatientLedger(GatewayLedger):
    """Knows of a commit when every member's peer does: a test may ask any of them right after it."""

    wait_everywhere: Callable[[SubmittedTransaction], Awaitable[None]]

    async def commit_status(self, transaction: SubmittedTransaction) -> CommitStatus:
        status = await super().commit_status(transaction)
        await self.wait_everywhere(transaction)
        return status


class FabricProvider:
    """One test's probe on the network. Every endorser runs it for itself."""

    compares_endorsements = True

    def __init__(self, network: ProbeNetwork, chaincode: str) -> None:
        self.chaincode = chaincode
        self._network = network
        self._witnesses: dict[str, GatewayLedger] = {}

    def connect(self, identity: str) -> Ledger:
        ledger = PatientLedger.connect(*self.who(identity), chaincode=self.chaincode)
        ledger.wait_everywhere = self.wait_everywhere
        return ledger

    async def wait_everywhere(self, transaction: SubmittedTransaction) -> None:
        """Until every member's peer on the channel has a transaction that one of them has committed."""
        for name in self._network.members(transaction.channel):
            if name not in self._witnesses:
                self._witnesses[name] = GatewayLedger.connect(*self.who(name), chaincode=self.chaincode)
            await self._witnesses[name].commit_status(transaction)

    async def close(self) -> None:
        """Close the connections that waited."""
        for witness in self._witnesses.values():
            await witness.close()

    def who(self, identity: str) -> tuple[Profile, Identity]:
        """A member's profile and one of its users."""
        organization, _, user = identity.partition("/")
        profile = self._network.profile(organization)
        return profile, profile.identity(user or profile.default_user)

    async def wait_until_discovered(self) -> None:
        """Gossip tells the peers of one organisation what those of another have within a second or so."""
        pairs = [(channel, who) for channel, people in IDENTITIES.items() for who in people]
        await asyncio.gather(*(self._find_endorsers(channel, who) for channel, who in pairs))

    async def _find_endorsers(self, channel: str, who: str) -> None:
        async with self.connect(who) as ledger:
            await until_endorsed(ledger, channel, "state:put", "discovery", "1")


@contextmanager
def running_probes(name: str, folder: Path) -> Iterator[ProbeNetwork]:
    """The network with a probe server for every organisation, gone at the end."""
    consortium = probe_consortium(name)
    with running_network(consortium, folder / "network") as network:
        servers = Servers(network, folder)
        engine = Engine.connect(consortium.name)
        ports = PortBook.open(network.layout.ports, consortium)
        try:
            servers.run_all(FACTORY)
            with Session(consortium, network.layout, ports, engine, Recorder()) as session:
                yield ProbeNetwork(network, session)
        finally:
            servers.stop_all()
            engine.close()


@asynccontextmanager
async def fresh_probe(network: ProbeNetwork) -> AsyncIterator[FabricProvider]:
    """A probe of one's own, known to every gateway."""
    provider = FabricProvider(network, await asyncio.to_thread(network.take))
    await provider.wait_until_discovered()
    yield provider
    await provider.close()
