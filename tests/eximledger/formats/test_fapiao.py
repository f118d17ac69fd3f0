"""China's fully digital invoices: what is an invoice of an export, what is refused, and OFD's attached data."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from tests.eximledger.formats.customs_form import EXPORTER

from eximledger.formats import Cause, detect, read
from eximledger_chaincode.documents import CommercialInvoice, Money
from hlf_chaincode.errors import InvalidDocument

INVOICE = f"""<?xml version="1.0" encoding="utf-8"?>
<EInvoice><Header><EIid>26312000000900417733</EIid><EInvoiceTag>SWEI3200</EInvoiceTag><Version>0.2</Version>
<InherentLabel><InIssuType><LabelCode>Y</LabelCode><LabelName>是</LabelName></InIssuType></InherentLabel></Header>
<EInvoiceData><SellerInformation><SellerIdNum>{EXPORTER}</SellerIdNum><SellerName>上海临港某某电源有限公司</SellerName>
<SellerAddr>上海市浦东新区某路1号</SellerAddr><SellerTelNum>021-00000000</SellerTelNum>
<SellerBankName>某银行上海分行</SellerBankName><SellerBankAccNum>6222000011112222</SellerBankAccNum></SellerInformation>
<BuyerInformation><BuyerIdNum/><BuyerName>SAIGON POWER JSC</BuyerName></BuyerInformation>
<BasicInformation><TotalAmWithoutTax>61834.10</TotalAmWithoutTax><TotalTaxAm>0.00</TotalTaxAm>
<TotalTax-includedAmount>61834.10</TotalTax-includedAmount><RequestTime>2026-03-10 09:12:30</RequestTime>
</BasicInformation>
<IssuItemInformation><ItemName>*电子元件*变流器</ItemName><SpecMod>5kW</SpecMod><MeaUnits>台</MeaUnits>
<Quantity>40</Quantity><UnPrice>1545.8525</UnPrice><Amount>61834.10</Amount><TaxRate>免税</TaxRate><ComTaxAm>0</ComTaxAm>
</IssuItemInformation>
<AdditionalInformation><Remark>报关单 222920260000417205，USD 8620.00</Remark></AdditionalInformation></EInvoiceData>
<TaxSupervisionInfo><InvoiceNumber>26312000000900417733</InvoiceNumber><IssueTime>2026-03-10</IssueTime>
</TaxSupervisionInfo></EInvoice>"""
OLD = '<eInvoice xmlns="http://www.edrm.org.cn/schema/e-invoice/2019"><InvoiceNo>1</InvoiceNo></eInvoice>'


def ofd(*parts: tuple[str, str]) -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("OFD.xml", '<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"/>')
        archive.writestr("Doc_0/Pages/Page_0/Content.xml", "<Page/>")
        for name, content in parts:
            archive.writestr(name, content)
    return saved.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_an_invoice_of_an_export(encoding: str) -> None:
    source = INVOICE.replace("utf-8", encoding).encode(encoding)
    (invoice,) = read(source, exporter=EXPORTER).documents
    assert detect(source) == "fapiao"
    assert isinstance(invoice, CommercialInvoice)
    assert (invoice.invoice_number, invoice.type_code) == ("26312000000900417733", "380")
    assert (invoice.issued_on, invoice.currency) == (date(2026, 3, 10), "CNY")
    assert (invoice.seller.uscc, invoice.buyer.name) == (EXPORTER, "SAIGON POWER JSC")
    assert invoice.total == Money.of("61834.10", "CNY")
    assert invoice.declaration_numbers == ("222920260000417205",)
    (line,) = invoice.lines
    assert (line.name, line.quantity, line.unit) == ("*电子元件*变流器", Decimal(40), "台")
    assert (line.unit_price, line.tax_percent) == (Decimal("1545.8525"), Decimal(0))


def test_what_is_in_no_invoice_is_reported() -> None:
    paths = {each.path for each in read(INVOICE.encode()).unmapped}
    assert paths == {f"/EInvoice/Header/{name}" for name in ("EInvoiceTag", "Version", "InherentLabel")}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<BuyerIdNum/>", f"<BuyerIdNum>{EXPORTER}</BuyerIdNum>", "domestic invoice"),
        ("<BuyerIdNum/>", "<BuyerIdNum>310115198001010012</BuyerIdNum>", "domestic invoice"),
        ("<TotalTaxAm>0.00", "<TotalTaxAm>7113.65", "is not 0"),
        (f"<SellerIdNum>{EXPORTER}</SellerIdNum>", "", "has no SellerIdNum"),
        ("<TotalTax-includedAmount>", "<TotalTax-includedAmount>-", "red invoice"),
        ("<InvoiceNumber>2", "<InvoiceNumber>1", "one number in Header/EIid and another"),
        ("2026-03-10 09:12:30", "2026-13-10", "calendar"),
    ],
)
def test_invoices_of_no_export(old: str, new: str, said: str) -> None:
    assert old in INVOICE
    with pytest.raises(InvalidDocument, match=said):
        read(INVOICE.replace(old, new).encode())


def test_an_invoice_of_somebody_else() -> None:
    with pytest.raises(InvalidDocument, match="is another than the exporter"):
        read(INVOICE.encode(), exporter="91520690MA6DX12344")


@pytest.mark.parametrize(("rate", "percent"), [("0.13", 13), ("13%", 13), ("0%", 0), ("零税率", 0), ("1.5%", "1.5")])
def test_rates(rate: str, percent: object) -> None:
    (invoice,) = read(INVOICE.replace("免税", rate).encode()).documents
    assert isinstance(invoice, CommercialInvoice)
    assert invoice.lines[0].tax_percent == Decimal(str(percent))


@pytest.mark.parametrize("name", ["Doc_0/Attachs/original_invoice.xml", "Doc_0/Attachs/26312000000900417733.xml"])
def test_what_is_attached_to_an_ofd(name: str) -> None:
    source = ofd(("Doc_0/Attachs/Attachments.xml", "<Attachments/>"), (name, INVOICE), ("Doc_0/Attachs/old.xml", OLD))
    reading = read(source)
    assert (reading.format, detect(source)) == ("ofd", "ofd")
    assert reading.documents == read(INVOICE.encode()).documents
    assert [(each.path, each.cause) for each in reading.unmapped if each.cause is not Cause.NOT_MODELLED] == [
        ("Doc_0/Attachs/old.xml", Cause.UNUSABLE)
    ]


def test_an_ofd_that_is_only_shown() -> None:
    with pytest.raises(InvalidDocument, match="has no invoice attached as XML"):
        read(ofd())
    with pytest.raises(InvalidDocument, match="eInvoice"):
        read(ofd(("Doc_0/Attachs/original_invoice.xml", OLD)))
