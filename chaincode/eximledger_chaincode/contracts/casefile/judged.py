"""Verdicts of equal cases: judged once.

A case is read and judged at every step of a loan, on every peer that endorses it, and seldom differs between two of
them but in who approves: an officer looks at it, has it checked, another approves it. Equal cases give equal verdicts
byte for byte, so the last verdicts are kept, as they are whoever approves. What a case is made of is read anew each
time: only the rules are spared.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from eximledger_chaincode.lending.verdict import Verdict
from eximledger_chaincode.rules import reconciliation
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.ruleset.registry import RULES, Rule
from eximledger_chaincode.rules.ruleset.sets import RuleSet, rule_set_on

__all__ = ["reconcile"]


class _Judged:
    """A case as a key: by its application and day, then by all of it. Papers that were parsed once are the same
    objects, so that two equal cases are told in some microseconds."""

    __slots__ = ("case",)

    def __init__(self, case: Case) -> None:
        self.case = case

    def __hash__(self) -> int:
        return hash((self.case.application.sha256, self.case.today))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Judged) and self.case == other.case


def reconcile(case: Case) -> Verdict:
    """The verdict of `reconciliation.reconcile`, by the rules as they are registered now."""
    rule_set = rule_set_on(case.today)
    everybodys = _verdict(_Judged(replace(case, approving=None)), rule_set, tuple(RULES.values()))
    return reconciliation.for_officer(case, everybodys, rule_set)


@lru_cache(maxsize=256)  # of more than a hundred officers, each at a step of another loan
def _verdict(of_case: _Judged, rule_set: RuleSet, _rules: tuple[Rule, ...]) -> Verdict:
    return reconciliation.judged(of_case.case, rule_set)
