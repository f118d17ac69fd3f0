"""UBL invoices: the published samples, value by value, and what the mapping promises beyond them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from eximledger.formats import Cause, Reading, read
from eximledger_chaincode.documents import CommercialInvoice, Identifier, Money, Reference
from hlf_chaincode.errors import InvalidDocument

Sample = Callable[[str], Path]
Paths = Callable[[Reading], list[str]]

USCC = "91520690MA6DX12344"


def _invoice(reading: Reading) -> CommercialInvoice:
    (document,) = reading.documents
    assert isinstance(document, CommercialInvoice)
    return document


def _money(amount: str, currency: str) -> Money:
    return Money.of(amount, currency)


def _adds_up(invoice: CommercialInvoice) -> None:
    """Σ lines, allowances and charges of a sound sample match its totals."""
    zero = Decimal(0)
    lines = sum((line.amount.amount for line in invoice.lines if line.amount), zero)
    assert invoice.totals.lines is not None
    assert lines == invoice.totals.lines.amount
    for charge, total in ((True, invoice.totals.charges), (False, invoice.totals.allowances)):
        stated = sum((e.amount.amount for e in invoice.allowances_charges if e.charge is charge), zero)
        assert stated == (total.amount if total else zero)


def test_ubl_2_0_example(sample: Sample, not_modelled: Paths) -> None:
    reading = read(sample("ubl/UBL-Invoice-2.0-Example.xml"), exporter=USCC)
    invoice = _invoice(reading)
    assert reading.format == "ubl-invoice-2.0"
    assert (invoice.invoice_number, invoice.type_code) == ("A00095678", "SalesInvoice")
    assert (invoice.issued_on, invoice.due_on, invoice.tax_point_on) == (
        date(2005, 6, 21),
        date(2005, 7, 21),
        date(2005, 6, 21),
    )
    assert invoice.currency == "GBP"  # the paper has no DocumentCurrencyCode: the amounts say it
    assert list(invoice.seller.names) == ["Consortial", "Farthing Purchasing Consortium"]
    assert invoice.seller.uscc == USCC
    assert Identifier(scheme="VAT", value="175 269 2355") in invoice.seller.identifiers
    assert invoice.seller.address is not None
    assert invoice.seller.address.lines == ("Busy Street 56A", "Thereabouts", "The Roundabout")
    assert (invoice.seller.address.city, invoice.seller.address.region) == ("Farthing", "Heremouthshire")
    assert invoice.seller.contact is not None
    assert invoice.seller.contact.email == "bouquet@fpconsortial.co.uk"
    assert invoice.buyer.name == "IYT Corporation"
    assert [entry.value for entry in invoice.buyer.identifiers] == ["12356478", "XFB01", "GT00978567"]
    assert invoice.order_number == "AEG012345"
    assert invoice.references == (
        Reference(
            kind="order",
            number="AEG012345",
            dated=date(2005, 6, 20),
            description="UUID 6E09886B-DC6E-439F-82D1-7CCAC7F4E3B1",
        ),
        Reference(kind="sales-order", number="CON0095678"),
    )
    assert invoice.delivered_on == date(2005, 6, 20)
    assert invoice.ship_to is not None
    assert (invoice.ship_to.name, invoice.destination_country) == ("IYT Corporation", "GB")
    assert invoice.payment_terms == "Payable within 1 calendar month from the invoice date"
    assert invoice.payment_days is None
    (account,) = invoice.payment_accounts
    assert (account.means_code, account.account) == ("20", "12345678")
    assert account.bank == "Open Bank Ltd, Bridgstow Branch, Open Bank Ltd, 10-26-58"
    (line,) = invoice.lines
    assert (line.number, line.name, line.description) == ("A", "beeswax", "Acme beeswax")
    assert (line.quantity, line.unit, line.unit_price, line.price_base) == (
        Decimal(100),
        "KGM",
        Decimal(1),
        Decimal(1),
    )
    assert (line.amount, line.tax_percent, line.tax_amount) == (
        _money("100.00", "GBP"),
        Decimal("17.5"),
        Decimal("17.5"),
    )
    assert Identifier(scheme="lot", value="546378239") in line.properties
    (allowance,) = invoice.allowances_charges
    assert (allowance.charge, allowance.percent, allowance.amount) == (
        False,
        Decimal(10),
        _money("10.00", "GBP"),
    )
    assert invoice.totals.without_tax == _money("90.00", "GBP")
    assert (invoice.totals.tax, invoice.totals.payable) == (_money("17.50", "GBP"), _money("107.50", "GBP"))
    _adds_up(invoice)
    bank = "/Invoice/PaymentMeans/PayeeFinancialAccount"
    assert not_modelled(reading) == [
        "/Invoice/AccountingSupplierParty/Party/PartyTaxScheme/ExemptionReason",
        "/Invoice/AccountingCustomerParty/Party/PartyTaxScheme/ExemptionReason",
        "/Invoice/Delivery/ActualDeliveryTime",
        f"{bank}/AccountTypeCode",
        f"{bank}/CurrencyCode",
        f"{bank}/FinancialInstitutionBranch/FinancialInstitution/Address",
        f"{bank}/FinancialInstitutionBranch/Address",
        f"{bank}/Country",
        "/Invoice/TaxTotal/TaxEvidenceIndicator",
        "/Invoice/InvoiceLine/OrderLineReference/SalesOrderLineID",
        "/Invoice/InvoiceLine/OrderLineReference/LineStatusCode",
        "/Invoice/InvoiceLine/TaxTotal/TaxEvidenceIndicator",
    ]


@pytest.mark.parametrize("name", ["UBL-Invoice-2.1-Example.xml", "UBL-FreightInvoice-2.1-Example.xml"])
def test_ubl_2_1_examples(sample: Sample, name: str) -> None:
    invoice = _invoice(read(sample(f"ubl/{name}")))
    assert (invoice.invoice_number, invoice.issued_on) == ("TOSL108", date(2009, 12, 15))
    assert (invoice.due_on, invoice.tax_point_on) == (date(2009, 12, 31), date(2009, 11, 30))
    assert (invoice.period_start, invoice.period_end) == (date(2009, 11, 1), date(2009, 11, 30))
    assert list(invoice.seller.names) == ["Salescompany ltd.", "The Sellercompany Incorporated"]
    assert [(entry.scheme, entry.value) for entry in invoice.seller.identifiers] == [
        ("ZZZ", "Supp123"),
        ("CVR", "5402697509"),
        ("DKVAT", "DK12345"),
        ("GLN", "1234567890123"),
    ]
    address = invoice.seller.address
    assert address is not None
    assert address.lines == ("Main street 1", "Suite 123", "Revenue department", "P.O. Box 5467")
    assert address.identifiers == (Identifier(scheme="GLN", value="1231412341324"),)
    assert invoice.seller.contact is not None
    assert (invoice.seller.contact.name, invoice.seller.contact.fax) == ("Antonio Salemacher M", "4621231")
    assert invoice.payee is not None
    assert invoice.payee.name == "Ebeneser Scrooge Inc."
    assert [line.amount for line in invoice.lines] == [
        _money(amount, "EUR") for amount in ("1273", "-3.96", "4.96", "-25", "187.5")
    ]
    first, _, third, _, fifth = invoice.lines
    assert (first.gross_unit_price, first.price_discount, first.unit_price) == (
        Decimal(1500),
        Decimal(225),
        Decimal(1273),
    )
    assert (third.price_discount, third.tax_amount) == (Decimal("0.275"), Decimal("0.496"))
    assert [(entry.scheme, entry.value) for entry in first.classifications] == [
        ("UNSPSC", "12344321"),
        ("CPV", "65434568"),
    ]
    assert first.properties == (Identifier(scheme="Color", value="black"),)
    assert [(e.charge, e.amount.amount, e.reason) for e in first.allowances_charges] == [
        (False, Decimal(12), "Damage"),
        (True, Decimal(10), "Testing"),
    ]
    assert (fifth.quantity, fifth.unit, fifth.unit_price) == (Decimal(250), "C62", Decimal("0.75"))
    assert [(tax.category, tax.percent, tax.tax_amount.amount) for tax in invoice.taxes] == [
        ("S", Decimal(20), Decimal("292.10")),
        ("AA", Decimal(10), Decimal("0.10")),
        ("E", Decimal(0), Decimal("0.00")),
    ]
    assert (invoice.taxes[2].exemption_code, invoice.taxes[2].exemption_reason) == (
        "AAM",
        "Exempt New Means of Transport",
    )
    totals = invoice.totals
    assert (totals.with_tax, totals.prepaid) == (_money("1729", "EUR"), _money("1000", "EUR"))
    assert (totals.rounding, totals.payable) == (_money("0.30", "EUR"), _money("729", "EUR"))
    assert Identifier(scheme="AccountingCost", value="Project cost code 123") in invoice.identifiers
    _adds_up(invoice)


def test_ubl_2_1_leftovers(sample: Sample, not_modelled: Paths) -> None:
    party = "/Invoice/Accounting{}Party/Party/{}"
    assert not_modelled(read(sample("ubl/UBL-Invoice-2.1-Example.xml"))) == [
        "/Invoice/AdditionalDocumentReference[1]/Attachment",
        "/Invoice/AdditionalDocumentReference[2]/Attachment",
        party.format("Supplier", "PartyLegalEntity/RegistrationAddress"),
        party.format("Supplier", "Person/JobTitle"),
        party.format("Customer", "PartyLegalEntity/RegistrationAddress"),
        party.format("Customer", "Person/JobTitle"),
        "/Invoice/PaymentMeans/PaymentChannelCode",
        "/Invoice/InvoiceLine[1]/AccountingCost",
        "/Invoice/InvoiceLine[1]/Price/AllowanceCharge/AllowanceChargeReason",
        "/Invoice/InvoiceLine[3]/Price/AllowanceCharge/AllowanceChargeReason",
        "/Invoice/InvoiceLine[5]/AccountingCost",
    ]


def test_freight_invoice_leftovers(sample: Sample, not_modelled: Paths) -> None:
    reading = read(sample("ubl/UBL-FreightInvoice-2.1-Example.xml"))
    assert reading.format == "ubl-freight-invoice-2.1"
    shipment = [path for path in not_modelled(reading) if "/Shipment/" in path]
    assert shipment == [
        f"/FreightInvoice/Shipment/{name}"
        for name in (
            "GrossWeightMeasure",
            "TotalTransportHandlingUnitQuantity",
            "SpecialInstructions",
            "DeliveryInstructions",
        )
    ]
    assert len(reading.unmapped) == 13


def test_cen_bii_maximal(sample: Sample) -> None:
    reading = read(sample("ubl/CENBII-Invoice-maximal.xml"))
    invoice = _invoice(reading)
    assert (invoice.invoice_number, invoice.currency, invoice.type_code) == ("normalizedString", "AED", "380")
    assert invoice.seller.contact is not None
    assert invoice.seller.contact.name == "String String String"
    assert len(invoice.allowances_charges) == 2
    assert len(invoice.taxes) == 2
    unusable = [entry.path for entry in reading.unmapped if entry.cause is Cause.UNUSABLE]
    assert unusable == ["/Invoice/InvoiceLine/Price/BaseQuantity"]  # a price for zero units
    assert len(reading.unmapped) == 12


@pytest.mark.parametrize(
    ("name", "number", "payable", "lines", "left"),
    [
        ("ubl-tc434-example1.xml", "12115118", ("250.33", "EUR"), 20, 0),
        ("ubl-tc434-example3.xml", "TOSL108", ("2005.00", "DKK"), 2, 0),
        ("ubl-tc434-example5.xml", "TOSL110", ("2337.50", "DKK"), 3, 7),
        ("ubl-tc434-example7.xml", "INVOICE_test_7", ("3200.00", "SEK"), 2, 0),
        ("ubl-tc434-example9.xml", "20150483", ("177.87", "EUR"), 1, 0),
    ],
)
def test_en_16931_examples(
    sample: Sample, name: str, number: str, payable: tuple[str, str], lines: int, left: int
) -> None:
    reading = read(sample(f"ubl/{name}"))
    invoice = _invoice(reading)
    assert (invoice.invoice_number, invoice.totals.payable) == (number, _money(*payable))
    assert (len(invoice.lines), len(reading.unmapped)) == (lines, left)
    _adds_up(invoice)


def test_en_16931_example_5(sample: Sample, not_modelled: Paths) -> None:
    reading = read(sample("ubl/ubl-tc434-example5.xml"))
    invoice = _invoice(reading)
    assert (invoice.contract_number, invoice.order_number, invoice.buyer_reference) == ("2013-05", "PO4711", "qwerty")
    assert {(entry.kind, entry.number) for entry in invoice.references} == {
        ("order", "PO4711"),
        ("sales-order", "123"),
        ("contract", "2013-05"),
        ("packing-list", "5433"),
        ("receiving-advice", "3544"),
        ("originator", "Lot567"),
        ("document", "OBJ999"),
        ("document", "sales slip"),
        ("project", "Project345"),
        ("invoice", "TOSL109"),
        ("invoiced-object", "Object2"),
    }
    assert invoice.totals.tax == _money("675.00", "DKK")
    assert invoice.totals.tax_in_accounting_currency == _money("628.62", "EUR")
    assert invoice.tax_representative is not None
    assert invoice.tax_representative.name == "Dick Panama"
    assert invoice.ship_to is not None
    assert invoice.ship_to.name == "Logistic service Ltd"
    assert invoice.lines[0].origin_country == "NL"
    assert [each.payer_account for each in invoice.payment_accounts] == ["DK1212341234123412"]
    assert "/Invoice/PaymentMeans/PaymentMandate/ID" in not_modelled(reading)


# made here ---------------------------------------------------------------------

_CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
_CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"


def _made(
    body: str = "", *, root: str = "Invoice", line: str = "InvoiceLine", quantity: str = "InvoicedQuantity"
) -> bytes:
    """A small invoice of an exporter, with a prefixed root."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<u:{root} xmlns:u="urn:oasis:names:specification:ubl:schema:xsd:{root}-2" xmlns:b="{_CBC}" xmlns:a="{_CAC}">
  <b:ID>DY-INV-7</b:ID><b:IssueDate>2026-01-06+08:00</b:IssueDate><b:DocumentCurrencyCode>USD</b:DocumentCurrencyCode>
  {body}
  <a:AccountingSupplierParty><a:Party>
    <a:PartyIdentification><b:ID schemeID="CN:USCC">{USCC}</b:ID></a:PartyIdentification>
    <a:PartyName><b:Name>Dongyu Electric</b:Name></a:PartyName>
    <a:PostalAddress><a:Country><b:IdentificationCode>XX</b:IdentificationCode></a:Country></a:PostalAddress>
  </a:Party></a:AccountingSupplierParty>
  <a:AccountingCustomerParty><a:Party><a:PartyName><b:Name>Rhein Handel</b:Name></a:PartyName></a:Party>
  </a:AccountingCustomerParty>
  <a:DeliveryTerms><b:ID>CIF HAMBURG Incoterms 2020</b:ID></a:DeliveryTerms>
  <a:PaymentTerms><b:Note>T/T 60 days after B/L date</b:Note></a:PaymentTerms>
  <a:LegalMonetaryTotal><b:PayableAmount currencyID="USD">10.50</b:PayableAmount></a:LegalMonetaryTotal>
  <a:{line}><b:ID>1</b:ID><b:{quantity} unitCode="台">3</b:{quantity}>
    <b:LineExtensionAmount currencyID="USD">10.50</b:LineExtensionAmount>
    <a:Item><b:Description>Motor</b:Description>
      <a:CommodityClassification><b:ItemClassificationCode listID="HS">8501.52.00</b:ItemClassificationCode>
      </a:CommodityClassification></a:Item>
    <a:Price><b:PriceAmount currencyID="USD">3.5</b:PriceAmount></a:Price>
  </a:{line}>
</u:{root}>""".encode()


def test_an_exporters_invoice() -> None:
    reading = read(_made("<a:BillOfLading/>"), exporter="91110000100003962Y")
    invoice = _invoice(reading)
    assert invoice.seller.uscc == USCC  # the paper's own, not the one given
    assert invoice.seller.identifiers == ()
    assert (invoice.incoterm, invoice.incoterm_place, invoice.delivery_terms) == (
        "CIF",
        "HAMBURG",
        "CIF HAMBURG Incoterms 2020",
    )
    assert (invoice.payment_days, invoice.issued_on) == (60, date(2026, 1, 6))
    assert (invoice.lines[0].hs_code, invoice.lines[0].unit, invoice.lines[0].name) == ("85015200", "台", "Motor")
    (country,) = reading.unmapped
    assert country.cause is Cause.UNUSABLE
    assert country.path.endswith("/PostalAddress/Country/IdentificationCode")


def test_a_price_in_another_currency_is_no_price_of_the_paper() -> None:
    """3.5 EUR beside lines in USD would be read as 3.5 USD."""
    reading = read(_made().replace(b'PriceAmount currencyID="USD"', b'PriceAmount currencyID="EUR"'))
    invoice = _invoice(reading)
    assert (invoice.lines[0].unit_price, invoice.lines[0].amount) == (None, _money("10.50", "USD"))
    assert ("PriceAmount", Cause.UNUSABLE, "is in EUR, and the paper in USD") in [
        (each.path.rpartition("/")[2], each.cause, each.reason) for each in reading.unmapped
    ]


def test_papers_named_by_an_invoice() -> None:
    def named(number: str, code: str, words: str) -> str:
        return (
            f"<a:AdditionalDocumentReference><b:ID>{number}</b:ID><b:DocumentTypeCode>{code}</b:DocumentTypeCode>"
            f"<b:DocumentType>{words}</b:DocumentType></a:AdditionalDocumentReference>"
        )

    body = named("530420260000000012", "916", "报关单") + named("COSU6123456780", "705", "Bill of lading")
    invoice = _invoice(read(_made(body)))
    assert invoice.declaration_numbers == ("530420260000000012",)
    assert invoice.bill_numbers == ("COSU6123456780",)


def test_a_credit_note() -> None:
    reading = read(_made(root="CreditNote", line="CreditNoteLine", quantity="CreditedQuantity"))
    assert (reading.format, _invoice(reading).type_code) == ("ubl-credit-note", "381")


@pytest.mark.parametrize(
    ("stated", "code", "reported"),
    [("381", "381", False), ("83", "83", False), ("91", "381", True), ("NC", "381", True)],
)
def test_a_credit_note_takes_back_whatever_a_country_calls_it(stated: str, code: str, reported: bool) -> None:
    """Colombia's 91 and Peru's 01 made a claim of what is taken back."""
    source = _made(
        f"<b:CreditNoteTypeCode>{stated}</b:CreditNoteTypeCode>", root="CreditNote", line="CreditNoteLine",
        quantity="CreditedQuantity",
    )  # fmt: skip
    reading = read(source)
    found = _invoice(reading)
    assert (found.type_code, found.takes_back) == (code, True)
    own = [each.value for each in found.identifiers if each.scheme == "CreditNoteTypeCode"]
    assert own == ([stated] if reported else [])


@pytest.mark.parametrize(
    ("cut", "field"),
    [
        (b"<b:ID>DY-INV-7</b:ID>", "/Invoice/ID"),
        (b"<b:IssueDate>2026-01-06+08:00</b:IssueDate>", "/Invoice/IssueDate"),
        (b'<b:PayableAmount currencyID="USD">10.50</b:PayableAmount>', "/Invoice/LegalMonetaryTotal/PayableAmount"),
        (b"<b:Description>Motor</b:Description>", "/Invoice/InvoiceLine/Item/Name"),
        (
            b"<a:PartyName><b:Name>Rhein Handel</b:Name></a:PartyName>",
            "/Invoice/AccountingCustomerParty/Party/PartyName/Name",
        ),
    ],
)
def test_what_is_missing_is_named(cut: bytes, field: str) -> None:
    with pytest.raises(InvalidDocument) as refused:
        read(_made().replace(cut, b""))
    assert refused.value.field == field
    assert "is missing" in refused.value.message


@pytest.mark.parametrize(
    ("right", "wrong", "field"),
    [
        (b"2026-01-06+08:00", b"2026-02-30", "/Invoice/IssueDate"),
        (b'"USD">10.50</b:Pay', b'"USD">10.505</b:Pay', "/Invoice/LegalMonetaryTotal/PayableAmount"),
        (b'"USD">10.50</b:Pay', b'"USD">NaN</b:Pay', "/Invoice/LegalMonetaryTotal/PayableAmount"),
        (b'"USD">10.50</b:Pay', b'"USD">1e9</b:Pay', "/Invoice/LegalMonetaryTotal/PayableAmount"),
        (b'"USD">10.50</b:Pay', b'"USD">' + b"9" * 400 + b"</b:Pay", "/Invoice/LegalMonetaryTotal/PayableAmount"),
        (b'"USD">10.50</b:Pay', b'"UDS">10.50</b:Pay', "/Invoice/LegalMonetaryTotal/PayableAmount"),
        (b">3</b:Inv", b">three</b:Inv", "/Invoice/InvoiceLine/InvoicedQuantity"),
    ],
)
def test_what_is_wrong_is_named(right: bytes, wrong: bytes, field: str) -> None:
    source = _made()
    assert right in source
    with pytest.raises(InvalidDocument) as refused:
        read(source.replace(right, wrong))
    assert refused.value.field == field


def test_an_amount_in_another_currency_is_refused() -> None:
    with pytest.raises(InvalidDocument, match="currency"):
        read(_made().replace(b'"USD">10.50</b:Line', b'"EUR">10.50</b:Line'))


@pytest.mark.parametrize(
    ("customization", "factor", "amount", "base", "lines", "percent"),
    [
        ("urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0", "1", "0.11", "", "", "1"),
        ("urn:cen.eu:en16931:2017", "0.5", "0.05", "", "", "0.5"),
        ("", "0.5", "0.05", "", "", "50"),
        ("", "1", "105", "", "10500", "1"),
        ("", "1", "10500", "", "10500", "100"),
        ("", "0.25", "2625", "", "10500", "25"),
        ("urn:cen.eu:en16931:2017", "0.25", "2625", "10500", "", "25"),
        ("urn:cen.eu:en16931:2017", "5", "525", "10500", "", "5"),
    ],
)
def test_a_factor_is_a_percentage_or_a_fraction(
    customization: str, factor: str, amount: str, base: str, lines: str, percent: str
) -> None:
    base = f'<b:BaseAmount currencyID="USD">{base}</b:BaseAmount>' if base else ""
    total = f'<b:LineExtensionAmount currencyID="USD">{lines}</b:LineExtensionAmount>' if lines else ""
    allowance = (
        f"<b:CustomizationID>{customization}</b:CustomizationID><a:AllowanceCharge><b:ChargeIndicator>false"
        f"</b:ChargeIndicator><b:MultiplierFactorNumeric>{factor}</b:MultiplierFactorNumeric>"
        f'<b:Amount currencyID="USD">{amount}</b:Amount>{base}</a:AllowanceCharge>'
    )
    source = _made(allowance).replace(b"<a:LegalMonetaryTotal>", b"<a:LegalMonetaryTotal>" + total.encode())
    assert _invoice(read(source)).allowances_charges[0].percent == Decimal(percent)


@pytest.mark.parametrize(
    ("terms", "incoterm", "left"),
    [
        (
            "<b:LossRiskResponsibilityCode>CIP</b:LossRiskResponsibilityCode><b:LossRisk>Carriage</b:LossRisk>",
            "CIP",
            False,
        ),
        ("<b:ID>FOB</b:ID><b:LossRiskResponsibilityCode>FOB</b:LossRiskResponsibilityCode>", "FOB", False),
        ("<b:ID>FOB</b:ID><b:LossRiskResponsibilityCode>CIF</b:LossRiskResponsibilityCode>", "FOB", True),
        ("<b:LossRiskResponsibilityCode>buyer</b:LossRiskResponsibilityCode>", None, True),
    ],
)
def test_an_incoterm_as_the_code_of_who_bears_the_loss(terms: str, incoterm: str | None, left: bool) -> None:
    source = _made().replace(b"<b:ID>CIF HAMBURG Incoterms 2020</b:ID>", terms.encode())
    reading = read(source)
    assert _invoice(reading).incoterm == incoterm
    assert any("/DeliveryTerms" in entry.path for entry in reading.unmapped) is left


def test_what_is_collected_for_others_is_no_prepayment() -> None:
    payment = '<a:PrepaidPayment><b:PaidAmount currencyID="USD">2.00</b:PaidAmount></a:PrepaidPayment>'
    extension = "<b:CustomizationID>urn:cen.eu:en16931:2017#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0"
    ours = _invoice(read(_made(f"{extension}</b:CustomizationID>{payment}{payment}")))
    assert ours.totals.for_third_parties == _money("4.00", "USD")
    assert ours.total == _money("6.50", "USD")
    others = read(_made(payment))
    assert _invoice(others).totals.for_third_parties is None
    assert any("PrepaidPayment" in entry.path for entry in others.unmapped)
