"""Customs' own form: the message in both encodings, the print as workbook and as PDF, and what is refused of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter
from tests.eximledger.formats.customs_form import EXPORTER, FORM, Form, Item, message, pdf, with_items, workbook
from tests.eximledger_chaincode.rules.cases import application, case, financed

from eximledger.formats import Cause, Reading, detect, read
from eximledger_chaincode.documents import DeclarationCopy, ExportDeclaration, LegalQuantity, Money
from eximledger_chaincode.lending.verdict import Severity
from eximledger_chaincode.rules.customs.declaration_copies import decl_copy
from hlf_chaincode.errors import InvalidDocument


def _copy(source: bytes) -> DeclarationCopy:
    (document,) = read(source).documents
    assert isinstance(document, DeclarationCopy)
    return document


def _declaration(source: bytes) -> ExportDeclaration:
    (document,) = read(source, declarations=True).documents
    assert isinstance(document, ExportDeclaration)
    return document


def _refused(source: bytes) -> str:
    with pytest.raises(InvalidDocument) as refused:
        read(source)
    return refused.value.message


# all forms of the paper say the same ------------------------------------------------

PRINTS: dict[str, Callable[[Form], bytes]] = {
    "workbook": workbook,
    "lines-in-rows": lambda form: workbook(form, spread=True),
    "pdf": pdf,
    "pdf-right": lambda form: pdf(form, right=True),
    "pdf-ruled": lambda form: pdf(form, ruled=True, centred=True, right=True),
}


@pytest.mark.parametrize("printed", PRINTS.values(), ids=PRINTS)
def test_the_print_is_the_exporters_copy(printed: Callable[[Form], bytes]) -> None:
    copy = _copy(printed(FORM))
    assert copy.declaration_number == "222920260000417205"
    assert (copy.consignor.name, copy.consignor.uscc) == ("上海临港某某电源有限公司", EXPORTER)
    assert copy.consignee is not None
    assert copy.consignee.name == "SAIGON POWER JSC"
    assert (copy.declared_on, copy.exported_on) == (date(2026, 3, 5), date(2026, 3, 9))
    assert copy.total == Money.of("8620.00", "USD")
    assert copy.remarks == "备注：N/M 集装箱标箱数及号码：1；TGHU7234564"
    (line,) = copy.lines
    assert (line.number, line.hs_code, line.description) == (1, "8504409999", "变流器")
    assert line.specification == "4|3|逆变用|无品牌|5kW"
    assert (line.quantity, line.unit, line.unit_price) == (Decimal(40), "台", Decimal("215.5"))
    assert line.legal_quantities == (LegalQuantity(quantity=Decimal("12.5"), unit="千克"),)
    assert (line.origin_country, line.destination_country) == ("CN", "VN")


@pytest.mark.parametrize("printed", PRINTS.values(), ids=PRINTS)
def test_the_print_is_customs_declaration_where_that_is_asked_for(printed: Callable[[Form], bytes]) -> None:
    declaration = _declaration(printed(FORM))
    assert declaration.status == "declared"
    assert (declaration.supervision_mode, declaration.transaction_mode, declaration.transport_mode) == (
        "0110",
        "1",
        "2",
    )
    assert (declaration.freight, declaration.insurance_percent) == (Money.of(350, "USD"), Decimal("0.3"))
    assert (declaration.insurance, declaration.other_charges) == (None, None)
    assert declaration.packages == 40
    assert (declaration.gross_weight_kg, declaration.net_weight_kg) == (Decimal(590), Decimal(500))
    assert (declaration.exit_port, declaration.destination_port) == ("2248", "VNM039")
    assert (declaration.trade_country, declaration.destination_country) == ("VN", "VN")
    assert (declaration.conveyance, declaration.bill_number) == ("COSCO LAN/045S", "COSU6377891230")
    assert declaration.contract_number == "SP-2026-018"


@pytest.mark.parametrize("encoding", ["UTF-8", "GB2312", "gb18030"])
def test_the_message_says_what_the_print_says(encoding: str) -> None:
    source = message(FORM, encoding)
    assert detect(source) == "dec-message"
    copy, printed = _copy(source), _copy(workbook(FORM))
    assert copy.total == printed.total
    assert copy.consignor == printed.consignor
    assert copy.consignee == printed.consignee
    (line,), (other,) = copy.lines, printed.lines
    assert (line.quantity, line.unit, line.description) == (Decimal(40), "001", other.description)
    assert (line.origin_country, line.destination_country) == ("CN", "VN")


def test_the_message_as_customs_declaration() -> None:
    declaration, printed = _declaration(message(FORM, "GB2312")), _declaration(workbook(FORM))
    alike = declaration.model_copy(
        update={
            "lines": printed.lines, "containers": (), "package_kind": printed.package_kind,
        }
    )  # fmt: skip
    assert alike == printed
    assert declaration.containers == ("TGHU7234564",)


def test_old_digits_for_currencies_and_countries() -> None:
    item = replace(FORM.items[0], origin=("中国", "142"), destination=("越南", "141"))
    old = replace(FORM, items=(item,), trade_country=("141", "越南"), destination_country=("141", "越南"))
    declaration = _declaration(message(old, old=True))
    assert declaration.total == Money.of("8620.00", "USD")
    assert (declaration.destination_country, declaration.lines[0].origin_country) == ("VN", "CN")


@pytest.mark.parametrize(
    ("origin", "destination", "going"),
    [("JPN", "VNM", "VNM"), ("CHN", "CHN", "VNM"), ("JPN", "CHN", "CHN")],
    ids=["neither-china", "both-china", "to-china"],
)
def test_countries_of_which_the_message_does_not_tell_which_is_which(origin: str, destination: str, going: str) -> None:
    item = replace(FORM.items[0], origin=("", origin), destination=("", destination))
    reading = read(message(replace(FORM, items=(item,), destination_country=(going, ""))))
    assert isinstance(reading.documents[0], DeclarationCopy)
    assert reading.documents[0].lines[0].origin_country is None
    assert sum(each.cause is Cause.UNUSABLE for each in reading.unmapped) == 2


# held against customs' record ---------------------------------------------------------


def _found(copy: DeclarationCopy, record: ExportDeclaration) -> list[tuple[Severity, str]]:
    asked = application(declarations=(financed(record.number),), declaration_copies=(copy.number,))
    return [(each.severity, each.statements[0].field) for each in decl_copy(case(asked, record, copy))]


@pytest.mark.parametrize("printed", PRINTS.values(), ids=PRINTS)
def test_a_true_print_agrees_with_customs_message(printed: Callable[[Form], bytes]) -> None:
    """Although one has words where the other has codes: 台 and 001, 千克 and 035."""
    assert _found(_copy(printed(FORM)), _declaration(message(FORM, "GB2312"))) == []


def test_an_altered_print_does_not() -> None:
    record = _declaration(message(FORM))
    altered = replace(FORM, items=(replace(FORM.items[0], amount="86200.00", quantities=(("400", "台"),)),))
    for source in (workbook(altered), pdf(altered), message(altered)):
        found = _found(_copy(source), record)
        assert [severity for severity, _ in found] == [Severity.REJECT, Severity.REJECT]
        assert found[0][1] == "total"
    other = _copy(pdf(replace(FORM, consignee="ANOTHER TRADING CO")))
    assert _found(other, record) == [(Severity.REFER, "consignee")]


# drawn values ---------------------------------------------------------------------

_UNITS = ("千克", "台", "件", "米", "套")
_NAMES = st.text("变流器电动机玩具轴承钢管丝织品", min_size=1, max_size=10)
_WHOLE = st.integers(1, 99_999)


@st.composite
def _items(draw: st.DrawFn) -> Item:
    quantity, price = draw(st.integers(1, 99_999)), draw(st.integers(1, 9_999_999))
    legal = draw(st.lists(st.tuples(_WHOLE, st.sampled_from(_UNITS)), max_size=2))
    unit = draw(st.sampled_from(_UNITS))
    return Item(
        hs_code=str(draw(st.integers(1000000000, 9999999999))),
        name=draw(_NAMES),
        specification=draw(st.sampled_from(["4|3|逆变用", "0|0|无型号|50-60Hz", "型号A"])),
        quantities=(*((str(each), name) for each, name in legal), (str(quantity), unit)),
        price=f"{price // 10000}.{price % 10000:04}",
        amount=f"{Decimal(quantity * price).scaleb(-4):.2f}",
        currency=draw(st.sampled_from([("美元", "USD"), ("欧元", "EUR"), ("人民币", "CNY")])),
        destination=draw(st.sampled_from([("越南", "VNM"), ("美国", "USA"), ("德国", "DEU")])),
    )


@st.composite
def _forms(draw: st.DrawFn) -> Form:
    items = draw(st.lists(_items(), min_size=1, max_size=9))
    items = [replace(item, currency=items[0].currency) for item in items]
    mark = draw(st.sampled_from(["", "USD/350/3", "CNY/1,200.50/3", "000/0.3/1", "USD/30/2"]))
    number = f"{draw(st.integers(1000, 9999))}2026{'0'}{draw(st.integers(1, 999_999_999)):09}"
    return replace(FORM, number=number, items=tuple(items), freight=mark)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(_forms(), st.booleans(), st.booleans())
def test_a_form_reads_back(form: Form, spread: bool, right: bool) -> None:
    for source in (workbook(form, spread=spread), pdf(form, right=right), pdf(form, right=right, ruled=True)):
        declaration = _declaration(source)
        assert declaration.declaration_number == form.number
        assert len(declaration.lines) == len(form.items)
        for line, item in zip(declaration.lines, form.items, strict=True):
            *legal, (quantity, unit) = item.quantities
            assert (line.hs_code, line.description, line.specification) == (
                item.hs_code, item.name, item.specification,
            )  # fmt: skip
            assert (line.quantity, line.unit) == (Decimal(quantity), unit)
            assert [(each.quantity, each.unit) for each in line.legal_quantities] == list(
                dict.fromkeys((Decimal(each), name) for each, name in legal)
            )
            assert line.amount == Money.of(item.amount, item.currency[1])
            assert line.unit_price == Decimal(item.price)
        assert declaration.freight == _freight(form.freight)


def _freight(mark: str) -> Money | None:
    currency, number, kind = mark.split("/") if mark else ("", "", "")
    return Money.of(number.replace(",", ""), currency) if kind == "3" else None


# other ways to fill it in ---------------------------------------------------------------


def test_a_sheet_with_values_beside_their_names() -> None:
    """As programs of forwarders write it, with columns of their own for price, total and currency."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (
        ["出口货物报关单（核对）"],
        ["海关编号", FORM.number, "", "页码/页数：1/1"],
        ["境内发货人", f"上海临港某某电源有限公司（{EXPORTER}）", "出境关别", "洋山港区(2248)", "申报日期：2026-03-05"],
        ["境外收货人：SAIGON POWER JSC", "", "运输方式", "水路运输", "出口日期：2026-03-09"],
        ["监管方式", "一般贸易", "成交方式", "CIF", "运费", "USD/350/3", "保费", "0.3/1"],
        ["运抵国（地区）", "越南", "件数", 40, "毛重（千克）", 590, "净重（千克）", 500],
        [
            "项号",
            "商品编号",
            "商品名称",
            "规格型号",
            "数量",
            "单位",
            "单价",
            "总价",
            "币制",
            "最终目的国",
            "原产国",
            "征免",
        ],
        [1, "8504409999", "变流器", "5kW", 40, "台", 215.5, 8620, "USD", "越南", "中国", "照章征税"],
        ["", "", "", "", 12.5, "千克"],
        ["特殊关系确认：否"],
    ):
        sheet.append(row)
    sheet.cell(8, 5, 12.5), sheet.cell(8, 6, "千克"), sheet.cell(9, 5, 40), sheet.cell(9, 6, "台")
    saved = io.BytesIO()
    book.save(saved)
    declaration = _declaration(saved.getvalue())
    assert declaration.consignor == _copy(workbook(FORM)).consignor
    assert declaration.consignee is not None
    assert declaration.consignee.name == "SAIGON POWER JSC"
    assert (declaration.exit_port, declaration.supervision_mode, declaration.transaction_mode) == ("2248", "0110", "1")
    assert (declaration.freight, declaration.insurance_percent) == (Money.of(350, "USD"), Decimal("0.3"))
    (line,) = declaration.lines
    assert (line.quantity, line.unit, line.amount) == (Decimal(40), "台", Money.of(8620, "USD"))
    assert line.legal_quantities == (LegalQuantity(quantity=Decimal("12.5"), unit="千克"),)


def test_a_name_of_several_lines() -> None:
    """The specification of a tariff code begins with its first |."""
    item = replace(FORM.items[0], name="三相异步电动机用变流器及其\n控制柜", specification="4|3|逆变用\n无品牌|5kW")
    line = _copy(pdf(replace(FORM, items=(item,)))).lines[0]
    assert (line.description, line.specification) == ("三相异步电动机用变流器及其控制柜", "4|3|逆变用\n无品牌|5kW")


# pages and forms of a file ----------------------------------------------------------


def test_a_form_of_several_pages() -> None:
    form = with_items(14)
    assert _copy(pdf(form)).lines == _copy(workbook(form)).lines
    assert len(_copy(pdf(form)).lines) == 14


def test_several_forms_a_file() -> None:
    other = replace(with_items(8), number="222920260000417206")
    for source in (pdf(FORM, other), workbook(FORM, other)):
        assert [document.number for document in read(source).documents] == [FORM.number, other.number]


def test_forms_one_under_the_other_in_a_sheet() -> None:
    first = openpyxl.load_workbook(io.BytesIO(workbook(FORM))).active
    book = openpyxl.load_workbook(io.BytesIO(workbook(replace(FORM, number="222920260000417206"))))
    sheet = book.active
    assert first is not None
    assert sheet is not None
    for row in first.iter_rows(values_only=True):
        sheet.append(row)
    saved = io.BytesIO()
    book.save(saved)
    assert [document.number for document in read(saved.getvalue()).documents] == ["222920260000417206", FORM.number]


def test_forms_in_an_archive() -> None:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w") as archive:
        for name, content in (("a.pdf", pdf(FORM)), ("b.xml", message(FORM)), ("c.xlsx", workbook(FORM))):
            archive.writestr(name, content)
    assert [document.KIND for document in read(saved.getvalue()).documents] == ["declaration-copy"] * 3


def test_a_page_that_is_missing() -> None:
    writer, saved = PdfWriter(), io.BytesIO()
    writer.append(io.BytesIO(pdf(with_items(14))), pages=(0, 2))
    writer.write(saved)
    assert "is page 1/3 of a form of which the file has 2" in _refused(saved.getvalue())


def test_pages_that_are_not_the_form_are_reported() -> None:
    reading = read(workbook(FORM, others=[["装箱单", "1"]]))
    assert ("sheet 其他", Cause.SKIPPED, 2) in [(each.path, each.cause, each.values) for each in reading.unmapped]


# what was not read is said ------------------------------------------------------------


def _paths(reading: Reading) -> set[str]:
    return {each.path for each in reading.unmapped}


def test_what_a_copy_does_not_hold_is_reported() -> None:
    assert "报关单1!P6 (提运单号)" in _paths(read(workbook(FORM)))
    assert "报关单1!P6 (提运单号)" not in _paths(read(workbook(FORM), declarations=True))
    assert "/DecMessage/DecHead/BillNo" in _paths(read(message(FORM)))
    assert "/DecMessage/DecHead/BillNo" not in _paths(read(message(FORM), declarations=True))
    assert "/DecMessage/DecHead/TradeMode" not in _paths(read(message(FORM), declarations=True))


def test_a_charge_that_is_no_amount_is_reported() -> None:
    form = replace(FORM, freight="USD/30/2")
    for source in (workbook(form), pdf(form), message(form)):
        reading = read(source, declarations=True)
        assert any("a price of 30 for each tonne" in each.reason for each in reading.unmapped)


# what is refused ---------------------------------------------------------------------


def _without(name: str) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(workbook(FORM)))
    sheet = book.active
    assert sheet is not None
    found = [cell for row in sheet.iter_rows() for cell in row if str(cell.value or "").startswith(name)]
    assert found
    for cell in found:
        cell.value = None
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("商品编号", "the line of columns (项号, 商品编号, ...) is not found"),
        ("项号", "the column 项号 is not found"),
        ("数量及单位", "the column 数量及单位 is not found"),
        ("申报日期", "'出口日期' has values in 报关单1!I4 and 报关单1!M4, not one"),
        ("海关编号", "海关编号 is not found"),
        ("境内发货人", "stands left of '出境关别"),
        ("商品名称", "stands under 商品编号 of one item as a second line"),
        ("单价/总价/币制", "单价/总价/币制 has 0 lines, not three"),
        ("原产国", "单价/总价/币制 has 4 lines, not three"),
        ("8504409999", "stands over the first line that has 项号 and 商品编号"),
    ],
)
def test_what_is_not_found_is_named(name: str, said: str) -> None:
    assert said in _refused(_without(name))


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (replace(FORM, number=""), "海关编号 is not found, or has no number"),
        (replace(FORM, number="2229202600004172"), "18 digits"),
        (replace(FORM, consignor=(EXPORTER[:-1] + "Z", "甲")), "unified social credit code"),
        (replace(FORM, items=(replace(FORM.items[0], quantities=(("40", "台"), ("12.5", "千克"))),)), "another line"),
        (replace(FORM, items=(replace(FORM.items[0], quantities=(("40", "台"),) * 4),)), "4 lines"),
        (replace(FORM, items=(replace(FORM.items[0], quantities=(("四十", "台"),)),)), "no quantity with its unit"),
        (replace(FORM, items=(replace(FORM.items[0], price="面议"),)), "单价 is no number"),
        (replace(FORM, items=(replace(FORM.items[0], currency=("贝壳", "")),)), "no code or name"),
        (replace(FORM, exported_on="三月九日"), "is not a date"),
    ],
)
def test_values_that_are_none(form: Form, said: str) -> None:
    for source in (workbook(form), pdf(form)):
        assert said in _refused(source)


def test_an_altered_total_is_read_as_it_stands() -> None:
    """A print that somebody changed is just what DECL-COPY is there for."""
    form = replace(FORM, items=(replace(FORM.items[0], amount="86200.00"),))
    for source in (workbook(form), pdf(form)):
        assert _copy(source).total == Money.of("86200.00", "USD")


def test_names_of_columns_in_the_middle_need_lines() -> None:
    assert "stands under no single name of the form" in _refused(pdf(FORM, centred=True))


def test_a_value_that_runs_into_the_next_column() -> None:
    item = replace(FORM.items[0], source="(31222)上海浦东新区其他地方以及别处")
    assert "stands under more than one name" in _refused(pdf(replace(FORM, items=(item,))))


def test_a_number_that_a_spreadsheet_has_cut_off() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(replace(FORM, number=""))))
    sheet = book.active
    assert sheet is not None
    sheet.cell(2, 6, 222920260000417205)
    saved = io.BytesIO()
    book.save(saved)
    assert "more than 15 digits" in _refused(saved.getvalue())


@pytest.mark.parametrize(("rows", "columns"), [((11,), ()), ((), ("J",))])
def test_what_is_hidden_in_a_sheet_of_the_form_is_refused(rows: tuple[int, ...], columns: tuple[str, ...]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(FORM)))
    sheet = book.worksheets[0]
    for row in rows:
        sheet.row_dimensions[row].hidden = True
    for column in columns:
        sheet.column_dimensions[column].hidden = True
    saved = io.BytesIO()
    book.save(saved)
    assert "is hidden: show its row and column, or delete it" in _refused(saved.getvalue())


def test_items_that_are_not_in_order() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(with_items(3))))
    sheet = book.active
    assert sheet is not None
    next(cell for row in sheet.iter_rows(min_row=10) for cell in row if cell.value == "2").value = "3"
    saved = io.BytesIO()
    book.save(saved)
    assert "项号 is 3 where 2 is expected" in _refused(saved.getvalue())


def test_a_scan() -> None:
    writer, saved = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.write(saved)
    assert "is a scan: its pages have no text" in _refused(saved.getvalue())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<IEFlag>E", "<IEFlag>I", "is of no export"),
        (f"<EntryId>{FORM.number}</EntryId>", "", "customs has not given this declaration a number"),
        ("<DecLists>", "<Lists>", "DecLists/DecList is missing"),
        ("<FeeMark>3</FeeMark>", "", "FeeMark is missing"),
        ("<DDate>20260305</DDate>", "", "declared_on) is missing"),
        ("<GUnit>001</GUnit>", "", "unit) is missing"),
        ("<TradeCurr>USD</TradeCurr>", "<TradeCurr>US</TradeCurr>", "no code or name"),
    ],
)
def test_messages_that_are_no_declaration(old: str, new: str, said: str) -> None:
    text = message(FORM).decode()
    assert old in text
    changed = text.replace(old, new).replace(
        "</DecLists>", new.replace("<", "</") if new == "<Lists>" else "</DecLists>"
    )
    with pytest.raises(InvalidDocument) as refused:
        read(changed.encode(), declarations=True)
    assert said in refused.value.message


def test_nobody_abroad() -> None:
    assert _copy(message(replace(FORM, consignee="NO"))).consignee is None
    assert _copy(workbook(replace(FORM, consignee="NO"))).consignee is None


def test_the_licence_of_the_accompanying_documents() -> None:
    entry = "<LicenseDocu><DocuCode>{}</DocuCode><CertCode>26AA12345</CertCode></LicenseDocu>"
    more = f"<DecLicenseDocus>{entry}</DecLicenseDocus>"
    assert _declaration(message(FORM, more=more.format("G"))).licence_number == "26AA12345"
    assert _declaration(message(FORM, more=more.format("a"))).licence_number is None


@pytest.mark.parametrize(
    ("value", "by", "name"),
    [
        ("洋山港区", (0, -1), "境内发货人"), ("洋山港区", (1, 0), "境外收货人"), ("20260309", (0, -2), "出境关别"),
        ("COSCO LAN/045S", (0, -1), "运输方式"), ("越南", (0, -2), "合同协议号"),
    ],
)  # fmt: skip
def test_a_cell_that_was_shifted_under_another_name_is_refused(value: str, by: tuple[int, int], name: str) -> None:
    """It would be a part of that value: the exporter's name with a port behind it."""
    book = openpyxl.load_workbook(io.BytesIO(workbook(FORM)))
    sheet = book.worksheets[0]
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == value)
    sheet.cell(cell.row + by[0], cell.column + by[1]).value = value
    cell.value = None
    saved = io.BytesIO()
    book.save(saved)
    with pytest.raises(InvalidDocument, match=rf"'{name}.*' has values in 报关单1!.* and 报关单1!.*, not one"):
        read(saved.getvalue(), exporter=EXPORTER)


@pytest.mark.parametrize(("name", "by"), [("杂费", 1), ("许可证号", 1), ("指运港（VNM039）", -1)])
def test_a_name_that_was_shifted_into_the_line_of_values_is_refused(name: str, by: int) -> None:
    """All values of that line would be lost without a word."""
    book = openpyxl.load_workbook(io.BytesIO(workbook(FORM)))
    sheet = book.worksheets[0]
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == name)
    sheet.cell(cell.row + by, cell.column).value, cell.value = name, None
    saved = io.BytesIO()
    book.save(saved)
    with pytest.raises(InvalidDocument, match=r"stands left of .*, under no name"):
        read(saved.getvalue(), exporter=EXPORTER)
