"""`eximledger loan list`: the bank's loans, sifted and sorted over the ledger's pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import click

from eximledger.cli.frame.session import Session, SessionCommand
from eximledger.cli.loans.looking import bank_option
from eximledger.cli.loans.saying import day_option
from eximledger.desk import LoanDesk
from eximledger.reports import loan_table
from eximledger_chaincode.lending.loan import Loan, LoanPage, LoanState

__all__ = ["list_loans"]

_LIMIT: Final = 100
_PAGE: Final = 1000
_MOST: Final = 20_000
"""So many loans are looked at: beyond it a mirror in a database answers."""

_Key = Callable[[Loan], Any]
_SORTS: Final[Mapping[str, _Key]] = {
    "loan": lambda loan: loan.loan_id,
    "state": lambda loan: loan.state.value,
    "bank": lambda loan: loan.bank,
    "applicant": lambda loan: loan.application.document.applicant.name.casefold(),
    "amount": lambda loan: (loan.currency, loan.application.document.amount.amount),
    "matures": lambda loan: loan.matures_on,
    "updated": lambda loan: loan.updated_at,
}


@dataclass(frozen=True, slots=True)
class _Sieve:
    """Which loans are meant, and in which order."""

    applicant: str
    since: date | None
    until: date | None
    sort: str

    @property
    def is_open(self) -> bool:
        """Whether it lets everything through as it comes: a page of the ledger will do."""
        return not (self.applicant or self.since or self.until or self.sort)

    def holds(self, loan: Loan) -> bool:
        party = loan.application.document.applicant
        names = (*party.names, loan.application.document.exporter)
        if self.applicant and not any(self.applicant.casefold() in name.casefold() for name in names):
            return False
        return (self.since is None or self.since <= loan.matures_on) and (
            self.until is None or loan.matures_on <= self.until
        )

    def sorted(self, loans: Iterable[Loan]) -> list[Loan]:
        if not self.sort:
            return list(loans)
        return sorted(loans, key=_SORTS[self.sort.removeprefix("-")], reverse=self.sort.startswith("-"))


@dataclass(frozen=True, slots=True)
class _Found:
    page: LoanPage
    total: int
    """How many are meant, of which the page holds the first."""


@click.command("list", cls=SessionCommand)
@click.option("--state", type=click.Choice([state.value for state in LoanState]), default=None, help="Only in it.")
@click.option("--applicant", metavar="TEXT", default="", help="Only of applicants with this in a name or the USCC.")
@day_option("--matures-from", "Only those that mature on this day or later.")
@day_option("--matures-until", "Only those that mature on this day or before.")
@bank_option
@click.option(
    "--sort", type=click.Choice([way + name for name in _SORTS for way in ("", "-")]), metavar="NAME",
    help=f"By {', '.join(_SORTS)}; -NAME the other way round. As they were opened by default.",
)  # fmt: skip
@click.option("--limit", type=click.IntRange(1, 1000), default=_LIMIT, show_default=True, help="At most so many.")
@click.option("--after", metavar="BOOKMARK", default="", help="Go on where the page before ended.")
@click.pass_obj
def list_loans(
    session: Session,
    state: str | None,
    applicant: str,
    matures_from: datetime | None,
    matures_until: datetime | None,
    bank: str,
    sort: str | None,
    limit: int,
    after: str,
) -> None:
    """The bank's loans and what was asked for in each currency, a page at a time."""
    sieve = _Sieve(
        applicant.strip(),
        None if matures_from is None else matures_from.date(),
        None if matures_until is None else matures_until.date(),
        sort or "",
    )

    async def sifted(desk: LoanDesk) -> _Found:
        if sieve.is_open:
            page = await desk.loans(state=state or "", bank=bank, page_size=limit, bookmark=after)
            return _Found(page, len(page.loans))
        return await _sift(desk, sieve, state or "", bank, limit, after)

    found, output = session.look(sifted), session.output
    output.answer(found.page, loan_table(found.page.loans, session.language))
    if found.page.bookmark:
        output.note(f"{output.word('more')}: --after {found.page.bookmark!r}")
    if found.total > len(found.page.loans):
        output.note(output.word("{shown} of {total} loans: --limit shows more").format(
            shown=len(found.page.loans), total=found.total
        ))  # fmt: skip


async def _sift(desk: LoanDesk, sieve: _Sieve, state: str, bank: str, limit: int, after: str) -> _Found:
    """Over the ledger's pages; the bookmark is where looking ended, where that was before the last page."""
    found: list[Loan] = []
    looked_at, bookmark = 0, after
    while True:
        page = await desk.loans(state=state, bank=bank, page_size=_PAGE, bookmark=bookmark)
        found += [loan for loan in page.loans if sieve.holds(loan)]
        looked_at, bookmark = looked_at + len(page.loans), page.bookmark
        if not bookmark or looked_at >= _MOST:
            break
    shown = tuple(sieve.sorted(found)[:limit])
    return _Found(LoanPage(loans=shown, bookmark=bookmark), len(found))
