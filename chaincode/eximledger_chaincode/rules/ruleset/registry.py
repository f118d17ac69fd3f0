"""How a rule is declared, and the register of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import localcontext
from typing import Final

from eximledger_chaincode.lending.exact import EXACT
from eximledger_chaincode.lending.verdict import Finding, Severity
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.ruleset.remedies import REMEDIES, Remedy

__all__ = ["RULES", "RULE_SET", "Rule", "RuleSet", "rule"]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A rule set by its name, and the days (both included) on which it may decide; no end is until further notice."""

    name: str
    valid_from: date
    valid_until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it may decide on `day`."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


RULE_SET: Final = RuleSet("2026.1", valid_from=date(2026, 1, 1))
"""The rules of this release. Every verdict carries their id (`rule_set_id`), which begins with the name."""

Check = Callable[[Case], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of domain.md: its id, the severities it may find, and the article or notice it comes from."""

    id: str
    severities: tuple[Severity, ...]
    source: str
    check: Check
    """Run it through `findings`, which sets the arithmetic."""

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


def rule(id: str, *severities: Severity, source: str) -> Callable[[Check], Check]:
    """Register a check under its id; raises ValueError when the id is taken."""

    def register(check: Check) -> Check:
        if id in RULES:
            raise ValueError(f"rule {id} is declared twice")
        RULES[id] = Rule(id, severities, source, check)
        return check

    return register
