"""Verdicts of equal cases are judged once, whoever approves, and of no other case is one told."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.eximledger_chaincode.rules import cases

from eximledger_chaincode import rules
from eximledger_chaincode.contracts.casefile.judged import _verdict, reconcile
from eximledger_chaincode.documents import Money
from eximledger_chaincode.lending.roles import Person
from eximledger_chaincode.lending.verdict import OF_THE_OFFICER
from eximledger_chaincode.rules import RULES, Decision, Rule, RuleSet, Verdict, reconciliation
from eximledger_chaincode.rules.basis.case import Case
from hlf_chaincode.canonical import canonical_json


@pytest.fixture(autouse=True)
def judged(monkeypatch: pytest.MonkeyPatch) -> list[Case]:
    """The cases that were judged, nothing having been kept before."""
    found: list[Case] = []
    genuine = reconciliation.judged

    def noted(case: Case, rule_set: RuleSet) -> Verdict:
        found.append(case)
        return genuine(case, rule_set)

    _verdict.cache_clear()
    monkeypatch.setattr(reconciliation, "judged", noted)
    return found


def test_an_equal_case_is_judged_once(judged: list[Case]) -> None:
    first = reconcile(cases.case())
    assert reconcile(cases.case()) is first
    assert len(judged) == 1


def test_whatever_differs_is_judged(judged: list[Case]) -> None:
    sound = cases.case()
    others = [
        replace(sound, today=sound.today + timedelta(days=1)),
        replace(sound, omitted_hits=1),
        replace(sound, other_financings=(Money.of("1.00", "CNY"),)),
        replace(sound, declarations=sound.declarations[:-1]),
    ]
    for case in (sound, *others):
        reconcile(case)
    assert judged == [sound, *others]


@pytest.mark.parametrize("policy_by", [(), (cases.MAKER,)], ids=["sound", "referred"])
@pytest.mark.parametrize("approving", [cases.CHECKER, cases.MAKER], ids=["another person", "who wrote its papers"])
def test_who_approves_is_judged_apart_from_all_else(
    judged: list[Case], approving: Person, policy_by: tuple[Person, ...]
) -> None:
    checked = cases.case(applicants=(cases.MAKER,), policy_by=policy_by)
    approved = replace(checked, approving=approving)
    reconcile(checked)
    verdict = reconcile(approved)
    assert judged == [checked]
    assert canonical_json(verdict) == canonical_json(reconciliation.reconcile(approved))
    assert (verdict.verdict is Decision.REJECT) == (approving == cases.MAKER)
    assert reconcile(checked) == reconciliation.reconcile(checked)


def test_no_rule_reads_unsaid_who_approves() -> None:
    """A rule that is told who approves stands in `OF_THE_OFFICER`, and shares nothing that reads it with the others."""
    said = {RULES[each].check.__name__ for each in OF_THE_OFFICER}
    modules = [path for path in Path(rules.__file__).parent.rglob("*.py") if path.name != "reconciliation.py"]
    assert len(modules) > 30
    readers = [
        (path.name, part.name if isinstance(part, ast.FunctionDef) else "")
        for path in modules
        for part in ast.parse(path.read_text()).body
        for node in ast.walk(part)
        if isinstance(node, ast.Attribute) and node.attr == "approving"
    ]
    assert readers
    assert {name for _, name in readers} <= said, readers


def test_by_other_rules_it_is_judged_again(judged: list[Case], monkeypatch: pytest.MonkeyPatch) -> None:
    reconcile(cases.case())
    rule = next(iter(RULES.values()))
    monkeypatch.setitem(RULES, rule.id, replace(rule, check=lambda _case: iter(())))
    assert isinstance(RULES[rule.id], Rule)
    reconcile(cases.case())
    assert len(judged) == 2
