"""A TRANSACTION message as what a contract gets: who proposed it, when, its arguments and transient values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from google.protobuf.message import DecodeError

from hlf_chaincode.errors import InvalidDocument
from hlf_chaincode.peer import Transaction
from hlf_chaincode.protos.common.common_pb2 import ChannelHeader, Header, SignatureHeader
from hlf_chaincode.protos.msp.identities_pb2 import SerializedIdentity
from hlf_chaincode.protos.peer.chaincode_pb2 import ChaincodeInput
from hlf_chaincode.protos.peer.chaincode_shim_pb2 import ChaincodeMessage
from hlf_chaincode.protos.peer.proposal_pb2 import ChaincodeProposalPayload, Proposal

__all__ = ["transaction_of"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def transaction_of(message: ChaincodeMessage) -> Transaction:
    """Raises `InvalidDocument` for a proposal that cannot be read. The peer has checked signature and membership.

    Channel and arguments are the message's, not the proposal's: a call from another channel keeps the proposal.
    """
    try:
        proposal = Proposal.FromString(message.proposal.proposal_bytes)
        header = Header.FromString(proposal.header)
        stamp = ChannelHeader.FromString(header.channel_header).timestamp
        creator = SerializedIdentity.FromString(SignatureHeader.FromString(header.signature_header).creator)
        transient = ChaincodeProposalPayload.FromString(proposal.payload).TransientMap
        arguments = ChaincodeInput.FromString(message.payload).args
        timestamp = _EPOCH + timedelta(seconds=stamp.seconds, microseconds=stamp.nanos // 1000)
    except (DecodeError, OverflowError):
        raise InvalidDocument("the proposal cannot be read", field="proposal", reason="not a proposal") from None
    return Transaction(
        id=message.txid,
        channel=message.channel_id,
        timestamp=timestamp,
        creator_msp=creator.mspid,
        creator_certificate=creator.id_bytes,
        arguments=tuple(arguments),
        transient=dict(transient),
    )
