"""Terms, account and conditions of a loan as names and values in either language, for terminal and page alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from eximledger.words import Language, word
from eximledger_chaincode.documents.application import FinancingKind
from eximledger_chaincode.lending.accounts.account import Account
from eximledger_chaincode.lending.loan import Loan

__all__ = ["account_facts", "condition_rows", "percent", "term_facts"]

_PRODUCTS: Final[Mapping[FinancingKind, str]] = {
    FinancingKind.PRE_SHIPMENT: "packing loan",
    FinancingKind.POST_SHIPMENT: "export bill",
}


def percent(rate: Decimal) -> str:
    """A yearly rate as it is read: 3.45 %."""
    text = f"{rate:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} %"


def term_facts(loan: Loan, language: Language) -> Iterator[tuple[str, str]]:
    """What bank and exporter agreed on; rate and maturity as the last extension has them."""
    application = loan.application.document
    terms = application.terms
    for name, value in (
        ("Product", word(_PRODUCTS[application.financing], language)),
        ("Amount", str(application.amount)),
        ("Rate", f"{percent(loan.rate_percent)} / {loan.day_count}"),
        ("Interest", word(f"interest in {terms.interest.value}", language)),
        ("Overdue surcharge", percent(terms.overdue_surcharge_percent)),
        ("Matures on", str(loan.matures_on)),
        ("Recourse", word("with recourse" if terms.recourse else "without recourse", language)),
    ):
        yield word(name, language), value


def account_facts(account: Account, language: Language) -> Iterator[tuple[str, str]]:
    """What is drawn, repaid and owed; nothing that is nothing is said of interest ahead and days overdue."""
    rows = [
        ("Drawn", str(account.drawn)),
        ("Not drawn", str(account.undrawn)),
        ("Repaid", str(account.repaid)),
        ("Outstanding", str(account.outstanding)),
        ("Interest run", str(account.interest)),
        ("Interest paid", str(account.interest_paid)),
        ("Interest due", str(account.interest_due)),
        ("Owed in all", str(account.owed)),
    ]
    if account.interest_ahead.amount:
        rows.append(("Interest ahead", str(account.interest_ahead)))
    if account.days_overdue:
        performs = f" ({word('non-performing', language)})" if account.non_performing else ""
        rows.append(("Days overdue", f"{account.days_overdue}{performs}"))
    for name, value in rows:
        yield word(name, language), value


def condition_rows(loan: Loan, language: Language) -> Iterator[tuple[str, str]]:
    """Each condition precedent, and the number by which it is met; those that were met beside, too."""
    met = {each.condition: each.reference for each in loan.met}
    for condition in dict.fromkeys((*loan.conditions, *met)):
        yield word(condition.value, language), met.get(condition, word("not yet", language))
