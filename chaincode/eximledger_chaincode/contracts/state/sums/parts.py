"""Which parts of a sum stand: told by one key, so that the others need no reading.

A sum that many filings move stands in sixteen parts, and of most exporters most parts never come to be. Who first
writes a part, or takes the last of it away, says so under the sum's own key in the same transaction; who reads the sum
reads that key, then the parts that stand. So a part that comes meanwhile is a read conflict as before: of that key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from eximledger_chaincode.contracts.state.vault import KeyReader
from hlf_chaincode.stub import composite_key, split_composite_key

__all__ = ["PARTED", "kept_parts", "parts_key", "parts_of", "read_parts", "standing_parts", "telling_keys"]

PARTED: Final = frozenset({"contract-invoices", "declared", "received"})
"""The types of keys that are a part of a sum: their last attribute is the part's digit."""
_TOLD: Final = "-parts"


def parts_key(name: str, attributes: Sequence[str]) -> str:
    """The key that tells which parts stand of the sum of these attributes."""
    return composite_key(name + _TOLD, attributes)


def telling_keys(before: Mapping[str, bytes | None], after: Mapping[str, bytes | None]) -> list[str]:
    """The keys that are to tell of parts which come or go as `before` becomes `after`, sorted."""
    return sorted(_moved(before, after))


def kept_parts(
    before: Mapping[str, bytes | None], after: Mapping[str, bytes | None], told: Mapping[str, bytes | None]
) -> dict[str, bytes | None]:
    """What those keys tell then, from what they tell now; None where no part is left."""
    found: dict[str, bytes | None] = {}
    for key, moved in _moved(before, after).items():
        digits = set((told.get(key) or b"").decode())
        for digit, stands in moved:
            (digits.add if stands else digits.discard)(digit)
        found[key] = "".join(sorted(digits)).encode() or None
    return found


def _moved(before: Mapping[str, bytes | None], after: Mapping[str, bytes | None]) -> dict[str, list[tuple[str, bool]]]:
    moved: dict[str, list[tuple[str, bool]]] = {}
    for key, value in after.items():
        stands = value is not None
        if stands != (before.get(key) is not None):
            name, attributes = split_composite_key(key)
            if name in PARTED:
                moved.setdefault(parts_key(name, attributes[:-1]), []).append((attributes[-1], stands))
    return moved


async def read_parts(reader: KeyReader, keys: Iterable[str]) -> dict[str, list[bytes]]:
    """By the key that tells of it, the parts of each sum that stand; one request for the keys and one for the parts."""
    wanted = list(dict.fromkeys(keys))
    parts = await _standing(reader, wanted)
    names = [name for part in parts.values() for name in part]
    values = dict(zip(names, await reader.get_many(names), strict=True))
    return {key: [value for name in part if (value := values[name]) is not None] for key, part in parts.items()}


async def standing_parts(reader: KeyReader, keys: Sequence[str]) -> list[str]:
    """The keys of the parts that stand of sums, from the keys that tell of them."""
    return [name for parts in (await _standing(reader, keys)).values() for name in parts]


async def _standing(reader: KeyReader, keys: Sequence[str]) -> dict[str, list[str]]:
    told = await reader.get_many(keys)
    return {key: [] if value is None else parts_of(key, value) for key, value in zip(keys, told, strict=True)}


def parts_of(key: str, told: bytes) -> list[str]:
    """The keys of the parts that stand, from the key that tells of them and what stands under it."""
    name, attributes = split_composite_key(key)
    return [composite_key(name.removesuffix(_TOLD), (*attributes, digit)) for digit in told.decode()]
