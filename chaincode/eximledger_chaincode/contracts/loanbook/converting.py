"""A packing loan becomes an export bill: judged anew on declarations and papers, its hold moved, in one transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pydantic import ValidationError

from eximledger_chaincode.contracts.casefile.judged import reconcile
from eximledger_chaincode.contracts.loanbook.approval import conditions_of, require_overridden, require_stranger
from eximledger_chaincode.contracts.loanbook.book import OpenedLoan
from eximledger_chaincode.contracts.loanbook.facts import PeerCase, open_case
from eximledger_chaincode.contracts.loanbook.judging import judged
from eximledger_chaincode.contracts.papers.filing import draft_of, plan_filing, write_filings
from eximledger_chaincode.contracts.register.holding import move_hold
from eximledger_chaincode.contracts.state.calendar import require_business_day
from eximledger_chaincode.contracts.state.keys import loan_version_key
from eximledger_chaincode.contracts.state.records import encode
from eximledger_chaincode.documents import LoanApplication, Record, invalid_document
from eximledger_chaincode.documents.parts.terms import Condition
from eximledger_chaincode.lending.accounts.account import account_of
from eximledger_chaincode.lending.loan import Application, Loan, LoanState
from eximledger_chaincode.lending.packing.bill import ExportBill
from eximledger_chaincode.lending.packing.frames import require_moved
from eximledger_chaincode.lending.roles import is_one_of
from eximledger_chaincode.lending.steps import Payment
from eximledger_chaincode.lending.time import day_in_china
from eximledger_chaincode.lending.verdict import Verdict
from eximledger_chaincode.rules.basis.again import asking
from eximledger_chaincode.rules.basis.case import Case
from hlf_chaincode.canonical import canonical_json, sha256_hex
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import Refused

__all__ = ["bill_application", "convert", "preview_bill"]


def bill_application(context: Context, loan: Loan, bill: ExportBill) -> LoanApplication:
    """What the packing loan's application becomes. Raises `Refused` for a loan that is none, or on which nothing is
    owed; `InvalidDocument` for a bill that is none."""
    owed = account_of(loan, day_in_china(context.timestamp)).outstanding
    if not loan.held_frames or not owed.amount:
        raise Refused(
            f"loan {loan.loan_id} is no packing loan on which something is owed: it does not become an export bill",
            loan_id=loan.loan_id,
        )
    for frame in loan.held_frames:
        if not bill.names(frame.kind, frame.number):
            raise Refused(
                f"loan {loan.loan_id} is on {frame.kind} {frame.number}, which the export bill does not name: what was "
                "packed for one sale is not paid back by another",
                loan_id=loan.loan_id,
            )
    try:
        application = bill.application(loan.application.document, owed)
    except ValidationError as error:
        raise invalid_document("bill", error) from None
    require_moved(loan.loan_id, loan.held_frames, {item.declaration_number: item.amount for item in bill.declarations})
    return application


async def preview_bill(context: Context, opened: OpenedLoan, bill: ExportBill, matures_on: date | None) -> Verdict:
    """The verdict on the loan as the export bill that it would become; recorded nowhere."""
    application = bill_application(context, opened.loan, bill)
    found = await _open(context, opened, application)
    return reconcile(_until(found.case, opened.loan, matures_on))


async def convert(context: Context, opened: OpenedLoan, payment: Payment) -> Loan:
    """The loan as an export bill, its hold moved. Raises `Refused` where the case rejects it as one, what refers it is
    not set aside, or a condition precedent is not met; `NotAuthorized` where who confirms has filed a paper of it."""
    loan, proposal = opened.loan, payment.proposal
    assert proposal.bill is not None  # noqa: S101 - held by the proposal's validator
    await require_business_day(context)
    application = bill_application(context, loan, proposal.bill)
    found = await _open(context, opened, application)
    require_stranger(found.case, payment.confirmed_by)
    verdict = judged(loan.loan_id, _until(found.case, loan, proposal.matures_on), "made an export bill")
    require_overridden(loan.loan_id, verdict, proposal.overrides)
    conditions = conditions_of(found.case)
    _require_met(loan, payment, conditions)
    version = await _file(context, opened, application, payment)
    bill = loan.model_copy(update={"application": version.application})
    await move_hold(context, opened.vault, bill, found.papers, found.seals)
    taken, applicant = payment.model_copy(update={"evidence_hash": verdict.evidence_hash}), payment.proposed_by
    known = is_one_of(applicant, loan.applicants)
    return loan.model_copy(
        update={
            "application": version.application,
            "version": version.version,
            "applicants": loan.applicants if known else (*loan.applicants, applicant),
            "payments": (*loan.payments, taken),
            "conditions": conditions,
            "verdict": verdict,
            "checked_at": context.timestamp,
            "state": loan.state if proposal.matures_on is None else LoanState.DISBURSED,
        }
    )


async def _open(context: Context, opened: OpenedLoan, application: LoanApplication) -> PeerCase:
    """The case of the application that the loan would have."""
    entry = dict(opened.loan.application)
    written = {"version": opened.loan.version + 1, "sha256": sha256_hex(canonical_json(application))}
    record = Record[LoanApplication](**(entry | written | {"document": application}))
    return await open_case(context, replace(opened, loan=opened.loan.model_copy(update={"application": record})))


def _until(case: Case, loan: Loan, matures_on: date | None) -> Case:
    """The case with the maturity that the loan has or is to have."""
    return asking(case, {"matures_on": matures_on or loan.matures_on})


def _require_met(loan: Loan, payment: Payment, conditions: tuple[Condition, ...]) -> None:
    met = {each.condition for each in (*loan.met, *payment.proposal.conditions)}
    if missing := [condition.value for condition in conditions if condition not in met]:
        raise Refused(
            f"loan {loan.loan_id}: conditions precedent are not met: give the number of {', '.join(missing)}",
            loan_id=loan.loan_id,
        )


async def _file(context: Context, opened: OpenedLoan, application: LoanApplication, payment: Payment) -> Application:
    """File the application's next version, as it is signed by who confirms."""
    loan, draft = opened.loan, draft_of(application)
    stored = await opened.vault.get(draft.key)
    filing = plan_filing(context, draft, stored, loan.application.document, opened.vault.collection)
    version = Application(
        loan_id=loan.loan_id,
        version=loan.version + 1,
        application=Record[LoanApplication](**dict(filing.entry), document=application),
        applied_by=payment.proposed_by,
        applied_at=context.timestamp,
        policy_sha256=loan.policy_sha256,
    )
    more = {loan_version_key(loan.loan_id, version.version): encode(version)}
    await write_filings(context, opened.vault, [filing], more)
    return version
