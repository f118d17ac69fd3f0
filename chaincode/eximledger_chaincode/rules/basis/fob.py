"""Invoices of an export on the basis on which customs values it: FOB, in the currency of both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from eximledger_chaincode.documents import CommercialInvoice, ExportDeclaration, Money, capitals
from eximledger_chaincode.lending.exact import summed
from eximledger_chaincode.lending.valuation import convert, freight_of, insurance_of
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.links import Export

__all__ = ["Invoiced", "invoiced_fob"]

_DELIVERED: Final = frozenset({"DAP", "DPU", "DDP", "DAT", "DAF", "DES", "DEQ", "DDU"})
"""The seller carries the goods to the buyer's country: customs knows no such mode, and takes them on another."""
_DUTY_PAID: Final = frozenset({"DDP", "DEQ"})
_WITH_FREIGHT: Final = frozenset({"CIF", "CIP", "CFR", "CPT"}) | _DELIVERED
_WITH_INSURANCE: Final = frozenset({"CIF", "CIP"}) | _DELIVERED

_FREIGHT: Final = ("FREIGHT", "CARRIAGE", "SHIPPING", "运费", "運費")
_INSURANCE: Final = ("INSURANCE", "保险", "保險")
_DUTY: Final = ("DUTY", "DUTIES", "IMPORT TAX", "关税", "關稅")


class Invoiced(NamedTuple):
    """What invoices of an export come to on FOB basis. `is_sure` is false where their term includes charges that no
    paper states: then what is left is still too much."""

    amount: Decimal
    is_sure: bool


def invoiced_fob(case: Case, export: Export, currency: str) -> Invoiced:
    """Freight and insurance are taken off where the invoices' term includes them: as declared, else as the invoices
    state them; duty as the invoices state it. Where no invoice states a term, the declarations' mode says what is
    included. Raises `Refused` where a charge cannot be converted."""
    total = summed(invoice.claim.amount for invoice in export.invoices)
    term = next((invoice.incoterm for invoice in export.invoices if invoice.incoterm), None)
    if term is None:
        return Invoiced(total - _by_mode(case, export, currency), is_sure=True)
    freight = insurance = duty = Decimal(0)
    if term in _WITH_FREIGHT:
        freight = _charged(case, export, currency, freight_of) or _stated(export, _FREIGHT)
    if term in _WITH_INSURANCE:
        insurance = _charged(case, export, currency, insurance_of) or _stated(export, _INSURANCE)
    if term in _DUTY_PAID:
        duty = _stated(export, _DUTY)
    missing = term in _DELIVERED and not (freight and (duty or term not in _DUTY_PAID))
    return Invoiced(total - freight - insurance - duty, is_sure=not missing)


def _by_mode(case: Case, export: Export, currency: str) -> Decimal:
    """What the declarations' own modes include."""
    taken = Decimal(0)
    for declaration in export.declarations:
        for modes, charge in (("12", freight_of(declaration)), ("14", insurance_of(declaration))):
            if declaration.transaction_mode in modes:
                taken += _worth(case, declaration, charge, currency)
    return taken


def _charged(case: Case, export: Export, currency: str, charge: Callable[[ExportDeclaration], Money | None]) -> Decimal:
    """One charge of all declarations of the export."""
    return summed(_worth(case, each, charge(each), currency) for each in export.declarations)


def _worth(case: Case, declaration: ExportDeclaration, charge: Money | None, currency: str) -> Decimal:
    if charge is None or charge.amount <= 0:
        return Decimal(0)
    return convert(charge, currency, declaration.dated, case.rates).amount


def _stated(export: Export, words: tuple[str, ...]) -> Decimal:
    """What invoices charge under one of these words, beside goods."""
    return summed(amount for invoice in export.invoices for amount in _charges(invoice, words))


def _charges(invoice: CommercialInvoice, words: tuple[str, ...]) -> Iterator[Decimal]:
    said = [(entry.reason, entry.amount) for entry in invoice.allowances_charges if entry.charge]
    said += [(line.name, line.amount) for line in invoice.lines if line.hs_code is None and line.amount is not None]
    for name, money in said:
        if name is not None and money.amount > 0 and any(word in capitals(name) for word in words):
            yield -money.amount if invoice.takes_back else money.amount
