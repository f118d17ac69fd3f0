"""Invoices, packing lists and contracts as tables: lists and forms, every type of file, and what is refused."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from eximledger.formats import Cause, Reading, detect, read
from eximledger_chaincode.documents import CommercialInvoice, ExportDeclaration, Money, PackingList, SalesContract
from hlf_chaincode.errors import InvalidDocument

USCC = "91520690MA6DX12344"
LIST = """\
发票号;发票日期;合同号;卖方;统一社会信用代码;买方;品名;数量;单位;单价;金额;币种
CI-1;2026-01-05;SC-1;黔南风机;91520690MA6DX12344;Example GmbH;轴流风机;40;台;75;3000.00;USD
CI-1;;;;;;线圈;10;件;0.5;5.00;USD
CI-2;2026-01-06;SC-2;黔南风机;91520690MA6DX12344;Beispiel AG;电机;1;台;900;900.00;欧元
"""
FORM = """\
COMMERCIAL INVOICE;;;;
Invoice No.:;CI-7;;Date:;2026-01-05
Seller: Guizhou Motors;;;Buyer:;Example GmbH
Terms of delivery: CIF HAMBURG;;;;
Payment: T/T 60 days after B/L date;;;;
No;Description of goods;Q'ty (SETS);U/P (USD);Amount (USD)
1;motors;100;480.25;48,025.00
2;coils;10;1.00;10.00
TOTAL;;110;;48,035.00
SAY US DOLLARS FORTY EIGHT THOUSAND AND THIRTY FIVE ONLY;;;;
Bank: Example Bank;;;;
"""
PACKED = """\
装箱单;;;;;;
发票号：CI-7;;日期：2026年1月5日;;;;
发货人：黔南风机;;收货人：Example GmbH;;;;
品名;规格;数量(台);件数;毛重（吨）;净重（吨）;体积(CBM)
电机;Y2;100;12;5.6;5.5;9.6
线圈;X;10;1;0.1;0.1;1
合计;;110;13;5.7;5.6;10.6
"""
CONTRACT = """\
SALES CONTRACT;;;
Contract No.;SC-1;Date;2025-11-18
Seller;Guizhou Motors;Buyer;Example GmbH
Description;Qty (pcs);Unit price (USD/dozen);Amount
motors;24;36;72
Total;24;;72
Port of loading: CNSHK;;;
Latest shipment: 2026-01-31;;;
"""


def only(text: str | bytes, **changes: str) -> tuple[object, Reading]:
    source = text.encode() if isinstance(text, str) else text
    for old, new in changes.items():
        source = source.replace(old.encode(), new.encode())
    reading = read(source)
    (found,) = reading.documents
    return found, reading


def test_a_list_of_invoices() -> None:
    first, second = read(LIST.encode()).documents
    assert isinstance(first, CommercialInvoice)
    assert isinstance(second, CommercialInvoice)
    assert (first.number, first.issued_on, first.contract_number) == ("CI-1", date(2026, 1, 5), "SC-1")
    assert (first.exporter, first.buyer.name) == (USCC, "Example GmbH")
    assert [(line.name, line.quantity, line.unit, line.unit_price) for line in first.lines] == [
        ("轴流风机", Decimal(40), "台", Decimal(75)),
        ("线圈", Decimal(10), "件", Decimal("0.5")),
    ]
    assert first.totals.payable == Money.of("3005", "USD")
    assert (second.number, second.total, second.buyer.name) == ("CI-2", Money.of("900", "EUR"), "Beispiel AG")


def test_the_form_of_an_invoice() -> None:
    found, reading = only(FORM)
    assert isinstance(found, CommercialInvoice)
    assert (found.number, found.issued_on) == ("CI-7", date(2026, 1, 5))
    assert (found.seller.name, found.buyer.name) == ("Guizhou Motors", "Example GmbH")
    assert (found.incoterm, found.incoterm_place, found.payment_days) == ("CIF", "HAMBURG", 60)
    assert [(line.unit, line.unit_price) for line in found.lines] == [("SETS", Decimal("480.25")), ("SETS", Decimal(1))]
    assert found.totals.lines == found.totals.payable == Money.of("48035", "USD")
    assert found.payment_accounts[0].bank == "Example Bank"
    assert [(each.path, each.cause) for each in reading.unmapped] == [
        ("row 1", Cause.NOT_MODELLED), ("row 10", Cause.NOT_MODELLED),
    ]  # fmt: skip


def test_a_form_as_exporters_have_it() -> None:
    rows: list[list[object]] = [
        ["COMMERCIAL INVOICE 商业发票"],
        ["TO: EXAMPLE GMBH", None, None, "INVOICE NO.:", "CI-9"],
        ["Shipper: Guizhou Motors Co., Ltd.", None, None, "DATE:", "JAN. 05, 2026"],
        ["Marks & Nos.", "Description of Goods\n货物名称", "QUANTITY\n(PCS)", "UNIT PRICE\n(USD/PC)", "AMOUNT\n(USD)"],
        ["N/M", "MOTOR Y2", 100, 4.5, 450],
        [None, "COIL", 10, 0.5, 5],
        ["TOTAL:", None, 110, None, 455],
        ["SAY TOTAL U.S. DOLLARS FOUR HUNDRED FIFTY FIVE ONLY."],
        ["BANK: EXAMPLE BANK", None, "ACCOUNT NO.: 123"],
    ]
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    saved = io.BytesIO()
    book.save(saved)
    (found,) = read(saved.getvalue()).documents
    assert isinstance(found, CommercialInvoice)
    assert (found.number, found.issued_on, found.buyer.name) == ("CI-9", date(2026, 1, 5), "EXAMPLE GMBH")
    assert found.totals.lines == found.total == Money.of("455", "USD")
    assert [(line.name, line.quantity, line.unit_price) for line in found.lines] == [
        ("MOTOR Y2", Decimal(100), Decimal("4.5")),
        ("COIL", Decimal(10), Decimal("0.5")),
    ]
    assert (found.payment_accounts[0].bank, found.payment_accounts[0].account) == ("EXAMPLE BANK", "123")


def test_several_words_and_values_in_one_cell() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(a=FORM)))
    sheet = book["a"]
    sheet["A2"], sheet["B2"], sheet["D2"], sheet["E2"] = "Invoice No.: CI-7   Date: Jan. 5, 2026", None, None, None
    sheet["A3"] = "Seller:\nGuizhou Motors\n1 Example Road, Tongren\nTel: 123"
    saved = io.BytesIO()
    book.save(saved)
    (found,) = read(saved.getvalue()).documents
    assert isinstance(found, CommercialInvoice)
    assert (found.number, found.issued_on, found.seller.name) == ("CI-7", date(2026, 1, 5), "Guizhou Motors")
    assert found.seller.address is not None
    assert found.seller.address.lines == ("1 Example Road, Tongren, Tel: 123",)


def test_a_total_that_is_stated_is_kept_as_it_is() -> None:
    found, _ = only(FORM.replace("48,035.00", "48,036.00"))
    assert isinstance(found, CommercialInvoice)
    assert found.totals.lines == Money.of("48036", "USD")
    assert found.totals.payable == Money.of("48035", "USD")


def test_a_total_over_several_papers_is_none_of_one() -> None:
    reading = read(f"{LIST}合计;;;;;;;51;;;3905.00;\n".encode())
    assert [each.totals.lines for each in reading.documents if isinstance(each, CommercialInvoice)] == [None, None]
    assert [each.reason for each in reading.unmapped] == ["a row of totals"]


@pytest.mark.parametrize(
    "written",
    ["5 Jan 2026", "05-JAN-2026", "Jan. 5, 2026", "January 5th, 2026", "JAN 05,2026", "5th January 2026", "2026.1.5"],
)
def test_days_with_the_names_of_months(written: str) -> None:
    first = read(LIST.replace("2026-01-05", written).encode()).documents[0]
    assert isinstance(first, CommercialInvoice)
    assert first.issued_on == date(2026, 1, 5)


@pytest.mark.parametrize(
    "written", ["01/05/2026", "05-01-2026", "5 Ja 2026", "31 Feb 2026", "5 Jan 26", "46027", "5 Fair 2026"]
)
def test_days_that_may_be_two_are_refused(written: str) -> None:
    with pytest.raises(InvalidDocument, match="发票日期"):
        read(LIST.replace("2026-01-05", written).encode())


def test_a_number_of_which_a_spreadsheet_made_a_date_is_refused() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(a=LIST)))
    book["a"]["C2"] = date(2026, 1, 1)
    saved = io.BytesIO()
    book.save(saved)
    with pytest.raises(InvalidDocument, match="is a date, not a number of a paper"):
        read(saved.getvalue())


def test_the_form_of_a_packing_list() -> None:
    found, _ = only(PACKED)
    assert isinstance(found, PackingList)
    assert (found.number, found.invoice_numbers, found.issued_on) == ("CI-7", ("CI-7",), date(2026, 1, 5))
    assert (found.packages, found.gross_weight_kg, found.net_weight_kg) == (13, Decimal(5700), Decimal(5600))
    assert found.volume_m3 == Decimal("10.6")
    assert [(line.packages, line.gross_weight_kg, line.unit) for line in found.lines] == [
        (12, Decimal(5600), "台"),
        (1, Decimal(100), "台"),
    ]


@pytest.mark.parametrize(
    ("row", "gross"),
    [("合计;;110;13;5.8;5.6;10.6", Decimal(5800)), ("", Decimal(5700)), ("小计;;110;13;9;9;9", Decimal(5700))],
)
def test_totals_of_a_packing_list_are_stated_or_summed(row: str, gross: Decimal) -> None:
    found, _ = only(PACKED.replace("合计;;110;13;5.7;5.6;10.6", row))
    assert isinstance(found, PackingList)
    assert found.gross_weight_kg == gross


def test_a_sum_is_only_made_of_what_every_line_states() -> None:
    found, _ = only(
        PACKED.replace("合计;;110;13;5.7;5.6;10.6\n", "").replace("线圈;X;10;1;0.1;0.1;1", "线圈;X;10;1;;;")
    )
    assert isinstance(found, PackingList)
    assert (found.packages, found.gross_weight_kg, found.volume_m3) == (13, None, None)


def test_the_form_of_a_contract() -> None:
    found, _ = only(CONTRACT)
    assert isinstance(found, SalesContract)
    assert (found.number, found.signed_on, found.latest_shipment_on) == ("SC-1", date(2025, 11, 18), date(2026, 1, 31))
    assert (found.loading_port, found.total, found.lines_total) == (
        "CNSHK",
        Money.of("72", "USD"),
        Money.of("72", "USD"),
    )
    assert (found.lines[0].unit_price, found.lines[0].unit) == (Decimal(3), "pcs")


def workbook(**sheets: str) -> bytes:
    book = openpyxl.Workbook()
    del book["Sheet"]
    for name, text in sheets.items():
        sheet = book.create_sheet(name)
        for line in text.splitlines():
            sheet.append([value or None for value in line.split(";")])
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def test_papers_of_several_kinds_in_one_workbook() -> None:
    reading = read(workbook(CI=FORM, PL=PACKED, SC=CONTRACT, more=LIST))
    assert [(each.KIND, each.number) for each in reading.documents] == [
        ("invoice", "CI-7"), ("packing-list", "CI-7"), ("contract", "SC-1"), ("invoice", "CI-1"), ("invoice", "CI-2"),
    ]  # fmt: skip
    with pytest.raises(InvalidDocument, match="stands on two sheets"):
        read(workbook(one=FORM, two=FORM))


@pytest.mark.parametrize("name", ["invoices.xls", "invoices.ods", "invoices-2003.xml", "invoices.html"])
def test_every_type_of_file_says_the_same(data: Path, name: str) -> None:
    first, second = read(data / name).documents
    assert isinstance(first, CommercialInvoice)
    assert isinstance(second, CommercialInvoice)
    assert (first.number, first.issued_on, first.exporter) == ("CI-2026-0001", date(2026, 1, 6), USCC)
    assert [(line.quantity, line.unit_price, line.amount) for line in first.lines] == [
        (Decimal(40), Decimal("75.25"), Money.of("3010", "USD")),
        (Decimal(100), Decimal("0.3"), Money.of("30", "USD")),
    ]
    assert [(line.quantity, line.unit, str(line.amount)) for line in second.lines] == [
        (Decimal("2.5"), "吨", "3,000.00 EUR")
    ]
    expected = {"invoices.xls": "xls", "invoices.ods": "ods", "invoices-2003.xml": "spreadsheetml"}
    assert detect(data / name) == f"table-{expected.get(name, 'html')}"


@pytest.mark.parametrize(
    ("name", "old", "new", "column"),
    [
        ("invoices-2003.xml", "US$", "¥", "金额"),  # by the cell's format
        ("invoices-2003.xml", 'Format="0.00&quot;吨&quot;"', 'Format="0.00&quot;台&quot;"', "数量"),
        ("invoices-2003.xml", '"Number">3010</Data>', '"Error">#REF!</Data>', "holds the error"),
        ("invoices.html", "US$ 3,010.00", "RMB 3,010.00", "金额"),
        ("invoices.html", "2.50吨", "2.50台", "数量"),
    ],
)  # fmt: skip
def test_what_a_cell_shows_counts_in_every_type_of_file(data: Path, name: str, old: str, new: str, column: str) -> None:
    encoding = "gb18030" if name.endswith("html") else "utf-8"
    source = (data / name).read_text(encoding=encoding)
    assert old in source
    with pytest.raises(InvalidDocument, match=column):
        read(source.replace(old, new).encode(encoding))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LIST.replace("3000.00;USD", "3000.00;EUR"), "has lines in EUR and USD"),
        (LIST.replace("品名", "名目"), "without the columns of"),
        (LIST.replace("发票日期", "备查日期"), r"row 2 \(issued_on\) is missing; columns that are not known here: B1"),
        (LIST.replace("Example GmbH", ""), r"\(买方\) is missing"),
        (LIST.replace("金额;币种", "金额（人民币）;币种"), r"K2 \(金额（人民币）\) is said to be in 人民币"),
        (FORM.replace("Bank: Example Bank", "Seller: Another"), "differs from A3"),
        (FORM.replace("Seller: Guizhou Motors;;", "Seller: Guizhou Motors;Seller: Other;"), "differs from A3"),
        (FORM.replace("CIF HAMBURG", "CIF").replace("Amount (USD)", "Amount (USD, FOB)"), "not the transaction mode"),
        (PACKED.replace("体积(CBM)", "体积(KGS)"), "no unit of volume"),
        (PACKED.replace("毛重（吨）", "毛重（每箱）"), "毛重（每箱）"),
        (LIST.replace("CI-2;2026-01-06", ";2026-01-06"), "differs from B2"),
    ],
)
def test_what_contradicts_itself_is_refused(text: str, said: str) -> None:
    with pytest.raises(InvalidDocument, match=said):
        read(text.encode())


@pytest.mark.parametrize(
    ("written", "amount"),
    [("(3,000.00)", "-3000"), ("（3000）", "-3000"), ("3,000.00-", "-3000"), ("USD (3,000.00)", "-3000"),
     ("-3000", "-3000"), ("USD -3000", "-3000"), ("３，０００", "3000"), ("(USD) 3000", "3000")],
)  # fmt: skip
def test_numbers_below_zero_as_accountants_write_them(written: str, amount: str) -> None:
    first = read(LIST.replace("3000.00", written).encode()).documents[0]
    assert isinstance(first, CommercialInvoice)
    assert first.lines[0].amount == Money.of(amount, "USD")


@pytest.mark.parametrize("written", ["−3000", "3 000.00", "3.000,00", "3.000.000", "(-3000)", "△3000"])
def test_numbers_that_may_be_two_are_refused(written: str) -> None:
    with pytest.raises(InvalidDocument, match=r"K2 \(金额\)"):
        read(LIST.replace("3000.00", written).encode())


# headers of two rows, lines over a table -------------------------------------------

DECLARED = """\
报关单号;境内发货人;统一社会信用代码;申报日期;监管方式;成交方式;商品编号;商品名称;数量;单位;总价;币制;毛重;净重
530420260000000777;黔南风机;91520690MA6DX12344;2026-04-02;0110;FOB;8414599099;轴流风机;40;台;3000;USD;820;800
"""


def declared(*above: str, below: str = "", text: str = DECLARED) -> ExportDeclaration:
    head, _, rest = text.partition("\n")
    found, _ = only("\n".join([*above, head, *([below] if below else []), rest]))
    assert isinstance(found, ExportDeclaration)
    return found


def test_a_header_of_two_rows() -> None:
    tonnes = ";" * 12 + "重量（吨）"
    assert declared(tonnes).gross_weight_kg == declared(below=";" * 12 + "（吨）;（吨）").gross_weight_kg == 820_000
    assert declared(tonnes).net_weight_kg == 800_000
    assert declared(";" * 10 + "金额（千美元）").total == Money.of("3000000", "USD")
    with pytest.raises(InvalidDocument, match="人民币"):
        declared(";" * 10 + "金额（人民币）")
    with pytest.raises(InvalidDocument, match="row 2"):
        declared(below=";" * 10 + "（不含税）")
    with pytest.raises(InvalidDocument, match="按汇率"):
        declared(";" * 10 + "金额（按汇率）")


@pytest.mark.parametrize(
    ("above", "total", "gross"),
    [
        ("单位：万美元、吨", "30000000", 820_000),
        ("单位;万美元", "30000000", 820),
        ("(in USD thousands)", "3000000", 820),
        ("All amounts in USD", "3000", 820),
        ("填报单位：百川公司", "3000", 820),
        ("单位：万里贸易有限公司", "3000", 820),
        ("制表人：张三", "3000", 820),
    ],
)
def test_a_line_over_the_table(above: str, total: str, gross: int) -> None:
    found = declared(above)
    assert found.total == Money.of(total, "USD")
    assert found.gross_weight_kg == Decimal(gross)


@pytest.mark.parametrize(
    "above", ["All amounts in CNY", "单位：元", "Unit: 1,000 USD", "单位：百万港币（折算）", "人民币"]
)
def test_a_line_over_the_table_is_not_passed_over(above: str) -> None:
    with pytest.raises(InvalidDocument):
        declared(above)


def test_what_stands_below_the_totals_is_reported() -> None:
    found, reading = only(DECLARED + "合 计;;;;;;;;40;;3000;;;\n制表人：张三;;;;;;;;;;;;;\n")
    assert isinstance(found, ExportDeclaration)
    assert {each.reason for each in reading.unmapped} == {"a row of totals", "stands below the goods"}


# workbooks -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "value", "total"),
    [('0!.0,"万"', 30000, "30000"), ('0.00,"k"', 3000, "3000"), ('0.00"万美元"', 0.3, "3000"),
     ('_("$"* #,##0.00_)', 3000, "3000"), ("#,##0.00_);(#,##0.00)", -3000, "-3000"), ("¥#,##0.00", 3000, None),
     ("#,##0.00 [$元-804]", 3000, None), ("0.00%", 3000, None)],
)  # fmt: skip
def test_a_format_that_divides_says_no_scale(form: str, value: float, total: str | None) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(a=DECLARED)))
    book["a"]["K2"] = value
    book["a"]["K2"].number_format = form
    saved = io.BytesIO()
    book.save(saved)
    if total is None:
        with pytest.raises(InvalidDocument, match="总价"):
            read(saved.getvalue())
    else:
        (found,) = read(saved.getvalue()).documents
        assert isinstance(found, ExportDeclaration)
        assert found.total == Money.of(total, "USD")


@pytest.mark.parametrize("epoch", [datetime(1899, 12, 30), datetime(1904, 1, 1)])  # noqa: DTZ001 - no time zone there
def test_dates_of_either_calendar(epoch: datetime) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(a=DECLARED)))
    book.epoch = epoch
    sheet = book["a"]
    sheet["D2"] = (datetime(2026, 4, 2) - epoch).days  # noqa: DTZ001
    sheet.merge_cells("A2:A3")
    sheet["G3"], sheet["H3"], sheet["I3"], sheet["J3"], sheet["K3"], sheet["L3"] = "8504", "线圈", 1, "台", 5, "USD"
    sheet["G3"] = "8504500000"
    saved = io.BytesIO()
    book.save(saved)
    (found,) = read(saved.getvalue()).documents
    assert isinstance(found, ExportDeclaration)
    assert (found.declared_on, len(found.lines)) == (date(2026, 4, 2), 2)
