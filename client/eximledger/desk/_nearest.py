"""A number that no paper carries: which one that is there was meant."""

from __future__ import annotations

from typing import Final

from eximledger.desk._calls import Calls
from eximledger_chaincode.contracts.papers.answers import EntryPage
from eximledger_chaincode.documents import KINDS
from hlf_client.errors import FabricError, NotFound

__all__ = ["naming_nearest"]

_PAGE: Final = 1000
_PAGES: Final = 5
"""So many of the papers that this member sees are looked through."""


async def naming_nearest(calls: Calls, refused: NotFound, kind: str, number: str) -> NotFound:
    """The refusal, with the number nearest to the one that was written: one character off, of papers that this member
    sees."""
    try:
        nearest = await _nearest(calls, kind, number)
    except FabricError:  # it may not list them: what was refused is said as it is
        return refused
    if nearest is None:
        return refused
    said = f"{refused.message}; one character off is {nearest}, which is there"
    return NotFound(said, **{**refused.details, "nearest": nearest})


async def _nearest(calls: Calls, kind: str, number: str) -> str | None:
    bookmark = ""
    for _ in range(_PAGES):
        page = await calls.ask(EntryPage, KINDS[kind].channel, "documents:list", kind, "", _PAGE, bookmark, "")
        found = next((each.number for each in page.entries if _is_one_off(each.number, number)), None)
        bookmark = page.bookmark
        if found is not None or not bookmark:
            return found
    return None


def _is_one_off(one: str, other: str) -> bool:
    """One character is another, is missing or too many, or two neighbours are exchanged."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    left, right = one[start:], other[start:]
    swapped = left[1::-1] == right[:2] and len(left) > 1 and left[2:] == right[2:]
    return swapped or left[1:] == right[1:] or left[1:] == right or left == right[1:]
