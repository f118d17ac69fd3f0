"""A block: its header, who signed it, and its transactions: arguments, read and write sets, events, endorsers."""

from __future__ import annotations

from google.protobuf.message import DecodeError

from hlf_chaincode.canonical import Json
from hlf_chaincode.protos.common.common_pb2 import (
    Block,
    BlockMetadataIndex,
    ChannelHeader,
    Envelope,
    HeaderType,
    IdentifierHeader,
    Metadata,
    OrdererBlockMetadata,
    Payload,
    SignatureHeader,
)
from hlf_chaincode.protos.common.configtx_pb2 import ConfigEnvelope
from hlf_chaincode.protos.peer.chaincode_event_pb2 import ChaincodeEvent
from hlf_chaincode.protos.peer.chaincode_pb2 import ChaincodeInvocationSpec
from hlf_chaincode.protos.peer.proposal_pb2 import ChaincodeAction, ChaincodeProposalPayload
from hlf_chaincode.protos.peer.proposal_response_pb2 import ProposalResponsePayload
from hlf_chaincode.protos.peer.transaction_pb2 import ChaincodeActionPayload, Transaction, TxValidationCode
from hlf_client.wire.blocks import header_hash
from hlf_client.wire.plain._configs import envelope_config
from hlf_client.wire.plain._definitions import LIFECYCLE, lifecycle_arguments
from hlf_client.wire.plain._sets import sets_json
from hlf_client.wire.plain._values import identity_json, moment, parsed, readable, reading

__all__ = ["block_json"]


def block_json(stored: bytes) -> dict[str, Json]:
    """All of a block (`common.Block`) as a peer stores it. Raises `InvalidDocument`."""
    with reading("block"):
        block = parsed(Block, stored)
        slots = [bytes(each) for each in block.metadata.metadata]
        codes = slots[BlockMetadataIndex.TRANSACTIONS_FILTER] if len(slots) > 2 else b""
        told: dict[str, Json] = {
            "number": int(block.header.number),
            "hash": header_hash(block.header),
            "previous_hash": bytes(block.header.previous_hash).hex(),
            "data_hash": bytes(block.header.data_hash).hex(),
            **_ordering(slots[0] if slots else b""),
            "transactions": [
                _transaction(bytes(data), codes[place] if place < len(codes) else None)
                for place, data in enumerate(block.data.data)
            ],
        }
        if len(slots) > BlockMetadataIndex.COMMIT_HASH and slots[BlockMetadataIndex.COMMIT_HASH]:
            told["commit_hash"] = bytes(parsed(Metadata, slots[BlockMetadataIndex.COMMIT_HASH]).value).hex()
        return told


def _ordering(slot: bytes) -> dict[str, Json]:
    """Who signed it, and where the configuration stood then."""
    signed = parsed(Metadata, slot)
    signers: list[Json] = []
    for each in signed.signatures:
        if each.identifier_header:
            signers.append({"consenter": int(parsed(IdentifierHeader, each.identifier_header).identifier)})
        else:
            signers.append(identity_json(bytes(parsed(SignatureHeader, each.signature_header).creator)))
    return {
        "last_config": int(parsed(OrdererBlockMetadata, signed.value).last_config.index),
        "signed_by": signers,
    }


def _transaction(data: bytes, code: int | None) -> Json:
    """Of an envelope that cannot be read, which an invalid transaction may be, its bytes."""
    fate = _code(code)
    try:
        payload = parsed(Payload, parsed(Envelope, data).payload)
        header = parsed(ChannelHeader, payload.header.channel_header)
        creator = parsed(SignatureHeader, payload.header.signature_header).creator
        told: dict[str, Json] = {
            "transaction_id": header.tx_id,
            "type": _kind(header.type),
            "channel": header.channel_id,
            "timestamp": moment(header.timestamp),
            "code": fate,
            "creator": identity_json(bytes(creator)),
        }
        if header.type == HeaderType.ENDORSER_TRANSACTION:
            return {**told, "actions": [_action(each.payload) for each in parsed(Transaction, payload.data).actions]}
        if header.type == HeaderType.CONFIG:
            return {**told, **envelope_config(parsed(ConfigEnvelope, payload.data))}
        return {**told, "data": readable(bytes(payload.data))}
    except (DecodeError, ValueError, OverflowError, OSError):
        return {"code": fate, "unreadable": readable(data)}


def _action(data: bytes) -> Json:
    action = parsed(ChaincodeActionPayload, data)
    asked = parsed(ChaincodeProposalPayload, action.chaincode_proposal_payload)
    spec = parsed(ChaincodeInvocationSpec, asked.input).chaincode_spec
    response = parsed(ProposalResponsePayload, action.action.proposal_response_payload)
    outcome = parsed(ChaincodeAction, response.extension)
    arguments = [bytes(each) for each in spec.input.args]
    plain: Json = [readable(each) for each in arguments]
    told: dict[str, Json] = {
        "chaincode": spec.chaincode_id.name,
        "version": outcome.chaincode_id.version,
        "arguments": lifecycle_arguments(arguments) if spec.chaincode_id.name == LIFECYCLE else plain,
        "response": {
            "status": int(outcome.response.status),
            "message": outcome.response.message,
            "payload": readable(bytes(outcome.response.payload)),
        },
        "endorsers": [identity_json(bytes(each.endorser)) for each in action.action.endorsements],
        "sets": sets_json(bytes(outcome.results)),
    }
    if outcome.events:
        event = parsed(ChaincodeEvent, outcome.events)
        told["event"] = {
            "chaincode": event.chaincode_id,
            "name": event.event_name,
            "payload": readable(bytes(event.payload)),
        }
    return told


def _kind(number: int) -> str:
    return HeaderType.Name(number) if number in HeaderType.values() else f"TYPE_{number}"


def _code(number: int | None) -> str:
    if number is None:
        return "NOT_VALIDATED"
    return str(TxValidationCode.Name(number)) if number in TxValidationCode.values() else f"CODE_{number}"
