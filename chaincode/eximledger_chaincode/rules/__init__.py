"""Reconciliation rules: pure, deterministic functions over one Case.

May import `lending`, `documents`, and Fabric's `canonical` and `errors`;
contracts and the client import it. No clock, no I/O, no float.
"""

from __future__ import annotations

from eximledger_chaincode.lending.verdict import Decision, Finding, Severity, Verdict
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.reconciliation import reconcile
from eximledger_chaincode.rules.ruleset.identity import require_rule_set, rule_set_id
from eximledger_chaincode.rules.ruleset.registry import RULE_SET, RULES, Rule, RuleSet
from eximledger_chaincode.rules.ruleset.remedies import Remedy

__all__ = [
    "RULES",
    "RULE_SET",
    "Case",
    "Decision",
    "Finding",
    "Remedy",
    "Rule",
    "RuleSet",
    "Severity",
    "Verdict",
    "reconcile",
    "require_rule_set",
    "rule_set_id",
]
