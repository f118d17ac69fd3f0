"""What a bank has lent, as pictures and tables; lists of loans to take along."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from eximledger.console._asked import At, from_mirror
from eximledger.console._here import Here
from eximledger.console._lists import whole_list
from eximledger.console._pages import pages
from eximledger.console._rendering import rendered
from eximledger.console.pages.cases.loans import filter_of
from eximledger.console.sheets import Sheet, csv_response, workbook_response
from eximledger.console.views.portfolio import Plot, plots_of
from eximledger.mirror.reading import MAX_PAGE, LoanRow, MirrorReader
from eximledger.serving import Found, served

__all__ = ["router"]

router: Final = pages()

_COLUMNS: Final = (
    "Loan", "Bank", "State", "Applicant", "Exporter", "Amount", "Drawn", "Repaid", "Outstanding", "Currency",
    "Applied on", "Matures on", "Verdict", "Decided",
)  # fmt: skip


@router.get("/portfolio")
async def portfolio(here: At) -> Response:
    """Exposure, maturities, turnaround, findings and overrides."""
    found = await _found(here)
    return rendered(here, "portfolio", plots=_plots(here, found), at=found.at)


@router.get("/portfolio.xlsx")
async def portfolio_as_workbook(here: At) -> Response:
    """The same tables as a workbook."""
    sheets = [
        Sheet(here.word(plot.title), [here.word(name) for name in plot.columns], plot.rows)
        for plot in _plots(here, await _found(here))
    ]
    return workbook_response("portfolio", sheets)


@router.get("/loans.csv")
async def loans_as_csv(here: At) -> Response:
    """The list of loans as it is filtered, up to ten thousand."""
    return csv_response("loans", await _loans(here))


@router.get("/loans.xlsx")
async def loans_as_workbook(here: At) -> Response:
    """The same as a workbook."""
    return workbook_response("loans", [await _loans(here)])


async def _found(here: Here) -> Found:
    bank = here.person.msp_id if here.is_bank and here.person is not None else ""
    return await served(here.request).mirrors.portfolio(here.desk.ledger, bank)


def _plots(here: Here, found: Found) -> list[Plot]:
    return plots_of(found.portfolio, here.word, here.member_of)


async def _loans(here: Here) -> Sheet:
    asked = filter_of(here)

    def read(mirror: MirrorReader) -> tuple[LoanRow, ...]:
        return whole_list(lambda cursor: mirror.loans(asked, size=MAX_PAGE, cursor=cursor))

    rows = await from_mirror(here, read)
    return Sheet(here.word("Loans"), [here.word(name) for name in _COLUMNS], [_line(here, each) for each in rows])


def _line(here: Here, each: LoanRow) -> tuple[str, ...]:
    amounts = (each.amount, each.drawn, each.repaid, each.outstanding)
    return (
        each.loan_id, here.member_of(each.bank), here.word(each.state), each.applicant_name, each.applicant,
        *(f"{money.amount}" for money in amounts), each.amount.currency, str(each.applied_on), str(each.matures_on),
        here.word(each.verdict or ""), here.word(each.decision or ""),
    )  # fmt: skip
