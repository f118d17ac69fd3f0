# mypy: disable-error-code="attr-defined, import-untyped"
"""Right inputs to begin with: calls, a chaincode stream, a transaction, a block and a proof, signed by authorities that
are made here. Whatever has the examples' papers as its seeds is not here but in `targets`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

from cryptography.hazmat.primitives.asymmetric import ec
from fabric_protos.common import common_pb2 as common
from fabric_protos.ledger.rwset import rwset_pb2 as rwset
from fabric_protos.ledger.rwset.kvrwset import kv_rwset_pb2 as kv
from fabric_protos.msp.identities_pb2 import SerializedIdentity
from fabric_protos.peer import chaincode_event_pb2, events_pb2
from fabric_protos.peer import chaincode_pb2 as chaincode
from fabric_protos.peer import proposal_pb2 as proposals
from fabric_protos.peer import proposal_response_pb2 as responses
from fabric_protos.peer import transaction_pb2 as transactions
from tests.chaincode.contracts import trade
from tests.chaincode.contracts.lending import Lending, opened
from tests.chaincode.memory_peer import Envelope, Identity

from eximledger.identity import (
    CertificateAuthority,
    NodeRole,
    PrivateKeySigner,
    Subject,
    generate_key,
)
from eximledger.ledger.gateway._blocks import header_bytes
from eximledger.ledger.gateway.evidence import read_block
from eximledger.proof import Authorities, ProofFile
from eximledger.proof._authorities import Authority
from eximledger.proof._file import BlockPart, StatementPart

__all__ = ["TRUSTED", "Golden", "driven", "golden", "lending"]

T = TypeVar("T")
FOUNDED = datetime(2026, 1, 5, tzinfo=UTC)
CREATOR = "EximbankMSP"
NONCE = b"n" * 24


def driven(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that never waits: a chaincode over a ledger in memory."""
    try:
        work.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    raise AssertionError("it waits for something")


@dataclass(frozen=True)
class Person:
    """A node or an officer: its identity as it travels, and its signature."""

    msp_id: str
    certificate: bytes
    key: ec.EllipticCurvePrivateKey

    @property
    def identity(self) -> bytes:
        serialized: bytes = SerializedIdentity(mspid=self.msp_id, id_bytes=self.certificate).SerializeToString()
        return serialized

    def sign(self, message: bytes) -> bytes:
        return PrivateKeySigner(self.key).sign(hashlib.sha256(message).digest())


_AUTHORITIES = {
    msp_id: CertificateAuthority.create(Subject(f"ca.{msp_id}", msp_id), now=FOUNDED)
    for msp_id in (CREATOR, "SafeMSP", "OrdererMSP")
}
TRUSTED = Authorities(tuple(Authority(msp_id, (each.pem,)) for msp_id, each in _AUTHORITIES.items()))


def person(msp_id: str, role: NodeRole, attributes: Mapping[str, str] | None = None) -> Person:
    key = generate_key()
    subject = Subject(f"{role.value}.{msp_id}", msp_id, role)
    return Person(
        msp_id, _AUTHORITIES[msp_id].enrol(subject, key.public_key(), attributes=attributes, now=FOUNDED), key
    )


CHECKER = person(CREATOR, NodeRole.CLIENT, {"exim.role": "checker"})
PEERS = (person(CREATOR, NodeRole.PEER), person("SafeMSP", NodeRole.PEER))
ORDERER = person("OrdererMSP", NodeRole.ORDERER)


@dataclass(frozen=True)
class Golden:
    """Each as the bytes that a reader takes."""

    payload: bytes
    """A signed payload: the decision's transaction."""
    signature: bytes
    block: bytes
    filtered_block: bytes
    private_block: bytes
    proof: bytes


@cache
def lending() -> Lending:
    """A consortium with two exporters' papers, and loan L-1 reserved."""

    async def play() -> Lending:
        desk = await opened(1, 2, 3)
        await desk.apply()
        await desk.apply(trade.application("L-2", (2, 3)))
        for loan_id in ("L-1", "L-2"):
            await desk.check(loan_id)
        await desk.reserve("L-1")
        return desk

    return driven(play())


@cache
def golden() -> Golden:
    """The approval of loan L-1 by the checker, and what peers say of it."""
    desk = lending()
    checker = Identity(CHECKER.msp_id, CHECKER.certificate)
    verdict = driven(desk.check())
    approval = driven(desk.endorse(checker, "loans:approve", "L-1", verdict.evidence_hash, []))
    desk.ledger.commit(approval)
    asked = driven(desk.endorse(checker, "loans:get", "L-1"))
    written = _payload(approval, version=None)
    decision, signature = written, CHECKER.sign(written)
    envelope = common.Envelope(payload=decision, signature=signature).SerializeToString()
    block = _block(envelope)
    statement = _payload(asked, version=(7, 0))
    transaction_id = _transaction_id()
    proof = ProofFile(
        loan_id="L-1", channel="bank", transaction_id=transaction_id, block=BlockPart.of(read_block(block)),
        statement=StatementPart(payload=statement, signature=CHECKER.sign(statement)),
    )  # fmt: skip
    return Golden(decision, signature, block, _filtered(transaction_id), _private(block), proof.content)


def _transaction_id() -> str:
    return hashlib.sha256(NONCE + CHECKER.identity).hexdigest()


def _payload(endorsed: Envelope, version: tuple[int, int] | None) -> bytes:
    """An endorsed transaction as its creator signs it. `version`: of what was read."""
    channel_header = common.ChannelHeader(
        type=common.HeaderType.ENDORSER_TRANSACTION, channel_id="bank", tx_id=_transaction_id()
    )
    channel_header.timestamp.FromDatetime(endorsed.transaction.timestamp)
    signature_header = common.SignatureHeader(creator=CHECKER.identity, nonce=NONCE)
    header = common.Header(
        channel_header=channel_header.SerializeToString(), signature_header=signature_header.SerializeToString()
    )
    spec = chaincode.ChaincodeSpec(
        chaincode_id=chaincode.ChaincodeID(name="exim"),
        input=chaincode.ChaincodeInput(args=endorsed.transaction.arguments),
    )
    asked = proposals.ChaincodeProposalPayload(
        input=chaincode.ChaincodeInvocationSpec(chaincode_spec=spec).SerializeToString()
    ).SerializeToString()
    answer = responses.ProposalResponsePayload(
        proposal_hash=hashlib.sha256(header.channel_header + header.signature_header + asked).digest(),
        extension=proposals.ChaincodeAction(
            results=_results(endorsed, version),
            response=responses.Response(status=200, payload=endorsed.result),
            chaincode_id=chaincode.ChaincodeID(name="exim"),
        ).SerializeToString(),
    ).SerializeToString()
    endorsed_action = transactions.ChaincodeEndorsedAction(
        proposal_response_payload=answer,
        endorsements=[
            responses.Endorsement(endorser=peer.identity, signature=peer.sign(answer + peer.identity)) for peer in PEERS
        ],
    )
    action = transactions.ChaincodeActionPayload(chaincode_proposal_payload=asked, action=endorsed_action)
    transaction = transactions.Transaction(
        actions=[
            transactions.TransactionAction(header=header.signature_header, payload=action.SerializeToString()),
        ]
    )
    payload: bytes = common.Payload(header=header, data=transaction.SerializeToString()).SerializeToString()
    return payload


def _results(endorsed: Envelope, version: tuple[int, int] | None) -> bytes:
    reads = [
        kv.KVRead(key=key, version=kv.Version(block_num=version[0], tx_num=version[1]) if version else None)
        for collection, key in endorsed.reads
        if not collection
    ]
    writes = [
        kv.KVWrite(key=key, is_delete=value is None, value=value or b"")
        for (collection, key), value in endorsed.writes.items()
        if not collection
    ]
    return _rwset(
        [rwset.NsReadWriteSet(namespace="exim", rwset=kv.KVRWSet(reads=reads, writes=writes).SerializeToString())]
    )


def _rwset(namespaces: Sequence[Any]) -> bytes:
    results: bytes = rwset.TxReadWriteSet(ns_rwset=namespaces).SerializeToString()
    return results


def _block(envelope: bytes) -> bytes:
    """Block 7, ordered by one orderer, as a peer stores it."""
    data_hash = hashlib.sha256(envelope).digest()
    ordering = common.OrdererBlockMetadata(last_config=common.LastConfig(index=0)).SerializeToString()
    header = common.SignatureHeader(creator=ORDERER.identity, nonce=NONCE).SerializeToString()
    signature = ORDERER.sign(ordering + header + header_bytes(7, b"p" * 32, data_hash))
    signatures = common.Metadata(
        value=ordering, signatures=[common.MetadataSignature(signature_header=header, signature=signature)]
    )
    block: bytes = common.Block(
        header=common.BlockHeader(number=7, previous_hash=b"p" * 32, data_hash=data_hash),
        data=common.BlockData(data=[envelope]),
        metadata=common.BlockMetadata(metadata=[signatures.SerializeToString(), b"", b"\x00", b"", b""]),
    ).SerializeToString()
    return block


def _filtered(transaction_id: str) -> bytes:
    block = events_pb2.FilteredBlock(channel_id="bank", number=7)
    transaction = block.filtered_transactions.add(txid=transaction_id, tx_validation_code=0)
    event = chaincode_event_pb2.ChaincodeEvent(chaincode_id="exim", event_name="loan", tx_id=transaction_id)
    transaction.transaction_actions.chaincode_actions.add(chaincode_event=event)
    filtered: bytes = block.SerializeToString()
    return filtered


def _private(block: bytes) -> bytes:
    written = kv.KVRWSet(writes=[kv.KVWrite(key="invoice", value=b"{}")]).SerializeToString()
    collection = rwset.CollectionPvtReadWriteSet(collection_name="papers-EximbankMSP", rwset=written)
    private = rwset.TxPvtReadWriteSet(
        ns_pvt_rwset=[rwset.NsPvtReadWriteSet(namespace="exim", collection_pvt_rwset=[collection])]
    )
    delivered = events_pb2.BlockAndPrivateData(block=common.Block.FromString(block), private_data_map={0: private})
    content: bytes = delivered.SerializeToString()
    return content
