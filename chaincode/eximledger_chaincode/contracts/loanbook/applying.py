"""Applying for a loan, and applying again."""

from __future__ import annotations

from eximledger_chaincode.contracts.loanbook.book import save_loan
from eximledger_chaincode.contracts.papers.filing import draft_of, plan_filing, write_filings
from eximledger_chaincode.contracts.papers.policy import bounded_policy, policy_book_of
from eximledger_chaincode.contracts.register.presenting import application_papers, present
from eximledger_chaincode.contracts.state.keys import (
    BUSINESS_DAY_KEY,
    POLICY_BOOK_KEY,
    loan_key,
    loan_version_key,
    presented_key,
)
from eximledger_chaincode.contracts.state.members import read_consortium, require_role
from eximledger_chaincode.contracts.state.records import decode, encode
from eximledger_chaincode.contracts.state.shelves import open_papers
from eximledger_chaincode.documents import LoanApplication, Record, TolerancePolicy
from eximledger_chaincode.lending.floors import policy_hash
from eximledger_chaincode.lending.loan import Application, Loan, LoanState, require_step
from eximledger_chaincode.lending.roles import Person, Role, is_one_of, person_of
from eximledger_chaincode.lending.time import day_in_china, require_near
from hlf_chaincode.contract import Context

__all__ = ["apply_for"]


async def apply_for(context: Context, application: LoanApplication) -> Loan:
    """File the application and open its loan, or open it again at the next version."""
    loan_id, person = application.loan_id, person_of(context.creator)
    draft = draft_of(application)
    consortium = await read_consortium(context, [BUSINESS_DAY_KEY])
    require_role(context, consortium, {Role.BANK})
    require_near(application.applied_on, context.timestamp, "applied_on")
    own = [draft.key, loan_key(loan_id), POLICY_BOOK_KEY, presented_key(loan_id)]
    vault = await open_papers(context, consortium, ahead=own)
    filed, stored, book = await vault.get_many([draft.key, loan_key(loan_id), POLICY_BOOK_KEY])
    before = decode(Loan, stored) if stored else None
    if before is not None:
        require_step(before, LoanState.APPLIED)
        if before.application.sha256 == draft.sha256:
            return before
    replaced = before.application.document if before is not None else None
    filing = plan_filing(context, draft, filed, replaced, vault.collection)
    policy, _ = bounded_policy(policy_book_of(book, person.msp_id), day_in_china(context.timestamp), consortium.floors)
    tolerances = policy if isinstance(policy, TolerancePolicy) else policy.document
    version = Application(
        loan_id=loan_id,
        version=1 if before is None else before.version + 1,
        application=Record[LoanApplication](**dict(filing.entry), document=application),
        applied_by=person,
        applied_at=context.timestamp,
        policy_sha256=policy_hash(tolerances),
    )
    papers = await application_papers(vault, application, tolerances)
    await present(context, consortium, vault, loan_id, papers)
    await write_filings(context, vault, [filing])
    more = {loan_version_key(loan_id, version.version): encode(version)}
    return await save_loan(context, vault, before, _opened(version, before, person), more)


def _opened(version: Application, before: Loan | None, person: Person) -> Loan:
    """The loan at this version of its application, with everybody who ever applied for it."""
    applicants = () if before is None else before.applicants
    return Loan(
        loan_id=version.loan_id,
        bank=person.msp_id,
        state=LoanState.APPLIED,
        version=version.version,
        application=version.application,
        applied_by=person,
        applied_at=version.applied_at,
        opened_at=version.applied_at if before is None else before.opened_at,
        applicants=applicants if is_one_of(person, applicants) else (*applicants, person),
        policy_sha256=version.policy_sha256,
        updated_at=version.applied_at,
    )
