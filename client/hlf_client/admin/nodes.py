"""Administrators' connections to nodes: peers that endorse, join and wait for commits, orderers that take envelopes.

Blocking, for one thread each: what an administrator does is seldom, and few do it at once.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

import grpc
from google.protobuf.message import Message

from hlf_chaincode.protos.common.common_pb2 import (
    Block,
    BlockMetadataIndex,
    Envelope,
    HeaderType,
    Metadata,
    OrdererBlockMetadata,
    Status,
)
from hlf_chaincode.protos.discovery.protocol_pb2 import Response, SignedRequest
from hlf_chaincode.protos.gateway.gateway_pb2 import CommitStatusRequest, SignedCommitStatusRequest
from hlf_chaincode.protos.gateway.gateway_pb2_grpc import BlockingGatewayStub
from hlf_chaincode.protos.msp.identities_pb2 import SerializedIdentity
from hlf_chaincode.protos.orderer.ab_pb2 import SeekInfo, SeekNewest, SeekPosition, SeekSpecified
from hlf_chaincode.protos.orderer.ab_pb2_grpc import BlockingAtomicBroadcastStub
from hlf_chaincode.protos.peer.peer_pb2_grpc import BlockingEndorserStub
from hlf_chaincode.protos.peer.query_pb2 import ChannelQueryResponse
from hlf_chaincode.protos.peer.transaction_pb2 import TxValidationCode
from hlf_client.admin.calls import Call, Endorsement, signed_envelope
from hlf_client.admin.signatory import Signatory
from hlf_client.errors import CommitFailed, LedgerUnavailable, NetworkError
from hlf_client.wire.endpoint import Endpoint

__all__ = ["OrdererClient", "PeerClient", "PeerError", "order"]

CALL_SECONDS = 30.0
COMMIT_SECONDS = 60.0
RAFT_SECONDS = 15.0
QUORUM_LOSS = "configuration will result in quorum loss"
"""What raft says of other consenters while it has not heard a quorum of the present ones lately, as just after an
election: it passes. For longer than RAFT_SECONDS it is believed."""
PATIENCE_SECONDS = 5.0
"""How long a peer may take to show what an orderer has taken, before it is handed in once more; then twice as long."""


class PeerError(NetworkError):
    """A peer answered with an error; `status` is the chaincode status, the message is the peer's."""

    def __init__(self, message: str, *, peer: str, status: int) -> None:
        super().__init__(f"{peer}: {message}", peer=peer)
        self.chaincode_status = status
        self.reason = message


class _Connection:
    """A channel to one node. `advice` says, where it does not answer, what to do about it."""

    def __init__(self, endpoint: Endpoint, *, advice: str = "") -> None:
        self.endpoint = endpoint
        self._advice = advice
        self._channel = endpoint.open_blocking()

    def close(self) -> None:
        self._channel.close()

    def _unreachable(self, error: grpc.RpcError) -> LedgerUnavailable:
        code = error.code()
        return LedgerUnavailable(
            f"{self.endpoint} at {self.endpoint.address} does not answer ({code.name}: {error.details()})"
            + (f": {self._advice}" if self._advice else "."),
            peer=self.endpoint.name,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class PeerClient(_Connection):
    """One peer: endorse, query, join, wait for a commit."""

    def __init__(self, endpoint: Endpoint, *, advice: str = "") -> None:
        super().__init__(endpoint, advice=advice)
        self._endorser = BlockingEndorserStub(self._channel)
        self._gateway = BlockingGatewayStub(self._channel)
        self._discover = self._channel.unary_unary(
            "/discovery.Discovery/Discover",
            request_serializer=SignedRequest.SerializeToString,
            response_deserializer=Response.FromString,
        )

    def endorse(self, call: Call) -> Endorsement:
        """Ask for this peer's endorsement. Raises PeerError, LedgerUnavailable."""
        try:
            response = self._endorser.ProcessProposal(call.signed, timeout=CALL_SECONDS, wait_for_ready=True)
        except grpc.RpcError as error:
            raise self._unreachable(error) from error
        if not 200 <= response.response.status < 400:
            raise PeerError(response.response.message, peer=self.endpoint.name, status=response.response.status)
        return Endorsement(response)

    def query(self, signatory: Signatory, channel: str, chaincode: str, *args: bytes) -> bytes:
        """Call a function of a system chaincode and give its answer; nothing is ordered."""
        return self.endorse(Call.build(signatory, channel, chaincode, args)).result

    def join(self, signatory: Signatory, genesis: Block) -> bool:
        """Join a channel by its genesis block; False when the peer had joined before."""
        try:
            self.query(signatory, "", "cscc", b"JoinChain", _bytes(genesis))
        except PeerError as error:
            if "already exists" in error.reason:
                return False
            raise
        return True

    def channels(self, signatory: Signatory) -> frozenset[str]:
        """The channels that the peer has joined."""
        answer = ChannelQueryResponse.FromString(self.query(signatory, "", "cscc", b"GetChannels"))
        return frozenset(channel.channel_id for channel in answer.channels)

    def config_block(self, signatory: Signatory, channel: str) -> Block:
        """The newest config block of a channel."""
        return Block.FromString(self.query(signatory, channel, "cscc", b"GetConfigBlock", channel.encode()))

    def discover(self, request: SignedRequest) -> Response:
        """Ask the peer's discovery service. Raises LedgerUnavailable."""
        try:
            return self._discover(request, timeout=CALL_SECONDS, wait_for_ready=True)
        except grpc.RpcError as error:
            raise self._unreachable(error) from error

    def wait_for_commit(self, signatory: Signatory, channel: str, transaction_id: str, *, seconds: float) -> int | None:
        """Wait until this peer has the transaction in a block and give the block's number, None after `seconds`.

        Raises CommitFailed when it is in a block and invalid.
        """
        identity = SerializedIdentity(mspid=signatory.msp_id, id_bytes=signatory.certificate)
        request = _bytes(
            CommitStatusRequest(transaction_id=transaction_id, channel_id=channel, identity=_bytes(identity))
        )
        signed = SignedCommitStatusRequest(request=request, signature=signatory.sign(request))
        try:
            answer = self._gateway.CommitStatus(signed, timeout=seconds, wait_for_ready=True)
        except grpc.RpcError as error:
            if error.code() == grpc.StatusCode.DEADLINE_EXCEEDED:
                return None
            raise self._unreachable(error) from error
        if answer.result != TxValidationCode.VALID:
            code = TxValidationCode.Name(answer.result)
            raise CommitFailed(
                f"Transaction {transaction_id} on {channel} is in block {answer.block_number} but invalid: {code}.",
                transaction_id=transaction_id,
                code=code,
                block_number=answer.block_number,
            )
        return int(answer.block_number)


class OrdererClient(_Connection):
    """One orderer: hand in envelopes, ask for blocks."""

    def __init__(self, endpoint: Endpoint, *, advice: str = "") -> None:
        super().__init__(endpoint, advice=advice)
        self._broadcast = BlockingAtomicBroadcastStub(self._channel)

    def broadcast(self, envelope: Envelope) -> bool:
        """Hand in one envelope; False while the orderer is away, has no leader, or has not joined the channel.

        Raises NetworkError with the orderer's words when it refuses.
        """
        try:
            answer = next(iter(self._broadcast.Broadcast(iter([envelope]), timeout=CALL_SECONDS)))
        except (grpc.RpcError, StopIteration):
            return False
        if answer.status == Status.BAD_REQUEST and "channel does not exist" in answer.info:
            return False  # one that has lost its disk; the others know the channel
        if answer.status not in {Status.SUCCESS, Status.SERVICE_UNAVAILABLE}:
            words = f"{Status.Name(answer.status)}: {answer.info}"
            raise NetworkError(f"Orderer {self.endpoint.name} refuses the transaction: {words}.")
        return bool(answer.status == Status.SUCCESS)

    def config_block(self, signatory: Signatory, channel: str) -> Block:
        """The newest config block of a channel. In maintenance an orderer gives it to those alone who order."""
        newest = self._block(signatory, channel, SeekPosition(newest=SeekNewest()))
        signatures = Metadata.FromString(newest.metadata.metadata[BlockMetadataIndex.SIGNATURES])
        last = OrdererBlockMetadata.FromString(signatures.value).last_config.index
        return self._block(signatory, channel, SeekPosition(specified=SeekSpecified(number=last)))

    def _block(self, signatory: Signatory, channel: str, position: SeekPosition) -> Block:
        seek = SeekInfo(start=position, stop=position, behavior=SeekInfo.SeekBehavior.FAIL_IF_NOT_READY)
        content, tls_hash = seek.SerializeToString(), self.endpoint.tls_hash
        envelope = signed_envelope(HeaderType.DELIVER_SEEK_INFO, channel, content, signatory, tls_hash=tls_hash)
        try:
            answer = next(iter(self._broadcast.Deliver(iter([envelope]), timeout=CALL_SECONDS)))
        except grpc.RpcError as error:
            raise self._unreachable(error) from error
        except StopIteration:
            raise LedgerUnavailable(f"Orderer {self.endpoint.name} closes the stream without a block.") from None
        if not answer.HasField("block"):
            words = Status.Name(answer.status)
            raise NetworkError(f"Orderer {self.endpoint.name} gives no block of channel {channel}: {words}.")
        return answer.block


def order(
    orderers: Sequence[OrdererClient], envelope: Envelope, is_committed: Callable[[float], bool], *, what: str
) -> None:
    """Have an envelope ordered, and see it committed.

    An orderer may take an envelope and lose it when the leader goes just then. So the same envelope is handed in again,
    to the next orderer, until `is_committed(seconds)` sees it; Fabric commits it at most once. Each time it waits twice
    as long, for what is not lost but slow stands in a block again each time. Raises NetworkError with the orderer's
    words where it is refused.
    """
    began = time.monotonic()
    deadline, passing = began + COMMIT_SECONDS, began + RAFT_SECONDS
    taken, patience = False, PATIENCE_SECONDS
    for orderer in itertools.cycle(orderers):
        try:
            now_taken = orderer.broadcast(envelope)
        except NetworkError as refusal:
            passes = QUORUM_LOSS in str(refusal) and time.monotonic() < passing
            if not taken and not passes:
                raise
            now_taken = taken  # else refused because the first time has already had its effect
        taken = taken or now_taken
        if now_taken:
            if is_committed(patience):
                return
            patience *= 2
        if time.monotonic() > deadline:
            break
        if not now_taken:
            time.sleep(0.1)
    if taken:
        raise NetworkError(f"{what} is taken but not committed after {COMMIT_SECONDS:.0f} s.")
    raise NetworkError(
        f"{what} is not taken by any orderer within {COMMIT_SECONDS:.0f} s: a majority of them has to run and to have "
        f"joined the channel. Then give the command again."
    )


def _bytes(message: Message) -> bytes:
    return message.SerializeToString(deterministic=True)
