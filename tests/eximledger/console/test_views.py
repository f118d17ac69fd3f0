"""What pages show of findings, papers, acts and forms."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.eximledger.console.loans import AT, CHECKER, MAKER, approved, checked, loan, paid_out, verdict
from tests.eximledger_chaincode.rules.cases import application, declaration, invoice, usd

from eximledger.console.drawing import Bar, Part, bars, stacked
from eximledger.console.views.acts import acts_of, referring
from eximledger.console.views.applying import application_from, bill_from, form_from_application
from eximledger.console.views.drafting import draft_of
from eximledger.console.views.findings import changed_findings, grouped
from eximledger.console.views.proposing import proposal_from
from eximledger_chaincode.documents import TolerancePolicy
from eximledger_chaincode.lending.claim import Balance
from eximledger_chaincode.lending.loan import LoanState
from eximledger_chaincode.lending.roles import Duty, Person
from eximledger_chaincode.lending.steps import Proposal, Proposed, Step
from eximledger_chaincode.lending.verdict import Decision, DocumentName, Evidence, Finding, Severity, Statement, Text
from hlf_client.errors import InvalidDocument

RECT = re.compile(r'class="held" x="(\d+)" y="0" width="(\d+)"')
INVOICE = DocumentName(kind="invoice", number="CI-7")
DECLARATION = DocumentName(kind="declaration", number="531620260000000017")
TODAY = date(2026, 3, 10)


def finding(rule: str, severity: Severity, *statements: Statement) -> Finding:
    return Finding(
        rule=rule, severity=severity, documents=(INVOICE,), statements=statements, message=Text(en="differs", zh="不符")
    )


def says(document: DocumentName, field: str, value: str) -> Statement:
    return Statement(document=document, field=field, value=value)


def test_the_worst_findings_come_first_with_the_papers_side_by_side() -> None:
    mild = finding("BL-WEIGHT", Severity.REFER, says(INVOICE, "weight", "10"), says(DECLARATION, "weight", "10"))
    grave = finding(
        "INV-DECL-AMOUNT", Severity.REJECT, says(INVOICE, "total", "9.00 USD"), says(DECLARATION, "total", "8.00 USD")
    )
    groups = grouped(verdict(mild, grave))
    assert [group.severity for group in groups] == [Severity.REJECT, Severity.REFER]
    (first,) = groups[0].findings
    assert [column.document for column in first.columns] == [INVOICE, DECLARATION]
    assert [(cell.value, cell.differs) for column in first.columns for cell in column.cells] == [
        ("9.00 USD", True),
        ("8.00 USD", True),
    ]
    (second,) = groups[1].findings
    assert not any(cell.differs for column in second.columns for cell in column.cells)


def test_an_override_stands_beside_its_finding_where_just_this_evidence_was_approved() -> None:
    found = finding("BL-WEIGHT", Severity.REFER)
    given_verdict = verdict(found)
    agreed = approved(given_verdict, {found.id: "weighed again"})
    (group,) = grouped(given_verdict, agreed)
    assert group.findings[0].override == "weighed again"
    other = given_verdict.model_copy(update={"evidence_hash": "0" * 64})
    (group,) = grouped(other, agreed)
    assert group.findings[0].override is None


def test_what_changed_is_told_by_finding_and_by_paper() -> None:
    gone, came = finding("BL-WEIGHT", Severity.REFER), finding("DUP-EXACT", Severity.REJECT)
    then = verdict(gone, evidence=(paper("a", 1), paper("b", 1)))
    now = verdict(came, evidence=(paper("a", 2), paper("b", 1)))
    changed = changed_findings(then, now)
    assert (changed.gained, changed.lost) == ((came,), (gone,))
    assert [each.number for each in changed.papers] == ["a"]
    assert changed.anything
    assert not changed_findings(now, now).anything


def paper(name: str, version: int) -> Evidence:
    return Evidence(channel="bank", kind="invoice", id=name, version=version, sha256="0" * 64)


# -- what an officer is offered ----------------------------------------------------------------------------------------

BOTH = (Duty.MAKER, Duty.CHECKER)


def test_a_checker_is_offered_to_approve_what_was_checked() -> None:
    acts = acts_of(checked(verdict()), CHECKER, [Duty.CHECKER], TODAY)
    assert acts.approve
    assert acts.reject


@pytest.mark.parametrize(
    ("person", "duties", "why"),
    [
        (MAKER, [Duty.MAKER], "A checker decides on the loan."),
        (MAKER, BOTH, "You applied for it: another person decides on the loan."),
    ],
)
def test_who_may_not_approve_is_told_why(person: Person, duties: list[Duty], why: str) -> None:
    acts = acts_of(checked(verdict()), person, duties, TODAY)
    assert not acts.approve
    assert acts.approve_why_not == why


def test_nobody_is_offered_to_approve_what_a_finding_rejects() -> None:
    rejected = verdict(finding("BALANCE", Severity.REJECT), decision=Decision.REJECT)
    acts = acts_of(checked(rejected), CHECKER, [Duty.CHECKER], TODAY)
    assert not acts.approve
    assert "nobody can approve it" in acts.approve_why_not


def test_another_member_only_looks() -> None:
    stranger = Person(msp_id="TradebankMSP", name="checker")
    assert not acts_of(checked(verdict()), stranger, BOTH, TODAY).anything


def test_what_one_proposed_another_confirms() -> None:
    proposal = Proposal(step=Step.WRITE_OFF, reason="lost")
    proposed = Proposed(proposal=proposal, sha256=proposal.id, by=MAKER, at=AT)
    waiting = paid_out().model_copy(update={"proposed": proposed})
    assert not acts_of(waiting, MAKER, BOTH, TODAY).confirm
    assert acts_of(waiting, CHECKER, [Duty.CHECKER], TODAY).confirm
    third = Person(msp_id=CHECKER.msp_id, name="third")
    assert acts_of(waiting, third, [Duty.MAKER], TODAY).why_not == "A checker confirms it."


def test_only_findings_that_one_officer_sets_aside_ask_for_a_reason() -> None:
    refer, inform = finding("BL-WEIGHT", Severity.REFER), finding("FX-PAYER", Severity.INFORM)
    assert referring(checked(verdict(refer, inform))) == (refer,)


def test_a_closed_loan_leaves_nothing_to_do() -> None:
    closed = loan().model_copy(update={"state": LoanState.CLOSED})
    assert not acts_of(closed, CHECKER, BOTH, TODAY).anything


# -- forms -------------------------------------------------------------------------------------------------------------


def test_a_form_becomes_just_the_proposal_that_it_says() -> None:
    form = {
        "amount": "1,000.50", "day": "2026-03-10", "reference": "P-1", "paid": "140.00 USD", "rate": "7.146429/USD",
        "condition:pledge-registration": "ZD-1", "condition:signed-contract": "", "csrf": "x",
    }  # fmt: skip
    proposal = proposal_from(Step.DISBURSEMENT, form, "CNY")
    assert str(proposal.amount) == "1,000.50 CNY"
    assert proposal.exchange is not None
    assert [(each.condition.value, each.reference) for each in proposal.conditions] == [("pledge-registration", "ZD-1")]


@pytest.mark.parametrize(
    ("step", "form", "field"),
    [
        (Step.REPAYMENT, {"amount": "ten", "day": "2026-03-10", "reference": "R"}, "amount"),
        (Step.REPAYMENT, {"amount": "10", "day": "10 March", "reference": "R"}, "day"),
        (Step.REPAYMENT, {"amount": "10", "day": "2026-03-10", "reference": "R", "paid": "10"}, "paid"),
        (Step.EXTENSION, {"matures_on": "2026-09-10", "reason": "late", "overrides": "BL-WEIGHT"}, "overrides"),
        (Step.WRITE_OFF, {}, "reason"),
    ],
)
def test_a_form_that_cannot_be_is_refused_by_its_field(step: Step, form: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidDocument) as refused:
        proposal_from(step, form, "CNY")
    assert field in f"{refused.value.field} {refused.value.message}"


# -- drawings ----------------------------------------------------------------------------------------------------------


@given(st.lists(st.decimals(0, 10**12, places=2), min_size=1, max_size=8))
def test_parts_never_reach_beyond_the_whole(sizes: list[Decimal]) -> None:
    whole = sum(sizes, Decimal(0))
    drawn = str(stacked("claim", whole, [Part("held", "held", str(size), size) for size in sizes]))
    assert max((int(x) + int(width) for x, width in RECT.findall(drawn)), default=0) <= 720


def test_a_drawing_says_what_it_shows_and_runs_nothing() -> None:
    drawn = str(bars("<b>", [Bar("<script>alert(1)</script>", "1.00", Decimal(1))]))
    assert "<script>" not in drawn
    assert 'role="img"' in drawn
    assert 'aria-label="&lt;b&gt;. &lt;script&gt;' in drawn


# -- applications ------------------------------------------------------------------------------------------------------


def test_an_application_comes_back_out_of_its_own_form() -> None:
    asked = application(purpose="export bill", receipts=("BOC-1",))
    form = form_from_application(asked)
    assert application_from(form, asked) == asked
    amended = application_from(form | {"amount": "1,000.00", "occupies:1": "50.00"}, asked)
    assert (str(amended.amount), str(amended.declarations[0].amount)) == ("1,000.00 CNY", "50.00 USD")


@pytest.mark.parametrize(
    ("field", "text"), [("amount", "much"), ("matures_on", "soon"), ("currency", "YUAN"), ("occupies:1", "-1")]
)
def test_a_form_of_an_application_that_cannot_be_is_refused(field: str, text: str) -> None:
    with pytest.raises(InvalidDocument):
        application_from(form_from_application(application()) | {field: text})


def test_a_bill_takes_declarations_and_papers_and_no_frames() -> None:
    form = form_from_application(application()) | {
        "kind:9": "contract",
        "number:9": "C-9",
        "occupies:9": "1",
        "in:9": "USD",
    }
    bill = bill_from(form)
    assert [each.declaration_number for each in bill.declarations] == [
        each.declaration_number for each in application().declarations
    ]
    assert bill.invoices == application().invoices


def test_a_draft_takes_what_is_free_and_the_papers_that_belong_to_it() -> None:
    declared, sold = declaration(), invoice()
    free = Balance(
        declaration_number=declared.number, value=usd("100.00"), collected=usd("0.00"), open=usd("100.00"),
        held=usd("40.00"), free=usd("60.00"),
    )  # fmt: skip
    named = sold.model_copy(update={"declaration_numbers": (declared.number,)})
    draft = draft_of(application().exporter, [named], [free], TolerancePolicy(bank="EximbankMSP"), TODAY)
    assert draft.occupies == {declared.number: usd("60.00")}
    assert draft.papers["invoices"] == (sold.number,)
    assert draft.amount == usd("48.00")  # 80 % of it
    nothing = draft_of(application().exporter, [named], [], TolerancePolicy(bank="EximbankMSP"), TODAY)
    assert not nothing.anything
