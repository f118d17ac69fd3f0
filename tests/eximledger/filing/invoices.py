"""Invoices as files, as many as a test likes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

__all__ = ["invoice", "write_invoices"]

_INVOICE = """<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
  xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
 <cbc:ID>{number}</cbc:ID><cbc:IssueDate>2026-03-27</cbc:IssueDate>
 <cbc:DocumentCurrencyCode>USD</cbc:DocumentCurrencyCode>
 <cac:AccountingSupplierParty><cac:Party>
  <cac:PartyIdentification><cbc:ID schemeID="USCC">91520600MA6DYEK78F</cbc:ID></cac:PartyIdentification>
  <cac:PartyName><cbc:Name>Guizhou Dongyu Electric Co., Ltd.</cbc:Name></cac:PartyName></cac:Party>
 </cac:AccountingSupplierParty>
 <cac:AccountingCustomerParty><cac:Party>
  <cac:PartyName><cbc:Name>Song Hau Power Equipment JSC</cbc:Name></cac:PartyName></cac:Party>
 </cac:AccountingCustomerParty>
 <cac:LegalMonetaryTotal><cbc:PayableAmount currencyID="USD">{amount}</cbc:PayableAmount></cac:LegalMonetaryTotal>
 <cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="H87">1</cbc:InvoicedQuantity>
  <cbc:LineExtensionAmount currencyID="USD">{amount}</cbc:LineExtensionAmount>
  <cac:Item><cbc:Name>Transformer</cbc:Name></cac:Item></cac:InvoiceLine>
</Invoice>
"""


def invoice(number: str, amount: str = "100.00") -> str:
    """One invoice in UBL."""
    return _INVOICE.format(number=number, amount=amount)


def write_invoices(folder: Path, numbers: Iterable[int]) -> list[Path]:
    """One file for each number, in their order."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in numbers:
        path = folder / f"invoice-{number:05}.xml"
        path.write_text(invoice(f"B-{number}"), encoding="utf-8")
        paths.append(path)
    return paths
