"""A Ledger on Fabric: one user's connection to the gateway peers of its organisation."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from types import TracebackType
from typing import Self, cast

from hlf_chaincode.protos.gateway.gateway_pb2 import (
    CommitStatusResponse,
    EndorseRequest,
    EndorseResponse,
    EvaluateRequest,
    EvaluateResponse,
    SignedCommitStatusRequest,
    SubmitRequest,
)
from hlf_chaincode.protos.peer.proposal_pb2 import SignedProposal
from hlf_chaincode.protos.peer.transaction_pb2 import TxValidationCode
from hlf_client._clock import Clock, utc_now
from hlf_client.errors import CommitFailed, EndorsementFailed, FabricError, InvalidDocument, LedgerUnavailable, NotFound
from hlf_client.gateway._calls import COMMIT_STATUS, ENDORSE, EVALUATE, ORDER, Calls, Rpc
from hlf_client.gateway._errors import outcome_unknown
from hlf_client.gateway._observation import Subject
from hlf_client.gateway._offline import CommitQuery, Requests, prepared_from
from hlf_client.gateway._peers import Peers
from hlf_client.gateway._system import QUERIES, SystemQueries
from hlf_client.gateway._telemetry import observe_submit
from hlf_client.gateway._turns import AT_ONCE
from hlf_client.gateway.listening.chain import ChainCheck, check_chain
from hlf_client.gateway.listening.events import Listening
from hlf_client.gateway.listening.offline_listening import OfflineListening
from hlf_client.gateway.listening.streams import BLOCKS, FILTERED, PRIVATE, RAW
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
from hlf_client.wire import messages
from hlf_client.wire.blocks import FilteredBlockEvent, PrivateDataEvent
from hlf_client.wire.endpoint import Endpoint
from hlf_client.wire.profile import Profile
from hlf_client.wire.timeouts import Balance, Retries, Timeouts
from hlf_client.wire.written import Caller, caller_in

__all__ = ["GatewayLedger"]


class GatewayLedger:
    """The `Ledger` of one identity over its organisation's gateway peers, for one chaincode.

    Calls are safe to run concurrently on the event loop where the first was made. Fabric's Gateway decides which peers
    endorse, unless `endorsing_organizations` (MSP ids) names them. Errors are those of `hlf_client.errors`; a contract
    that answers with our errors' JSON raises them, another chaincode's refusal is `EndorsementFailed` with its words.

    At most `at_once` endorsements and queries are under way at one peer, those of all connections of the process
    together; more wait for their turn, and that is none of their `timeouts`.

    `balance` says which of several peers a call goes to first: the one that answered last (`failover`), each in turn
    (`round_robin`), or the one that this connection asks least of at the moment (`least_outstanding`).
    """

    def __init__(
        self,
        endpoints: Sequence[Endpoint],
        identity: Identity,
        *,
        chaincode: str,
        channels: Sequence[str] = (),
        timeouts: Timeouts | None = None,
        retries: Retries | None = None,
        at_once: int = AT_ONCE,
        balance: Balance = "failover",
        organization_msps: Mapping[str, str] | None = None,
    ) -> None:
        retries = retries or Retries()
        self._peers = Peers(endpoints, balance=balance, silence=retries.silence)
        if at_once < 1:
            raise InvalidDocument("at_once is less than one", field="at_once", reason="is less than one")
        self._calls = Calls(self._peers, retries, at_once)
        self._identity = identity
        self._creator = messages.serialized_identity(identity.msp_id, identity.certificate)
        self._requests = Requests(self._creator, chaincode)
        self._system = SystemQueries(self._ask_system)
        self._listening = Listening(self._peers, retries, self._requests, self.sign_content, self._system)
        self._certificate_hash = identity.certificate_hash
        self._chaincode = chaincode
        self._channels = tuple(sorted(channels))
        self._timeouts = timeouts or Timeouts()
        self._msps = dict(organization_msps or {})

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
        msps = {name: organization.mspid for name, organization in profile.organizations.items()}
        return cls(
            profile.endpoints(),
            identity or profile.identity(profile.default_user),
            chaincode=chaincode,
            channels=profile.channel_names,
            timeouts=timeouts,
            retries=retries,
            at_once=at_once,
            balance=balance,
            organization_msps=msps,
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
        named = {"evaluate": evaluate, "endorse": endorse, "order": order, "commit": commit}
        other = copy.copy(self)
        other._timeouts = replace(self._timeouts, **{key: value for key, value in named.items() if value is not None})
        return other

    @property
    def timeouts(self) -> Timeouts:
        """The seconds that its calls may take."""
        return self._timeouts

    @property
    def endpoints(self) -> Sequence[Endpoint]:
        """The gateway peers, with the certificates that TLS to them goes by."""
        return self._peers.endpoints

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
        return self._channels

    @property
    def clock(self) -> Clock:
        """This machine's: peers compare a proposal's time with their own."""
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
        """Ask one peer, of `endorsing_organizations` where given; writes nothing."""
        proposal = self.propose(
            channel, function, *args, transient=transient, endorsing_organizations=endorsing_organizations
        )
        return await self._evaluate(
            proposal.signed(await self.sign_content(proposal.content)), self._chaincode, function
        )

    async def submit(
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
        proposal = self.propose(
            channel, function, *args, transient=transient, endorsing_organizations=endorsing_organizations
        )
        with observe_submit(Subject(channel, self._chaincode, function, proposal.transaction_id)):
            prepared = await self._endorse(proposal.signed(await self.sign_content(proposal.content)))
            signed = prepared.signed(await self.sign_content(prepared.content))
            status = await self._settle(signed)
            if not status.is_valid:
                raise CommitFailed.of(status.transaction_id, status.code, status.block_number)
        return Commit(status.transaction_id, status.block_number, prepared.result)

    async def _settle(self, transaction: PreparedTransaction) -> CommitStatus:
        """Order a signed transaction and learn its fate."""
        unclear: LedgerUnavailable | None = None
        try:
            await self._order(transaction)
        except LedgerUnavailable as error:
            unclear = error
        try:
            return await self.commit_status(
                SubmittedTransaction(transaction.transaction_id, transaction.channel, transaction.result)
            )
        except FabricError:
            if unclear is None:
                raise
        raise outcome_unknown(transaction.transaction_id, unclear) from unclear

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
        drafted = messages.draft(self._creator, channel, self._chaincode, arguments, transient)
        organizations = tuple(self._msps.get(name, name) for name in endorsing_organizations or ())
        return Proposal(drafted.content, drafted.transaction_id, channel, organizations, timestamp=drafted.timestamp)

    async def sign(self, digest: bytes) -> bytes:
        """Sign a SHA-256 digest with this identity's key. Raises `NotAuthorized` for Ed25519: use `sign_content`."""
        return await sign_digest(self._identity.signer, digest)

    async def sign_content(self, content: bytes) -> bytes:
        """Sign a stage's content with this identity's key, of whichever kind it is."""
        return await sign_message(self._identity.signer, content)

    async def evaluate_proposal(self, proposal: Proposal) -> bytes:
        """Ask with a signed proposal. Raises `InvalidDocument` when its content is of another channel or id."""
        found = messages.read_proposal(proposal.content)
        messages.require_same(found, proposal.channel, proposal.transaction_id)
        return await self._evaluate(proposal)

    async def endorse(self, proposal: Proposal) -> PreparedTransaction:
        """Have a signed proposal endorsed. Raises `InvalidDocument` as `evaluate_proposal` does."""
        found = messages.read_proposal(proposal.content)
        messages.require_same(found, proposal.channel, proposal.transaction_id)
        return await self._endorse(proposal)

    async def order(self, transaction: PreparedTransaction) -> SubmittedTransaction:
        """Hand a signed transaction to ordering. Harmless to repeat: a transaction id is committed once."""
        found = messages.read_transaction(transaction.content)
        messages.require_same(found, transaction.channel, transaction.transaction_id)
        await self._order(transaction)
        return SubmittedTransaction(transaction.transaction_id, transaction.channel, transaction.result)

    async def commit_status(self, transaction: SubmittedTransaction) -> CommitStatus:
        """Wait until the transaction is in a block, `Timeouts.commit` seconds at most."""
        query = self.commit_query(transaction)
        return await self.query_commit(query.signed(await self.sign_content(query.content)))

    def commit_query(self, transaction: SubmittedTransaction) -> CommitQuery:
        """The unsigned question for a transaction's fate, for a key that signs elsewhere."""
        content = messages.commit_query(self._creator, transaction.channel, transaction.transaction_id)
        return CommitQuery(content, transaction.transaction_id, transaction.channel)

    async def query_commit(self, query: CommitQuery) -> CommitStatus:
        """Ask a signed question for a transaction's fate."""
        request = SignedCommitStatusRequest(request=query.content, signature=query.signature)
        subject = Subject(query.channel, transaction_id=query.transaction_id)
        answer = cast("CommitStatusResponse", await self._call(COMMIT_STATUS, request, subject, self._timeouts.commit))
        return CommitStatus(query.transaction_id, int(answer.block_number), TxValidationCode.Name(answer.result))

    async def _evaluate(self, proposal: Proposal, chaincode: str = "", function: str = "") -> bytes:
        request = EvaluateRequest(
            transaction_id=proposal.transaction_id,
            channel_id=proposal.channel,
            proposed_transaction=_signed(proposal),
            target_organizations=proposal.endorsing_organizations,
        )
        subject = Subject(proposal.channel, chaincode, function, proposal.transaction_id)
        answer = cast("EvaluateResponse", await self._call(EVALUATE, request, subject, self._timeouts.evaluate))
        return bytes(answer.result.payload)

    async def _endorse(self, proposal: Proposal) -> PreparedTransaction:
        """What comes back is what was proposed, or it would be signed for something else."""
        request = EndorseRequest(
            transaction_id=proposal.transaction_id,
            channel_id=proposal.channel,
            proposed_transaction=_signed(proposal),
            endorsing_organizations=proposal.endorsing_organizations,
        )
        subject = Subject(proposal.channel, transaction_id=proposal.transaction_id)
        answer = cast("EndorseResponse", await self._call(ENDORSE, request, subject, self._timeouts.endorse))
        prepared = prepared_from(bytes(answer.prepared_transaction.payload))
        messages.require_same((prepared.channel, prepared.transaction_id), proposal.channel, proposal.transaction_id)
        return prepared

    async def _order(self, transaction: PreparedTransaction) -> None:
        request = SubmitRequest(
            transaction_id=transaction.transaction_id,
            channel_id=transaction.channel,
            prepared_transaction=messages.envelope(transaction.content, transaction.signature),
        )
        subject = Subject(transaction.channel, transaction_id=transaction.transaction_id)
        await self._call(ORDER, request, subject, self._timeouts.order)

    async def _call(self, rpc: Rpc, request: object, subject: Subject, seconds: float) -> object:
        """Call the gateway. Of a channel that its peer has not joined it says that nobody can be reached or endorse;
        where the profile does not name the channel either, `NotFound` tells the likelier truth."""
        try:
            return await self._calls.make(rpc, request, subject, seconds)
        except (LedgerUnavailable, EndorsementFailed) as error:
            refused_by_peers = isinstance(error, EndorsementFailed) and error.peers
            if not self._channels or subject.channel in self._channels or refused_by_peers:
                raise
            missing = NotFound(
                f"{self.msp_id} has no channel {subject.channel}: its profile names {', '.join(self._channels)}",
                channel=subject.channel,
            )
            missing.transaction_id, missing.grpc_code = error.transaction_id, error.grpc_code
            missing.peers = error.peers
            raise missing from error

    # -- listening -------------------------------------------------------------------------------------------------

    @property
    def offline(self) -> OfflineListening:
        """Listening for a key that signs elsewhere."""
        return OfflineListening(self._peers, self._requests)

    def chaincode_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> AsyncIterator[ChaincodeEvent]:
        """Events of this ledger's chaincode; a dropped connection is resumed without a gap."""
        return self._listening.events(channel, start, after)

    def block_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> AsyncIterator[BlockEvent]:
        """Blocks; a dropped connection is resumed without a gap."""
        return self._listening.blocks(BLOCKS, channel, start, after)

    def filtered_block_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> AsyncIterator[FilteredBlockEvent]:
        """Blocks as ids, validation codes and names of events: for members who may read no more, and a fraction of the
        bytes. Resumed as `block_events` is."""
        return self._listening.blocks(FILTERED, channel, start, after)

    def private_data_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> AsyncIterator[PrivateDataEvent]:
        """Blocks with what was written to this member's own private collections. Resumed as `block_events` is.

        What has been purged, or has not reached the gateway peer yet, is not in them.
        """
        return self._listening.blocks(PRIVATE, channel, start, after)

    async def channel_info(self, channel: str, *, organization: str = "") -> ChannelInfo:
        """The channel's height and last hash, as the gateway peer has them, or as a peer of an organisation (MSP id)
        says. Raises `EndorsementFailed` where that has none on the channel."""
        return await self._system.chain_info(channel, organization)

    async def stored_block(self, channel: str, of: int | str) -> bytes:
        """A block as the gateway peer stores it (`common.Block`), by its number or a transaction's id.

        Raises `NotFound` where the peer has no such block.
        """
        return await self._system.stored_block(channel, of)

    async def caller_of(self, channel: str, transaction_id: str) -> Caller:
        """Who signed a transaction, as the gateway peer's block shows it. Raises `NotFound` for one that it has not."""
        return caller_in(await self.stored_block(channel, transaction_id), transaction_id)

    async def attested_block(self, channel: str, number: int, organization: str) -> PreparedTransaction:
        """A block (`result`) as a peer of one organisation (MSP id) has it, under that peer's signature (`content`)."""
        return await self._endorse(await self._asking(channel, "GetBlockByNumber", str(number), of=(organization,)))

    async def check_chain(self, channel: str, progress: Callable[[int], None] | None = None) -> ChainCheck:
        """Read every block that the gateway peer has and check that they are chained; `progress` is told each number.

        It checks hashes only: a peer that shows a chain of its own making is found out by another member's last hash.
        """
        info = await self.channel_info(channel)
        async with aclosing(self._listening.blocks(RAW, channel, 0, None)) as blocks:
            return await check_chain(info, blocks, progress)

    async def _ask_system(self, channel: str, function: str, *args: str, of: tuple[str, ...] = ()) -> bytes:
        return await self._evaluate(await self._asking(channel, function, *args, of=of), QUERIES, function)

    async def _asking(self, channel: str, function: str, *args: str, of: tuple[str, ...] = ()) -> Proposal:
        called = [each.encode() for each in (function, channel, *args)]
        drafted = messages.draft(self._creator, channel, QUERIES, called, None)
        proposal = Proposal(drafted.content, drafted.transaction_id, channel, of)
        return proposal.signed(await self.sign_content(proposal.content))

    # -- closing ---------------------------------------------------------------------------------------------------

    async def close(self) -> None:
        """Close the connections; calls under way raise `LedgerUnavailable`."""
        await self._peers.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def _signed(proposal: Proposal) -> SignedProposal:
    return SignedProposal(proposal_bytes=proposal.content, signature=proposal.signature)
