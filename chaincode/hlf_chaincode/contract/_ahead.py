"""Reading ahead: the keys that a query read when it was asked the same last, asked of the peer at once.

A peer takes one request of a transaction at a time, and a query that follows what it reads makes many. Which keys it
read is remembered, never what stood there: each is read in every transaction, in one request a collection. What the
query needs beside them it asks for as it goes, and what it does not need any more is forgotten.

For queries that say so alone (`@query(ahead=True)`): what they read is in no block, so that a key too many harms
nothing, where it would part the read sets of a transaction's endorsers.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Final

from hlf_chaincode.canonical import sha256_hex
from hlf_chaincode.peer import Transaction

__all__ = ["ReadingAhead"]

_KEYS: Final = 65_536
"""Of all calls that are remembered together, the last ones: of some thousand cases, in about ten megabytes."""
_KEYS_OF_ONE: Final = 2048
"""Of one call at most."""


class ReadingAhead:
    """Which keys calls read, by who asked what on which channel."""

    def __init__(self) -> None:
        self._calls: OrderedDict[str, Mapping[str, Sequence[str]]] = OrderedDict()
        self._keys = 0

    def of(self, transaction: Transaction) -> Mapping[str, Sequence[str]]:
        """By collection ("" is the public state) the keys that this call is likely to read; none that is not known."""
        return self._calls.get(_name(transaction), {})

    def remember(self, transaction: Transaction, read: Mapping[str, Sequence[str]]) -> None:
        """What the call has read."""
        name, weight = _name(transaction), _weight(read)
        if (before := self._calls.pop(name, None)) is not None:
            self._keys -= _weight(before)
        if weight <= _KEYS_OF_ONE:
            self._calls[name] = read
            self._keys += weight
        while self._keys > _KEYS:
            self._keys -= _weight(self._calls.popitem(last=False)[1])


def _weight(read: Mapping[str, Sequence[str]]) -> int:
    """How many keys; a call that read none is remembered as one."""
    return max(1, sum(map(len, read.values())))


def _name(transaction: Transaction) -> str:
    """Another organisation may read other collections by the same words."""
    said = [transaction.channel.encode(), transaction.creator_msp.encode(), *transaction.arguments]
    return sha256_hex(b"".join(len(each).to_bytes(4) + each for each in said))
