"""How much of a case's declarations can be financed."""

from __future__ import annotations

from decimal import Context, Decimal, localcontext
from typing import Final

from eximledger_chaincode.documents import DeclarationStatus, ExportDeclaration, Money
from eximledger_chaincode.errors import Refused
from eximledger_chaincode.rules.case import Case
from eximledger_chaincode.rules.valuation import convert, fob_value, free_balance, rate_on

__all__ = ["eligible_amount", "free_of", "occupied_in_cny"]

_EXACT: Final = Context(prec=60)


def free_of(case: Case, declaration: ExportDeclaration) -> Money:
    """What no other loan holds and no receipt has collected of a declaration, in its currency.

    Raises `Refused` when a quotation is missing.
    """
    value = fob_value(declaration, case.rates)
    positions = [position for position in case.positions if position.declaration_number == declaration.number]
    taken = [
        convert(money, value.currency, declaration.dated, case.rates)
        for position in positions
        for money in (*(hold.amount for hold in position.holds), *position.collected)
    ]
    return free_balance(value, taken, ())


def eligible_amount(case: Case) -> Money:
    """The financed share of the free balances, in CNY at the reference rates of the export dates.

    Counted are the applicant's own declarations that are not cancelled; one that cannot be valued counts nothing.
    """
    with localcontext(_EXACT):
        free = Decimal(0)
        for record in case.declarations:
            declaration = record.document
            own = declaration.exporter == case.application.document.exporter
            if own and declaration.status is not DeclarationStatus.CANCELLED:
                free += _in_cny(case, declaration)
        return Money.rounded(free * case.tolerances.financed_percent / 100, "CNY")


def _in_cny(case: Case, declaration: ExportDeclaration) -> Decimal:
    try:
        free = free_of(case, declaration)
        return free.amount * rate_on(free.currency, declaration.dated, case.rates)
    except Refused:
        return Decimal(0)


def occupied_in_cny(case: Case) -> Money | None:
    """What the application would occupy, in CNY; None where a quotation is missing (BALANCE says so)."""
    declared = {record.document.number: record.document for record in case.declarations}
    total = Money.zero("CNY")
    try:
        for item in case.application.document.declarations:
            declaration = declared.get(item.declaration_number)
            day = case.application.document.applied_on if declaration is None else declaration.dated
            total = total + convert(item.amount, "CNY", day, case.rates)
    except Refused:
        return None
    return total
