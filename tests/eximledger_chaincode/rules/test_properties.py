"""What holds of every case whatsoever."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from decimal import Inexact, InvalidOperation, localcontext
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.eximledger_chaincode.rules import cases
from tests.eximledger_chaincode.rules.strategies import NUMBERS, arbitrary_cases, days, money, rates, records

from eximledger_chaincode.documents import CASE_KINDS, Money, Record
from eximledger_chaincode.documents.parts.base import FIRST_DAY, LAST_DAY
from eximledger_chaincode.lending.register import Position
from eximledger_chaincode.lending.roles import Person
from eximledger_chaincode.lending.verdict import OF_THE_OFFICER
from eximledger_chaincode.rules import RULES, Case, Decision, Finding, Severity, Verdict, reconcile
from hlf_chaincode.canonical import canonical_json

TUPLES = (
    *(kind.field for kind in CASE_KINDS), "earlier_declarations", "positions", "frame_positions", "namings",
    "unallocated", "matches", "contract_totals",
)  # fmt: skip
RANK = {Severity.REJECT: 2, Severity.REFER: 1, Severity.INFORM: 0}
WORST = {2: Decision.REJECT, 1: Decision.REFER, 0: Decision.APPROVE}

arbitrary = settings(
    max_examples=40 if "EXIM_TRUST" in os.environ else 15, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
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


OF_THE_DAY = {
    "FX-AMOUNT",
    "DECL-AGE",
    "TENOR",
    "CLASS",
    "BL-PRESENT",
    "CON-DATES",
    "RULE-SET",
    "AMOUNT",
    "CLAIM-OVERDUE",
    "CONCENTRATION",
    "FX-DATES",
    "FX-DEVIATION",
    "LC-EXPIRY",
    "LC-PRESENT",
    "PACK-BALANCE",
    "PACK-DATES",
}
"""What may find something else on another day: `case.today` is what it judges by."""


@arbitrary
@given(arbitrary_cases(), days, st.sampled_from((None, cases.MAKER, cases.CHECKER)))
def test_the_evidence_does_not_change_with_the_day_or_the_officer(
    case: Case, today: date, approving: Person | None
) -> None:
    before, after = reconcile(case), reconcile(replace(case, today=today, approving=approving))
    assert (after.evidence, after.read) == (before.evidence, before.read)
    assert (after.evidence_hash == before.evidence_hash) == (judged(before) == judged(after))
    may_change = OF_THE_DAY | OF_THE_OFFICER
    unchanged = [[each for each in verdict.findings if each.rule not in may_change] for verdict in (before, after)]
    assert unchanged[0] == unchanged[1]


@arbitrary
@given(arbitrary_cases(), days)
def test_what_does_not_stop_a_loan_is_worded_alike_on_every_day(case: Case, today: date) -> None:
    """Only a finding that rejects may name the day or an age in days: the others would change the evidence each day.

    Some go by another paper or quotation from one day on, and change with that.
    """
    of_papers = {"CLASS", "CONCENTRATION", "FX-DEVIATION", "HISTORY"}
    before, after = (groups(reconcile(replace(case, today=day))) for day in (case.today, today))
    for about in before.keys() & after.keys():
        if about[0] not in of_papers and len(before[about]) == len(after[about]):
            assert before[about] == after[about], about


def groups(verdict: Verdict) -> dict[tuple[object, ...], list[Finding]]:
    """What refers and informs, by rule and papers."""
    found: dict[tuple[object, ...], list[Finding]] = {}
    for each in verdict.findings:
        if each.severity is not Severity.REJECT:
            found.setdefault((each.rule, each.severity, each.documents), []).append(each)
    return found


def judged(verdict: Verdict) -> set[str]:
    return {each.digest for each in verdict.findings if each.rule not in OF_THE_OFFICER}


@arbitrary
@given(arbitrary_cases(), st.sampled_from(NUMBERS), money(lowest=0))
def test_what_another_bank_holds_never_raises_what_can_be_financed(case: Case, number: str, held: Money) -> None:
    more = replace(case, positions=(*case.positions, Position(declaration_number=number, held=(held,))))
    before, after = reconcile(case), reconcile(more)
    assert after.eligible <= before.eligible
    assert {each.rule for each in before.findings} <= {each.rule for each in after.findings} | {"BALANCE"}
    assert (after.evidence_hash == before.evidence_hash) == (judged(before) == judged(after))
    assert after.read != before.read


@arbitrary
@given(arbitrary_cases(), st.sampled_from(("version", "sha256")))
def test_any_other_version_of_a_paper_changes_the_evidence_but_a_quotation(case: Case, field: str) -> None:
    """A quotation, or customs' price band, counts by what is found with it alone; another changes what was read."""
    verdict = reconcile(case)
    for kind in CASE_KINDS:
        for position, record in enumerate(getattr(case, kind.field)):
            changed = record.model_copy(update={field: {"version": record.version + 1, "sha256": "f" * 64}[field]})
            records = list(getattr(case, kind.field))
            records[position] = changed
            after = reconcile(replace(case, **{kind.field: tuple(records)}))  # type: ignore[arg-type] # by its name
            if kind.name in {"rate", "price-band"}:
                assert (after.evidence_hash, after.evidence) == (verdict.evidence_hash, verdict.evidence)
                assert after.read != verdict.read
            else:
                assert after.evidence_hash != verdict.evidence_hash, kind.name
    asked = case.application.model_copy(update={field: {"version": 9, "sha256": "f" * 64}[field]})
    assert reconcile(replace(case, application=asked)).evidence_hash != verdict.evidence_hash


@arbitrary
@given(arbitrary_cases(), records(rates(), 6))
def test_an_officers_findings_do_not_change_with_quotations(case: Case, quoted: tuple[Record[Any], ...]) -> None:
    """Nor with the day, but for what falls due: they are part of the evidence that the officer approves."""
    other = replace(case, rates=quoted)
    of_values = {"INV-DECL-AMOUNT", "CLASS", "CONCENTRATION", "HISTORY", "PRICE-OUTLIER"}
    before, after = ([each for each in stable(reconcile(one)) if each.rule not in of_values] for one in (case, other))
    assert [each for each in before if each.rule != "CLAIM-OVERDUE"] == [
        each for each in after if each.rule != "CLAIM-OVERDUE"
    ]


@arbitrary
@given(arbitrary_cases())
def test_any_change_of_what_was_read_is_told(case: Case) -> None:
    verdict = reconcile(case)
    for name in TUPLES:
        items = getattr(case, name)
        if items and items[0] not in items[1:]:  # the same read twice is told of once
            less = reconcile(replace(case, **{name: items[1:]}))
            assert (less.evidence, less.read) != (verdict.evidence, verdict.read), name
            if less.evidence == verdict.evidence:
                assert (less.evidence_hash == verdict.evidence_hash) == (judged(less) == judged(verdict)), name


EXTREME = st.sampled_from(
    (FIRST_DAY, FIRST_DAY.replace(month=12), LAST_DAY, LAST_DAY.replace(month=1), date(2028, 2, 29))
)


@arbitrary
@given(arbitrary_cases(), st.data())
def test_no_day_that_a_paper_may_carry_stops_the_rules(case: Case, data: st.DataObject) -> None:
    """The first and the last day of the calendar, in any paper; and Python's own as the day of the decision."""
    today = data.draw(st.sampled_from((date.min, FIRST_DAY, LAST_DAY, date.max)), label="today")
    far = replace(case, today=today, application=_moved(case.application, data))
    far = replace(far, **{kind.field: tuple(_moved(each, data) for each in far.papers(kind)) for kind in CASE_KINDS})  # type: ignore[arg-type] # by the fields' names
    reconcile(far)


@pytest.mark.parametrize("today", [date.min, date.max])
def test_a_sound_case_is_judged_on_pythons_own_ends_too(today: date) -> None:
    """Nobody quotes a rate for such a day: what is occupied counts nothing, and the verdict says so."""
    verdict = reconcile(replace(cases.case(), today=today))
    assert verdict.verdict is Decision.REJECT
    assert verdict.eligible.amount == 0


def _moved(record: Record[Any], data: st.DataObject) -> Record[Any]:
    """The record with every day in its paper at an end of the calendar."""
    document = record.document
    dates = {name for name in type(document).model_fields if isinstance(getattr(document, name), date)}
    moved = {name: data.draw(EXTREME, label=f"{record.kind}.{name}") for name in sorted(dates)}
    return record.model_copy(update={"document": document.model_copy(update=moved)})


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
