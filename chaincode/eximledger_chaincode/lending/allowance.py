"""A bank's allowance of papers before the register for one business day, in slots that a transaction picks by its id.

One count of the day would be a key that every application reads and writes. So the limit is dealt out over slots: each
has its share, and a transaction takes from as few as it needs, in an order of its own. Whoever chooses transaction ids
chooses slots, and never gets more than what all of them have: the limit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from hlf_chaincode.canonical import sha256_hex

__all__ = ["SLOTS", "share_of", "slots_in_turn"]

SLOTS: Final = 1024
"""A power of two: each odd step goes round all of them. Of 64 applications of a bank at one time three in a hundred
meet another in its slot; with sixteen slots three quarters did."""


def share_of(slot: int, limit: int) -> int:
    """What a slot has of a day's limit; the shares of all slots together are the limit."""
    return limit // SLOTS + (slot < limit % SLOTS)


def slots_in_turn(transaction_id: str, limit: int, wanted: int) -> Iterator[Sequence[int]]:
    """The slots that have a share, each once, in the transaction's own order: first as many as `wanted` takes of empty
    ones, then twice as many as before, so that a day that is nearly used up is not walked slot by slot."""
    digest = sha256_hex(transaction_id.encode())
    start, step = int(digest[:8], 16), 2 * int(digest[8:16], 16) + 1
    every = [(start + turn * step) % SLOTS for turn in range(SLOTS)]
    slots = [slot for slot in every if share_of(slot, limit)]
    begin, size = 0, max(1, -(-wanted // max(1, limit // SLOTS)))
    while begin < len(slots):
        yield slots[begin : begin + size]
        begin, size = begin + size, begin + size
