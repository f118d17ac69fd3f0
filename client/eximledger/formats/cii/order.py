"""UN/CEFACT Cross Industry Order (Order-X) as the sales contract that it stands for.

Source: SCRDM CCBDA Cross Industry Order D20B, as Order-X 1.0 of FNFE-MPE and FeRD uses it.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from eximledger.formats.cii.elements import Terms, day_at, headers, need_day_at, notes_of, parties_of, reference_of
from eximledger.formats.cii.lines import allowances_of, lines_of
from eximledger.formats.cii.parties import party_of
from eximledger.formats.text.terms import payment_days_in, transshipment_in
from eximledger.formats.text.values import currency_of, unique
from eximledger.formats.xml.tree import Node
from eximledger_chaincode.documents import Money, Reference, SalesContract

__all__ = ["read_order"]

_LINE: Final = "IncludedSupplyChainTradeLineItem"
_OTHER_TYPES: Final = {"230": "a change of an order", "231": "an answer to an order"}
_REFERENCES: Final = {
    "BuyerOrderReferencedDocument": "order",
    "SellerOrderReferencedDocument": "sales-order",
    "ContractReferencedDocument": "contract",
    "QuotationReferencedDocument": "quotation",
    "RequisitionReferencedDocument": "requisition",
    "BlanketOrderReferencedDocument": "blanket-order",
    "PreviousOrderReferencedDocument": "previous-order",
    "PreviousOrderChangeReferencedDocument": "previous-order",
    "PreviousOrderResponseReferencedDocument": "order-response",
    "UltimateCustomerOrderReferencedDocument": "ultimate-customer-order",
    "AdditionalReferencedDocument": None,
}


def read_order(root: Node) -> SalesContract:
    """The contract. Raises `InvalidDocument` naming the XPath of what is missing or wrong."""
    document = root.need("ExchangedDocument")
    _check_type(document)
    root.take("ExchangedDocumentContext")
    trade = root.need("SupplyChainTradeTransaction")
    agreement, delivery, settlement = headers(trade)
    currency = _currency(settlement)
    seller, buyer = parties_of(agreement)
    terms = Terms(agreement)
    ship_to = party_of(delivery.find("ShipToTradeParty"), name=buyer.name)
    written = "\n".join(settlement.lines("SpecifiedTradePaymentTerms", "Description")) or None
    total = _Total(settlement, currency)
    lines = lines_of(trade.all(_LINE), currency, None, "RequestedQuantity")
    notes = notes_of(document)
    with root.located():
        return SalesContract(
            contract_number=document.need_text("ID"),
            signed_on=need_day_at(document, "IssueDateTime"),
            seller=seller,
            buyer=buyer,
            currency=currency,
            incoterm=terms.incoterm,
            incoterm_place=terms.place,
            delivery_terms=terms.written,
            payment_terms=written,
            payment_days=payment_days_in(written) if written else None,
            latest_shipment_on=_latest(delivery),
            valid_until=day_at(document, "EffectiveSpecifiedPeriod", "EndDateTime"),
            transshipment=transshipment_in("\n".join((*notes, terms.written or ""))),
            destination_country=ship_to.country if ship_to is not None else None,
            ship_to=ship_to,
            lines=lines,
            allowances_charges=tuple(allowances_of(settlement, currency)),
            lines_total=total.lines,
            tax_total=total.tax,
            total=total.whole,
            references=_references(agreement),
            notes=notes,
        )


def _check_type(document: Node) -> None:
    """Only an order says what was agreed: a change or an answer may say a part of it, or no."""
    node = document.find("TypeCode")
    code = node.value() if node is not None else None
    if node is not None and code in _OTHER_TYPES:
        raise node.error(f"says that this is {_OTHER_TYPES[code]} ({code}); send the order as it then stands")


def _currency(settlement: Node) -> str:
    node = settlement.need("OrderCurrencyCode")
    currency = currency_of(node.value() or "")
    if currency is None:
        raise node.error("is not an ISO 4217 currency code")
    return currency


def _latest(delivery: Node) -> date | None:
    """The end of the period of despatch that is asked for, else of delivery."""
    for name in ("RequestedDespatchSupplyChainEvent", "RequestedDeliverySupplyChainEvent"):
        event = delivery.find(name)
        if event is None:
            continue
        latest = day_at(event, "OccurrenceSpecifiedPeriod", "EndDateTime") or day_at(event, "OccurrenceDateTime")
        if latest is not None:
            return latest
    return None


class _Total:
    """The totals as stated; what the order comes to is the grand total, else that without tax where it has none."""

    def __init__(self, settlement: Node, currency: str) -> None:
        node = settlement.need("SpecifiedTradeSettlementHeaderMonetarySummation")
        self.lines = node.money("LineTotalAmount", currency=currency)
        self.tax = node.money("TaxTotalAmount", currency=currency)
        settlement.take("TaxCurrencyCode")
        for name in ("AllowanceTotalAmount", "ChargeTotalAmount"):
            self._repeats(settlement, node.find(name), charge=name.startswith("Charge"), currency=currency)
        grand = node.money("GrandTotalAmount", currency=currency)
        basis = node.money("TaxBasisTotalAmount", currency=currency)
        untaxed = self.tax is None or not self.tax.amount
        changed = settlement.find("SpecifiedTradeAllowanceCharge") or settlement.find("SpecifiedLogisticsServiceCharge")
        whole: Money | None = grand
        if whole is None and untaxed:
            whole = basis if basis is not None or changed is not None else self.lines
        if whole is None:
            raise node.missing("GrandTotalAmount")
        self.whole = whole
        if grand is not None and basis is not None and self.tax is None and basis != grand:
            node.need("TaxBasisTotalAmount").release()

    def _repeats(self, settlement: Node, stated: Node | None, *, charge: bool, currency: str) -> None:
        """A sum of allowances or charges says nothing that they do not say themselves."""
        if stated is None:
            return
        amounts = [each.amount for each in allowances_of(settlement, currency) if each.charge is charge]
        if stated.money(currency=currency) != sum(amounts[1:], amounts[0]) if amounts else stated.decimal():
            stated.release()


def _references(agreement: Node) -> tuple[Reference, ...]:
    found = [reference_of(node, kind) for name, kind in _REFERENCES.items() for node in agreement.all(name)]
    found += [Reference(kind="project", number=number) for number in agreement.texts("SpecifiedProcuringProject", "ID")]
    found += [Reference(kind="buyer-reference", number=number) for number in agreement.texts("BuyerReference")]
    return unique([reference for reference in found if reference is not None])
