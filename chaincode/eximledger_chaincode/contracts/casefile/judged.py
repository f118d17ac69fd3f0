"""Verdicts of equal cases: judged once.

A case is read and judged at every step of a loan, on every peer that endorses it, and seldom differs between two of
them: an officer looks at it, has it checked, looks again. Equal cases give equal verdicts byte for byte,
so the last verdicts are kept. What a case is made of is read anew each time: only the rules are spared.
"""

from __future__ import annotations

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
    return _verdict(_Judged(case), rule_set_on(case.today), tuple(RULES.values()))


@lru_cache(maxsize=256)  # of loans that are at work at one time, as at SAFE's peers
def _verdict(judged: _Judged, rule_set: RuleSet, _rules: tuple[Rule, ...]) -> Verdict:
    return reconciliation.reconcile(judged.case, rule_set)
