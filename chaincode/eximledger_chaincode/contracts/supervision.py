"""supervision: what the fx-bureau asks across banks. Queries alone, for the fx-bureau alone."""

from __future__ import annotations

from typing import Annotated, ClassVar, Final, TypeAlias

from pydantic import Field

from eximledger_chaincode.contracts.loanbook.book import list_of_loans
from eximledger_chaincode.contracts.papers.consents import KeptDeclarations
from eximledger_chaincode.contracts.papers.copying import read_audience
from eximledger_chaincode.contracts.register.balance import read_balances
from eximledger_chaincode.contracts.register.presenting import matching_usage
from eximledger_chaincode.contracts.state.keys import holding_key, presented_key
from eximledger_chaincode.contracts.state.lists import PageSize, read_page
from eximledger_chaincode.contracts.state.members import Consortium, read_consortium, require_role
from eximledger_chaincode.contracts.state.names import BANK, CUSTOMS, FX, MAIN_COLLECTION, require_channel
from eximledger_chaincode.contracts.state.records import decode
from eximledger_chaincode.contracts.state.shelves import open_papers
from eximledger_chaincode.contracts.state.vault import open_vault
from eximledger_chaincode.documents import Value
from eximledger_chaincode.documents.parts.base import Day
from eximledger_chaincode.documents.parts.identifiers import DeclarationNumber, MspId, Uscc
from eximledger_chaincode.lending.claim import Balance
from eximledger_chaincode.lending.loan import Loan, LoanState
from eximledger_chaincode.lending.matching import MatchingUsage, Presented
from eximledger_chaincode.lending.register import Holding, PaperFingerprint, PaperStanding
from eximledger_chaincode.lending.roles import Role
from eximledger_chaincode.lending.steps import Step
from hlf_chaincode.contract import Context, Contract, query
from hlf_chaincode.errors import Refused

__all__ = ["MAX_BALANCES", "MAX_DAYS", "MAX_KEEPERS", "Keeper", "LoanPapers", "LoanPapersPage", "SupervisionContract"]

MAX_BALANCES: Final = 50
"""Declarations of one query: fx is asked for each."""
MAX_DAYS: Final = 62
"""Days of one query of what a bank has used of its limit."""
MAX_KEEPERS: Final = 500

Keeper: TypeAlias = tuple[Uscc, MspId]
"""A bank that may keep declarations of an exporter."""
Numbers: TypeAlias = Annotated[list[DeclarationNumber], Field(max_length=MAX_BALANCES)]
Days: TypeAlias = Annotated[list[Day], Field(max_length=MAX_DAYS)]
Keepers: TypeAlias = Annotated[list[Keeper], Field(max_length=MAX_KEEPERS)]
Balances: TypeAlias = list[Balance | None]
Usages: TypeAlias = list[MatchingUsage]
Kept: TypeAlias = list[tuple[str, ...]]


class LoanPapers(Value):
    """What one loan has put before the register of all banks; with the standing that its papers have there, None where
    it was never approved."""

    loan_id: str
    standing: PaperStanding | None = None
    papers: tuple[PaperFingerprint, ...] = ()


class LoanPapersPage(Value):
    """One page of a bank's loans; `bookmark` starts the next page, "" at the end."""

    bookmark: str
    loans: tuple[LoanPapers, ...]


class SupervisionContract(Contract):
    """What no bank may ask: across banks, with names. Nothing is written, so nothing of it is in a block."""

    name: ClassVar[str] = "supervision"

    @query
    async def papers(
        self, context: Context, bank: MspId, page_size: PageSize = 100, bookmark: str = ""
    ) -> LoanPapersPage:
        """A page of a bank's loans in the order in which they were opened, each with its papers' fingerprints."""
        require_channel("supervision:papers", BANK, context.channel)
        consortium = await _require_bureau(context)
        vault = await open_papers(context, consortium, bank)
        page = await read_page(context, vault, list_of_loans(), page_size, bookmark)
        loans = [decode(Loan, value) for value in page.values]
        holdings = await vault.get_many([holding_key(loan.loan_id) for loan in loans])
        presented = await vault.get_many([presented_key(loan.loan_id) for loan in loans])
        found = [_papers(*each) for each in zip(loans, holdings, presented, strict=True)]
        return LoanPapersPage(bookmark=page.bookmark, loans=tuple(found))

    @query
    async def balances(self, context: Context, numbers: Numbers) -> Balances:
        """What `financing:balance` says of each declaration; null where customs has none."""
        require_channel("supervision:balances", BANK, context.channel)
        await _require_bureau(context)
        return await read_balances(context, numbers)

    @query
    async def usage(self, context: Context, bank: MspId, days: Days) -> Usages:
        """What a bank has used of its limit of papers on business days; with no days, on the one that is open."""
        require_channel("supervision:usage", BANK, context.channel)
        consortium = await _require_bureau(context)
        vault = await open_papers(context, consortium, bank)
        wanted = [day.isoformat() for day in days] or [""]
        return [await matching_usage(context, consortium, vault, bank, day) for day in wanted]

    @query
    async def kept(self, context: Context, keepers: Keepers) -> Kept:
        """Of each exporter and bank the declarations that the bank has said its loans hold, as the channel's writer
        knows it."""
        if context.channel not in {CUSTOMS, FX}:
            raise Refused(f"copies are kept on channels {CUSTOMS} and {FX}, not on {context.channel}: call it there")
        await _require_bureau(context)
        main = await open_vault(context, MAIN_COLLECTION[context.channel])
        audiences = {
            exporter: await read_audience(main, exporter) for exporter in sorted({each for each, _ in keepers})
        }
        return [audiences[exporter].banks.get(bank, KeptDeclarations()).numbers for exporter, bank in keepers]


async def _require_bureau(context: Context) -> Consortium:
    consortium = await read_consortium(context)
    require_role(context, consortium, {Role.FX_BUREAU})
    return consortium


def _papers(loan: Loan, holding: bytes | None, presented: bytes | None) -> LoanPapers:
    """A loan's papers as they were put before the register and as they were approved and paid out on."""
    papers = () if presented is None else decode(Presented, presented).papers
    if holding is None:
        return LoanPapers(loan_id=loan.loan_id, papers=papers)
    standing = PaperStanding.STANDING
    if loan.taken(Step.DISBURSEMENT):
        standing = PaperStanding.DISBURSED
    elif loan.state in {LoanState.WITHDRAWN, LoanState.LAPSED}:
        standing = PaperStanding.UNDRAWN
    return LoanPapers(loan_id=loan.loan_id, standing=standing, papers=decode(Holding, holding).papers)
