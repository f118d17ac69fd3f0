"""screening: what two persons clear, and the record of a bank's re-screening, on the bank channel."""

from __future__ import annotations

from typing import Annotated, ClassVar, TypeAlias

from pydantic import Field

from eximledger_chaincode.contracts.loanbook.book import OpenedLoan, open_own_loan
from eximledger_chaincode.contracts.loanbook.facts import open_case, open_to_screen
from eximledger_chaincode.contracts.state.keys import screening_key
from eximledger_chaincode.contracts.state.members import read_consortium, require_role
from eximledger_chaincode.contracts.state.names import BANK, require_channel
from eximledger_chaincode.contracts.state.records import decode, encode
from eximledger_chaincode.contracts.state.shelves import open_papers
from eximledger_chaincode.contracts.watchlists.clearing import confirm_clearing, propose_clearing
from eximledger_chaincode.documents.parts.record import Hex256
from eximledger_chaincode.lending.loan import LoanId
from eximledger_chaincode.lending.roles import Role
from eximledger_chaincode.lending.screening.hits import Clearing
from eximledger_chaincode.lending.screening.screening import Screening, screening_of
from eximledger_chaincode.lending.steps import Reason
from eximledger_chaincode.rules.sanctions import lists_of, screened
from hlf_chaincode.contract import Context, Contract, query, transaction

__all__ = ["MAX_ASKED", "ScreeningContract"]

MAX_ASKED = 200
"""Loans of one query."""
LoanIds: TypeAlias = Annotated[list[LoanId], Field(max_length=MAX_ASKED)]
Screenings: TypeAlias = list[Screening | None]


class ScreeningContract(Contract):
    """A hit by name alone stands until two persons clear it; what is cleared holds until the entry or the party changes
    in anything."""

    name: ClassVar[str] = "screening"

    @transaction(private=True)
    async def propose(self, context: Context, loan_id: LoanId, hit: Hex256, reason: Reason) -> Clearing:
        """Propose that a party of the loan is not whom an entry means; `hit` names both as they are now."""
        opened = await _own(context, loan_id)
        found = await open_case(context, opened)
        return await propose_clearing(context, opened.vault, loan_id, found.case.hits, hit, reason)

    @transaction(private=True)
    async def confirm(self, context: Context, subject: Hex256, sha256: Hex256) -> Clearing:
        """Clear just what another person proposed, by a checker; `sha256` is the clearing's."""
        require_channel("screening", BANK, context.channel)
        consortium = await read_consortium(context)
        require_role(context, consortium, {Role.BANK})
        return await confirm_clearing(context, await open_papers(context, consortium), subject, sha256)

    @transaction(private=True)
    async def record(self, context: Context, loan_id: LoanId) -> Screening:
        """Screen the loan's case as it is now, by every endorsing peer, and keep what was found."""
        opened = await _own(context, loan_id)
        case = await open_to_screen(context, opened)
        screening = screening_of(loan_id, lists_of(case), screened(case), context.timestamp)
        stored = await opened.vault.get(screening_key(loan_id))
        before = None if stored is None else decode(Screening, stored)
        if before is not None and before.says_the_same(screening):
            return before
        await opened.vault.put_many({screening_key(loan_id): encode(screening)})
        context.set_event("screening.recorded", {"screening": opened.vault.name(screening_key(loan_id))})
        return screening

    @query
    async def recorded(self, context: Context, loan_ids: LoanIds, bank: str = "") -> Screenings:
        """What was recorded last of loans, null where nothing was; SAFE names their bank."""
        require_channel("screening", BANK, context.channel)
        vault = await open_papers(context, await read_consortium(context), bank)
        stored = await vault.get_many([screening_key(each) for each in loan_ids])
        return [None if value is None else decode(Screening, value) for value in stored]


async def _own(context: Context, loan_id: str) -> OpenedLoan:
    require_channel("screening", BANK, context.channel)
    return await open_own_loan(context, loan_id)
