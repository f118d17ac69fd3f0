"""How much of a case's declarations can be financed."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

from eximledger_chaincode.documents import DeclarationStatus, ExportDeclaration, Money
from eximledger_chaincode.lending.claim import Balance, balance_of
from eximledger_chaincode.lending.exact import EXACT, half_up
from eximledger_chaincode.lending.valuation import convert, most, rate_on
from eximledger_chaincode.rules.basis.case import Case
from hlf_chaincode.errors import Refused

__all__ = ["balance_in", "eligible_amount", "occupied_in_cny"]


def balance_in(case: Case, declaration: ExportDeclaration) -> Balance:
    """A declaration's balance as the case knows it: what other loans hold and receipts have collected.

    Raises `Refused` when a quotation is missing.
    """
    positions = [position for position in case.positions if position.declaration_number == declaration.number]
    return balance_of(
        declaration,
        [money for position in positions for money in position.held],
        [money for position in positions for money in position.collected],
        case.rates,
    )


def eligible_amount(case: Case) -> Money:
    """The financed share of the free balances, in CNY at the reference rates of the export dates, rounded half up once.

    Counted are the applicant's own declarations that are not cancelled; one that cannot be valued counts nothing.
    Computed once for a case.
    """
    known = case.derived.get("eligible")
    if isinstance(known, Money):
        return known
    free = Fraction(0)
    for record in case.declarations:
        declaration = record.document
        own = declaration.exporter == case.application.document.exporter
        if own and declaration.status is not DeclarationStatus.CANCELLED:
            free += _in_cny(case, declaration)
    share = half_up(free * Fraction(case.tolerances.financed_percent) / 100, 2)
    # More than CNY can say is eligible in no trade of this world, but a verdict must still be reached.
    case.derived["eligible"] = eligible = Money(amount=min(share, most("CNY")), currency="CNY")
    return eligible


def _in_cny(case: Case, declaration: ExportDeclaration) -> Fraction:
    try:
        free = balance_in(case, declaration).free
        return Fraction(free.amount) * rate_on(free.currency, declaration.dated, case.rates)
    except Refused:
        return Fraction(0)


def occupied_in_cny(case: Case) -> Decimal | None:
    """What the application would occupy, in CNY; None where a quotation is missing (BALANCE says so)."""
    declared = {record.document.number: record.document for record in case.declarations}
    total = Decimal(0)
    try:
        for item in case.application.document.declarations:
            declaration = declared.get(item.declaration_number)
            day = case.today if declaration is None else declaration.dated
            with localcontext(EXACT):
                total += convert(item.amount, "CNY", day, case.rates).amount
    except Refused:
        return None
    return total
