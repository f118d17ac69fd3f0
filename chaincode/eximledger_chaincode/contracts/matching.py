"""register: looking papers up among all banks, with a secret that SAFE's peers alone have."""

from __future__ import annotations

from typing import Annotated, ClassVar, TypeAlias

from pydantic import Field

from eximledger_chaincode.contracts.loanbook.book import open_loan
from eximledger_chaincode.contracts.register.keying import (
    look_up,
    make_secret,
    move_marks,
    read_generations,
    rekey_pairs,
    retire_secret,
)
from eximledger_chaincode.contracts.register.presenting import matching_usage
from eximledger_chaincode.contracts.state.keys import BUSINESS_DAY_KEY, holding_key, presented_key
from eximledger_chaincode.contracts.state.members import Consortium, read_consortium, require_role
from eximledger_chaincode.contracts.state.names import BANK, MATCHING, require_channel
from eximledger_chaincode.contracts.state.shelves import open_papers
from eximledger_chaincode.contracts.state.vault import open_vault
from eximledger_chaincode.documents.parts.identifiers import MspId
from eximledger_chaincode.lending.loan import LoanId
from eximledger_chaincode.lending.matching import Generations, Matched, MatchingUsage, Rekeying
from eximledger_chaincode.lending.roles import Role, person_of
from hlf_chaincode.contract import Context, Contract, query, transaction

__all__ = ["RegisterContract"]

LoanIds: TypeAlias = Annotated[list[LoanId], Field(max_length=50)]
DayText: TypeAlias = Annotated[str, Field(pattern=r"^(|none|\d{4}-\d{2}-\d{2})$")]


class RegisterContract(Contract):
    """Who is to endorse: `match`, `rotate`, `retire`, `generations` and `pairs` SAFE's peer alone, for nobody else has
    the secret; `rekey` SAFE's and any bank's, for it writes public rows."""

    name: ClassVar[str] = "register"

    @transaction(private=True)
    async def match(self, context: Context, loan_id: LoanId, bank: str = "") -> Matched:
        """Look up all papers that a loan has put before the register; for its own bank and, where that is named, the
        fx-bureau. What was found is in `loans:facts`. It registers nothing."""
        require_channel("register", BANK, context.channel)
        person_of(context.creator)
        await read_consortium(context, [BUSINESS_DAY_KEY])
        opened = await open_loan(context, loan_id, bank, [presented_key(loan_id), holding_key(loan_id)])
        return await look_up(context, opened.vault, opened.loan.bank, loan_id)

    @transaction(private=True)
    async def rotate(self, context: Context) -> Generations:
        """Make the matching secret, or its next generation; by an officer of the fx-bureau. From the business day that
        is opened under it on it is the one that is written."""
        await _require_bureau(context)
        return await make_secret(context)

    @query
    async def generations(self, context: Context) -> Generations:
        """Which generations are looked up; for the fx-bureau."""
        await _require_bureau(context)
        return await read_generations(await open_vault(context, MATCHING))

    @query
    async def pairs(self, context: Context, bank: MspId, loan_ids: LoanIds) -> Rekeying:
        """What of these loans of a bank still stands under the previous generation; for the fx-bureau."""
        consortium = await _require_bureau(context)
        return await rekey_pairs(context, await open_papers(context, consortium, bank), bank, loan_ids)

    @transaction(private=True)
    async def rekey(self, context: Context, rekeying: Rekeying) -> int:
        """Move what `pairs` answered to the current generation; by an officer of the fx-bureau. How many were moved."""
        await _require_bureau(context)
        return await move_marks(context, rekeying)

    @transaction(private=True)
    async def retire(self, context: Context) -> Generations:
        """Purge the previous generation's secret, once `pairs` has no more to move; by an officer of the fx-bureau."""
        await _require_bureau(context)
        return await retire_secret(context)

    @query
    async def usage(self, context: Context, bank: MspId, day: DayText = "") -> MatchingUsage:
        """What a bank has used of its limit of papers on a business day; for that bank and the fx-bureau."""
        require_channel("register", BANK, context.channel)
        consortium = await read_consortium(context)
        return await matching_usage(context, consortium, await open_papers(context, consortium, bank), bank, day)


async def _require_bureau(context: Context) -> Consortium:
    """An officer of the fx-bureau, on the register's channel."""
    require_channel("register", BANK, context.channel)
    consortium = await read_consortium(context)
    require_role(context, consortium, {Role.FX_BUREAU})
    person_of(context.creator)
    return consortium
