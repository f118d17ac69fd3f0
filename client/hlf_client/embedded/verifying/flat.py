"""A transaction as plain values, to be handed from one process to another: to read it takes a tenth of decoding it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeAlias

from hlf_client.embedded.storage.call import Call
from hlf_client.embedded.storage.transaction import Endorsement, Transaction
from hlf_client.embedded.storage.writeset import CollectionSet, RangeRead, ReadWriteSet, Result

__all__ = ["Flat", "flat", "whole"]

Flat: TypeAlias = tuple[Any, ...]
"""What `marshal` takes."""


def flat(transaction: Transaction) -> Flat:
    call, result = transaction.call, transaction.result
    return (
        (
            call.data, call.transaction_id, call.channel, call.chaincode, call.creator_msp, call.certificate_hash,
            call.timestamp.isoformat(), call.arguments,
        ),
        (result.call_digest, result.status, result.message, result.payload, result.event, _flat_set(result.changes)),
        transaction.result_data,
        [(each.msp_id, each.certificate_hash, each.signature) for each in transaction.endorsements],
    )  # fmt: skip


def whole(values: Flat) -> Transaction:
    """The transaction that `flat` was given."""
    call, result, result_data, endorsements = values
    data, name, channel, chaincode, creator, certificate, moment, arguments = call
    digest, status, message, payload, event, changes = result
    return Transaction(
        Call(data, name, channel, chaincode, creator, certificate, datetime.fromisoformat(moment), arguments),
        Result(digest, status, message, payload, event, _whole_set(changes)),
        result_data,
        tuple(Endorsement(*each) for each in endorsements),
    )


def _flat_set(changes: ReadWriteSet) -> Flat:
    return (
        changes.reads,
        [(each.start, each.end, each.digest) for each in changes.ranges],
        changes.writes,
        changes.policies,
        [(name, own.reads, own.writes, list(own.purges), own.policies) for name, own in changes.private.items()],
        [(name, _flat_set(other)) for name, other in changes.others.items()],
    )


def _whole_set(values: Flat) -> ReadWriteSet:
    reads, ranges, writes, policies, private, others = values
    return ReadWriteSet(
        reads,
        [RangeRead(*each) for each in ranges],
        writes,
        policies,
        {name: CollectionSet(read, written, set(purges), own) for name, read, written, purges, own in private},
        {name: _whole_set(other) for name, other in others},
    )
