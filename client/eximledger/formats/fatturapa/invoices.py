"""The invoices of a FatturaPA, one for each body. Source: Agenzia delle Entrate, Specifiche tecniche 1.8 (schema 1.2).

Amounts as stated: what the specification leaves to be added up (taxable amounts of several rates) is not.
"""

from __future__ import annotations

from typing import Final

from eximledger.formats._limits import MAX_PARTS
from eximledger.formats.fatturapa.lines import changes_of, line_of, tax_of
from eximledger.formats.fatturapa.parties import address_of, party_of
from eximledger.formats.text.numbers import Numbers
from eximledger.formats.text.terms import incoterm_in, reference_kind
from eximledger.formats.text.values import currency_of, unique
from eximledger.formats.xml.tree import Node
from eximledger_chaincode.documents import (
    CommercialInvoice,
    Identifier,
    InvoiceTotals,
    Money,
    Party,
    PaymentAccount,
    Reference,
    TaxSubtotal,
)
from hlf_chaincode.errors import InvalidDocument

__all__ = ["read_invoices"]

_VERSIONS: Final = frozenset({"FPA12", "FPR12"})
_TYPES: Final = {
    "TD01": "380", "TD02": "386", "TD03": "386", "TD04": "381", "TD05": "383", "TD06": "380", "TD24": "380",
    "TD25": "380", "TD07": "380", "TD08": "381", "TD09": "383",
}  # fmt: skip
"""UN/EDIFACT 1001 for the kinds of document that a seller writes."""
_REFERENCES: Final = {
    "DatiOrdineAcquisto": "order",
    "DatiContratto": "contract",
    "DatiConvenzione": "agreement",
    "DatiRicezione": "receiving-advice",
    "DatiFattureCollegate": "invoice",
}


def read_invoices(root: Node) -> tuple[CommercialInvoice, ...]:
    """The invoices; a body that cannot be read is reported, and refused where none can be."""
    version = root.attribute("versione")
    if version not in _VERSIONS:
        raise root.error(f"is of version {(version or 'none')[:20]}; FatturaPA 1.2 (FPA12, FPR12) is read")
    header = root.need("FatturaElettronicaHeader")
    header.take("DatiTrasmissione")
    seller, buyer = party_of(header.find("CedentePrestatore")), party_of(header.find("CessionarioCommittente"))
    if seller is None or buyer is None:
        raise header.missing("CedentePrestatore" if seller is None else "CessionarioCommittente", "DatiAnagrafici")
    representative = party_of(header.find("RappresentanteFiscale"))
    bodies = root.all("FatturaElettronicaBody")
    if not bodies:
        raise root.missing("FatturaElettronicaBody")
    if len(bodies) > MAX_PARTS:
        raise root.error(f"has more than {MAX_PARTS} invoices; send them in parts")
    found: list[CommercialInvoice] = []
    refused: InvalidDocument | None = None
    for body in bodies:
        try:
            found.append(_invoice(body, seller, buyer, representative))
        except InvalidDocument as error:
            refused = refused or error
            body.unusable(f"cannot be read: {error.message}")
    if not found and refused is not None:
        raise refused
    return tuple(found)


def _invoice(body: Node, seller: Party, buyer: Party, representative: Party | None) -> CommercialInvoice:
    general, goods = body.need("DatiGenerali"), body.need("DatiBeniServizi")
    document = general.need("DatiGeneraliDocumento")
    currency = _currency(document)
    kind = document.need_text("TipoDocumento")
    taxes = tuple(tax_of(node, currency) for node in goods.all("DatiRiepilogo"))
    references = _references(general)
    numbers = Numbers(references)
    payment = _Payment(body, currency)
    transport = general.find("DatiTrasporto") or Node("DatiTrasporto", {}, None)
    terms = transport.text("TipoResa")
    lines = tuple(line_of(node, currency) for node in goods.all("DettaglioLinee"))
    if not lines:
        raise goods.missing("DettaglioLinee")
    with body.located():
        return CommercialInvoice(
            invoice_number=document.need_text("Numero"),
            type_code=_TYPES.get(kind),
            issued_on=document.need_day("Data"),
            due_on=payment.due_on,
            seller=seller,
            buyer=buyer,
            tax_representative=representative,
            ship_to=_ship_to(transport, buyer),
            delivered_on=transport.day("DataOraConsegna"),
            currency=currency,
            contract_number=numbers.first("contract"),
            order_number=numbers.first("order"),
            declaration_numbers=numbers.all("declaration"),
            references=references,
            incoterm=incoterm_in(terms) if terms else None,
            delivery_terms=terms if terms and incoterm_in(terms) != terms.upper() else None,
            payment_days=payment.days,
            payment_accounts=payment.accounts,
            lines=lines,
            allowances_charges=changes_of(document, currency),
            taxes=taxes,
            totals=_totals(document, payment, taxes, currency),
            identifiers=() if kind in _TYPES else (Identifier(scheme="TipoDocumento", value=kind),),
            notes=tuple(document.lines("Causale")),
        )


def _currency(document: Node) -> str:
    node = document.need("Divisa")
    currency = currency_of(node.value() or "")
    if currency is None:
        raise node.error("is not an ISO 4217 currency code")
    return currency


def _ship_to(transport: Node, buyer: Party) -> Party | None:
    """Where the goods go; an address without a name is the buyer's."""
    address = address_of(transport.find("IndirizzoResa"))
    return Party(name=buyer.name, address=address) if address is not None else None


def _references(general: Node) -> tuple[Reference, ...]:
    found = []
    for name, kind in _REFERENCES.items():
        for node in general.all(name):
            number = node.need_text("IdDocumento")
            known = reference_kind(number)
            node.take("RiferimentoNumeroLinea")
            with node.located():
                found.append(Reference(kind=known or kind, number=number, dated=node.day("Data")))
    for node in general.all("DatiDDT"):
        node.take("RiferimentoNumeroLinea")
        with node.located():
            number = node.need_text("NumeroDDT")
            found.append(Reference(kind="delivery-note", number=number, dated=node.day("DataDDT")))
    return unique(found)


class _Payment:
    """Due date, days, accounts, and the amount where there is one payment."""

    def __init__(self, body: Node, currency: str) -> None:
        parts = body.all("DatiPagamento", "DettaglioPagamento")
        dates = [(node, node.day("DataScadenzaPagamento")) for node in parts]
        self.due_on = next((day for _, day in dates if day is not None), None)
        for node, day in dates:
            if day is not None and day != self.due_on:
                node.need("DataScadenzaPagamento").release()
        days = unique([each for node in parts if (each := node.count("GiorniTerminiPagamento")) is not None])
        self.days = days[0] if len(days) == 1 and days[0] <= 3650 else None
        self.amounts = [(node, node.money("ImportoPagamento", currency=currency)) for node in parts]
        accounts = [_account(node) for node in parts]
        self.accounts = unique([account for account in accounts if account != PaymentAccount()])

    @property
    def amount(self) -> Money | None:
        """Of the one payment; instalments are not added up."""
        return self.amounts[0][1] if len(self.amounts) == 1 else None

    def report_other_than(self, payable: Money) -> None:
        """An instalment, or a payment less what the buyer withholds, is in no field."""
        for node, amount in self.amounts:
            if amount is not None and amount != payable:
                node.need("ImportoPagamento").release()


def _account(node: Node) -> PaymentAccount:
    with node.located():
        return PaymentAccount(
            means_code=node.text("ModalitaPagamento"),
            account=node.text("IBAN"),
            account_name=node.text("Beneficiario"),
            bank=", ".join(node.texts("IstitutoFinanziario") + node.texts("BIC")) or None,
            payment_reference=node.text("CodicePagamento"),
        )


def _totals(document: Node, payment: _Payment, taxes: tuple[TaxSubtotal, ...], currency: str) -> InvoiceTotals:
    """The document's total is what the seller claims; without one, its one payment is. A rounding is within the total,
    so that what stands before it is not stated."""
    total = document.money("ImportoTotaleDocumento", currency=currency)
    payable = total if total is not None else payment.amount
    if payable is None:
        raise document.missing("ImportoTotaleDocumento")
    payment.report_other_than(payable)
    rounding = document.money("Arrotondamento", currency=currency)
    one = taxes[0] if len(taxes) == 1 else None
    with document.located():
        return InvoiceTotals(
            without_tax=one.taxable_amount if one is not None else None,
            tax=one.tax_amount if one is not None else None,
            with_tax=total if rounding is None or not rounding.amount else None,
            rounding=rounding,
            payable=payable,
        )
