"""Networks that the conformance suite runs against. A new kind of ledger joins by one more entry in `PROVIDERS`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final, Protocol

from tests.conformance.probe import NEIGHBOUR, PROBE, probe

from eximledger.consortium import DEFAULT_CONSORTIUM
from eximledger.testing import LedgerNetwork
from hlf_client import Ledger
from hlf_client.embedded import ChaincodeDefinition, Collection, ConsortiumDefinition, HostedConsortium

__all__ = ["PROVIDERS", "ConformanceNetwork", "Connect", "with_probe"]

Connect = Callable[[str], Ledger]


class ConformanceNetwork(Protocol):
    """What the suite asks of a provider: the probe chaincode on the default consortium's three channels.

    Policies and collections of the probe (see `POLICIES`, `COLLECTIONS`); users `member` and `member/user` as in the
    default consortium.
    """

    @property
    def chaincode(self) -> str:
        """The probe's name, by which it is called from another channel."""
        ...

    @property
    def compares_endorsements(self) -> bool:
        """Whether every endorser runs the chaincode for itself, so that one that is not deterministic is found out."""
        ...

    def connect(self, identity: str) -> Ledger: ...


POLICIES = {
    "bank": "OR('EximbankMSP.peer', 'TradebankMSP.peer', 'SafeMSP.peer')",
    "fx": "AND('SafeMSP.peer', OR('EximbankMSP.peer', 'TradebankMSP.peer'))",
    "customs": "OR('CustomsMSP.peer')",
}
COLLECTIONS = {
    "bank": (
        Collection(name="exim-safe", members=("EximbankMSP", "SafeMSP")),
        Collection(name="trade-safe", members=("TradebankMSP", "SafeMSP")),
        Collection(name="exim-only", members=("EximbankMSP",)),
        Collection(name="trade-only", members=("TradebankMSP",)),
        Collection(name="exim-inbox", members=("EximbankMSP",), member_only_write=False),
        Collection(name="exim-open", members=("EximbankMSP",), member_only_read=False, member_only_write=False),
        Collection(
            name="both-sign",
            members=("EximbankMSP", "SafeMSP"),
            policy="AND('EximbankMSP.peer', 'SafeMSP.peer')",
        ),
    ),
}


def with_probe(definition: ConsortiumDefinition) -> ConsortiumDefinition:
    """The definition's members and channels with the probe in place of its chaincodes, and on bank another one."""
    channels = tuple(
        channel.model_copy(
            update={
                "chaincodes": tuple(
                    ChaincodeDefinition(
                        name=name, policy=POLICIES[channel.name], collections=COLLECTIONS.get(channel.name, ())
                    )
                    for name in ((PROBE, NEIGHBOUR) if channel.name == "bank" else (PROBE,))
                ),
                "initial": (),
            }
        )
        for channel in definition.channels
    )
    return definition.model_copy(update={"channels": channels})


PROBED: Final = HostedConsortium(with_probe(DEFAULT_CONSORTIUM), lambda: [probe(), probe(NEIGHBOUR)])
"""The default consortium, whose channels run the probe."""


class EmbeddedProvider:
    """The embedded ledger, in memory."""

    chaincode = PROBE

    def __init__(self, *, strict: bool) -> None:
        self.compares_endorsements = strict
        self._network = LedgerNetwork(PROBED, strict=strict, chaincode=PROBE)

    def connect(self, identity: str) -> Ledger:
        return self._network.connect(identity, chaincode=PROBE)

    def close(self) -> None:
        self._network.close()


@asynccontextmanager
async def embedded() -> AsyncIterator[ConformanceNetwork]:
    provider = EmbeddedProvider(strict=False)
    yield provider
    provider.close()


@asynccontextmanager
async def embedded_strict() -> AsyncIterator[ConformanceNetwork]:
    provider = EmbeddedProvider(strict=True)
    yield provider
    provider.close()


PROVIDERS: dict[str, Callable[[], AbstractAsyncContextManager[ConformanceNetwork]]] = {
    "embedded": embedded,
    "embedded-strict": embedded_strict,
}
