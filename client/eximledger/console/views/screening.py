"""A loan's case held against the watch lists of the day: each hit, and what two persons say of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from eximledger.console.views.acts import why_not_confirm
from eximledger.console.views.findings import ShownFinding, shown_findings
from eximledger_chaincode.lending.roles import Duty, Person
from eximledger_chaincode.lending.screening.hits import Clearing, Hit
from eximledger_chaincode.lending.screening.screening import Edition
from eximledger_chaincode.rules import Case
from eximledger_chaincode.rules.sanctions import CLEARING, lists_of, screened

__all__ = ["ScreenedCase", "ShownHit", "screened_case"]


@dataclass(frozen=True, slots=True)
class ShownHit:
    """A finding of screening. With `hit` it is one that two persons clear; `waiting` is what the first proposed."""

    shown: ShownFinding
    hit: Hit | None = None
    waiting: Clearing | None = None
    why_not: str = ""
    """Why the officer who looks may not confirm what waits; nothing where that one may."""


@dataclass(frozen=True, slots=True)
class ScreenedCase:
    """The hits, and by which editions of which lists they were found."""

    hits: tuple[ShownHit, ...]
    lists: tuple[Edition, ...]


def screened_case(case: Case, person: Person, duties: Iterable[Duty]) -> ScreenedCase:
    """What screening finds in a case, for who looks at it."""
    hits = {each.key: each for each in case.hits}
    waiting = {each.key: each for each in case.clearings if each.confirmed_by is None}
    is_checker, found = Duty.CHECKER in frozenset(duties), list[ShownHit]()
    for shown in shown_findings(screened(case)):
        key = next((each.value for each in shown.finding.statements if each.field == CLEARING), "")
        proposed = waiting.get(key)
        why_not = "" if proposed is None else why_not_confirm(proposed.proposed_by, person, is_checker=is_checker)
        found.append(ShownHit(shown, hits.get(key), proposed, why_not))
    return ScreenedCase(tuple(found), lists_of(case))
