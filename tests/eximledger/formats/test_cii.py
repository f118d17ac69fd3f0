"""UN/CEFACT Cross Industry Invoices: the published samples, value by value."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from eximledger.formats import Cause, Reading, read
from eximledger_chaincode.documents import CommercialInvoice, Identifier, Money
from hlf_chaincode.errors import InvalidDocument

Sample = Callable[[str], Path]


def _invoice(reading: Reading) -> CommercialInvoice:
    (document,) = reading.documents
    assert isinstance(document, CommercialInvoice)
    assert reading.format == "cii-invoice"
    return document


@pytest.mark.parametrize(
    ("name", "number", "payable", "lines", "left"),
    [
        ("CII_business_example_01.xml", "TOSL108", ("801.78", "NOK"), 5, 10),
        ("CII_example1.xml", "12115118", ("250.33", "EUR"), 20, 0),
        ("CII_example3.xml", "TOSL108", ("1125", "DKK"), 1, 0),
        ("CII_example5.xml", "TOSL110", ("2337.5", "DKK"), 3, 9),
        ("CII_example7.xml", "INVOICE_test_7", ("3200", "SEK"), 2, 0),
    ],
)
def test_samples(sample: Sample, name: str, number: str, payable: tuple[str, str], lines: int, left: int) -> None:
    reading = read(sample(f"cii/{name}"))
    invoice = _invoice(reading)
    assert (invoice.invoice_number, invoice.type_code) == (number, "380")
    assert invoice.totals.payable == Money.of(*payable)
    assert (len(invoice.lines), len(reading.unmapped)) == (lines, left)
    zero = Decimal(0)
    assert invoice.totals.lines is not None
    assert sum((line.amount.amount for line in invoice.lines if line.amount), zero) == invoice.totals.lines.amount
    charges = sum((entry.amount.amount for entry in invoice.allowances_charges if entry.charge), zero)
    assert charges == (invoice.totals.charges.amount if invoice.totals.charges else zero)


def test_business_example(sample: Sample) -> None:
    reading = read(sample("cii/CII_business_example_01.xml"))
    invoice = _invoice(reading)
    assert (invoice.issued_on, invoice.due_on, invoice.tax_point_on, invoice.delivered_on) == (
        date(2013, 6, 30),
        date(2013, 7, 20),
        date(2013, 6, 30),
        date(2013, 6, 15),
    )
    assert (invoice.period_start, invoice.period_end) == (date(2013, 6, 1), date(2013, 6, 30))
    assert [(entry.scheme, entry.value) for entry in invoice.seller.identifiers] == [
        ("0088", "1238764941386"),
        ("CompanyID", "123456789"),
        ("VAT", "NO123456789MVA"),
    ]
    assert invoice.seller.contact is not None
    assert invoice.seller.contact.email == "antonio@salescompany.no"
    assert invoice.ship_to is not None  # without a name of its own: the buyer's place
    assert (invoice.ship_to.name, invoice.destination_country) == ("The Buyercompany", "NO")
    assert (invoice.contract_number, invoice.order_number) == ("Contract321", "123")
    assert invoice.payment_terms == "2 % discount if paid within 2 days\nPenalty percentage 10% from due date"
    assert invoice.payment_days is None
    assert [(entry.account, entry.bank) for entry in invoice.payment_accounts] == [
        ("NO9386011117947", "DNBANOKK"),
        ("NO9386011117947", None),
    ]
    first = invoice.lines[0]
    assert (first.unit_price, first.price_base) == (Decimal(1273), Decimal(1273))
    assert (first.gross_unit_price, first.price_discount) == (Decimal(1498), Decimal(225))
    assert (first.origin_country, first.order_line, first.note) == ("DE", "1", "Scratch on box")
    assert first.classifications == (Identifier(scheme="STI", value="65434568"),)
    assert [(tax.percent, tax.tax_amount.amount) for tax in invoice.taxes] == [
        (Decimal(25), Decimal("365.13")),
        (Decimal(15), Decimal("0.15")),
        (Decimal(0), Decimal("0.00")),
    ]
    assert (invoice.totals.tax, invoice.totals.prepaid) == (Money.of("365.28", "NOK"), Money.of("1000", "NOK"))
    line, agreed = "IncludedSupplyChainTradeLineItem", "ApplicableHeaderTradeAgreement/AdditionalReferencedDocument"
    account = "SpecifiedLineTradeSettlement/ReceivableSpecifiedTradeAccountingAccount"
    base = "SpecifiedLineTradeAgreement/GrossPriceProductTradePrice/BasisQuantity"
    prefix = "/CrossIndustryInvoice/SupplyChainTradeTransaction/"
    left = {entry.path.removeprefix(prefix): entry.cause for entry in reading.unmapped}
    assert left == {
        f"{line}[1]/{base}": Cause.UNUSABLE,
        f"{line}[3]/{base}": Cause.UNUSABLE,
        f"{line}[1]/SpecifiedLineTradeSettlement/BillingSpecifiedPeriod": Cause.NOT_MODELLED,
        **{f"{line}[{number}]/{account}": Cause.NOT_MODELLED for number in range(1, 6)},
        f"{agreed}/URIID": Cause.NOT_MODELLED,
        f"{agreed}/AttachmentBinaryObject": Cause.NOT_MODELLED,
    }


def test_example_5(sample: Sample) -> None:
    invoice = _invoice(read(sample("cii/CII_example5.xml")))
    assert list(invoice.seller.names) == ["SellerCompany", "SelCo"]
    assert {(entry.kind, entry.number) for entry in invoice.references} == {
        ("order", "PO4711"),
        ("sales-order", "123"),
        ("contract", "2013-05"),
        ("document", "Lot567"),
        ("document", "OBJ999"),
        ("916", "sales slip"),
        ("packing-list", "5433"),
        ("receiving-advice", "3544"),
        ("invoice", "TOSL109"),
        ("project", "Project345"),
        ("invoiced-object", "Object2"),
    }
    assert invoice.totals.tax_in_accounting_currency == Money.of("628.62", "EUR")
    assert [(entry.percent, entry.base_amount) for entry in invoice.allowances_charges] == [
        (Decimal(10), Money.of("1500", "DKK")),
        (Decimal(10), Money.of("1500", "DKK")),
    ]
    assert Identifier(scheme="CreditorReferenceID", value="DK5678") in invoice.identifiers
    assert invoice.lines[0].properties == (Identifier(scheme="Thickness", value="2 mm"),)


@pytest.mark.parametrize(
    ("right", "wrong", "field"),
    [
        ("<ram:ID>12115118</ram:ID>", "", "/CrossIndustryInvoice/ExchangedDocument/ID"),
        (">20150109</udt:DateTimeString>", ">2015</udt:DateTimeString>", "IssueDateTime/DateTimeString"),
        ("<ram:InvoiceCurrencyCode>EUR", "<ram:InvoiceCurrencyCode>EURO", "InvoiceCurrencyCode"),
        ("<ram:LineID>1</ram:LineID>", "", "AssociatedDocumentLineDocument/LineID"),
        (">250.33</ram:DuePayableAmount>", ">250,33</ram:DuePayableAmount>", "DuePayableAmount"),
    ],
)
def test_what_is_wrong_is_named(sample: Sample, right: str, wrong: str, field: str) -> None:
    source = sample("cii/CII_example1.xml").read_text(encoding="utf-8")
    assert right in source
    with pytest.raises(InvalidDocument) as refused:
        read(source.replace(right, wrong, 1).encode())
    assert refused.value.field.endswith(field)


# sub-lines of Factur-X EXTENDED -----------------------------------------------


def test_the_account_that_the_seller_draws_on_is_the_buyers(sample: Sample) -> None:
    source = sample("cii/CII_example1.xml").read_text(encoding="utf-8")
    payee = "<ram:PayeePartyCreditorFinancialAccount>"
    drawn = "<ram:PayerPartyDebtorFinancialAccount><ram:IBANID>DK1212341234123412</ram:IBANID>"
    drawn += "</ram:PayerPartyDebtorFinancialAccount>"
    assert payee in source
    invoice = _invoice(read(source.replace(payee, drawn + payee, 1).encode()))
    assert invoice.payment_accounts[0].payer_account == "DK1212341234123412"
    assert invoice.payment_accounts[0].account not in {None, "DK1212341234123412"}


def _line(number: str, amount: str, *, parent: str = "", status: str = "") -> str:
    above = f"<r:ParentLineID>{parent}</r:ParentLineID>" if parent else ""
    reason = f"<r:LineStatusReasonCode>{status}</r:LineStatusReasonCode>" if status else ""
    return (
        f"<r:IncludedSupplyChainTradeLineItem><r:AssociatedDocumentLineDocument><r:LineID>{number}</r:LineID>{above}"
        f"{reason}</r:AssociatedDocumentLineDocument><r:SpecifiedTradeProduct><r:Name>Fan</r:Name>"
        "</r:SpecifiedTradeProduct><r:SpecifiedLineTradeSettlement>"
        f"<r:SpecifiedTradeSettlementLineMonetarySummation><r:LineTotalAmount>{amount}</r:LineTotalAmount>"
        "</r:SpecifiedTradeSettlementLineMonetarySummation></r:SpecifiedLineTradeSettlement>"
        "</r:IncludedSupplyChainTradeLineItem>"
    )


def _extended(*lines: str, total: str) -> bytes:
    return (
        '<x:CrossIndustryInvoice xmlns:x="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" '
        'xmlns:r="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100">'
        "<x:ExchangedDocument><r:ID>QF-5</r:ID><r:IssueDateTime><r:DateTimeString>20260504</r:DateTimeString>"
        f"</r:IssueDateTime></x:ExchangedDocument><x:SupplyChainTradeTransaction>{''.join(lines)}"
        "<r:ApplicableHeaderTradeAgreement><r:SellerTradeParty><r:Name>黔南风机</r:Name></r:SellerTradeParty>"
        "<r:BuyerTradeParty><r:Name>Rhein Handel GmbH</r:Name></r:BuyerTradeParty></r:ApplicableHeaderTradeAgreement>"
        "<r:ApplicableHeaderTradeSettlement><r:InvoiceCurrencyCode>EUR</r:InvoiceCurrencyCode>"
        f"<r:SpecifiedTradeSettlementHeaderMonetarySummation><r:LineTotalAmount>{total}</r:LineTotalAmount>"
        f"<r:DuePayableAmount>{total}</r:DuePayableAmount></r:SpecifiedTradeSettlementHeaderMonetarySummation>"
        "</r:ApplicableHeaderTradeSettlement></x:SupplyChainTradeTransaction></x:CrossIndustryInvoice>"
    ).encode()


@pytest.mark.parametrize(
    ("lines", "total", "goods"),
    [
        (
            [
                _line("1", "90", status="GROUP"),
                _line("11", "90", parent="1", status="GROUP"),
                _line("111", "50", parent="11", status="DETAIL"),
                _line("112", "40", parent="11", status="detail"),
                _line("2", "7", status="DETAIL"),
                _line("3", "1000", status="INFORMATION"),
            ],
            "97",
            ["111", "112", "2"],
        ),
        ([_line("1", "90"), _line("11", "50", parent="1"), _line("12", "40", parent="1")], "90", ["11", "12"]),
        ([_line("1", "90"), _line("11", "0", parent="1"), _line("12", "1", parent="1")], "90", ["1"]),
        ([_line("1", "90"), _line("11", "50", parent="1")], "140", ["1", "11"]),
    ],
)
def test_lines_that_sum_up_or_inform_are_no_goods(lines: list[str], total: str, goods: list[str]) -> None:
    reading = read(_extended(*lines, total=total))
    (invoice,) = reading.documents
    assert isinstance(invoice, CommercialInvoice)
    assert [line.number for line in invoice.lines] == goods
    assert {entry.cause for entry in reading.unmapped} <= {Cause.SKIPPED}
    assert len(reading.unmapped) == len(lines) - len(goods)


def test_an_invoice_of_groups_alone_has_no_lines() -> None:
    with pytest.raises(InvalidDocument, match="IncludedSupplyChainTradeLineItem is missing"):
        read(_extended(_line("1", "90", status="GROUP"), total="90"))


@pytest.mark.parametrize(("currency", "price"), [("EUR", Decimal(45)), ("CNY", None)])
def test_a_price_in_another_currency_is_no_price_of_the_paper(currency: str, price: Decimal | None) -> None:
    agreed = (
        "<r:SpecifiedLineTradeAgreement><r:NetPriceProductTradePrice>"
        f'<r:ChargeAmount currencyID="{currency}">45</r:ChargeAmount></r:NetPriceProductTradePrice>'
        "</r:SpecifiedLineTradeAgreement><r:SpecifiedLineTradeSettlement>"
    )
    line = _line("1", "90").replace("<r:SpecifiedLineTradeSettlement>", agreed)
    reading = read(_extended(line, total="90"))
    assert _invoice(reading).lines[0].unit_price == price
    assert [each.cause for each in reading.unmapped] == ([] if price is not None else [Cause.UNUSABLE])
