"""The rule sets of this release, side by side: each decides from a day until a day, and a day has one.

A set is a table of rules and severities, made of what the rules themselves declare (`registry.rule`: since which set,
until which) and of what it says here. Rules are not copied: a rule that changes gets a new function beside the old one,
under the same id, and each set has the edition of its time (docs/decisions/0025-rule-sets.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, NamedTuple

from eximledger_chaincode.lending.verdict import Severity

__all__ = ["FIRST", "RULE_SET", "SETS", "Counts", "RuleSet", "require_in_order", "rule_set_named", "rule_set_on"]

FIRST: Final = "2026.1"


class Counts(NamedTuple):
    """What a rule finds as `found` counts as `severity` in a set."""

    rule: str
    found: Severity
    severity: Severity


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A rule set by its name, and the days (both included) on which it decides; no end is until further notice."""

    name: str
    valid_from: date
    valid_until: date | None = None
    announced_on: date | None = None
    """When the release came that has it: before it is valid, so that all know by what they will be judged."""
    severities: tuple[Counts, ...] = ()
    """Where they are other than a rule says; said anew by every set."""
    without: tuple[str, ...] = ()
    """Rules that it leaves out, and it alone."""
    base: str = ""
    """Of a draft: the set of the release whose rules it goes by."""

    def holds_on(self, day: date) -> bool:
        """Whether it may decide on `day`."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    @property
    def is_draft(self) -> bool:
        """Whether nothing is decided by it: it is tried over past cases alone."""
        return bool(self.base)


SETS: Final[tuple[RuleSet, ...]] = (RuleSet(FIRST, valid_from=date(2026, 1, 1)),)
"""In the order of their days. A set stays here as long as loans that were decided by it run or are looked at again;
then it goes, with the editions of rules that no other set has."""


def require_in_order(sets: Sequence[RuleSet]) -> None:
    """Raises ValueError unless each set ends on the day before the next begins, which was announced before that day."""
    for earlier, later in pairwise(sets):
        if earlier.valid_until is None or earlier.valid_until + timedelta(days=1) != later.valid_from:
            raise ValueError(f"rule set {later.name} does not begin where {earlier.name} ends")
        if later.announced_on is None or later.announced_on >= later.valid_from:
            raise ValueError(f"rule set {later.name} is announced before it is valid")
    if len({each.name for each in sets}) != len(sets):
        raise ValueError("two rule sets have one name")


require_in_order(SETS)

RULE_SET: Final = SETS[-1]
"""The newest. Every verdict carries the id of the set that it was given by (`rule_set_id`), which begins with the
set's name."""


def rule_set_on(day: date, sets: Sequence[RuleSet] = SETS) -> RuleSet:
    """The set that decides on a day; where none does, the last before it, or the first: RULE-SET rejects then."""
    begun = [each for each in sets if each.valid_from <= day]
    return begun[-1] if begun else sets[0]


def rule_set_named(name: str, sets: Sequence[RuleSet] = SETS) -> RuleSet | None:
    """The set of a name, or of an id that begins with it."""
    wanted = name.partition("+")[0]
    return next((each for each in sets if each.name == wanted), None)
