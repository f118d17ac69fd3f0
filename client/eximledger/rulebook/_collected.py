"""What receipts named of a past case: those that had been filed then, as far as that can be told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from datetime import date
from typing import Final, Protocol, TypeVar

from eximledger_chaincode.lending.verdict import Verdict
from eximledger_chaincode.rules import Case, facts_of

__all__ = ["receipts_then"]

_DAYS: Final = 40
"""So many days back receipts are taken away one day after the other, until what is left is what was read."""


class _Received(Protocol):
    @property
    def receipt_id(self) -> str: ...

    @property
    def dated(self) -> date: ...


ReceivedT = TypeVar("ReceivedT", bound=_Received)


def receipts_then(case: Case, verdict: Verdict, filed_after: Set[str]) -> Case:
    """The case with the receipts of its time: without those that were filed after it, or that came after a day, where
    just these have the hash that the verdict names. A bank has not every receipt itself and cannot ask when each was
    filed; the hash says whether the guess is right."""
    for field, kind in (("namings", "naming"), ("unallocated", "unallocated")):
        wanted = _recorded(verdict, kind)
        tried = [
            replace(case, **{field: each})  # type: ignore[arg-type]  # by the fields' names
            for each in _candidates(getattr(case, field), filed_after)
        ]
        case = next((each for each in tried if _hash_of(each, kind) == wanted), tried[0])
    return case


def _candidates(found: Sequence[ReceivedT], filed_after: Set[str]) -> Iterator[tuple[ReceivedT, ...]]:
    """All but those that were filed later; then without those of the last day, of the last two days, and so on."""
    known = tuple(each for each in found if each.receipt_id not in filed_after)
    yield known
    for day in sorted({each.dated for each in known}, reverse=True)[:_DAYS]:
        yield tuple(each for each in known if each.dated < day)


def _recorded(verdict: Verdict, kind: str) -> str | None:
    return next((each.sha256 for each in verdict.read if (each.kind, each.version) == (kind, 0)), None)


def _hash_of(case: Case, kind: str) -> str:
    return next(each.sha256 for each in facts_of(case.ordered()) if each.kind == kind)
