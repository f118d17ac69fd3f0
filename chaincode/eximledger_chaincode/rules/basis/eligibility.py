"""How much of a case's declarations can be financed."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Final

from eximledger_chaincode.documents import DeclarationStatus, ExportDeclaration, Money
from eximledger_chaincode.lending.exact import EXACT, half_up
from eximledger_chaincode.lending.valuation import convert, fob_value, free_balance, rate_on
from eximledger_chaincode.rules.basis.case import Case
from hlf_chaincode.errors import Refused

__all__ = ["eligible_amount", "free_of", "occupied_in_cny"]

_MOST: Final = Decimal("9" * 28 + ".99")
"""What CNY can say in 30 digits. More is eligible in no trade of this world, but a verdict must still be reached."""


def free_of(case: Case, declaration: ExportDeclaration) -> Money:
    """What no other loan holds and no receipt has collected of a declaration, in its currency.

    Raises `Refused` when a quotation is missing.
    """
    value = fob_value(declaration, case.rates)
    positions = [position for position in case.positions if position.declaration_number == declaration.number]
    taken = (
        convert(money, value.currency, declaration.dated, case.rates)
        for position in positions
        for money in (*(hold.amount for hold in position.holds), *position.collected)
    )
    return free_balance(value, taken)


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
    case.derived["eligible"] = eligible = Money(amount=min(share, _MOST), currency="CNY")
    return eligible


def _in_cny(case: Case, declaration: ExportDeclaration) -> Fraction:
    try:
        free = free_of(case, declaration)
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
            day = case.application.document.applied_on if declaration is None else declaration.dated
            with localcontext(EXACT):
                total += convert(item.amount, "CNY", day, case.rates).amount
    except Refused:
        return None
    return total
