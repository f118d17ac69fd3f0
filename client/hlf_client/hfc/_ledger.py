"""A Ledger on Fabric without a gateway: this process writes and signs, hfc's worker carries."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from types import TracebackType
from typing import Final, Self

from hlf_chaincode.protos.common.common_pb2 import Block
from hlf_chaincode.protos.common.ledger_pb2 import BlockchainInfo
from hlf_chaincode.protos.peer.events_pb2 import FilteredBlock
from hlf_client._clock import Clock, utc_now
from hlf_client.errors import CommitFailed, EndorsementFailed, FabricError, InvalidDocument, LedgerUnavailable, NotFound
from hlf_client.hfc._commits import Commits
from hlf_client.hfc._discovery import Touched, question
from hlf_client.hfc._endorsing import Endorsing
from hlf_client.hfc._environment import Environment
from hlf_client.hfc._errors import naming, of_order, of_request
from hlf_client.hfc._listening import Listening, events_after
from hlf_client.hfc._pipe import RequestFailed, Worker
from hlf_client.hfc._sharing import borrow, give_back
from hlf_client.hfc._wire import Node, Signed, Wire
from hlf_client.identity import Identity, sign_digest, sign_message
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
    encode_argument,
)
from hlf_client.wire.blocks import block_event
from hlf_client.wire.messages import (
    draft,
    read_endorsed,
    read_proposal,
    read_transaction,
    require_same,
    serialized_identity,
)
from hlf_client.wire.profile import Profile
from hlf_client.wire.timeouts import Timeouts
from hlf_client.wire.written import Caller, caller_in

__all__ = ["HfcLedger"]

_SYSTEM_QUERIES: Final = "qscc"
_SUCCESS: Final = 200


class HfcLedger:
    """The `Ledger` of one identity over the peers and orderers of a connection profile, for one chaincode.

    Calls are safe to run concurrently on the event loop where the first was made. Who endorses is said in
    `_endorsing`; errors are those of `hlf_client.errors`.
    """

    def __init__(
        self,
        profile: Profile,
        identity: Identity,
        *,
        chaincode: str,
        timeouts: Timeouts | None = None,
        environment: Environment | None = None,
    ) -> None:
        """Nothing is started or sent yet."""
        self._profile = profile
        self._identity = identity
        self._creator = serialized_identity(identity.msp_id, identity.certificate)
        self._certificate_hash = identity.certificate_hash
        self._chaincode = chaincode
        self._timeouts = timeouts or Timeouts()
        self._environment = environment or Environment.default()
        self._worker: Worker | None = None
        self._closed = False
        self._wire = Wire(self._borrowed)
        self._endorsing = Endorsing(self._wire, identity.msp_id, self._discover, self._timeouts)
        self._listening = Listening(self._wire, self._creator, self.sign_content)
        self._commits: dict[str, Commits] = {}

    def _borrowed(self) -> Worker:
        if self._closed:
            raise LedgerUnavailable("this connection is closed")
        if self._worker is None:
            self._worker = borrow(self._environment)
        return self._worker

    @property
    def msp_id(self) -> str:
        return self._identity.msp_id

    @property
    def certificate(self) -> bytes:
        return self._identity.certificate

    @property
    def certificate_hash(self) -> str:
        return self._certificate_hash

    @property
    def channels(self) -> Sequence[str]:
        """The channels that the profile names."""
        return self._profile.channel_names

    @property
    def clock(self) -> Clock:
        """This machine's, which the worker shares."""
        return utc_now

    # -- one call --------------------------------------------------------------------------------------------------

    async def evaluate(
        self,
        channel: str,
        function: str,
        *args: Argument,
        transient: Mapping[str, bytes] | None = None,
        endorsing_organizations: Sequence[str] | None = None,
    ) -> bytes:
        """Ask one peer, of `endorsing_organizations` where given, otherwise of one's own; writes nothing."""
        proposal = self.propose(
            channel, function, *args, transient=transient, endorsing_organizations=endorsing_organizations
        )
        return await self.evaluate_proposal(proposal.signed(await self.sign_content(proposal.content)))

    async def submit(
        self,
        channel: str,
        function: str,
        *args: Argument,
        transient: Mapping[str, bytes] | None = None,
        endorsing_organizations: Sequence[str] | None = None,
    ) -> Commit:
        """Endorse, order and wait until the transaction is committed at a peer of one's own.

        Raises `CommitFailed` when it is in a block and invalid; `LedgerUnavailable`, which names the transaction,
        when its fate is not known: ask `commit_status` later.
        """
        proposal = self.propose(
            channel, function, *args, transient=transient, endorsing_organizations=endorsing_organizations
        )
        prepared = await self.endorse(proposal.signed(await self.sign_content(proposal.content)))
        submitted = await self.order(prepared.signed(await self.sign_content(prepared.content)))
        status = await self.commit_status(submitted)
        if not status.is_valid:
            raise CommitFailed.of(status.transaction_id, status.code, status.block_number)
        return Commit(status.transaction_id, status.block_number, submitted.result)

    # -- stages ----------------------------------------------------------------------------------------------------

    def propose(
        self,
        channel: str,
        function: str,
        *args: Argument,
        transient: Mapping[str, bytes] | None = None,
        endorsing_organizations: Sequence[str] | None = None,
    ) -> Proposal:
        """An unsigned proposal. A chaincode without contracts takes its function's bare name."""
        self._require_channel(channel)
        arguments = [function.encode(), *(encode_argument(each) for each in args)]
        drafted = draft(self._creator, channel, self._chaincode, arguments, transient)
        names = tuple(self._profile.msp_of(name) for name in endorsing_organizations or ())
        return Proposal(drafted.content, drafted.transaction_id, channel, names, timestamp=drafted.timestamp)

    async def sign(self, digest: bytes) -> bytes:
        """Sign a SHA-256 digest with this identity's key. Raises `NotAuthorized` for Ed25519: use `sign_content`."""
        return await sign_digest(self._identity.signer, digest)

    async def sign_content(self, content: bytes) -> bytes:
        """Sign a stage's content with this identity's key, of whichever kind it is."""
        return await sign_message(self._identity.signer, content)

    async def evaluate_proposal(self, proposal: Proposal) -> bytes:
        """Ask with a signed proposal. Raises `InvalidDocument` when its content is of another channel or id."""
        require_same(read_proposal(proposal.content), proposal.channel, proposal.transaction_id)
        members = self._members(proposal.channel)
        asked = proposal.endorsing_organizations or (self.msp_id,)
        organizations = [members[name] for name in asked if name in members]
        return (await self._endorsing.simulate(proposal, organizations)).result

    async def endorse(self, proposal: Proposal) -> PreparedTransaction:
        """Have a signed proposal endorsed. Raises `InvalidDocument` as `evaluate_proposal` does."""
        require_same(read_proposal(proposal.content), proposal.channel, proposal.transaction_id)
        with naming(proposal.transaction_id):
            endorsements = await self._endorsing.collect(proposal, self._members(proposal.channel))
            responses = [each.response for each in endorsements]
            try:
                payload = await self._wire.assemble(proposal.content, responses)
            except RequestFailed as error:
                raise of_request(error, "endorse", "the worker") from error
        found = read_endorsed(payload)
        require_same((found.channel, found.transaction_id), proposal.channel, proposal.transaction_id)
        return PreparedTransaction(
            payload,
            found.transaction_id,
            found.channel,
            found.result,
            endorsing_organizations=found.organizations,
        )

    async def order(self, transaction: PreparedTransaction) -> SubmittedTransaction:
        """Hand a signed transaction to an orderer; the next one is asked where one is away. Harmless to repeat: a
        transaction id is committed once."""
        require_same(read_transaction(transaction.content), transaction.channel, transaction.transaction_id)
        self._require_channel(transaction.channel)
        with naming(transaction.transaction_id):
            await self._commits_of(transaction.channel).expect(transaction.transaction_id)
            await self._broadcast(transaction)
        return SubmittedTransaction(transaction.transaction_id, transaction.channel, transaction.result)

    async def _broadcast(self, transaction: PreparedTransaction) -> None:
        """Returns when an orderer has taken it."""
        name, signed = transaction.transaction_id, Signed(transaction.content, transaction.signature)
        failed: FabricError = LedgerUnavailable(f"the profile names no orderer of {transaction.channel}")
        for orderer in self._orderers(transaction.channel):
            try:
                status, info = await self._wire.broadcast(orderer, signed, self._timeouts.order)
            except RequestFailed as error:
                failed = of_request(error, "order", orderer, name)
            else:
                if status == _SUCCESS:
                    return
                failed = of_order(status, info, orderer, name)
            if not isinstance(failed, LedgerUnavailable):
                break
        raise failed

    async def commit_status(self, transaction: SubmittedTransaction) -> CommitStatus:
        """Wait until the transaction is in a block, `Timeouts.commit` seconds at most."""
        self._require_channel(transaction.channel)
        with naming(transaction.transaction_id):
            return await self._commits_of(transaction.channel).status(transaction.transaction_id, self._timeouts.commit)

    # -- listening -------------------------------------------------------------------------------------------------

    async def chaincode_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> AsyncIterator[ChaincodeEvent]:
        """Events of this ledger's chaincode; a dropped connection is resumed without a gap."""
        self._require_channel(channel)
        first = after.block_number if after is not None else await self._first_block(channel, start)
        async with aclosing(self._listening.blocks(self._own_peers(channel), channel, first)) as blocks:
            async for block in blocks:
                for event in events_after(block, channel, self._chaincode, after):
                    yield event

    async def block_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> AsyncIterator[BlockEvent]:
        """Blocks; a dropped connection is resumed without a gap."""
        self._require_channel(channel)
        first = await self._first_block(channel, start if after is None else after.next_block)
        async with aclosing(self._listening.blocks(self._own_peers(channel), channel, first)) as blocks:
            async for block in blocks:
                yield block_event(channel, block)

    async def channel_info(self, channel: str, *, organization: str = "") -> ChannelInfo:
        """The channel's height and last hash, as the own peer has them, or as a peer of an organisation (MSP id) says.
        Raises `EndorsementFailed` where that has none on the channel."""
        of = (organization,) if organization else ()
        found = BlockchainInfo.FromString(await self._ask_system(channel, "GetChainInfo", of=of))
        return ChannelInfo(channel, int(found.height), bytes(found.currentBlockHash).hex())

    async def _first_block(self, channel: str, start: int | None) -> int:
        return (await self.channel_info(channel)).height if start is None else start

    def _commits_of(self, channel: str) -> Commits:
        found = self._commits.get(channel)
        if found is None:

            async def height() -> int:
                return (await self.channel_info(channel)).height

            def deliver(first: int) -> AsyncGenerator[FilteredBlock, None]:
                return self._listening.filtered(self._own_peers(channel), channel, first)

            async def look_up(transaction_id: str) -> CommitStatus | None:
                return await self._stored(channel, transaction_id)

            found = self._commits[channel] = Commits(height, deliver, look_up)
        return found

    async def _stored(self, channel: str, transaction_id: str) -> CommitStatus | None:
        """A transaction's fate as the own peer has stored it."""
        try:
            block = Block.FromString(await self._ask_system(channel, "GetBlockByTxID", transaction_id))
        except EndorsementFailed:
            return None
        event = block_event(channel, block)
        code = next((each.code for each in event.transactions if each.transaction_id == transaction_id), None)
        return None if code is None else CommitStatus(transaction_id, event.number, code)

    async def caller_of(self, channel: str, transaction_id: str) -> Caller:
        """Who signed a transaction, as the own peer's block shows it. Raises `NotFound` for one that it has not."""
        try:
            block = await self._ask_system(channel, "GetBlockByTxID", transaction_id)
        except EndorsementFailed:
            raise NotFound(f"there is no transaction {transaction_id} on channel {channel}", channel=channel) from None
        return caller_in(block, transaction_id)

    async def _ask_system(self, channel: str, function: str, *args: str, of: tuple[str, ...] = ()) -> bytes:
        self._require_channel(channel)
        arguments = [function.encode(), channel.encode(), *(each.encode() for each in args)]
        drafted = draft(self._creator, channel, _SYSTEM_QUERIES, arguments, None)
        proposal = Proposal(drafted.content, drafted.transaction_id, channel, of)
        return await self.evaluate_proposal(proposal.signed(await self.sign_content(proposal.content)))

    async def _discover(self, peer: Node, channel: str, about: Touched) -> bytes:
        """Put a signed question to a peer's discovery service."""
        content = question(self._creator, peer.endpoint.tls_hash, channel, about)
        return await self._wire.discover(
            peer, Signed(content, await self.sign_content(content)), self._timeouts.evaluate
        )

    # -- the network -----------------------------------------------------------------------------------------------

    def _require_channel(self, channel: str) -> None:
        if not channel:
            raise InvalidDocument("a call names its channel", field="channel", reason="is empty")
        if self.channels and channel not in self.channels:
            raise NotFound(
                f"{self.msp_id} has no channel {channel}: its profile names {', '.join(self.channels)}",
                channel=channel,
            )

    def _members(self, channel: str) -> dict[str, list[Node]]:
        self._require_channel(channel)
        return {
            msp_id: [Node("peer", msp_id, each) for each in endpoints]
            for msp_id, endpoints in self._profile.endorsers(channel).items()
        }

    def _own_peers(self, channel: str) -> list[Node]:
        return self._members(channel).get(self.msp_id, [])

    def _orderers(self, channel: str) -> list[Node]:
        return [Node("orderer", "", each) for each in self._profile.ordering(channel)]

    # -- closing ---------------------------------------------------------------------------------------------------

    async def close(self) -> None:
        """Stop listening and give the worker back; calls under way fail when it was the last connection."""
        self._closed = True
        await asyncio.gather(*(each.close() for each in self._commits.values()))
        self._commits.clear()
        if self._worker is not None:
            self._worker = None
            await give_back(self._environment)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
