"""Applying for a loan, and applying again."""

from __future__ import annotations

from eximledger_chaincode.contracts.loanbook.book import announce, loan_writes
from eximledger_chaincode.contracts.papers.filing import draft_of, guard_of, plan_filing, write_filings
from eximledger_chaincode.contracts.papers.policy import bounded_policy, policy_book_of
from eximledger_chaincode.contracts.state.keys import (
    MEMBERS_KEY,
    loan_key,
    loan_state_key,
    loan_version_key,
    policy_book_key,
)
from eximledger_chaincode.contracts.state.members import consortium_of, require_role
from eximledger_chaincode.contracts.state.records import decode, encode
from eximledger_chaincode.documents import LoanApplication, Record, TolerancePolicy
from eximledger_chaincode.lending.floors import policy_hash
from eximledger_chaincode.lending.loan import Application, Loan, LoanState, require_step
from eximledger_chaincode.lending.roles import Person, Role, is_one_of, person_of
from eximledger_chaincode.lending.time import day_in_china, require_near
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import NotAuthorized

__all__ = ["apply_for"]


async def apply_for(context: Context, application: LoanApplication) -> Loan:
    """File the application and open its loan, or open it again at the next version."""
    loan_id, bank, person = application.loan_id, context.creator.msp_id, person_of(context.creator)
    draft = draft_of(application, bank="")
    members, filed, stored, book = await context.stub.get_states(
        [MEMBERS_KEY, draft.key, loan_key(loan_id), policy_book_key(bank)]
    )
    consortium = consortium_of(members, context.channel)
    require_role(context, consortium, {Role.BANK})
    require_near(application.applied_on, context.timestamp, "applied_on")
    before = decode(Loan, stored) if stored else None
    if before is not None:
        if before.bank != bank:
            raise NotAuthorized(f"loan {loan_id} is {before.bank}'s: choose another loan id", loan_id=loan_id)
        require_step(before, LoanState.APPLIED)
        if before.application.sha256 == draft.sha256:
            return before
    replaced = before.application.document if before is not None else None
    filing = plan_filing(context, draft, filed, replaced, bank="")
    policy, _ = bounded_policy(policy_book_of(book, bank), day_in_china(context.timestamp), consortium.floors)
    version = Application(
        loan_id=loan_id,
        version=1 if before is None else before.version + 1,
        application=Record[LoanApplication](**dict(filing.entry), document=application),
        applied_by=person,
        applied_at=context.timestamp,
        policy_sha256=policy_hash(policy if isinstance(policy, TolerancePolicy) else policy.document),
    )
    after = _opened(version, before, bank, person)
    version_key = loan_version_key(loan_id, version.version)
    writes = loan_writes(before, after) | {version_key: encode(version)}
    await write_filings(context, consortium, [filing], more=writes)
    guard = guard_of(consortium, bank).to_bytes()
    await context.stub.set_state_validation_parameter(version_key, guard)
    if before is None:
        await context.stub.set_state_validation_parameter(loan_key(loan_id), guard)
    elif before.state is not after.state:
        await context.stub.delete_state(loan_state_key(before.state, bank, loan_id))
    announce(context, after)
    return after


def _opened(version: Application, before: Loan | None, bank: str, person: Person) -> Loan:
    """The loan at this version of its application, with everybody who ever applied for it."""
    applicants = () if before is None else before.applicants
    return Loan(
        loan_id=version.loan_id,
        bank=bank,
        state=LoanState.APPLIED,
        version=version.version,
        application=version.application,
        applied_by=person,
        applied_at=version.applied_at,
        applicants=applicants if is_one_of(person, applicants) else (*applicants, person),
        policy_sha256=version.policy_sha256,
        updated_at=version.applied_at,
    )
