"""What a transaction read and wrote: public keys as they are, private ones as the hashes that a block has."""

from __future__ import annotations

from hlf_chaincode.canonical import Json
from hlf_chaincode.protos.ledger.rwset.kvrwset.kv_rwset_pb2 import (
    HashedRWSet,
    KVMetadataEntry,
    KVRead,
    KVReadHash,
    KVRWSet,
    RangeQueryInfo,
    Version,
)
from hlf_chaincode.protos.ledger.rwset.rwset_pb2 import CollectionHashedReadWriteSet, TxReadWriteSet
from hlf_client.wire.plain._policies import signature_policy
from hlf_client.wire.plain._values import parsed, readable

__all__ = ["sets_json"]

_POLICY = "VALIDATION_PARAMETER"
"""Under which a key's own endorsement policy stands beside it."""


def sets_json(results: bytes) -> list[Json]:
    """A simulation's results, one entry for each chaincode that it touched."""
    told: list[Json] = []
    for namespace in parsed(TxReadWriteSet, results).ns_rwset:
        public = parsed(KVRWSet, namespace.rwset)
        told.append(
            _filled(
                {
                    "chaincode": namespace.namespace,
                    "reads": [{"key": each.key, "version": _version(each)} for each in public.reads],
                    "ranges": [_range(each) for each in public.range_queries_info],
                    "writes": [
                        {"key": each.key, "value": None if each.is_delete else readable(bytes(each.value))}
                        for each in public.writes
                    ],
                    "metadata": [{"key": each.key, **_metadata(list(each.entries))} for each in public.metadata_writes],
                    "collections": [_collection(each) for each in namespace.collection_hashed_rwset],
                }
            )
        )
    return told


def _collection(hashed: CollectionHashedReadWriteSet) -> Json:
    found = parsed(HashedRWSet, hashed.hashed_rwset)
    return _filled(
        {
            "name": hashed.collection_name,
            "private_hash": bytes(hashed.pvt_rwset_hash).hex(),
            "reads": [
                {"key_hash": bytes(each.key_hash).hex(), "version": _version(each)} for each in found.hashed_reads
            ],
            "writes": [
                {
                    "key_hash": bytes(each.key_hash).hex(),
                    "value_hash": None if each.is_delete or each.is_purge else bytes(each.value_hash).hex(),
                    **({"purged": True} if each.is_purge else {}),
                }
                for each in found.hashed_writes
            ],
            "metadata": [
                {"key_hash": bytes(each.key_hash).hex(), **_metadata(list(each.entries))}
                for each in found.metadata_writes
            ],
        }
    )


def _filled(told: dict[str, Json]) -> Json:
    """Without the lists that are empty: most are."""
    return {name: value for name, value in told.items() if value != []}


def _version(read: KVRead | KVReadHash) -> Json:
    """Block and place in it of the transaction that wrote what was read; None where there was nothing."""
    return _place(read.version) if read.HasField("version") else None


def _place(version: Version) -> Json:
    return {"block": int(version.block_num), "transaction": int(version.tx_num)}


def _range(query: RangeQueryInfo) -> Json:
    told: dict[str, Json] = {"start": query.start_key, "end": query.end_key, "exhausted": query.itr_exhausted}
    if query.WhichOneof("reads_info") == "raw_reads":
        reads = query.raw_reads.kv_reads
        told["reads"] = [{"key": each.key, "version": _version(each)} for each in reads]
    return told


def _metadata(entries: list[KVMetadataEntry]) -> dict[str, Json]:
    return {
        each.name: signature_policy(bytes(each.value)) if each.name == _POLICY and each.value else readable(each.value)
        for each in entries
    }
