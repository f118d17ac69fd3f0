"""Reconciliation rules: pure, deterministic functions over one Case.

May import `lending`, `documents`, and Fabric's `canonical` and `errors`;
contracts and the client import it. No clock, no I/O, no float.
"""

from __future__ import annotations

from eximledger_chaincode.lending.verdict import Decision, Finding, Severity, Verdict
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.reconciliation import decision_of, facts_of, reconcile
from eximledger_chaincode.rules.ruleset.identity import require_rule_set, rule_set_id
from eximledger_chaincode.rules.ruleset.registry import RULES, Row, Rule, rows_of
from eximledger_chaincode.rules.ruleset.remedies import Remedy
from eximledger_chaincode.rules.ruleset.sets import RULE_SET, SETS, Counts, RuleSet, rule_set_named, rule_set_on

__all__ = [
    "RULES",
    "RULE_SET",
    "SETS",
    "Case",
    "Counts",
    "Decision",
    "Finding",
    "Remedy",
    "Row",
    "Rule",
    "RuleSet",
    "Severity",
    "Verdict",
    "decision_of",
    "facts_of",
    "reconcile",
    "require_rule_set",
    "rows_of",
    "rule_set_id",
    "rule_set_named",
    "rule_set_on",
]
