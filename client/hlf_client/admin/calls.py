"""What an administrator signs: calls of chaincodes, the transactions made of them, envelopes for orderers.

Applications use `hlf_client.gateway`, not this.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from google.protobuf.message import Message

from hlf_chaincode.protos.common.common_pb2 import (
    ChannelHeader,
    Envelope,
    Header,
    HeaderType,
    Payload,
    SignatureHeader,
)
from hlf_chaincode.protos.msp.identities_pb2 import SerializedIdentity
from hlf_chaincode.protos.peer.chaincode_pb2 import ChaincodeID, ChaincodeInput, ChaincodeInvocationSpec, ChaincodeSpec
from hlf_chaincode.protos.peer.proposal_pb2 import (
    ChaincodeHeaderExtension,
    ChaincodeProposalPayload,
    Proposal,
    SignedProposal,
)
from hlf_chaincode.protos.peer.proposal_response_pb2 import ProposalResponse
from hlf_chaincode.protos.peer.transaction_pb2 import (
    ChaincodeActionPayload,
    ChaincodeEndorsedAction,
    Transaction,
    TransactionAction,
)
from hlf_client.admin.signatory import Signatory
from hlf_client.errors import NetworkError

__all__ = ["Call", "Endorsement", "assemble", "signature_header", "signed_envelope"]

NONCE_BYTES = 24


@dataclass(frozen=True, slots=True)
class Call:
    """A chaincode call, built once and signed once; several peers can be asked to endorse the same."""

    channel: str
    transaction_id: str
    proposal: bytes
    header: Header
    signed: SignedProposal

    @classmethod
    def build(
        cls,
        signatory: Signatory,
        channel: str,
        chaincode: str,
        args: Sequence[bytes],
        transient: Mapping[str, bytes] | None = None,
    ) -> Self:
        creator = signature_header(signatory)
        transaction_id = hashlib.sha256(creator.nonce + creator.creator).hexdigest()
        name = ChaincodeID(name=chaincode)
        channel_header = _channel_header(HeaderType.ENDORSER_TRANSACTION, channel, transaction_id)
        channel_header.extension = _bytes(ChaincodeHeaderExtension(chaincode_id=name))
        header = Header(channel_header=_bytes(channel_header), signature_header=_bytes(creator))
        invocation = ChaincodeInvocationSpec(
            chaincode_spec=ChaincodeSpec(
                type=ChaincodeSpec.Type.GOLANG, chaincode_id=name, input=ChaincodeInput(args=args)
            )
        )
        payload = ChaincodeProposalPayload(input=_bytes(invocation), TransientMap=dict(transient or {}))
        proposal = _bytes(Proposal(header=_bytes(header), payload=_bytes(payload)))
        signed = SignedProposal(proposal_bytes=proposal, signature=signatory.sign(proposal))
        return cls(channel, transaction_id, proposal, header, signed)


@dataclass(frozen=True, slots=True)
class Endorsement:
    """One peer's answer to a call."""

    response: ProposalResponse

    @property
    def result(self) -> bytes:
        return bytes(self.response.response.payload)


def assemble(call: Call, endorsements: Sequence[Endorsement], signatory: Signatory) -> Envelope:
    """A transaction of one call and its endorsements. Raises NetworkError when the endorsers do not agree."""
    payloads = {bytes(endorsement.response.payload) for endorsement in endorsements}
    if len(payloads) != 1:
        raise NetworkError(f"The peers' answers to transaction {call.transaction_id} on {call.channel} differ.")
    proposal_payload = ChaincodeProposalPayload.FromString(Proposal.FromString(call.proposal).payload)
    proposal_payload.TransientMap.clear()
    action = ChaincodeActionPayload(
        chaincode_proposal_payload=_bytes(proposal_payload),
        action=ChaincodeEndorsedAction(
            proposal_response_payload=payloads.pop(),
            endorsements=[endorsement.response.endorsement for endorsement in endorsements],
        ),
    )
    transaction = Transaction(actions=[TransactionAction(header=call.header.signature_header, payload=_bytes(action))])
    payload = _bytes(Payload(header=call.header, data=_bytes(transaction)))
    return Envelope(payload=payload, signature=signatory.sign(payload))


def signature_header(signatory: Signatory) -> SignatureHeader:
    """Who signs, with a fresh nonce."""
    identity = SerializedIdentity(mspid=signatory.msp_id, id_bytes=signatory.certificate)
    return SignatureHeader(creator=_bytes(identity), nonce=secrets.token_bytes(NONCE_BYTES))


def signed_envelope(kind: int, channel: str, data: bytes, signatory: Signatory, *, tls_hash: bytes = b"") -> Envelope:
    """Any message for an orderer or a deliver service, signed; the latter wants the TLS certificate's hash of whoever
    shows one."""
    channel_header = _channel_header(kind, channel, "")
    channel_header.tls_cert_hash = tls_hash
    header = Header(
        channel_header=_bytes(channel_header),
        signature_header=_bytes(signature_header(signatory)),
    )
    payload = _bytes(Payload(header=header, data=data))
    return Envelope(payload=payload, signature=signatory.sign(payload))


def _channel_header(kind: int, channel: str, transaction_id: str) -> ChannelHeader:
    header = ChannelHeader(type=kind, channel_id=channel, tx_id=transaction_id)
    header.timestamp.GetCurrentTime()
    return header


def _bytes(message: Message) -> bytes:
    return message.SerializeToString(deterministic=True)
