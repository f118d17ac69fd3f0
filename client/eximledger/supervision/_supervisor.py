"""Supervisor: what SAFE asks across banks, as a Python object over any Ledger."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import date
from fractions import Fraction

from eximledger.desk import Calls, Retry
from eximledger.supervision._consents import ConsentReport, RunningConsents
from eximledger.supervision._duplicates import Duplicate, PaperIndex
from eximledger.supervision._exposure import (
    Dimension,
    Exposure,
    Naming,
    RunningExposure,
    countries_needed,
    currencies_of,
)
from eximledger.supervision._holds import Held, HoldIndex, HoldReport, KeptWithoutLoan, OverHeld, over_held
from eximledger.supervision._reading import Reading, batches
from eximledger_chaincode.contracts.state.names import CUSTOMS, FX
from eximledger_chaincode.contracts.supervision import MAX_BALANCES
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.lending.matching import MatchingUsage
from eximledger_chaincode.lending.time import day_in_china
from hlf_client import Clock, Ledger

__all__ = ["Supervisor"]


class Supervisor:
    """Reads all banks' books in SAFE's name; writes nothing.

    A report is read over some time, not at one instant: what moves meanwhile may be in it or not. Raises
    `NotAuthorized` for anybody but SAFE, and else as `LoanDesk` does.
    """

    def __init__(self, ledger: Ledger, *, retry: Retry | None = None, clock: Clock | None = None) -> None:
        self._clock = clock or ledger.clock
        self._reading = Reading(Calls(ledger, retry or Retry()))

    @property
    def _today(self) -> date:
        return day_in_china(self._clock())

    async def exposure(self, by: Dimension = Dimension.BANK) -> Exposure:
        """What is promised, out and lost, and what loans hold, by one dimension; in CNY at today's reference rates."""
        day, running = self._today, RunningExposure(by)
        banks = await self._reading.banks()
        rates: dict[str, Fraction] = {}
        asked: set[str] = set()
        for bank in banks:
            async for loans in self._reading.loans(bank):
                new = {currency for loan in loans for currency in currencies_of(loan)} - asked
                rates |= await self._reading.quotations(new, day)
                asked |= new
                naming = Naming(banks, await self._countries(by, loans), rates)
                for loan in loans:
                    running.add(loan, naming)
        return running.result(day, rates)

    async def duplicates(self) -> list[Duplicate]:
        """Papers that two banks or more have put before the register: the same, or alike in all but one trait."""
        with closing(PaperIndex()) as index:
            for bank in await self._reading.banks():
                async for loan in self._reading.papers(bank):
                    index.add(bank, loan)
            return list(index.duplicates())

    async def holds(self) -> HoldReport:
        """Declarations of which more is held than they are worth, and what banks keep without a loan."""
        with closing(HoldIndex()) as index:
            for bank in await self._reading.banks():
                async for loans in self._reading.loans(bank):
                    for loan in loans:
                        index.add(loan)
            declarations, found = 0, []
            for batch in batches(index.by_declaration(), MAX_BALANCES):
                declarations += len(batch)
                found += await self._over_held(batch)
            return HoldReport(declarations, tuple(found), tuple(await self._kept_without_loan(index)))

    async def consents(self) -> ConsentReport:
        """Consents by bank, and each that an officer gave."""
        running = RunningConsents(self._today)
        async for books in self._reading.books():
            for book in books:
                running.add(book)
        return running.result()

    async def matching(self, days: Sequence[date] = ()) -> list[MatchingUsage]:
        """How many papers each bank has put before the register on these business days, or on the one that is open, and
        how many it may."""
        return [usage for bank in await self._reading.banks() for usage in await self._reading.usage(bank, days)]

    async def _countries(self, by: Dimension, loans: Sequence[Loan]) -> dict[str, str]:
        if by is not Dimension.COUNTRY:
            return {}
        return await self._reading.countries([number for loan in loans for number in countries_needed(loan)])

    async def _over_held(self, batch: Sequence[Held]) -> list[OverHeld]:
        balances = await self._reading.balances([held.declaration_number for held in batch])
        found = (over_held(held, balance) for held, balance in zip(batch, balances, strict=True))
        return [each for each in found if each is not None]

    async def _kept_without_loan(self, index: HoldIndex) -> list[KeptWithoutLoan]:
        found = []
        async for books in self._reading.books():
            keepers = [(book.exporter, book.bank) for book in books]
            for channel in (CUSTOMS, FX):
                for (exporter, bank), kept in zip(keepers, await self._reading.kept(channel, keepers), strict=True):
                    if without := index.without_loan(bank, kept):
                        found.append(KeptWithoutLoan(channel, bank, exporter, without))
        return sorted(found, key=lambda each: (each.channel, each.bank, each.exporter))
