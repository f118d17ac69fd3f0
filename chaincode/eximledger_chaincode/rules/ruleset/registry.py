"""How a rule is declared, and the register of all of them: which edition of each a rule set has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import localcontext
from typing import Final

from eximledger_chaincode.lending.exact import EXACT
from eximledger_chaincode.lending.verdict import Finding, Severity
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.ruleset.remedies import REMEDIES, Remedy
from eximledger_chaincode.rules.ruleset.sets import FIRST, RULE_SET, SETS, RuleSet

__all__ = ["EARLIER", "RULES", "RULE_SET", "Row", "Rule", "RuleSet", "rows_of", "rule"]

Check = Callable[[Case], Iterator[Finding]]


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A rule of domain.md: its id, the severities it may find, and the article or notice it comes from. Declared once,
    and no other is the same."""

    id: str
    severities: tuple[Severity, ...]
    source: str
    check: Check
    """Run it through `findings`, which sets the arithmetic."""
    since: str = FIRST
    """The first rule set that has this edition."""
    until: str = ""
    """The first rule set without the rule; empty while there is none."""

    @property
    def summary(self) -> str:
        """What the rule checks, in one line: the first paragraph of its check's docstring."""
        paragraph = (self.check.__doc__ or "").strip().split("\n\n")[0]
        return " ".join(paragraph.split())

    @property
    def remedy(self) -> Remedy:
        """What the exporter is to bring, and what it may be told: the rule's row in the table of remedies."""
        return REMEDIES[self.id]

    def findings(self, case: Case) -> tuple[Finding, ...]:
        """What the rule finds in a case, computed exactly."""
        with localcontext(EXACT):
            return tuple(self.check(case))


RULES: Final[dict[str, Rule]] = {}
"""By id, the newest edition of each rule."""

EARLIER: Final[dict[str, tuple[Rule, ...]]] = {}
"""By id, the editions before it, the oldest first."""


def rule(id: str, *severities: Severity, source: str, since: str = FIRST, until: str = "") -> Callable[[Check], Check]:
    """Register a check under its id; raises ValueError when the id is taken.

    A rule that changes is declared once more below its old function, with the set `since` which that holds; the old
    function stays as it is as long as a set has it. `until` names the first set without the rule.
    """
    begins = _place(since)
    if until and _place(until) <= begins:
        raise ValueError(f"rule {id} ends before it begins")

    def register(check: Check) -> Check:
        before = RULES.get(id)
        if before is not None:
            if _place(before.since) >= begins:
                raise ValueError(f"rule {id} is declared twice")
            EARLIER[id] = (*EARLIER.get(id, ()), before)
        RULES[id] = Rule(id, severities, source, check, since, until)
        return check

    return register


def _place(name: str, sets: Sequence[RuleSet] | None = None) -> int:
    """Where a set stands in their order. Raises ValueError for one that the release does not have."""
    for place, each in enumerate(SETS if sets is None else sets):
        if each.name == name:
            return place
    raise ValueError(f"there is no rule set {name}")


@dataclass(frozen=True, slots=True)
class Row:
    """A rule as a set has it: in which edition, and as what its findings count."""

    rule: Rule
    counts_as: Mapping[Severity, Severity]

    @property
    def severities(self) -> tuple[Severity, ...]:
        """What may come of it in this set."""
        return tuple(dict.fromkeys(self.counts_as.get(each, each) for each in self.rule.severities))

    def findings(self, case: Case) -> Iterator[Finding]:
        """What the rule finds, with the severity that it has in this set."""
        for found in self.rule.findings(case):
            counted = self.counts_as.get(found.severity, found.severity)
            yield found if counted is found.severity else found.model_copy(update={"severity": counted})


def rows_of(
    rule_set: RuleSet,
    rules: Mapping[str, Rule] = RULES,
    earlier: Mapping[str, Sequence[Rule]] = EARLIER,
    sets: Sequence[RuleSet] | None = None,
) -> list[Row]:
    """The table of a set: of every rule that it has, the edition of its time."""
    here = _place(rule_set.base or rule_set.name, sets)
    begun_here = {each.name for each in (SETS if sets is None else sets)[: here + 1]}
    found: list[Row] = []
    for id_, newest in rules.items():
        begun = [each for each in (*earlier.get(id_, ()), newest) if each.since in begun_here]
        if not begun or id_ in rule_set.without:
            continue
        edition = begun[-1]
        if edition.until not in begun_here:
            counts = {each.found: each.severity for each in rule_set.severities if each.rule == id_}
            found.append(Row(edition, counts))
    return found
