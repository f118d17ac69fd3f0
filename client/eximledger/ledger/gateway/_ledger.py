"""A Ledger on Fabric: one user's connection to the gateway peers of its organisation."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Final, Protocol, Self, cast

from eximledger.errors import CommitFailed, EndorsementFailed, InvalidDocument, LedgerUnavailable, NotFound
from eximledger.identity import Identity, sign_digest, sign_message
from eximledger.ledger._interface import (
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
from eximledger.ledger.gateway import _events
from eximledger.ledger.gateway._blocks import FilteredBlockEvent, PrivateDataEvent
from eximledger.ledger.gateway._messages import (
    commit_query,
    draft,
    envelope,
    require_own_header,
    result_of,
    serialized_identity,
)
from eximledger.ledger.gateway._peers import Endpoint, Peers, Timeouts
from eximledger.ledger.gateway._profile import Profile
from eximledger.ledger.gateway._protos import (
    Block,
    EndorseRequest,
    EvaluateRequest,
    SignedCommitStatusRequest,
    SignedProposal,
    SubmitRequest,
    TxValidationCode,
)

__all__ = ["CommitQuery", "GatewayLedger"]

_SYSTEM_QUERIES: Final = "qscc"


@dataclass(frozen=True, slots=True)
class CommitQuery:
    """The question for a transaction's fate, to be signed here or elsewhere."""

    content: bytes
    transaction_id: str
    channel: str
    signature: bytes = b""

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(self.content).digest()

    def signed(self, signature: bytes) -> Self:
        """The same question with a signature made elsewhere."""
        return replace(self, signature=signature)


class GatewayLedger:
    """The `Ledger` of one identity over its organisation's gateway peers, for one chaincode.

    Calls are safe to run concurrently on the event loop where the first was made. Fabric's Gateway decides which peers
    endorse, unless `endorsing_organizations` (MSP ids) names them. Errors are those of `eximledger.errors`; a contract
    that answers with our errors' JSON raises them, another chaincode's refusal is `EndorsementFailed` with its words.
    """

    def __init__(
        self,
        endpoints: Sequence[Endpoint],
        identity: Identity,
        *,
        chaincode: str = "exim",
        channels: Sequence[str] = (),
        timeouts: Timeouts | None = None,
        organization_msps: Mapping[str, str] | None = None,
    ) -> None:
        self._peers = Peers(endpoints)
        self._identity = identity
        self._creator = serialized_identity(identity.msp_id, identity.certificate)
        self._certificate_hash = identity.certificate_hash
        self._chaincode = chaincode
        self._channels = tuple(sorted(channels))
        self._timeouts = timeouts or Timeouts()
        self._msps = dict(organization_msps or {})

    @classmethod
    def connect(
        cls, profile: Profile, identity: Identity, *, chaincode: str = "exim", timeouts: Timeouts | None = None
    ) -> Self:
        """The connection that a profile describes; nothing is sent yet."""
        msps = {name: organization.mspid for name, organization in profile.organizations.items()}
        return cls(
            profile.endpoints(),
            identity,
            chaincode=chaincode,
            channels=profile.channel_names,
            timeouts=timeouts,
            organization_msps=msps,
        )

    @property
    def msp_id(self) -> str:
        return self._identity.msp_id

    @property
    def certificate_hash(self) -> str:
        return self._certificate_hash

    @property
    def channels(self) -> Sequence[str]:
        """The channels that the profile names."""
        return self._channels

    # -- one call --------------------------------------------------------------------------------------------------

    async def evaluate(
        self,
        channel: str,
        function: str,
        *args: Argument,
        transient: Mapping[str, bytes] | None = None,
        endorsing_organizations: Sequence[str] | None = None,
    ) -> bytes:
        """Ask one peer, of `endorsing_organizations` where given; writes nothing."""
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
        """Endorse, order and wait until the transaction is committed.

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
            raise CommitFailed(
                f"transaction {status.transaction_id} is in block {status.block_number} but changes nothing: "
                f"{status.code}",
                transaction_id=status.transaction_id,
                code=status.code,
                block_number=status.block_number,
            )
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
        if not channel:
            raise InvalidDocument("a call names its channel", field="channel", reason="is empty")
        arguments = [function.encode(), *(encode_argument(each) for each in args)]
        drafted = draft(self._creator, channel, self._chaincode, arguments, transient)
        organizations = tuple(self._msps.get(name, name) for name in endorsing_organizations or ())
        return Proposal(drafted.content, drafted.transaction_id, channel, organizations)

    async def sign(self, digest: bytes) -> bytes:
        """Sign a SHA-256 digest with this identity's key. Raises `NotAuthorized` for Ed25519: use `sign_content`."""
        return await sign_digest(self._identity.signer, digest)

    async def sign_content(self, content: bytes) -> bytes:
        """Sign a stage's content with this identity's key, of whichever kind it is."""
        return await sign_message(self._identity.signer, content)

    async def evaluate_proposal(self, proposal: Proposal) -> bytes:
        """Ask with a signed proposal. Raises `InvalidDocument` when its content is of another channel or id."""
        require_own_header(proposal.content, proposal.channel, proposal.transaction_id, endorsed=False)
        request = EvaluateRequest(
            transaction_id=proposal.transaction_id,
            channel_id=proposal.channel,
            proposed_transaction=_signed(proposal),
            target_organizations=proposal.endorsing_organizations,
        )
        answer = await self._call(proposal.channel, "evaluate", "Evaluate", request, seconds=self._timeouts.evaluate)
        return bytes(answer.result.payload)  # type: ignore[attr-defined]  # untyped protobuf

    async def endorse(self, proposal: Proposal) -> PreparedTransaction:
        """Have a signed proposal endorsed. Raises `InvalidDocument` as `evaluate_proposal` does."""
        require_own_header(proposal.content, proposal.channel, proposal.transaction_id, endorsed=False)
        request = EndorseRequest(
            transaction_id=proposal.transaction_id,
            channel_id=proposal.channel,
            proposed_transaction=_signed(proposal),
            endorsing_organizations=proposal.endorsing_organizations,
        )
        answer = await self._call(
            proposal.channel,
            "endorse",
            "Endorse",
            request,
            seconds=self._timeouts.endorse,
            transaction_id=proposal.transaction_id,
        )
        payload = bytes(answer.prepared_transaction.payload)  # type: ignore[attr-defined]  # untyped protobuf
        return PreparedTransaction(payload, proposal.transaction_id, proposal.channel, result_of(payload))

    async def order(self, transaction: PreparedTransaction) -> SubmittedTransaction:
        """Hand a signed transaction to ordering. Harmless to repeat: a transaction id is committed once."""
        require_own_header(transaction.content, transaction.channel, transaction.transaction_id, endorsed=True)
        request = SubmitRequest(
            transaction_id=transaction.transaction_id,
            channel_id=transaction.channel,
            prepared_transaction=envelope(transaction.content, transaction.signature),
        )
        await self._call(
            transaction.channel,
            "order",
            "Submit",
            request,
            seconds=self._timeouts.order,
            transaction_id=transaction.transaction_id,
        )
        return SubmittedTransaction(transaction.transaction_id, transaction.channel, transaction.result)

    async def commit_status(self, transaction: SubmittedTransaction) -> CommitStatus:
        """Wait until the transaction is in a block, `Timeouts.commit` seconds at most."""
        query = self.commit_query(transaction)
        return await self.query_commit(query.signed(await self.sign_content(query.content)))

    def commit_query(self, transaction: SubmittedTransaction) -> CommitQuery:
        """The unsigned question for a transaction's fate, for a key that signs elsewhere."""
        content = commit_query(self._creator, transaction.channel, transaction.transaction_id)
        return CommitQuery(content, transaction.transaction_id, transaction.channel)

    async def query_commit(self, query: CommitQuery) -> CommitStatus:
        """Ask a signed question for a transaction's fate."""
        request = SignedCommitStatusRequest(request=query.content, signature=query.signature)
        answer = await self._call(
            query.channel,
            "commit status",
            "CommitStatus",
            request,
            seconds=self._timeouts.commit,
            transaction_id=query.transaction_id,
        )
        found = cast("_CommitAnswer", answer)
        return CommitStatus(query.transaction_id, int(found.block_number), TxValidationCode.Name(found.result))

    # -- listening -------------------------------------------------------------------------------------------------

    async def chaincode_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> AsyncIterator[ChaincodeEvent]:
        """Events of this ledger's chaincode; a dropped connection is resumed without a gap."""
        begin = await self._begin(channel, start, after)
        listening = _events.chaincode_events(
            self._peers, self.sign_content, self._creator, channel, self._chaincode, begin
        )
        async for event in listening:
            yield event

    async def block_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> AsyncIterator[BlockEvent]:
        """Blocks; a dropped connection is resumed without a gap."""
        first = await self._first_block(channel, start, after)
        async for block in _events.blocks(self._peers, self.sign_content, self._creator, channel, first):
            yield block

    async def filtered_block_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> AsyncIterator[FilteredBlockEvent]:
        """Blocks as ids, validation codes and names of events: for members who may read no more, and a fraction of the
        bytes. Resumed as `block_events` is."""
        first = await self._first_block(channel, start, after)
        async for block in _events.filtered_blocks(self._peers, self.sign_content, self._creator, channel, first):
            yield block

    async def private_data_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> AsyncIterator[PrivateDataEvent]:
        """Blocks with what was written to this member's own private collections. Resumed as `block_events` is.

        What has been purged, or has not reached the gateway peer yet, is not in them.
        """
        first = await self._first_block(channel, start, after)
        async for block in _events.private_data(self._peers, self.sign_content, self._creator, channel, first):
            yield block

    async def channel_info(self, channel: str) -> ChannelInfo:
        """The channel's height and last hash, as the gateway peer has them."""
        from fabric_protos.common.ledger_pb2 import BlockchainInfo  # type: ignore[attr-defined]  # untyped protobuf

        found = BlockchainInfo.FromString(await self._ask_system(channel, "GetChainInfo"))
        return ChannelInfo(channel, int(found.height), bytes(found.currentBlockHash).hex())

    async def stored_block(self, channel: str, of: int | str) -> bytes:
        """A block as the gateway peer stores it (`common.Block`), by its number or a transaction's id.

        Raises `NotFound` where the peer has no such block.
        """
        function = "GetBlockByNumber" if isinstance(of, int) else "GetBlockByTxID"
        try:
            return await self._ask_system(channel, function, str(of))
        except EndorsementFailed as error:
            what = f"block {of}" if isinstance(of, int) else f"transaction {of}"
            raise NotFound(f"the peer has no {what} on {channel} ({error})", channel=channel) from error

    async def _ask_system(self, channel: str, function: str, *args: str) -> bytes:
        arguments = [function.encode(), channel.encode(), *(each.encode() for each in args)]
        drafted = draft(self._creator, channel, _SYSTEM_QUERIES, arguments, None)
        proposal = Proposal(drafted.content, drafted.transaction_id, channel)
        return await self.evaluate_proposal(proposal.signed(await self.sign_content(proposal.content)))

    async def _first_block(self, channel: str, start: int | None, after: Checkpoint | None) -> int:
        if after is not None:
            return after.block_number + (1 if after.transaction_id is not None else 0)
        return (await self.channel_info(channel)).height if start is None else start

    async def _begin(self, channel: str, start: int | None, after: Checkpoint | None) -> Checkpoint:
        """Where events begin. A gateway that is given a transaction which its block does not hold sends nothing for
        ever; such a checkpoint stands for its whole block."""
        if after is None or after.transaction_id is None:
            return Checkpoint(await self._first_block(channel, start, after))
        try:
            block = Block.FromString(await self._ask_system(channel, "GetBlockByTxID", after.transaction_id))
        except EndorsementFailed:
            return Checkpoint(after.block_number + 1)
        return after if block.header.number == after.block_number else Checkpoint(after.block_number + 1)

    async def _call(
        self, channel: str, doing: str, method: str, request: object, *, seconds: float, transaction_id: str = ""
    ) -> object:
        """Call the gateway. Of a channel that its peer has not joined it says that nobody can be reached or endorse;
        where the profile does not name the channel either, `NotFound` tells the likelier truth."""
        try:
            return await self._peers.call(doing, method, request, seconds=seconds, transaction_id=transaction_id)
        except (LedgerUnavailable, EndorsementFailed) as error:
            refused_by_peers = isinstance(error, EndorsementFailed) and error.peers
            if not self._channels or channel in self._channels or refused_by_peers:
                raise
            raise NotFound(
                f"{self.msp_id} has no channel {channel}: its profile names {', '.join(self._channels)}",
                channel=channel,
            ) from error

    # -- closing ---------------------------------------------------------------------------------------------------

    async def close(self) -> None:
        """Close the connections; calls under way are cancelled."""
        await self._peers.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


class _CommitAnswer(Protocol):
    result: int
    block_number: int


def _signed(proposal: Proposal) -> SignedProposal:
    return SignedProposal(proposal_bytes=proposal.content, signature=proposal.signature)
