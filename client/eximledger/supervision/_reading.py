"""What is asked of the ledger, page by page, in SAFE's name."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from datetime import date
from fractions import Fraction
from itertools import islice
from typing import Final, Protocol, TypeVar

from eximledger.desk import Calls
from eximledger_chaincode.contracts.authorisations import ConsentPage
from eximledger_chaincode.contracts.papers.consents import ConsentBook
from eximledger_chaincode.contracts.state.names import BANK, CUSTOMS, FX
from eximledger_chaincode.contracts.supervision import MAX_BALANCES, MAX_DAYS, Keeper, LoanPapers, LoanPapersPage
from eximledger_chaincode.documents import ExportDeclaration, Record, ReferenceRate
from eximledger_chaincode.lending.claim import Balance
from eximledger_chaincode.lending.loan import Loan, LoanPage
from eximledger_chaincode.lending.matching import MatchingUsage
from eximledger_chaincode.lending.roles import Role
from eximledger_chaincode.lending.valuation import rate_on
from hlf_client.errors import Refused

__all__ = ["Reading", "batches"]

ItemT = TypeVar("ItemT")

_LOANS: Final = 50
"""On one page: a loan has its application and its verdict with it."""
_PAPERS: Final = 200
_BOOKS: Final = 100
_DECLARATIONS: Final = 50


class _Page(Protocol):
    @property
    def bookmark(self) -> str: ...


PageT = TypeVar("PageT", bound=_Page)


async def _pages(ask: Callable[[str], Awaitable[PageT]]) -> AsyncIterator[PageT]:
    """All pages of a list, each asked for when it is wanted."""
    page = await ask("")
    yield page
    while page.bookmark:
        page = await ask(page.bookmark)
        yield page


def batches(items: Iterable[ItemT], size: int) -> Iterable[list[ItemT]]:
    """The items in their order, so many at a time."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


class Reading:
    """Pages as streams: no more than one page of each is in memory."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def banks(self) -> dict[str, str]:
        """The names of the consortium's banks by MSP id, in its order."""
        members = await self._calls.members()
        return {member.msp_id: member.name for member in members if member.role is Role.BANK}

    async def loans(self, bank: str) -> AsyncIterator[Sequence[Loan]]:
        """All loans of a bank, a page at a time."""
        async for page in _pages(
            lambda bookmark: self._calls.ask(LoanPage, BANK, "loans:list", "", _LOANS, bookmark, bank)
        ):
            yield page.loans

    async def papers(self, bank: str) -> AsyncIterator[LoanPapers]:
        """What every loan of a bank has put before the register."""
        ask = self._calls.ask
        async for page in _pages(lambda mark: ask(LoanPapersPage, BANK, "supervision:papers", bank, _PAPERS, mark)):
            for loan in page.loans:
                yield loan

    async def books(self) -> AsyncIterator[Sequence[ConsentBook]]:
        """What exporters have ever let banks read, a page at a time."""
        async for page in _pages(
            lambda bookmark: self._calls.ask(ConsentPage, CUSTOMS, "authorisations:list", _BOOKS, bookmark)
        ):
            yield page.books

    async def balances(self, numbers: Sequence[str]) -> list[Balance | None]:
        """What `financing:balance` says of declarations, None where customs has none."""
        found: list[Balance | None] = []
        for batch in batches(numbers, MAX_BALANCES):
            found += await self._calls.ask(list[Balance | None], BANK, "supervision:balances", batch)
        return found

    async def countries(self, numbers: Sequence[str]) -> dict[str, str]:
        """Where exports went, by declaration: the buyer's country (贸易国), else the country of destination. Those that
        say neither are left out."""
        found: dict[str, str] = {}
        answer = list[Record[ExportDeclaration] | None]
        for batch in batches(dict.fromkeys(numbers), _DECLARATIONS):
            records = await self._calls.ask(answer, CUSTOMS, "documents:get_many", "declaration", batch)
            for declaration in (record.document for record in records if record is not None):
                country = declaration.trade_country or declaration.destination_country
                if country is not None:
                    found[declaration.declaration_number] = country
        return found

    async def quotations(self, currencies: Iterable[str], day: date) -> dict[str, Fraction]:
        """CNY for one unit on a day, of the currencies that have a reference rate then."""
        wanted = sorted(set(currencies) - {"CNY"})
        if not wanted:
            return {}
        answer = list[Record[ReferenceRate] | None]
        records = await self._calls.ask(answer, FX, "documents:rates", [(currency, day) for currency in wanted])
        rates: dict[str, Fraction] = {}
        for currency in wanted:
            try:
                rates[currency] = rate_on(currency, day, [record for record in records if record is not None])
            except Refused:
                continue  # that there is none is said of each sum
        return rates

    async def kept(self, channel: str, keepers: Sequence[Keeper]) -> list[tuple[str, ...]]:
        """Of each exporter and bank the declarations that the bank has said its loans hold."""
        return await self._calls.ask(list[tuple[str, ...]], channel, "supervision:kept", list(keepers))

    async def usage(self, bank: str, days: Sequence[date]) -> list[MatchingUsage]:
        """What a bank has used of its limit on business days; with no days, on the one that is open."""
        if not days:
            return await self._calls.ask(list[MatchingUsage], BANK, "supervision:usage", bank, [])
        found: list[MatchingUsage] = []
        for batch in batches(days, MAX_DAYS):
            found += await self._calls.ask(list[MatchingUsage], BANK, "supervision:usage", bank, batch)
        return found
