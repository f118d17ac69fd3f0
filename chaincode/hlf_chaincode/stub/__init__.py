"""LedgerStub: the only door from a contract to a ledger.

Exactly the operations of a Fabric peer, with what a contract must never do refused here, once, for every ledger: empty
keys, keys in the composite keys' space, unbounded results. Fabric's semantics hold: a read does not see this
transaction's own writes, and a chaincode cannot invoke itself on its own channel.
"""

from __future__ import annotations

from hlf_chaincode.stub._keys import (
    COMPOSITE_NAMESPACE,
    MAX_KEY_BYTES,
    MAX_VALUE_BYTES,
    composite_key,
    split_composite_key,
)
from hlf_chaincode.stub._stub import MAX_PAGE, MAX_QUERY_BYTES, MAX_RANGE, LedgerStub, Page

__all__ = [
    "COMPOSITE_NAMESPACE",
    "MAX_KEY_BYTES",
    "MAX_PAGE",
    "MAX_QUERY_BYTES",
    "MAX_RANGE",
    "MAX_VALUE_BYTES",
    "LedgerStub",
    "Page",
    "composite_key",
    "split_composite_key",
]
