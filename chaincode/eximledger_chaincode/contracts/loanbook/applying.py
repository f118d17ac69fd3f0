"""Applying for a loan, and applying again."""

from __future__ import annotations

from eximledger_chaincode.contracts.loanbook.book import announce, effective, loan_writes
from eximledger_chaincode.contracts.papers.filing import draft_of, guard_of, plan_filing, write_filings
from eximledger_chaincode.contracts.state.keys import MEMBERS_KEY, expiry_key, loan_key, loan_state_key
from eximledger_chaincode.contracts.state.members import consortium_of, require_role
from eximledger_chaincode.contracts.state.records import decode
from eximledger_chaincode.documents import LoanApplication, Record
from eximledger_chaincode.lending.loan import OPEN, Loan, LoanState, require_step
from eximledger_chaincode.lending.roles import Role
from eximledger_chaincode.lending.time import require_near
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import NotAuthorized

__all__ = ["apply_for"]


async def apply_for(context: Context, application: LoanApplication) -> Loan:
    """File the application and open its loan, or open it again at the next version.

    The next version needs a reservation of its own before it can be approved: whatever was endorsed on the other
    channel for the version before, and held back, meets a reservation key that has changed since.
    """
    loan_id, creator = application.loan_id, context.creator
    draft = draft_of(application, bank="")
    members, filed, stored, marker = await context.stub.get_states(
        [MEMBERS_KEY, draft.key, loan_key(loan_id), expiry_key(loan_id)]
    )
    consortium = consortium_of(members, context.channel)
    require_role(context, consortium, {Role.BANK})
    before = effective(decode(Loan, stored), marker) if stored else None
    if before is not None:
        if before.bank != creator.msp_id:
            raise NotAuthorized(f"loan {loan_id} is {before.bank}'s: choose another loan id", loan_id=loan_id)
        require_step(before, LoanState.APPLIED)
        if before.state in OPEN and before.application.sha256 == draft.sha256:
            return before
    require_near(application.applied_on, context.timestamp, "applied_on")
    replaced = before.application.document if before is not None else None
    filing = plan_filing(context, draft, filed, replaced, bank="")
    after = Loan(
        loan_id=loan_id,
        bank=creator.msp_id,
        state=LoanState.APPLIED,
        version=1 if before is None else before.version + 1,
        application=Record[LoanApplication](**dict(filing.entry), document=application),
        applied_by=creator.certificate_hash,
        applied_at=context.timestamp,
        updated_at=context.timestamp,
    )
    await write_filings(context, consortium, [filing], more=loan_writes(before, after))
    if before is None:
        guard = guard_of(consortium, creator.msp_id).to_bytes()
        await context.stub.set_state_validation_parameter(loan_key(loan_id), guard)
    elif before.state is not after.state:
        await context.stub.delete_state(loan_state_key(before.state, loan_id))
    announce(context, after)
    return after
