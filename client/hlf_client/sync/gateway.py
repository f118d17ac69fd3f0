# Made by tools/async_to_sync.py; do not edit. From client/hlf_client/gateway/listening/offline_listening.py and
# client/hlf_client/gateway/_ledger.py.
"""Fabric's Gateway without asyncio: what a gateway has beyond every ledger.

    from hlf_client.gateway import Profile
    from hlf_client.sync.gateway import GatewayLedger

    with GatewayLedger.connect(Profile.read("bank.yaml"), chaincode="basic") as ledger:
        asset = ledger.with_timeouts(evaluate=2).evaluate("mychannel", "ReadAsset", "asset1")

gRPC does not survive a fork: a server that forks its workers makes its first call in them.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Self

from hlf_client._clock import Clock
from hlf_client.gateway._ledger import GatewayLedger as AsyncGatewayLedger
from hlf_client.gateway._offline import BlocksRequest, CommitQuery, EventsRequest
from hlf_client.gateway._turns import AT_ONCE
from hlf_client.gateway.listening.chain import ChainCheck
from hlf_client.gateway.listening.offline_listening import OfflineListening as AsyncOfflineListening
from hlf_client.identity import Identity
from hlf_client.ledger import (
    Argument,
    BlockEvent,
    ChaincodeEvent,
    ChannelInfo,
    Checkpoint,
    Commit,
    CommitStatus,
    PreparedTransaction,
    Proposal,
    SubmittedTransaction,
)
from hlf_client.sync import Ledger
from hlf_client.sync._loop import each, wait_for
from hlf_client.wire.blocks import FilteredBlockEvent, PrivateDataEvent
from hlf_client.wire.endpoint import Endpoint
from hlf_client.wire.profile import Profile
from hlf_client.wire.timeouts import Balance, Retries, Timeouts
from hlf_client.wire.written import Caller

__all__ = ["GatewayLedger", "OfflineListening"]


class OfflineListening:
    """Events for a key that signs elsewhere: requests to be signed there, and the stream that each of them opens.

    A stream that drops raises `LedgerUnavailable`, for the place to go on from needs a signature of its own: make a new
    request after the checkpoint of the last event. A ledger whose identity has an asynchronous signer does that by
    itself, in `GatewayLedger.chaincode_events` and its like.
    """

    def __init__(self, offline: AsyncOfflineListening) -> None:
        self._offline = offline

    def chaincode_events_request(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> EventsRequest:
        """An unsigned request for events of the ledger's chaincode: from block `start`, after a checkpoint, or from the
        next block on."""
        return self._offline.chaincode_events_request(channel, start=start, after=after)

    def block_events_request(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> BlocksRequest:
        """An unsigned request for blocks of any kind: from number `start`, after a checkpoint, or from the next one."""
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
    """The `Ledger` of one identity over its organisation's gateway peers, for one chaincode.

    Any number of threads may use it. Fabric's Gateway decides which peers endorse, unless `endorsing_organizations`
    (MSP ids) names them. Errors are those of `hlf_client.errors`; a contract that answers with our errors' JSON
    raises them, another chaincode's refusal is `EndorsementFailed` with its words.

    At most `at_once` endorsements and queries are under way at one peer, those of all connections of the process
    together; more wait for their turn, and that is none of their `timeouts`.

    `balance` says which of several peers a call goes to first: the one that answered last (`failover`), each in turn
    (`round_robin`), or the one that this connection asks least of at the moment (`least_outstanding`).

    `connection` is the asynchronous one, whose calls run on the background loop.
    """

    connection: AsyncGatewayLedger

    def __init__(self, connection: AsyncGatewayLedger) -> None:
        super().__init__(connection)

    @classmethod
    def connect(
        cls,
        profile: Profile,
        identity: Identity | None = None,
        *,
        chaincode: str,
        timeouts: Timeouts | None = None,
        retries: Retries | None = None,
        at_once: int = AT_ONCE,
        balance: Balance = "failover",
    ) -> Self:
        """The connection that a profile describes, of its default user unless told; nothing is sent yet."""
        return cls(
            AsyncGatewayLedger.connect(
                profile,
                identity,
                chaincode=chaincode,
                timeouts=timeouts,
                retries=retries,
                at_once=at_once,
                balance=balance,
            )
        )

    def with_timeouts(
        self,
        *,
        evaluate: float | None = None,
        endorse: float | None = None,
        order: float | None = None,
        commit: float | None = None,
    ) -> Self:
        """The same connection with other seconds, for one call or for many: `ledger.with_timeouts(evaluate=2)`.

        What is not named stays. It shares the connections, and closes with them.
        """
        return type(self)(self.connection.with_timeouts(evaluate=evaluate, endorse=endorse, order=order, commit=commit))

    @property
    def timeouts(self) -> Timeouts:
        """The seconds that its calls may take."""
        return self.connection.timeouts

    @property
    def endpoints(self) -> Sequence[Endpoint]:
        """The gateway peers, with the certificates that TLS to them goes by."""
        return self.connection.endpoints

    @property
    def msp_id(self) -> str:
        return self.connection.msp_id

    @property
    def certificate(self) -> bytes:
        return self.connection.certificate

    @property
    def certificate_hash(self) -> str:
        return self.connection.certificate_hash

    @property
    def channels(self) -> Sequence[str]:
        """The channels that the profile names."""
        return self.connection.channels

    @property
    def clock(self) -> Clock:
        """This machine's: peers compare a proposal's time with their own."""
        return self.connection.clock

    def evaluate(
        self,
        channel: str,
        function: str,
        *args: Argument,
        transient: Mapping[str, bytes] | None = None,
        endorsing_organizations: Sequence[str] | None = None,
    ) -> bytes:
        """Ask one peer, of `endorsing_organizations` where given; writes nothing."""
        return wait_for(
            self.connection.evaluate(
                channel, function, *args, transient=transient, endorsing_organizations=endorsing_organizations
            )
        )

    def submit(
        self,
        channel: str,
        function: str,
        *args: Argument,
        transient: Mapping[str, bytes] | None = None,
        endorsing_organizations: Sequence[str] | None = None,
    ) -> Commit:
        """Endorse, order and wait until the transaction is committed.

        Where nobody says whether the envelope was taken, its fate is asked for before this gives up. Raises
        `CommitFailed` when it is in a block and invalid; `LedgerUnavailable`, which names the transaction, when its
        fate is not known: ask `commit_status` later.
        """
        return wait_for(
            self.connection.submit(
                channel, function, *args, transient=transient, endorsing_organizations=endorsing_organizations
            )
        )

    def propose(
        self,
        channel: str,
        function: str,
        *args: Argument,
        transient: Mapping[str, bytes] | None = None,
        endorsing_organizations: Sequence[str] | None = None,
    ) -> Proposal:
        """An unsigned proposal. A chaincode without contracts takes its function's bare name."""
        return self.connection.propose(
            channel, function, *args, transient=transient, endorsing_organizations=endorsing_organizations
        )

    def sign(self, digest: bytes) -> bytes:
        """Sign a SHA-256 digest with this identity's key. Raises `NotAuthorized` for Ed25519: use `sign_content`."""
        return wait_for(self.connection.sign(digest))

    def sign_content(self, content: bytes) -> bytes:
        """Sign a stage's content with this identity's key, of whichever kind it is."""
        return wait_for(self.connection.sign_content(content))

    def evaluate_proposal(self, proposal: Proposal) -> bytes:
        """Ask with a signed proposal. Raises `InvalidDocument` when its content is of another channel or id."""
        return wait_for(self.connection.evaluate_proposal(proposal))

    def endorse(self, proposal: Proposal) -> PreparedTransaction:
        """Have a signed proposal endorsed. Raises `InvalidDocument` as `evaluate_proposal` does."""
        return wait_for(self.connection.endorse(proposal))

    def order(self, transaction: PreparedTransaction) -> SubmittedTransaction:
        """Hand a signed transaction to ordering. Harmless to repeat: a transaction id is committed once."""
        return wait_for(self.connection.order(transaction))

    def commit_status(self, transaction: SubmittedTransaction) -> CommitStatus:
        """Wait until the transaction is in a block, `Timeouts.commit` seconds at most."""
        return wait_for(self.connection.commit_status(transaction))

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

    def chaincode_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> Generator[ChaincodeEvent, None, None]:
        """Events of this ledger's chaincode; a dropped connection is resumed without a gap."""
        return each(lambda: self.connection.chaincode_events(channel, start=start, after=after))

    def block_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> Generator[BlockEvent, None, None]:
        """Blocks; a dropped connection is resumed without a gap."""
        return each(lambda: self.connection.block_events(channel, start=start, after=after))

    def filtered_block_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> Generator[FilteredBlockEvent, None, None]:
        """Blocks as ids, validation codes and names of events: for members who may read no more, and a fraction of the
        bytes. Resumed as `block_events` is."""
        return each(lambda: self.connection.filtered_block_events(channel, start=start, after=after))

    def private_data_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> Generator[PrivateDataEvent, None, None]:
        """Blocks with what was written to this member's own private collections. Resumed as `block_events` is.

        What has been purged, or has not reached the gateway peer yet, is not in them.
        """
        return each(lambda: self.connection.private_data_events(channel, start=start, after=after))

    def channel_info(self, channel: str, *, organization: str = "") -> ChannelInfo:
        """The channel's height and last hash, as the gateway peer has them, or as a peer of an organisation (MSP id)
        says. Raises `EndorsementFailed` where that has none on the channel."""
        return wait_for(self.connection.channel_info(channel, organization=organization))

    def stored_block(self, channel: str, of: int | str) -> bytes:
        """A block as the gateway peer stores it (`common.Block`), by its number or a transaction's id.

        Raises `NotFound` where the peer has no such block.
        """
        return wait_for(self.connection.stored_block(channel, of))

    def caller_of(self, channel: str, transaction_id: str) -> Caller:
        """Who signed a transaction, as the gateway peer's block shows it. Raises `NotFound` for one that it has not."""
        return wait_for(self.connection.caller_of(channel, transaction_id))

    def attested_block(self, channel: str, number: int, organization: str) -> PreparedTransaction:
        """A block (`result`) as a peer of one organisation (MSP id) has it, under that peer's signature (`content`)."""
        return wait_for(self.connection.attested_block(channel, number, organization))

    def check_chain(self, channel: str, progress: Callable[[int], None] | None = None) -> ChainCheck:
        """Read every block that the gateway peer has and check that they are chained; `progress` is told each number.

        It checks hashes only: a peer that shows a chain of its own making is found out by another member's last hash.
        """
        return wait_for(self.connection.check_chain(channel, progress))

    def close(self) -> None:
        """Close the connections; calls under way raise `LedgerUnavailable`."""
        wait_for(self.connection.close())
