"""What holds of every case whatsoever."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Inexact, InvalidOperation, localcontext

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.eximledger_chaincode.rules import cases
from tests.eximledger_chaincode.rules.strategies import NUMBERS, arbitrary_cases, days, money, rates, records

from eximledger_chaincode.documents import CASE_KINDS, Money
from eximledger_chaincode.lending.register import Position
from eximledger_chaincode.rules import RULES, Case, Decision, Finding, Severity, Verdict, reconcile
from hlf_chaincode.canonical import canonical_json

TUPLES = (*(kind.field for kind in CASE_KINDS), "positions", "namings", "unallocated", "matches", "contract_totals")
RANK = {Severity.REJECT: 2, Severity.REFER: 1, Severity.INFORM: 0}
WORST = {2: Decision.REJECT, 1: Decision.REFER, 0: Decision.APPROVE}

arbitrary = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)  # fmt: skip
"""Without shrinking: a case has hundreds of fields, and the failing one is printed as it is."""


def permuted(case: Case, draw: st.DataObject) -> Case:
    """The same case in another order, some of it read twice."""
    changes: dict[str, object] = {}
    for name in TUPLES:
        items = list(getattr(case, name))
        changes[name] = tuple(draw.draw(st.permutations(items + items[:1]), label=name))
    roles = dict(draw.draw(st.permutations(list(case.roles.items())), label="roles"))
    return replace(case, roles=roles, **changes)  # type: ignore[arg-type] # fields by their names


def stable(verdict: Verdict) -> list[Finding]:
    """What an officer judges."""
    return [each for each in verdict.findings if each.severity is not Severity.REJECT]


@arbitrary
@given(arbitrary_cases())
def test_every_case_has_a_verdict_that_agrees_with_its_findings(case: Case) -> None:
    verdict = reconcile(case)
    worst = max((RANK[finding.severity] for finding in verdict.findings), default=0)
    assert verdict.verdict is WORST[worst]
    assert [RANK[each.severity] for each in verdict.findings] == sorted(
        (RANK[each.severity] for each in verdict.findings), reverse=True
    )
    assert {(each.rule, each.severity) for each in verdict.findings} <= {
        (rule.id, severity) for rule in RULES.values() for severity in rule.severities
    }
    assert verdict.eligible.currency == "CNY"
    assert verdict.eligible.amount >= 0
    assert Verdict.model_validate_json(canonical_json(verdict)) == verdict


@arbitrary
@given(arbitrary_cases(), st.data())
def test_the_order_in_which_a_ledger_answers_changes_nothing(case: Case, data: st.DataObject) -> None:
    assert canonical_json(reconcile(permuted(case, data))) == canonical_json(reconcile(case))


@arbitrary
@given(arbitrary_cases(), days, st.sampled_from((None, cases.MAKER, cases.CHECKER)))
def test_the_evidence_does_not_change_with_the_day_or_the_officer(
    case: Case, today: date, approving: str | None
) -> None:
    before, after = reconcile(case), reconcile(replace(case, today=today, approving=approving))
    assert (after.evidence, after.evidence_hash) == (before.evidence, before.evidence_hash)
    may_change = {"AMOUNT", "CLAIM-OVERDUE", "FX-AMOUNT", "MAKER-CHECKER"}
    unchanged = [[each for each in verdict.findings if each.rule not in may_change] for verdict in (before, after)]
    assert unchanged[0] == unchanged[1]


@arbitrary
@given(arbitrary_cases(), st.sampled_from(NUMBERS), money(lowest=0))
def test_what_another_bank_holds_never_raises_what_can_be_financed(case: Case, number: str, held: Money) -> None:
    more = replace(case, positions=(*case.positions, Position(declaration_number=number, held=held)))
    before, after = reconcile(case), reconcile(more)
    assert after.eligible <= before.eligible
    assert {each.rule for each in before.findings} <= {each.rule for each in after.findings}
    assert stable(before) == stable(after), "an officer's findings say nothing of what others hold"


@arbitrary
@given(arbitrary_cases(), st.data())
def test_an_officers_findings_do_not_change_with_quotations(case: Case, data: st.DataObject) -> None:
    """Nor with the day, but for what falls due: they are part of the evidence that the officer approves."""
    other = replace(case, rates=data.draw(records(rates(), 6)))
    of_values = {"INV-DECL-AMOUNT", "FX-DEVIATION"}
    before, after = ([each for each in stable(reconcile(one)) if each.rule not in of_values] for one in (case, other))
    assert [each for each in before if each.rule != "CLAIM-OVERDUE"] == [
        each for each in after if each.rule != "CLAIM-OVERDUE"
    ]


@arbitrary
@given(arbitrary_cases())
def test_any_change_of_what_was_read_changes_the_evidence(case: Case) -> None:
    verdict = reconcile(case)
    for name in TUPLES:
        items = getattr(case, name)
        if items and items[0] not in items[1:]:  # the same read twice is evidence once
            less = replace(case, **{name: items[1:]})
            assert reconcile(less).evidence_hash != verdict.evidence_hash, name


@arbitrary
@given(arbitrary_cases())
def test_the_callers_arithmetic_is_neither_used_nor_touched(case: Case) -> None:
    """A caller with five digits of precision, who wants an error for every rounding, gets the same verdict."""
    with localcontext() as context:
        context.clear_flags()
        context.prec = 5
        context.traps[Inexact] = context.traps[InvalidOperation] = True
        strict = reconcile(case)
        assert context.prec == 5
        assert not context.flags[Inexact]
    assert canonical_json(strict) == canonical_json(reconcile(case))
