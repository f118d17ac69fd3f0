"""Verdicts of equal cases are judged once, and of no other case is one told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.eximledger_chaincode.rules import cases

from eximledger_chaincode.contracts.casefile.judged import _verdict, reconcile
from eximledger_chaincode.documents import Money
from eximledger_chaincode.lending.roles import Person
from eximledger_chaincode.rules import RULES, Rule, reconciliation
from eximledger_chaincode.rules.basis.case import Case


@pytest.fixture(autouse=True)
def judged(monkeypatch: pytest.MonkeyPatch) -> list[Case]:
    """The cases that were judged, nothing having been kept before."""
    found: list[Case] = []
    genuine = reconciliation.reconcile

    def noted(case: Case, rule_set: object = None) -> object:
        found.append(case)
        return genuine(case)

    _verdict.cache_clear()
    monkeypatch.setattr(reconciliation, "reconcile", noted)
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
        replace(sound, approving=Person(msp_id="HarbourMSP", name="checker")),
    ]
    for case in (sound, *others):
        reconcile(case)
    assert judged == [sound, *others]


def test_by_other_rules_it_is_judged_again(judged: list[Case], monkeypatch: pytest.MonkeyPatch) -> None:
    reconcile(cases.case())
    rule = next(iter(RULES.values()))
    monkeypatch.setitem(RULES, rule.id, replace(rule, check=lambda _case: iter(())))
    assert isinstance(RULES[rule.id], Rule)
    reconcile(cases.case())
    assert len(judged) == 2
