"""UN/CEFACT Cross Industry Invoice (D16B, as in EN 16931, Factur-X, ZUGFeRD 2 and XRechnung) as a commercial invoice.

Sources: UN/CEFACT CII D16B; EN 16931-1 and its CII syntax binding (CEN/TS 16931-3-3).
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final

from eximledger.formats.cii.elements import (
    Terms,
    day_at,
    headers,
    need_day_at,
    notes_of,
    parties_of,
    reference_of,
)
from eximledger.formats.cii.lines import allowances_of, lines_of
from eximledger.formats.cii.parties import party_of
from eximledger.formats.text.numbers import Numbers
from eximledger.formats.text.terms import payment_days_in
from eximledger.formats.text.values import currency_of, unique
from eximledger.formats.xml.tree import Node
from eximledger_chaincode.documents import (
    CommercialInvoice,
    GoodsLine,
    Identifier,
    InvoiceTotals,
    Money,
    PaymentAccount,
    Reference,
    TaxSubtotal,
)

__all__ = ["read_invoice"]

_TRANSACTION: Final = "SupplyChainTradeTransaction"
_LINE: Final = "IncludedSupplyChainTradeLineItem"


def read_invoice(root: Node) -> CommercialInvoice:
    """The invoice. Raises `InvalidDocument` naming the XPath of what is missing or wrong."""
    _check_profile(root)
    root.take("ExchangedDocumentContext")
    document, trade = root.need("ExchangedDocument"), root.need(_TRANSACTION)
    agreement, delivery, settlement = headers(trade)
    currency = _currency(settlement)
    seller, buyer = parties_of(agreement)
    references = _references(agreement, delivery, settlement, trade)
    payment = _Payment(settlement)
    terms = Terms(agreement)
    ship_to = party_of(delivery.find("ShipToTradeParty"), name=buyer.name)
    lines = _lines(trade, currency)
    numbers = Numbers(references)
    with root.located():
        return CommercialInvoice(
            invoice_number=document.need_text("ID"),
            type_code=document.text("TypeCode"),
            issued_on=need_day_at(document, "IssueDateTime"),
            due_on=payment.due_on,
            tax_point_on=_tax_point(settlement),
            period_start=day_at(settlement, "BillingSpecifiedPeriod", "StartDateTime"),
            period_end=day_at(settlement, "BillingSpecifiedPeriod", "EndDateTime"),
            seller=seller,
            buyer=buyer,
            payee=party_of(settlement.find("PayeeTradeParty")),
            tax_representative=party_of(agreement.find("SellerTaxRepresentativeTradeParty")),
            ship_to=ship_to,
            delivered_on=day_at(delivery, "ActualDeliverySupplyChainEvent", "OccurrenceDateTime"),
            currency=currency,
            exchange_rate=_exchange_rate(settlement, currency),
            contract_number=numbers.first("contract"),
            order_number=numbers.first("order"),
            declaration_numbers=numbers.all("declaration"),
            bill_numbers=numbers.all("transport"),
            references=references,
            incoterm=terms.incoterm,
            incoterm_place=terms.place,
            delivery_terms=terms.written,
            destination_country=ship_to.country if ship_to is not None else None,
            payment_terms=payment.terms,
            payment_days=payment_days_in(payment.terms) if payment.terms else None,
            payment_accounts=payment.accounts,
            lines=lines,
            allowances_charges=tuple(allowances_of(settlement, currency)),
            taxes=tuple(_tax(node, currency) for node in settlement.all("ApplicableTradeTax")),
            totals=_totals(settlement, currency),
            buyer_reference=agreement.text("BuyerReference"),
            identifiers=_own_identifiers(settlement),
            notes=notes_of(document),
        )


def _check_profile(root: Node) -> None:
    """Factur-X MINIMUM and BASIC WL, and the French E-REPORTING, have no lines, and so say nothing of goods."""
    guideline = root.find("ExchangedDocumentContext", "GuidelineSpecifiedDocumentContextParameter", "ID")
    found = re.search(r"minimum|basicwl|e-?reporting", (guideline.raw if guideline is not None else "").casefold())
    if guideline is not None and found is not None and root.find(_TRANSACTION, _LINE) is None:
        raise guideline.error(
            f"is the profile {found[0].upper()}, which has no lines; send BASIC, EN 16931 or EXTENDED"
        )


def _lines(trade: Node, currency: str) -> tuple[GoodsLine, ...]:
    path = ("ApplicableHeaderTradeSettlement", "SpecifiedTradeSettlementHeaderMonetarySummation", "LineTotalAmount")
    lines = lines_of(trade.all(_LINE), currency, trade.decimal(*path))
    if not lines:
        raise trade.missing(_LINE)
    return lines


def _currency(settlement: Node) -> str:
    node = settlement.need("InvoiceCurrencyCode")
    currency = currency_of(node.value() or "")
    if currency is None:
        raise node.error("is not an ISO 4217 currency code")
    return currency


def _own_identifiers(settlement: Node) -> tuple[Identifier, ...]:
    found = []
    for value in settlement.texts("ReceivableSpecifiedTradeAccountingAccount", "ID"):
        found.append(Identifier(scheme="AccountingCost", value=value))
    for value in settlement.texts("CreditorReferenceID"):
        found.append(Identifier(scheme="CreditorReferenceID", value=value))
    return tuple(found)


def _exchange_rate(settlement: Node, currency: str) -> Decimal | None:
    node = settlement.find("TaxApplicableTradeCurrencyExchange")
    if node is None or node.text("SourceCurrencyCode") != currency:
        return None
    rate = node.decimal("ConversionRate")
    return rate if rate is not None and rate > 0 else None


# references -------------------------------------------------------------------

_AGREED: Final = {
    "BuyerOrderReferencedDocument": "order",
    "SellerOrderReferencedDocument": "sales-order",
    "ContractReferencedDocument": "contract",
    "QuotationReferencedDocument": "quotation",
    "AdditionalReferencedDocument": None,
    "UltimateCustomerOrderReferencedDocument": "ultimate-customer-order",
}
_DELIVERED: Final = {
    "DespatchAdviceReferencedDocument": "packing-list",
    "ReceivingAdviceReferencedDocument": "receiving-advice",
    "DeliveryNoteReferencedDocument": "delivery-note",
}


def _references(agreement: Node, delivery: Node, settlement: Node, trade: Node) -> tuple[Reference, ...]:
    found = [reference_of(node, kind) for name, kind in _AGREED.items() for node in agreement.all(name)]
    found += [reference_of(node, kind) for name, kind in _DELIVERED.items() for node in delivery.all(name)]
    found += [reference_of(node, "invoice") for node in settlement.all("InvoiceReferencedDocument")]
    for node in agreement.all("SpecifiedProcuringProject"):
        if (number := node.text("ID")) is not None:
            found.append(Reference(kind="project", number=number, description=node.text("Name")))
    for number in delivery.texts("RelatedSupplyChainConsignment", "SpecifiedLogisticsTransportMovement", "ID"):
        found.append(Reference(kind="transport", number=number))
    for node in trade.all(_LINE, "SpecifiedLineTradeSettlement", "AdditionalReferencedDocument"):
        found.append(reference_of(node, None))
    return unique([reference for reference in found if reference is not None])


# terms and payment ------------------------------------------------------------


class _Payment:
    """Due date, terms and accounts."""

    def __init__(self, settlement: Node) -> None:
        self.due_on: date | None = None
        written: list[str] = []
        for node in settlement.all("SpecifiedTradePaymentTerms"):
            written += node.lines("Description")
            due = day_at(node, "DueDateDateTime")
            if self.due_on is None:
                self.due_on = due
            elif due != self.due_on and (stated := node.find("DueDateDateTime")) is not None:
                stated.release()
        self.terms = "\n".join(written) or None
        reference = settlement.text("PaymentReference")
        means = settlement.all("SpecifiedTradeSettlementPaymentMeans")
        accounts = [_account(node, reference) for node in means]
        self.accounts = unique([account for account in accounts if account != PaymentAccount()])
        if not self.accounts and reference is not None:
            self.accounts = (PaymentAccount(payment_reference=reference),)


def _account(node: Node, reference: str | None) -> PaymentAccount:
    account = node.find("PayeePartyCreditorFinancialAccount")
    bank = node.find("PayeeSpecifiedCreditorFinancialInstitution")
    with node.located():
        return PaymentAccount(
            means_code=node.text("TypeCode"),
            account=(account.text("IBANID") or account.text("ProprietaryID")) if account is not None else None,
            account_name=account.text("AccountName") if account is not None else None,
            bank=", ".join(bank.texts("Name") + bank.texts("BICID")) or None if bank is not None else None,
            payment_reference=reference,
            payer_account=node.text("PayerPartyDebtorFinancialAccount", "IBANID"),
        )


# amounts ----------------------------------------------------------------------


def _tax_point(settlement: Node) -> date | None:
    """The tax point date; a tax of another category with another date gives its own back."""
    found: date | None = None
    for node in settlement.all("ApplicableTradeTax"):
        stated = day_at(node, "TaxPointDate")
        if found is None:
            found = stated
        elif stated is not None and stated != found:
            node.need("TaxPointDate").release()
    return found


def _tax(node: Node, currency: str) -> TaxSubtotal:
    amount = node.money("CalculatedAmount", currency=currency)
    if amount is None:
        raise node.missing("CalculatedAmount")
    with node.located():
        return TaxSubtotal(
            taxable_amount=node.money("BasisAmount", currency=currency),
            tax_amount=amount,
            category=node.text("CategoryCode"),
            percent=node.decimal("RateApplicablePercent"),
            scheme=node.text("TypeCode"),
            exemption_code=node.text("ExemptionReasonCode"),
            exemption_reason=node.text("ExemptionReason"),
        )


def _totals(settlement: Node, currency: str) -> InvoiceTotals:
    node = settlement.need("SpecifiedTradeSettlementHeaderMonetarySummation")
    grand = node.money("GrandTotalAmount", currency=currency)
    payable = node.money("DuePayableAmount", currency=currency)
    if payable is None and grand is None:
        raise node.missing("DuePayableAmount")
    own: Money | None = None
    other: Money | None = None
    settlement.take("TaxCurrencyCode")
    for entry in node.all("TaxTotalAmount"):
        amount = entry.money(currency=currency)
        if amount is not None and amount.currency == currency and own is None:
            own = amount
        elif amount is not None and other is None:
            other = amount
        else:
            entry.release()
    with node.located():
        return InvoiceTotals(
            lines=node.money("LineTotalAmount", currency=currency),
            allowances=node.money("AllowanceTotalAmount", currency=currency),
            charges=node.money("ChargeTotalAmount", currency=currency),
            without_tax=node.money("TaxBasisTotalAmount", currency=currency),
            tax=own,
            tax_in_accounting_currency=other,
            with_tax=grand,
            prepaid=node.money("TotalPrepaidAmount", currency=currency),
            rounding=node.money("RoundingAmount", currency=currency),
            payable=payable or grand,
        )
