"""What of a case's declarations is free, and how much can be financed on what the application occupies of them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from eximledger_chaincode.documents import DeclarationStatus, ExportDeclaration, FinancedDeclaration, Money, minor_units
from eximledger_chaincode.lending.claim import Balance, Claim, balance_of, claims_of
from eximledger_chaincode.lending.collecting.tally import Unvalued
from eximledger_chaincode.lending.exact import half_up
from eximledger_chaincode.lending.valuation import counted, rate_on
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.links import links
from hlf_chaincode.errors import Refused

__all__ = ["balance_in", "claims_in", "eligible_amount", "financed_percent", "unvalued_today"]

_WHOLE: Final = Decimal(100)
"""A ratio above it would lend against what nothing holds."""


class _Eligible(NamedTuple):
    amount: Money
    unvalued: tuple[Unvalued, ...]


def claims_in(case: Case) -> Mapping[str, Claim]:
    """The open claims of the case's declarations, by number. Computed once for a case."""
    known = case.derived.get("claims")
    if not isinstance(known, dict):
        declarations = [record.document for record in case.declarations]
        known = case.derived["claims"] = claims_of(declarations, links(case).covered, case.namings, case.rates)
    return known


def balance_in(case: Case, declaration: ExportDeclaration) -> Balance:
    """A declaration's balance as the case knows it: its open claim, less what other loans hold of it."""
    held = [
        money
        for position in case.positions
        if position.declaration_number == declaration.number
        for money in position.held
    ]
    return balance_of(claims_in(case)[declaration.number], held, case.rates)


def eligible_amount(case: Case) -> Money:
    """The financed share of what the application occupies, in the loan's currency at the reference rates of the
    decision's day, rounded half up once.

    Occupied is what it asks of a declaration, as far as that is free, in the declaration's currency; of the applicant's
    own declarations alone, that are not cancelled. What cannot be valued counts nothing. So what others hold does not
    change it while there is enough for all.
    """
    return _eligible(case).amount


def financed_percent(case: Case) -> Decimal:
    """The policy's share, all of what is occupied at most."""
    return min(case.tolerances.financed_percent, _WHOLE)


def unvalued_today(case: Case) -> tuple[Unvalued, ...]:
    """The quotations for want of which something occupied counts nothing."""
    return _eligible(case).unvalued


def _eligible(case: Case) -> _Eligible:
    known = case.derived.get("eligible")
    if isinstance(known, _Eligible):
        return known
    declared = {record.document.number: record.document for record in case.declarations}
    worth, unvalued = Fraction(0), set()
    for item in case.application.document.declarations:
        occupied = _occupied(case, item, declared.get(item.declaration_number))
        if occupied is None or not occupied.amount:
            continue
        try:
            worth += Fraction(occupied.amount) * rate_on(occupied.currency, case.today, case.rates)
        except Refused:
            unvalued.add(Unvalued.of(occupied.currency, case.today))
    currency = case.application.document.amount.currency
    try:
        worth /= rate_on(currency, case.today, case.rates)
    except Refused:
        unvalued.add(Unvalued.of(currency, case.today))
        worth = Fraction(0)
    share = half_up(worth * Fraction(financed_percent(case)) / 100, minor_units(currency))
    amount = counted(share, currency)
    found = case.derived["eligible"] = _Eligible(amount, tuple(sorted(unvalued, key=lambda each: each.order)))
    return found


def _occupied(case: Case, item: FinancedDeclaration, declaration: ExportDeclaration | None) -> Money | None:
    if declaration is None or declaration.exporter != case.application.document.exporter:
        return None
    if declaration.status is DeclarationStatus.CANCELLED or declaration.currency != item.amount.currency:
        return None
    return min(item.amount, balance_in(case, declaration).free)
