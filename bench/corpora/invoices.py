"""Invoices by plain ElementTree: what UBL and CII say, by the paths of EN 16931, for comparing."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final
from xml.etree.ElementTree import Element

__all__ = ["Expected", "cii_of", "expected_of", "fattura_of", "ubl_of"]

Expected = dict[str, object]
"""By the field of our document: a text, a number, or a list of them for lines."""

_LINES = {
    "CreditNote": ("CreditNoteLine", "CreditedQuantity"),
    "SelfBilledCreditNote": ("CreditNoteLine", "CreditedQuantity"),
    "DebitNote": ("DebitNoteLine", "DebitedQuantity"),
}  # fmt: skip
_TOTAL = {"DebitNote": "RequestedMonetaryTotal"}


_CREDIT_NOTES = {"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532"}
"""EN 16931's BR-CL-01; a credit note with a code of its country's list is 381 of UN/EDIFACT 1001."""


def _type_of(root: Element, kind: str) -> object:
    code = text(root, f"{kind}TypeCode")
    return "381" if kind == "CreditNote" and code and code not in _CREDIT_NOTES else code or ...


def at(node: Element | None, path: str) -> Element | None:
    """The first element at a path of local names."""
    if node is None:
        return None
    return node.find("/".join(f"{{*}}{name}" for name in path.split("/")))


def every(node: Element, path: str) -> list[Element]:
    return node.findall("/".join(f"{{*}}{name}" for name in path.split("/")))


def text(node: Element | None, path: str = "") -> str | None:
    found = at(node, path) if path else node
    whole = " ".join((found.text or "").split()) if found is not None else ""
    return whole or None


def number(node: Element | None, path: str = "") -> Decimal | None:
    found = text(node, path)
    return None if found is None else Decimal(found)


def day(node: Element | None, path: str) -> str | None:
    found = text(node, path)
    if found is None:
        return None
    return found[:10] if "-" in found else f"{found[:4]}-{found[4:6]}-{found[6:8]}"


def _names(node: Element | None, paths: tuple[str, ...]) -> set[str]:
    found = (text(each) for path in paths for each in (every(node, path) if node is not None else []))
    return {name for name in found if name}


def ubl_of(root: Element) -> Expected:
    """An invoice or a note on one, in UBL."""
    kind = root.tag.rpartition("}")[2]
    line_name, quantity_name = _LINES.get(kind, ("InvoiceLine", "InvoicedQuantity"))
    total = at(root, _TOTAL.get(kind, "LegalMonetaryTotal"))
    names = ("Party/PartyName/Name", "Party/PartyLegalEntity/RegistrationName")
    seller, buyer = at(root, "AccountingSupplierParty"), at(root, "AccountingCustomerParty")
    lines = every(root, line_name)
    return {
        "type_code": _type_of(root, kind),
        "invoice_number": text(root, "ID"), "issued_on": day(root, "IssueDate"),
        "due_on": day(root, "DueDate") or day(root, "PaymentMeans/PaymentDueDate") or ...,
        "currency": text(root, "DocumentCurrencyCode") or ...,
        "seller": _names(seller, names) or ..., "buyer": _names(buyer, names) or ...,
        "payable": number(total, "PayableAmount"), "total_of_lines": number(total, "LineExtensionAmount"),
        "without_tax": number(total, "TaxExclusiveAmount"), "with_tax": number(total, "TaxInclusiveAmount"),
        "tax": _summed(root, "TaxTotal/TaxAmount", text(root, "DocumentCurrencyCode")),
        "third_parties": _summed(root, "PrepaidPayment/PaidAmount", None) if _is_extended(root) else ...,
        "prepaid": number(total, "PrepaidAmount"), "rounding": number(total, "PayableRoundingAmount"),
        "line_numbers": [text(line, "ID") for line in lines],
        "line_quantities": [number(line, quantity_name) for line in lines],
        "line_units": [_unit(at(line, quantity_name)) for line in lines],
        "line_amounts": [number(line, "LineExtensionAmount") for line in lines],
        "line_prices": [number(line, "Price/PriceAmount") for line in lines],
        "tax_amounts": sorted(_amounts(root, "TaxTotal/TaxSubtotal/TaxAmount")),
    }  # fmt: skip


_OLD: Final = {
    "ExchangedDocument": "HeaderExchangedDocument",
    "SupplyChainTradeTransaction": "SpecifiedSupplyChainTradeTransaction",
    "ApplicableHeaderTradeAgreement": "ApplicableSupplyChainTradeAgreement",
    "ApplicableHeaderTradeSettlement": "ApplicableSupplyChainTradeSettlement",
    "SpecifiedTradeSettlementHeaderMonetarySummation": "SpecifiedTradeSettlementMonetarySummation",
    "SpecifiedTradeSettlementLineMonetarySummation": "SpecifiedTradeSettlementMonetarySummation",
    "SpecifiedLineTradeDelivery": "SpecifiedSupplyChainTradeDelivery",
    "SpecifiedLineTradeAgreement": "SpecifiedSupplyChainTradeAgreement",
    "SpecifiedLineTradeSettlement": "SpecifiedSupplyChainTradeSettlement",
}
"""What ZUGFeRD 1 calls it."""


def cii_of(root: Element) -> Expected:
    """An invoice in CII, or in ZUGFeRD 1; of lines those that are details."""
    is_old = root.tag.endswith("}CrossIndustryDocument")

    def to(*names: str) -> str:
        return "/".join(_OLD.get(name, name) if is_old else name for name in names)

    paper, trade = at(root, to("ExchangedDocument")), at(root, to("SupplyChainTradeTransaction"))
    agreement = at(trade, to("ApplicableHeaderTradeAgreement"))
    settled = at(trade, to("ApplicableHeaderTradeSettlement"))
    total = at(settled, to("SpecifiedTradeSettlementHeaderMonetarySummation"))
    lines = list(_details(trade))
    if is_old:  # a line of words alone has no amount, and a line no number
        lines = [line for line in lines if line.find(".//{*}LineTotalAmount") is not None]
    numbers = [text(line, "AssociatedDocumentLineDocument/LineID") for line in lines]
    quantity = to("SpecifiedLineTradeDelivery", "BilledQuantity")
    amount = to("SpecifiedLineTradeSettlement", "SpecifiedTradeSettlementLineMonetarySummation", "LineTotalAmount")
    price = to("SpecifiedLineTradeAgreement", "NetPriceProductTradePrice", "ChargeAmount")
    return {
        "type_code": text(paper, "TypeCode") or ...,
        "invoice_number": text(paper, "ID"), "issued_on": day(paper, "IssueDateTime/DateTimeString"),
        "due_on": day(settled, "SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString") or ...,
        "currency": text(settled, "InvoiceCurrencyCode"),
        "seller": _names(at(agreement, "SellerTradeParty"), ("Name",)) or ...,
        "buyer": _names(at(agreement, "BuyerTradeParty"), ("Name",)) or ...,
        "payable": number(total, "DuePayableAmount") or (... if is_old else number(total, "DuePayableAmount")),
        "total_of_lines": number(total, "LineTotalAmount"),
        "without_tax": number(total, "TaxBasisTotalAmount"), "with_tax": number(total, "GrandTotalAmount"),
        "tax": _summed(total, "TaxTotalAmount", text(settled, "InvoiceCurrencyCode")), "third_parties": ...,
        "prepaid": number(total, "TotalPrepaidAmount"), "rounding": number(total, "RoundingAmount"),
        "line_numbers": numbers if all(numbers) or not is_old else ...,
        "line_quantities": [number(line, quantity) for line in lines],
        "line_units": [_unit(at(line, quantity)) for line in lines],
        "line_amounts": [number(line, amount) for line in lines],
        "line_prices": [number(line, price) for line in lines],
        "tax_amounts": sorted(_amounts(settled, "ApplicableTradeTax/CalculatedAmount")),
    }  # fmt: skip


def fattura_of(body: Element) -> Expected:
    """One invoice of a FatturaPA."""
    head, lines = at(body, "DatiGenerali/DatiGeneraliDocumento"), every(body, "DatiBeniServizi/DettaglioLinee")
    return {
        "invoice_number": text(head, "Numero"), "issued_on": day(head, "Data"), "currency": text(head, "Divisa"),
        "line_numbers": [text(line, "NumeroLinea") for line in lines],
        "line_quantities": [number(line, "Quantita") for line in lines],
        "line_units": [text(line, "UnitaMisura") for line in lines],
        "line_amounts": [number(line, "PrezzoTotale") for line in lines],
        "line_prices": [number(line, "PrezzoUnitario") for line in lines],
    }  # fmt: skip


def expected_of(root: Element) -> list[Expected]:
    """The invoices of a paper, by its root."""
    name = root.tag.rpartition("}")[2]
    if name in {"CrossIndustryInvoice", "CrossIndustryDocument"}:
        return [cii_of(root)]
    if name == "FatturaElettronica":
        return [fattura_of(body) for body in every(root, "FatturaElettronicaBody")]
    return [ubl_of(root)]


def _details(trade: Element | None) -> Iterator[Element]:
    for line in every(trade, "IncludedSupplyChainTradeLineItem") if trade is not None else []:
        if text(line, "AssociatedDocumentLineDocument/LineStatusReasonCode") not in {"GROUP", "INFORMATION"}:
            yield line


def _unit(node: Element | None) -> str | None:
    return None if node is None else node.get("unitCode")


def _summed(node: Element | None, path: str, currency: str | None) -> Decimal | None:
    """What stands at a path in the paper's currency, added up; None where nothing does."""
    found = [each for each in every(node, path) if not currency or each.get("currencyID") in {None, currency}] if (
        node is not None
    ) else []  # fmt: skip
    return sum((number(each) or Decimal(0) for each in found), Decimal(0)) if found else None


def _is_extended(root: Element) -> bool:
    return "extension" in (text(root, "CustomizationID") or "")


def _amounts(node: Element | None, path: str) -> list[Decimal]:
    found = [number(each) for each in every(node, path)] if node is not None else []
    return [each for each in found if each is not None]
