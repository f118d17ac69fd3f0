"""UBL Order as the sales contract that it stands for. Source: OASIS UBL 2.0 to 2.4."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from eximledger.formats.text.terms import payment_days_in, transshipment_in
from eximledger.formats.text.values import currency_of, unique
from eximledger.formats.ubl.elements import Delivery, allowance_of, envelope, reference_of
from eximledger.formats.ubl.goods import goods_line
from eximledger.formats.ubl.parties import country_at, delivered_to, identifier_at, party_of
from eximledger.formats.xml.tree import Node
from eximledger_chaincode.documents import (
    AllowanceCharge,
    GoodsLine,
    Identifier,
    Money,
    Party,
    Reference,
    SalesContract,
)

__all__ = ["read_order"]

_REFERENCES = {
    "QuotationDocumentReference": "quotation",
    "OrderDocumentReference": "order",
    "CatalogueReference": "catalogue",
    "OriginatorDocumentReference": "originator",
    "Contract": "contract",
    "AdditionalDocumentReference": None,
}


def read_order(root: Node) -> SalesContract:
    """The contract. Raises `InvalidDocument` naming the XPath of what is missing or wrong."""
    envelope(root)
    seller, buyer = party_of(root.need("SellerSupplierParty")), party_of(root.need("BuyerCustomerParty"))
    if seller is None:
        raise root.missing("SellerSupplierParty", "Party", "PartyName", "Name")
    if buyer is None:
        raise root.missing("BuyerCustomerParty", "Party", "PartyName", "Name")
    currency = _currency(root)
    delivery = Delivery(root.all("DeliveryTerms"))
    ship_to, latest = _delivered(root, buyer)
    terms = "\n".join(line for node in root.all("PaymentTerms") for line in node.lines("Note")) or None
    lines = tuple(_line(node, currency) for node in root.all("OrderLine"))
    changes = tuple(allowance_of(node, currency) for node in root.all("AllowanceCharge"))
    tax = root.money("TaxTotal", "TaxAmount", currency=currency)
    notes = (*root.lines("Note"), *root.lines("TransactionConditions", "Description"))
    total = root.money("AnticipatedMonetaryTotal", "PayableAmount", currency=currency)
    if total is None:
        total = _sum(lines, changes, tax)
    if total is None:
        raise root.missing("AnticipatedMonetaryTotal", "PayableAmount")
    with root.located():
        return SalesContract(
            contract_number=root.need_text("ID"),
            signed_on=root.need_day("IssueDate"),
            seller=seller,
            buyer=buyer,
            currency=currency,
            incoterm=delivery.incoterm,
            delivery_terms=delivery.written,
            incoterm_place=delivery.place,
            payment_terms=terms,
            payment_days=payment_days_in(terms) if terms else None,
            latest_shipment_on=latest,
            valid_until=root.day("ValidityPeriod", "EndDate"),
            transshipment=transshipment_in("\n".join((*notes, delivery.written or ""))),
            loading_port=delivery.loading_port,
            destination_port=delivery.destination_port,
            destination_country=country_at(root, "DestinationCountry") or (ship_to.country if ship_to else None),
            ship_to=ship_to,
            lines=lines,
            allowances_charges=changes,
            lines_total=root.money("AnticipatedMonetaryTotal", "LineExtensionAmount", currency=currency),
            tax_total=tax,
            total=total,
            references=_references(root),
            notes=notes,
        )


def _currency(root: Node) -> str:
    stated = root.find("DocumentCurrencyCode") or root.find("PricingCurrencyCode")
    if stated is not None:
        code = currency_of(stated.value() or "")
    else:
        line = root.find("OrderLine", "LineItem", "LineExtensionAmount")
        stated = root.find("AnticipatedMonetaryTotal", "PayableAmount") or line
        if stated is None:
            raise root.missing("AnticipatedMonetaryTotal", "PayableAmount")
        code = currency_of(stated.attributes.get("currencyID", ""))
    if code is None:
        raise stated.error("has a currency that ISO 4217 does not know")
    return code


def _sum(lines: Sequence[GoodsLine], changes: Sequence[AllowanceCharge], tax: Money | None) -> Money | None:
    """The total of an order that states none (UBL does not demand it); None where a line has no amount, or
    another currency."""
    amounts = [line.amount for line in lines]
    if not amounts or None in amounts:
        return None
    parts = [amount for amount in amounts if amount is not None]
    parts += [change.amount if change.charge else -change.amount for change in changes]
    parts += [] if tax is None else [tax]
    if len({part.currency for part in parts}) > 1:
        return None
    return sum(parts[1:], parts[0])


def _line(order_line: Node, currency: str) -> GoodsLine:
    """`cac:OrderLine`: the line item, with the notes of both elements."""
    item = order_line.need("LineItem")
    line = goods_line(item, "Quantity", currency)
    notes = order_line.lines("Note")
    if line.note is not None:
        notes.append(line.note)
    numbers = [Identifier(scheme="sales-order-line", value=value) for value in item.texts("SalesOrderID")]
    return line.model_copy(
        update={"note": "\n".join(notes) or None, "identifiers": unique([*line.identifiers, *numbers])}
    )


def _references(root: Node) -> tuple[Reference, ...]:
    found = [reference_of(node, kind) for name, kind in _REFERENCES.items() for node in root.all(name)]
    found += [Reference(kind="sales-order", number=number) for number in root.texts("SalesOrderID")]
    found += [Reference(kind="customer-reference", number=number) for number in root.texts("CustomerReference")]
    found += [Reference(kind="UUID", number=each.value) for each in identifier_at(root, "UUID")]
    return unique([reference for reference in found if reference is not None])


def _delivered(root: Node, buyer: Party) -> tuple[Party | None, date | None]:
    """Where the goods go, and the latest date that the order sets: the end of the requested period of delivery.

    An order's delivery address without a name is the buyer's own.
    """
    node = root.find("Delivery")
    if node is None:
        return None, None
    latest = node.day("LatestDeliveryDate") or node.day("RequestedDeliveryPeriod", "EndDate")
    return delivered_to(node, buyer.name), latest
