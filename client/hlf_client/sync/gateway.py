"""Fabric's Gateway without asyncio: what a gateway has beyond every ledger.

    from hlf_client.gateway import Profile
    from hlf_client.sync.gateway import GatewayLedger

    with GatewayLedger.connect(Profile.read("bank.yaml"), chaincode="basic") as ledger:
        asset = ledger.with_timeouts(evaluate=2).evaluate("mychannel", "ReadAsset", "asset1")

gRPC does not survive a fork: a server that forks its workers makes its first call in them.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Self

from hlf_client import BlockEvent, ChaincodeEvent, Checkpoint, CommitStatus, SubmittedTransaction
from hlf_client.gateway import (
    BlocksRequest,
    ChainCheck,
    CommitQuery,
    EventsRequest,
    FilteredBlockEvent,
    PrivateDataEvent,
    Profile,
    Retries,
    Timeouts,
)
from hlf_client.gateway import GatewayLedger as AsyncGatewayLedger
from hlf_client.gateway import OfflineListening as AsyncOfflineListening
from hlf_client.identity import Identity
from hlf_client.sync._ledger import Ledger
from hlf_client.sync._loop import each, wait_for

__all__ = ["GatewayLedger", "OfflineListening"]


class OfflineListening:
    """Events for a key that signs elsewhere: requests to be signed there, and the stream that each of them opens."""

    def __init__(self, offline: AsyncOfflineListening) -> None:
        self._offline = offline

    def chaincode_events_request(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> EventsRequest:
        """An unsigned request for events of the ledger's chaincode."""
        return self._offline.chaincode_events_request(channel, start=start, after=after)

    def block_events_request(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> BlocksRequest:
        """An unsigned request for blocks of any kind."""
        return self._offline.block_events_request(channel, start=start, after=after)

    def chaincode_events(self, request: EventsRequest) -> Generator[ChaincodeEvent, None, None]:
        """The events that a signed request asks for."""
        return each(lambda: self._offline.chaincode_events(request))

    def block_events(self, request: BlocksRequest) -> Generator[BlockEvent, None, None]:
        """The blocks that a signed request asks for."""
        return each(lambda: self._offline.block_events(request))

    def filtered_block_events(self, request: BlocksRequest) -> Generator[FilteredBlockEvent, None, None]:
        """The same, filtered."""
        return each(lambda: self._offline.filtered_block_events(request))

    def private_data_events(self, request: BlocksRequest) -> Generator[PrivateDataEvent, None, None]:
        """The same, with private data."""
        return each(lambda: self._offline.private_data_events(request))


class GatewayLedger(Ledger):
    """One identity's connection to its organisation's gateway peers; any number of threads may use it."""

    connection: AsyncGatewayLedger

    @classmethod
    def connect(
        cls,
        profile: Profile,
        identity: Identity | None = None,
        *,
        chaincode: str = "exim",
        timeouts: Timeouts | None = None,
        retries: Retries | None = None,
    ) -> Self:
        """The connection that a profile describes, of its default user unless told; nothing is sent yet."""
        return cls(
            AsyncGatewayLedger.connect(profile, identity, chaincode=chaincode, timeouts=timeouts, retries=retries)
        )

    def with_timeouts(
        self,
        *,
        evaluate: float | None = None,
        endorse: float | None = None,
        order: float | None = None,
        commit: float | None = None,
    ) -> Self:
        """The same connection with other seconds, for one call or for many. It closes with the other."""
        return type(self)(self.connection.with_timeouts(evaluate=evaluate, endorse=endorse, order=order, commit=commit))

    @property
    def timeouts(self) -> Timeouts:
        """The seconds that its calls may take."""
        return self.connection.timeouts

    def commit_query(self, transaction: SubmittedTransaction) -> CommitQuery:
        """The unsigned question for a transaction's fate, for a key that signs elsewhere."""
        return self.connection.commit_query(transaction)

    def query_commit(self, query: CommitQuery) -> CommitStatus:
        """Ask a signed question for a transaction's fate."""
        return wait_for(self.connection.query_commit(query))

    @property
    def offline(self) -> OfflineListening:
        """Listening for a key that signs elsewhere."""
        return OfflineListening(self.connection.offline)

    def filtered_block_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> Generator[FilteredBlockEvent, None, None]:
        """Blocks as ids, validation codes and names of events; each `next` waits for one."""
        return each(lambda: self.connection.filtered_block_events(channel, start=start, after=after))

    def private_data_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> Generator[PrivateDataEvent, None, None]:
        """Blocks with what was written to this member's own private collections; each `next` waits for one."""
        return each(lambda: self.connection.private_data_events(channel, start=start, after=after))

    def stored_block(self, channel: str, of: int | str) -> bytes:
        """A block as the gateway peer stores it, by its number or a transaction's id."""
        return wait_for(self.connection.stored_block(channel, of))

    def check_chain(self, channel: str, progress: Callable[[int], None] | None = None) -> ChainCheck:
        """Read every block that the gateway peer has and check that they are chained."""
        return wait_for(self.connection.check_chain(channel, progress))
