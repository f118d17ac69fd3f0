"""Right inputs to begin with: calls, a chaincode stream, a transaction, a block and a proof.

Signed by authorities that are made here. Whatever has the examples' papers as its seeds is not here but in `targets`.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

from tests.eximledger.proof.signing import Endorsement, Signatory, Transaction, block, endorsed, genesis, shown
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.lending import Lending, opened
from tests.hlf_chaincode.memory_peer import Envelope, Identity

from eximledger.proof import Authorities, ProofFile, TrustedNetwork
from eximledger.proof._authorities import Authority
from eximledger.proof._file import BlockPart, StatementPart
from eximledger_chaincode.lending.loan import WrittenStep
from hlf_chaincode.canonical import canonical_json, sha256_hex
from hlf_chaincode.protos.common import common_pb2 as common
from hlf_chaincode.protos.ledger.rwset import rwset_pb2 as rwset
from hlf_chaincode.protos.ledger.rwset.kvrwset import kv_rwset_pb2 as kv
from hlf_chaincode.protos.peer import chaincode_event_pb2, events_pb2
from hlf_client.identity import (
    CertificateAuthority,
    NodeRole,
    Subject,
    generate_key,
)
from hlf_client.wire.evidence import read_block

__all__ = ["MEMBERS", "NETWORK", "ORDERERS", "Golden", "driven", "golden", "lending"]

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


_AUTHORITIES = {
    msp_id: CertificateAuthority.create(Subject(f"ca.{msp_id}", msp_id), now=FOUNDED)
    for msp_id in (CREATOR, "SafeMSP", "OrdererMSP")
}
_MEMBERS = {msp_id: _AUTHORITIES[msp_id].pem for msp_id in (CREATOR, "SafeMSP")}
_ORDERERS = {"OrdererMSP": _AUTHORITIES["OrdererMSP"].pem}
_GENESIS = genesis("bank", _MEMBERS, _ORDERERS)
MEMBERS, ORDERERS = (
    Authorities(tuple(Authority(msp_id, (pem,)) for msp_id, pem in each.items())) for each in (_MEMBERS, _ORDERERS)
)
NETWORK = TrustedNetwork(read_block(_GENESIS).hash, MEMBERS, ORDERERS)


def person(msp_id: str, role: NodeRole, attributes: Mapping[str, str] | None = None) -> Signatory:
    key = generate_key()
    subject = Subject(f"{role.value}.{msp_id}", msp_id, role)
    return Signatory(
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
    """A consortium with three exports' papers, and two loans that were checked."""

    async def play() -> Lending:
        desk = await opened(1, 2, 3)
        await desk.apply()
        await desk.apply(trade.application("L-2", (2, 3)))
        for loan_id in ("L-1", "L-2"):
            await desk.check(loan_id)
        return desk

    return driven(play())


@cache
def golden() -> Golden:
    """The approval of loan L-1 by the checker, and what peers say of it."""
    desk = lending()
    checker = Identity(CHECKER.msp_id, CHECKER.certificate)
    verdict = driven(desk.check())
    approval = driven(desk.endorse(checker, "loans:approve", "L-1", 1, verdict.evidence_hash, []))
    desk.ledger.commit(approval)
    step = driven(desk.get()).step
    asked = driven(desk.endorse(checker, "loans:written", "L-1", step, CREATOR))
    decision = _transaction(approval, approval.response.payload, version=None)
    told = _told(asked.result, approval.transaction.id)
    statement = _transaction(asked, told, version=(7, 0))
    stored = block(7, [decision.envelope], [ORDERER])
    proof = ProofFile(
        loan_id="L-1",
        channel="bank",
        transaction_id=decision.transaction_id,
        block=BlockPart.of(read_block(stored)),
        statement=_part(statement),
        shown=tuple(_part(shown(CHECKER, peer, _GENESIS, approval.transaction.timestamp)) for peer in PEERS),
    )
    return Golden(
        decision.payload,
        decision.signature,
        stored,
        _filtered(decision.transaction_id),
        _private(stored),
        proof.content,
    )


def _part(transaction: Transaction) -> StatementPart:
    return StatementPart(payload=transaction.payload, signature=transaction.signature)


def _named(value: bytes, memory_id: str) -> bytes:
    """The same under the id that follows from creator and nonce."""
    return value.replace(memory_id.encode(), sha256_hex(NONCE + CHECKER.serialized).encode())


def _told(answer: bytes, memory_id: str) -> bytes:
    step = WrittenStep.model_validate_json(answer)
    value = b64encode(_named(b64decode(step.value), memory_id)).decode()
    return canonical_json(step.model_copy(update={"value": value}))


def _transaction(answered: Envelope, result: bytes, version: tuple[int, int] | None) -> Transaction:
    """What peers answered, as its creator signs it. `version`: of what was read."""
    memory_id = answered.transaction.id
    answer = Endorsement(
        answered.transaction.arguments,
        result,
        {key: version for key in answered.reads if key[0]},
        {key: value and _named(value, memory_id) for key, value in answered.writes.items() if key[0]},
        PEERS,
    )
    return endorsed(CHECKER, "bank", answered.transaction.timestamp, answer, NONCE)


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
