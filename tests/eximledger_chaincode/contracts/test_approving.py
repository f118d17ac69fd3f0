"""What must hold before anybody approves, taken by itself: the decider, the evidence, what is set aside."""

from __future__ import annotations

import pytest
from tests.eximledger_chaincode.contracts.lending import EVIDENCE, finding, verdict_of
from tests.eximledger_chaincode.lending.accounts.test_account import MATURES, loan
from tests.eximledger_chaincode.rules import cases
from tests.hlf_chaincode.memory_peer import identity

from eximledger_chaincode.contracts.loanbook.approval import (
    conditions_of,
    require_decider,
    require_overridden,
    require_stranger,
    require_supported,
)
from eximledger_chaincode.contracts.loanbook.screening import require_unlisted
from eximledger_chaincode.documents.parts.terms import Condition, LoanTerms
from eximledger_chaincode.lending.loan import Decision, LoanState
from eximledger_chaincode.lending.roles import Person
from eximledger_chaincode.lending.steps import Override, Payment, Proposal
from eximledger_chaincode.lending.verdict import DocumentName, Finding, Severity, Statement
from eximledger_chaincode.rules.sanctions import CLEARING, SANCTION
from hlf_chaincode.creator import Creator, creator_of
from hlf_chaincode.errors import Conflict, NotAuthorized, Refused

INFORM, REFER, REJECT = (finding(f"RULE-{each}", each) for each in (Severity.INFORM, Severity.REFER, Severity.REJECT))


def creator(name: str, role: str = "checker", msp_id: str = "EximbankMSP") -> Creator:
    who = identity(msp_id, name, role)
    return creator_of(who.msp_id, who.certificate)


def aside(*findings: Finding) -> tuple[Override, ...]:
    return tuple(Override(finding=each.id, reason="seen") for each in findings)


def person(name: str) -> Person:
    return Person(msp_id="EximbankMSP", name=name)


def test_who_decides_is_a_checker_who_applied_for_no_version() -> None:
    of_two = loan().model_copy(update={"applicants": (person("wang"), person("li"))})
    assert require_decider(of_two, creator("zhao")) == person("zhao")
    for name in ("wang", "LI"):
        with pytest.raises(NotAuthorized, match="applied for loan EX-7"):
            require_decider(of_two, creator(name))
    for role in ("", "maker", "policy"):
        with pytest.raises(NotAuthorized, match=r"exim\.role=checker"):
            require_decider(of_two, creator("zhao", role))


def test_who_decides_wrote_neither_a_paper_nor_the_policy() -> None:
    papers = cases.record(cases.invoice(), issuer="EximbankMSP", written_by="li", earlier_writers=("wang",))
    case = cases.case(papers, policy_by=(person("risk"), person("second")))
    require_stranger(case, person("zhao"))
    for name in ("li", "wang"):
        with pytest.raises(NotAuthorized, match="filed invoice CI-01"):
            require_stranger(case, person(name))
    for name in ("risk", "second"):
        with pytest.raises(NotAuthorized, match="made the policy"):
            require_stranger(case, person(name))


def test_a_verdict_supports_what_the_officer_saw_and_set_aside() -> None:
    verdict = verdict_of(INFORM, REFER)
    require_supported("L-1", verdict, EVIDENCE, aside(REFER))
    with pytest.raises(Conflict, match="has changed since it was checked"):
        require_supported("L-1", verdict, "f" * 64, aside(REFER))
    with pytest.raises(Refused, match="override each finding"):
        require_supported("L-1", verdict, EVIDENCE, ())
    with pytest.raises(Refused, match=r"nobody can override it: RULE-reject$"):
        require_supported("L-1", verdict_of(INFORM, REFER, REJECT), EVIDENCE, aside(REFER, REJECT))


def test_every_finding_that_refers_is_set_aside_and_no_other() -> None:
    other = finding("ANOTHER", Severity.REFER)
    verdict = verdict_of(INFORM, REFER, other)
    require_overridden("L-1", verdict, aside(other, REFER))
    with pytest.raises(Refused, match="ANOTHER"):
        require_overridden("L-1", verdict, aside(REFER))
    for beside in (INFORM, REJECT):
        with pytest.raises(Refused, match=f"no finding {beside.rule}"):
            require_overridden("L-1", verdict, aside(REFER, other, beside))
    require_overridden("L-1", verdict_of(INFORM), ())


def test_what_two_persons_clear_one_does_not_override() -> None:
    statement = Statement(document=REFER.documents[0], field=CLEARING, value="a" * 64)
    listed = REFER.model_copy(update={"rule": SANCTION, "statements": (statement,)})
    for given in (aside(listed), aside(REFER, listed)):
        with pytest.raises(Refused, match="two persons clear it"):
            require_overridden("L-1", verdict_of(listed, REFER), given)


def test_the_conditions_are_those_of_the_terms_and_of_policy() -> None:
    """On declarations alone: a packing loan has no receivable to pledge yet."""
    terms = LoanTerms(rate_percent="3.6", conditions=(Condition.SIGNED_CONTRACT,))
    policy = cases.policy(conditions_precedent=(Condition.PLEDGE_REGISTRATION,))
    both = conditions_of(cases.case(cases.application(terms=terms), policy=policy))
    assert both == (Condition.PLEDGE_REGISTRATION, Condition.SIGNED_CONTRACT)
    assert conditions_of(cases.case(cases.packing(terms=terms), policy=policy)) == (Condition.SIGNED_CONTRACT,)


def test_what_a_list_stops_was_set_aside_at_the_approval_or_an_extension() -> None:
    listed, other = (each.model_copy(update={"rule": SANCTION}) for each in (REFER, finding("OTHER", Severity.REFER)))
    other = other.model_copy(update={"documents": (DocumentName(kind="invoice", number="INV-2"),)})
    approval = Decision(by=person("li"), at=cases.APPLIED_AT, outcome=LoanState.APPROVED, overrides=aside(listed))
    approved = loan().model_copy(update={"approval": approval})
    said = {"step": "extension", "matures_on": MATURES, "reason": "late", "overrides": aside(other)}
    extension = Payment(
        proposal=Proposal.model_validate(said),
        proposed_by=person("li"),
        confirmed_by=person("zhao"),
        at=cases.APPLIED_AT,
    )
    require_unlisted(loan(), [REFER, REJECT], "repayment")  # of other rules
    require_unlisted(approved, [listed], "repayment")
    require_unlisted(approved.model_copy(update={"payments": (extension,)}), [listed, other], "repayment")
    rejected = REJECT.model_copy(update={"rule": SANCTION})
    for of, found in ((loan(), [listed]), (approved, [listed, other]), (approved, [listed, rejected])):
        with pytest.raises(Refused, match="no repayment of loan EX-7 while a watch list stops it: It differs"):
            require_unlisted(of, found, "repayment")
