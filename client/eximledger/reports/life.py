"""A loan after its approval, for a person at a terminal: terms, account, interest, conditions, receipts offered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.table import Table
from rich.text import Text

from eximledger.reports._life import account_facts, condition_rows, percent, term_facts
from eximledger.words import Language, word
from eximledger_chaincode.lending.accounts.account import Account
from eximledger_chaincode.lending.accounts.interest import Period
from eximledger_chaincode.lending.accounts.offers import OfferedReceipt
from eximledger_chaincode.lending.loan import Loan

__all__ = ["account_table", "conditions_table", "offers_table", "schedule_table", "terms_table"]


def terms_table(loan: Loan, language: Language) -> Table:
    """What bank and exporter agreed on, as the last extension has it."""
    return _facts("Terms", term_facts(loan, language), language)


def account_table(account: Account, language: Language) -> Table:
    """What is drawn, repaid and owed on a day."""
    return _facts(f"{word('Account on', language)} {account.day}", account_facts(account, language), language)


def conditions_table(loan: Loan, language: Language) -> Table:
    """What must be there before money leaves, and by which number it is."""
    table = _table(("Condition precedent", "Met by"), language)
    for name, reference in condition_rows(loan, language):
        table.add_row(name, Text(reference))
    if loan.draws_until is not None:
        table.add_row(word("Drawn until", language), str(loan.draws_until))
    return table


def schedule_table(periods: Sequence[Period], day_count: int, language: Language) -> Table:
    """One line for each stretch of days at one principal and one rate, and the whole."""
    table = _table(("Since", "Before", "Days", "Principal", "Rate", "Interest"), language)
    for each in periods:
        late = f" ({word('overdue', language)})" if each.overdue else ""
        rate = f"{percent(each.rate_percent)} / {day_count}{late}"
        table.add_row(
            str(each.since), str(each.until), str(each.days), str(each.principal), rate, str(each.interest)
        )  # fmt: skip
    if periods:
        whole = periods[0].interest
        for each in periods[1:]:
            whole += each.interest
        table.add_row(word("All", language), "", str(sum(each.days for each in periods)), "", "", str(whole))
    return table


def offers_table(
    offers: Iterable[OfferedReceipt], language: Language, payers: Mapping[str, str] | None = None
) -> Table:
    """One line for each receipt that may repay the loan; `payers` says by its id who paid, where that is known:
    a bank without a copy of the paper is offered the amount only."""
    named = {id_: name for id_, name in (payers or {}).items() if name}
    columns = ("Receipt", "Dated", "Amount", "Left", "Repaid")
    table = _table(("Payer", *columns) if named else columns, language)
    for each in offers:
        taken = ", ".join(f"{loan_id}: {money}" for loan_id, money in sorted(each.by_loan.items()))
        payer = [Text(named.get(each.receipt_id, ""))] if named else []
        table.add_row(*payer, Text(each.receipt_id), str(each.dated), str(each.amount), str(each.left), Text(taken))
    return table


def _table(columns: Sequence[str], language: Language) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(word(column, language), overflow="fold")
    return table


def _facts(title: str, facts: Iterable[tuple[str, str]], language: Language) -> Table:
    table = _table((title, ""), language)
    for name, value in facts:
        table.add_row(name, value)
    return table
