"""UBL Invoice, FreightInvoice, SelfBilledInvoice, CreditNote and DebitNote as commercial invoices.

Sources: OASIS UBL 2.0 to 2.4; EN 16931-1 and its UBL syntax binding (CEN/TS 16931-3-2) for what the fields mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from eximledger.formats.text.numbers import Numbers
from eximledger.formats.text.terms import payment_days_in
from eximledger.formats.text.values import currency_of, unique
from eximledger.formats.ubl.elements import Delivery, allowance_of, envelope, reference_of
from eximledger.formats.ubl.goods import goods_line
from eximledger.formats.ubl.parties import delivered_to, identifier_at, party_of
from eximledger.formats.xml.tree import Node
from eximledger_chaincode.documents import (
    CREDIT_NOTES,
    CommercialInvoice,
    GoodsLine,
    Identifier,
    InvoiceTotals,
    Money,
    Party,
    PaymentAccount,
    Reference,
    TaxSubtotal,
)

__all__ = ["ROOTS", "read_invoice"]


@dataclass(frozen=True, slots=True)
class _Shape:
    """What differs between the papers that claim or give back money."""

    line: str = "InvoiceLine"
    quantity: str = "InvoicedQuantity"
    total: str = "LegalMonetaryTotal"
    type_element: str = "InvoiceTypeCode"
    type_code: str | None = None


ROOTS: Final = {
    "Invoice": _Shape(),
    "FreightInvoice": _Shape(),
    "SelfBilledInvoice": _Shape(),
    "CreditNote": _Shape("CreditNoteLine", "CreditedQuantity", "LegalMonetaryTotal", "CreditNoteTypeCode", "381"),
    "SelfBilledCreditNote": _Shape("CreditNoteLine", "CreditedQuantity", type_code="261"),
    "DebitNote": _Shape("DebitNoteLine", "DebitedQuantity", "RequestedMonetaryTotal", "DebitNoteTypeCode", "383"),
}

_REFERENCES: Final = {
    "DespatchDocumentReference": "packing-list",
    "ReceiptDocumentReference": "receiving-advice",
    "OriginatorDocumentReference": "originator",
    "StatementDocumentReference": "statement",
    "AdditionalDocumentReference": None,
    "ProjectReference": "project",
}
_BILLED: Final = {
    "InvoiceDocumentReference": "invoice",
    "SelfBilledInvoiceDocumentReference": "invoice",
    "CreditNoteDocumentReference": "credit-note",
    "SelfBilledCreditNoteDocumentReference": "credit-note",
    "DebitNoteDocumentReference": "debit-note",
    "AdditionalDocumentReference": None,
}


def read_invoice(root: Node) -> CommercialInvoice:
    """The invoice. Raises `InvalidDocument` naming the XPath of what is missing or wrong."""
    shape = ROOTS[root.name]
    envelope(root)
    currency = _currency(root, shape)
    seller, buyer = _parties(root)
    references = _references(root)
    payment = _Payment(root)
    delivery = _delivery_terms(root)
    ship_to, delivered_on = _delivered(root, buyer)
    totals, taxes = _totals(root, shape, currency)
    lines = _lines(root, shape, currency)
    numbers = Numbers(references)
    with root.located():
        return CommercialInvoice(
            invoice_number=root.need_text("ID"),
            type_code=_type_code(root, shape),
            issued_on=root.need_day("IssueDate"),
            due_on=payment.due_on,
            tax_point_on=root.day("TaxPointDate"),
            period_start=root.day("InvoicePeriod", "StartDate"),
            period_end=root.day("InvoicePeriod", "EndDate"),
            seller=seller,
            buyer=buyer,
            payee=party_of(root.find("PayeeParty")),
            tax_representative=party_of(root.find("TaxRepresentativeParty")),
            ship_to=ship_to,
            delivered_on=delivered_on,
            currency=currency,
            exchange_rate=_exchange_rate(root, currency),
            contract_number=numbers.first("contract"),
            order_number=root.text("OrderReference", "ID"),
            declaration_numbers=numbers.all("declaration"),
            bill_numbers=numbers.all("transport"),
            references=references,
            incoterm=delivery.incoterm,
            incoterm_place=delivery.place,
            delivery_terms=delivery.written,
            destination_country=ship_to.country if ship_to is not None else None,
            payment_terms=payment.terms,
            payment_days=payment_days_in(payment.terms) if payment.terms else None,
            payment_accounts=payment.accounts,
            lines=lines,
            allowances_charges=tuple(allowance_of(node, currency) for node in root.all("AllowanceCharge")),
            taxes=taxes,
            totals=totals,
            buyer_reference=root.text("BuyerReference"),
            identifiers=_own_identifiers(root, shape),
            notes=tuple(root.lines("Note")),
        )


def _type_code(root: Node, shape: _Shape) -> str | None:
    """As stated; a credit note is one by its root, whatever a country's own list calls it."""
    code = root.text(shape.type_element)
    return shape.type_code if code is None or _is_own(code, shape) else code


def _is_own(code: str, shape: _Shape) -> bool:
    """Whether a credit note's code is none of UN/EDIFACT 1001's: Colombia's is 91."""
    return shape.type_code in CREDIT_NOTES and code not in CREDIT_NOTES


def _currency(root: Node, shape: _Shape) -> str:
    """The document's currency; UBL 2.0 papers may leave it to the amounts."""
    stated = root.find("DocumentCurrencyCode")
    if stated is None:
        stated_by_total = root.need(shape.total, "PayableAmount")
        code = stated_by_total.attributes.get("currencyID", "")
        stated = stated_by_total
    else:
        code = stated.value() or ""
    currency = currency_of(code)
    if currency is None:
        raise stated.error("has a currency that ISO 4217 does not know")
    return currency


def _parties(root: Node) -> tuple[Party, Party]:
    seller = party_of(root.need("AccountingSupplierParty"))
    buyer = party_of(root.need("AccountingCustomerParty"))
    if seller is None:
        raise root.missing("AccountingSupplierParty", "Party", "PartyName", "Name")
    if buyer is None:
        raise root.missing("AccountingCustomerParty", "Party", "PartyName", "Name")
    return seller, buyer


def _lines(root: Node, shape: _Shape, currency: str) -> tuple[GoodsLine, ...]:
    lines = tuple(goods_line(node, shape.quantity, currency) for node in root.all(shape.line))
    if not lines:
        raise root.missing(shape.line)
    return lines


def _own_identifiers(root: Node, shape: _Shape) -> tuple[Identifier, ...]:
    found = identifier_at(root, "UUID", scheme="UUID")
    codes = root.texts(shape.type_element)
    found += [Identifier(scheme=shape.type_element, value=code) for code in codes if _is_own(code, shape)]
    for name in ("AccountingCost", "AccountingCostCode"):
        found += [Identifier(scheme=name, value=value) for value in root.texts(name)]
    found += identifier_at(root, "Shipment", "Consignment", "ID", scheme="Consignment")
    return tuple(found)


# references -------------------------------------------------------------------


def _references(root: Node) -> tuple[Reference, ...]:
    found = [*_order_references(root)]
    found += [reference_of(node, "contract") for node in root.all("ContractDocumentReference")]
    for name, kind in _REFERENCES.items():
        found += [reference_of(node, kind) for node in root.all(name)]
    for billing in root.all("BillingReference"):
        for name, kind in _BILLED.items():
            found += [reference_of(node, kind) for node in billing.all(name)]
    found += [_of_line(line) for node in root.children for line in node.all("DocumentReference") if _is_line(node)]
    if (shipment := root.text("Shipment", "ID")) is not None:
        found.append(Reference(kind="shipment", number=shipment))
    return unique([reference for reference in found if reference is not None])


def _is_line(node: Node) -> bool:
    return node.name.endswith("Line")


def _of_line(node: Node) -> Reference | None:
    """EN 16931 BT-128: the object that a line is invoiced for."""
    return reference_of(node, None if node.find("DocumentTypeCode") else "invoiced-object")


def _order_references(root: Node) -> list[Reference | None]:
    """The order with its date and UUID, and the seller's own number of it; lines that repeat it add nothing."""
    found: list[Reference | None] = []
    orders = root.all("OrderReference")
    for node in orders:
        found.append(reference_of(node, "order"))
        if (sales := node.text("SalesOrderID")) is not None:
            found.append(Reference(kind="sales-order", number=sales))
    for line in filter(_is_line, root.children):
        for node in line.all("OrderLineReference", "OrderReference"):
            again = [reference_of(node, "order")]
            if (sales := node.text("SalesOrderID")) is not None:
                again.append(Reference(kind="sales-order", number=sales))
            found += again
    return found


# payment ----------------------------------------------------------------------


class _Payment:
    """Due date, terms and accounts."""

    def __init__(self, root: Node) -> None:
        terms = root.all("PaymentTerms")
        means = root.all("PaymentMeans")
        dates = [*root.all("DueDate"), *root.all("PaymentDueDate")]
        dates += [date for node in (*means, *terms) for date in node.all("PaymentDueDate")]
        self.due_on: date | None = None
        for node in dates:
            stated = node.day()
            if self.due_on is None:
                self.due_on = stated
            elif stated != self.due_on:
                node.release()
        self.terms = "\n".join(line for node in terms for line in node.lines("Note")) or None
        accounts = [_account_of(node) for node in means]
        self.accounts = tuple(account for account in accounts if account != PaymentAccount())


def _account_of(node: Node) -> PaymentAccount:
    account = node.find("PayeeFinancialAccount")
    with node.located():
        return PaymentAccount(
            means_code=node.text("PaymentMeansCode"),
            account=account.text("ID") if account is not None else None,
            account_name=account.text("Name") if account is not None else None,
            bank=_bank_of(account.find("FinancialInstitutionBranch")) if account is not None else None,
            payment_reference=", ".join(node.texts("PaymentID")) or None,
            payer_account=node.text("PaymentMandate", "PayerFinancialAccount", "ID")
            or node.text("PayerFinancialAccount", "ID"),
        )


def _bank_of(branch: Node | None) -> str | None:
    """Names before numbers, each once: `Open Bank Ltd, Bridgstow Branch, Open Bank Ltd, 10-26-58`."""
    if branch is None:
        return None
    names = branch.texts("Name") + branch.texts("FinancialInstitution", "Name")
    return ", ".join(unique(names + branch.texts("FinancialInstitution", "ID") + branch.texts("ID"))) or None


# delivery ---------------------------------------------------------------------


def _delivery_terms(root: Node) -> Delivery:
    terms = root.all("DeliveryTerms") + root.all("Delivery", "DeliveryTerms")
    delivery = Delivery(terms)
    number = delivery.location.find("ID") if delivery.location is not None else None
    if number is not None and delivery.place != number.raw.strip():
        number.release()  # an invoice has no field for the port beside its name
    return delivery


def _delivered(root: Node, buyer: Party) -> tuple[Party | None, date | None]:
    """Deliver-to party and date of `cac:Delivery`.

    A deliver-to address without a name is the buyer's: EN 16931 (BT-70) has a name only where it is another party.
    """
    deliveries = root.all("Delivery")
    if not deliveries:
        return None, None
    node = deliveries[0]
    delivered_on = node.day("ActualDeliveryDate")
    names = node.texts("DeliveryLocation", "Name")
    return delivered_to(node, next(iter(names), buyer.name)), delivered_on


# totals -----------------------------------------------------------------------


def _totals(root: Node, shape: _Shape, currency: str) -> tuple[InvoiceTotals, tuple[TaxSubtotal, ...]]:
    node = root.need(shape.total)
    payable = node.money("PayableAmount", currency=currency)
    if payable is None:
        raise node.missing("PayableAmount")
    tax, tax_accounting, taxes = _tax(root, currency)
    with node.located():
        totals = InvoiceTotals(
            lines=node.money("LineExtensionAmount", currency=currency),
            allowances=node.money("AllowanceTotalAmount", currency=currency),
            charges=node.money("ChargeTotalAmount", currency=currency),
            without_tax=node.money("TaxExclusiveAmount", currency=currency),
            tax=tax,
            tax_in_accounting_currency=tax_accounting,
            with_tax=node.money("TaxInclusiveAmount", currency=currency),
            prepaid=node.money("PrepaidAmount", currency=currency),
            rounding=node.money("PayableRoundingAmount", currency=currency),
            for_third_parties=_for_third_parties(root, currency),
            payable=payable,
        )
    return totals, taxes


def _for_third_parties(root: Node, currency: str) -> Money | None:
    """XRechnung's extension (BG-DEX-09): each `PrepaidPayment` is collected for somebody else, not paid already."""
    customization = (root.text("CustomizationID") or "").casefold()
    if "xrechnung" not in customization or "extension" not in customization:
        return None
    found = [amount for node in root.all("PrepaidPayment") if (amount := node.money("PaidAmount", currency=currency))]
    return sum(found[1:], found[0]) if found and {each.currency for each in found} == {currency} else None


def _tax(root: Node, currency: str) -> tuple[Money | None, Money | None, tuple[TaxSubtotal, ...]]:
    """Tax in the document's currency (the sum, where a paper has a total for each kind of tax) and in the other."""
    own: list[Money] = []
    other: Money | None = None
    subtotals: list[TaxSubtotal] = []
    accounting = root.text("TaxCurrencyCode")
    for node in root.all("TaxTotal"):
        amount = node.money("TaxAmount", currency=currency)
        if amount is not None and amount.currency == currency and not (own and accounting == currency):
            own.append(amount)
        elif amount is not None and other is None:
            other = amount
        elif amount is not None:
            node.need("TaxAmount").release()
        subtotals += [_subtotal(entry, currency) for entry in node.all("TaxSubtotal")]
    return (sum(own[1:], own[0]) if own else None), other, tuple(subtotals)


def _subtotal(node: Node, currency: str) -> TaxSubtotal:
    amount = node.money("TaxAmount", currency=currency)
    if amount is None:
        raise node.missing("TaxAmount")
    category = node.find("TaxCategory")
    percent = node.decimal("Percent")
    scheme = None
    if category is not None:
        stated = category.decimal("Percent")
        percent = stated if stated is not None else percent
        scheme = category.text("TaxScheme", "ID") or category.text("TaxScheme", "Name")
        kind = category.find("TaxScheme", "TaxTypeCode")
        if kind is not None and (code := kind.value()) is not None:
            scheme = scheme or code
            if code not in scheme.split():
                kind.release()
    with node.located():
        return TaxSubtotal(
            taxable_amount=node.money("TaxableAmount", currency=currency),
            tax_amount=amount,
            category=category.text("ID") if category is not None else None,
            percent=percent,
            scheme=scheme,
            exemption_code=category.text("TaxExemptionReasonCode") if category is not None else None,
            exemption_reason=("; ".join(category.texts("TaxExemptionReason")) or None) if category else None,
        )


def _exchange_rate(root: Node, currency: str) -> Decimal | None:
    """The rate from the document's currency, where the paper states it so."""
    for name in ("PricingExchangeRate", "PaymentExchangeRate", "TaxExchangeRate"):
        node = root.find(name)
        if node is not None and node.text("SourceCurrencyCode") == currency:
            rate = node.decimal("CalculationRate")
            return rate if rate is not None and rate > 0 else None
        if node is not None:
            node.release()
    return None
