"""Tables: units, scales and currencies beside numbers, in a header, a cell, its format or over the table."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from eximledger.formats import Cause, read
from eximledger.formats.tables.measures import measure_of
from eximledger.formats.tables.papers.kinds import TABLES
from eximledger.formats.text.values import date_of
from eximledger_chaincode.documents import ExportDeclaration, Money
from hlf_chaincode.errors import InvalidDocument

NAMES = TABLES["declaration"].vocabulary
ROW = {
    "报关单号": "530420260000000777",
    "境内发货人": "黔南风机",
    "统一社会信用代码": "91520690MA6DX12344",
    "申报日期": "2026-04-02",
    "监管方式": "0110",
    "成交方式": "CIF",
    "商品编号": "8414599099",
    "商品名称": "轴流风机",
    "数量": "40",
    "单位": "台",
    "单价": "75",
    "总价": "3000.00",
    "币制": "USD",
    "毛重": "820",
}


def table(changes: dict[str, str | None], *above: str, delimiter: str = ";") -> bytes:
    """The row with columns renamed (`旧→新`), changed, added, or taken out."""
    row: dict[str, str] = dict(ROW)
    for name, value in changes.items():
        old, _, new = name.partition("→")
        if new:
            row = {(new if own == old else own): held for own, held in row.items()}
            old = new
        if value is None:
            del row[old]
        else:
            row[old] = value
    lines = [*above, delimiter.join(row), delimiter.join(row.values())]
    return "\n".join(lines).encode()


def only(source: bytes) -> ExportDeclaration:
    (found,) = read(source).documents
    assert isinstance(found, ExportDeclaration)
    return found


@pytest.mark.parametrize(
    ("changes", "amount", "price", "gross"),
    [
        ({"毛重→毛重（吨）": "0.82"}, "3000 USD", "75", "820"),
        ({"毛重→G.W. (lbs)": "1000"}, "3000 USD", "75", "453.59237"),
        ({"毛重→毛重（市斤）": "1640"}, "3000 USD", "75", "820"),
        ({"毛重→毛重KGS": "820"}, "3000 USD", "75", "820"),
        ({"毛重": "0.82吨"}, "3000 USD", "75", "820"),
        ({"毛重": "820 KGS"}, "3000 USD", "75", "820"),
        ({"重量单位": "吨", "毛重": "0.82"}, "3000 USD", "75", "820"),
        ({"总价→总价（万美元）": "0.3"}, "3000 USD", "75", "820"),
        ({"总价→Amount (USD'000)": "3"}, "3000 USD", "75", "820"),
        ({"总价→总价（千欧元）": "3", "币制": None}, "3000 EUR", "75", "820"),
        ({"总价→人民币总价": "3000", "币制": "CNY"}, "3000 CNY", "75", "820"),
        ({"总价": "US$ 3,000.00"}, "3000 USD", "75", "820"),
        ({"总价": "0.3万美元"}, "3000 USD", "75", "820"),
        ({"总价": "¥3000", "币制": "CNY"}, "3000 CNY", "75", "820"),
        ({"单价→单价（每千台）": "75000"}, "3000 USD", "75", "820"),
        ({"单价→单价（美元/百台）": "7500"}, "3000 USD", "75", "820"),
        ({"单价→Unit price per dozen": "900"}, "3000 USD", "75", "820"),
        ({"单价→单价(美元/吨)": "75", "单位": "千克"}, "3000 USD", "0.075", "820"),
        ({"单价→Price per 100 pcs (USD)": "7500"}, "3000 USD", "75", "820"),
        ({"单价": "75 USD/台"}, "3000 USD", "75", "820"),
        ({"总价→总价（CIF）": "3000"}, "3000 USD", "75", "820"),
        ({"单价→Unit Price (CIF Hamburg)": "75"}, "3000 USD", "75", "820"),
        ({"总价→Amount (CIF SAN ANTONIO)": "3000"}, "3000 USD", "75", "820"),
    ],
    ids=lambda value: "".join(value) if isinstance(value, dict) else None,
)
def test_what_stands_beside_a_number_counts(
    changes: dict[str, str | None], amount: str, price: str, gross: str
) -> None:
    found = only(table(changes))
    number, currency = amount.split()
    assert found.total == found.lines[0].amount == Money.of(number, currency)
    assert found.lines[0].unit_price == Decimal(price)
    assert found.gross_weight_kg == Decimal(gross)


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"总价→总价（人民币）": "21540"}, "总价（人民币）"),
        ({"总价": "¥21540"}, "总价"),
        ({"总价→总价（元）": "21540"}, "总价（元）"),
        ({"单价→单价(人民币)": "538.5"}, "单价(人民币)"),
        ({"单价币制": "人民币"}, "单价"),
        ({"总价→总价（含税）": "3000"}, "总价（含税）"),
        ({"总价→总价（吨）": "3000"}, "总价（吨）"),
        ({"总价→总价（FOB）": "2900"}, "总价（FOB）"),
        ({"总价→Amount (FOB Shanghai)": "2900"}, "Amount (FOB Shanghai)"),
        ({"总价→Amount (CIF Lakhs)": "2900"}, "Amount (CIF Lakhs)"),
        ({"总价→Amount (CIF Net)": "2900"}, "Amount (CIF Net)"),
        ({"单价→单价（每吨）": "75"}, "单价（每吨）"),
        ({"毛重→毛重（磅秤读数）": "820"}, "毛重（磅秤读数）"),
        ({"毛重→毛重（件）": "820"}, "毛重（件）"),
        ({"重量单位": "箱"}, "毛重"),
        ({"毛重": "0.82吨", "重量单位": "千克"}, "毛重"),
        ({"数量→数量（吨）": "40"}, "数量（吨）"),
        ({"数量→数量（千台）": "0.04", "单位": "千台"}, ""),
        ({"单价→单价（每3台）": "100"}, "单价（每3台）"),
    ],
    ids=lambda value: "".join(value) if isinstance(value, dict) else None,
)
def test_what_cannot_be_is_refused_with_its_column(changes: dict[str, str | None], column: str) -> None:
    if not column:  # thousands counted in thousands
        assert (only(table(changes)).lines[0].quantity, only(table(changes)).lines[0].unit) == (Decimal("0.04"), "千台")
        return
    with pytest.raises(InvalidDocument) as refused:
        read(table(changes))
    assert f"({column})" in refused.value.message


def test_a_quantity_in_its_headers_unit() -> None:
    line = only(table({"数量→数量（千台）": "0.04"})).lines[0]
    assert (line.quantity, line.unit) == (Decimal(40), "台")
    line = only(table({"数量→Quantity (kg)": "40", "单位": None, "单价": None})).lines[0]
    assert (line.quantity, line.unit) == (Decimal(40), "kg")
    assert only(table({"件数": "12箱"})).packages == 12


@pytest.mark.parametrize(
    ("above", "total", "gross"),
    [("单位：万美元", "30000000", "820"), ("Currency: USD", "3000", "820"), ("重量单位：吨", "3000", "820000")],
)
def test_what_is_said_over_the_table_counts_for_all_of_it(above: str, total: str, gross: str) -> None:
    found = only(table({"单价": None}, above))
    assert found.total == Money.of(total, "USD")
    assert found.gross_weight_kg == Decimal(gross)


def test_a_title_is_no_measure_and_another_currency_over_the_table_is_refused() -> None:
    assert only(table({}, "填报单位：黔南风机")).total == Money.of("3000", "USD")
    with pytest.raises(InvalidDocument, match="总价"):
        read(table({}, "币种：人民币"))


def test_of_two_columns_for_one_amount_the_one_in_the_rows_currency_counts() -> None:
    reading = read(table({"总价": "3000.00", "人民币总价": "21540.00"}))
    (found,) = reading.documents
    assert isinstance(found, ExportDeclaration)
    assert found.total == Money.of("3000", "USD")
    assert [(each.cause, "人民币总价" in each.path) for each in reading.unmapped] == [(Cause.NOT_MODELLED, True)]
    both: dict[str, str | None] = {"总价→总价（美元）": "3000.00", "总价（人民币）": "21540.00"}
    assert only(table(both)).total == Money.of("3000", "USD")
    with pytest.raises(InvalidDocument, match="both name amount"):
        read(table({"总价": "3000.00", "金额": "3100.00"}))


@pytest.mark.parametrize(
    ("form", "value", "refused"),
    [("[$¥-804]0.00", 21540, True), ('"US$"#,##0.00', 3000, False), ("#,##0.00", 3000, False), ('0.00"万元"', 3, True)],
)  # fmt: skip
def test_a_cell_says_by_its_format_what_it_counts_in(form: str, value: int, refused: bool) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(ROW))
    sheet.append([value if name == "总价" else held for name, held in ROW.items()])
    sheet.cell(2, list(ROW).index("总价") + 1).number_format = form
    saved = io.BytesIO()
    book.save(saved)
    if refused:
        with pytest.raises(InvalidDocument, match="总价"):
            read(saved.getvalue())
    else:
        assert only(saved.getvalue()).total == Money.of("3000", "USD")


@pytest.mark.parametrize(
    ("changes", "freight", "said"),
    [
        ({"运费": "502/180/3"}, "180 USD", ""),
        ({"运费": "５０２／１８０／３"}, "180 USD", ""),
        ({"运费": "USD - 180 - 3"}, "180 USD", ""),
        ({"运费": "人民币/1,300/3"}, "1300 CNY", ""),
        ({"运费": "180/3"}, "180 USD", ""),
        ({"运费": "1300", "运费币制": "142"}, "1300 CNY", ""),
        ({"运费": "1300", "运费币制": "142", "运费标记": "3"}, "1300 CNY", ""),
        ({"运费": "180", "运费标记": "总价"}, "180 USD", ""),
        ({"运费→运费（港币）": "1400"}, "1400 HKD", ""),
        ({"运费": "101/1"}, "", "a rate of 101 %"),
        ({"运费": "502/30/2"}, "", "a price of 30 for each tonne"),
        ({"运费": "30", "运费标记": "2"}, "", "a price of 30 for each tonne"),
    ],
    ids=lambda value: "".join(f"{k}{v}" for k, v in value.items()) if isinstance(value, dict) else None,
)
def test_marks_of_freight(changes: dict[str, str | None], freight: str, said: str) -> None:
    reading = read(table(changes))
    (found,) = reading.documents
    assert isinstance(found, ExportDeclaration)
    if freight:
        number, currency = freight.split()
        assert found.freight == Money.of(number, currency)
        assert not reading.unmapped
    else:
        assert found.freight is None
        assert [each.cause for each in reading.unmapped] == [Cause.UNUSABLE]
        assert said in reading.unmapped[0].reason


@pytest.mark.parametrize("changes", [
    {"运费": "5/1"}, {"运费": "000/5/1"}, {"运费": "5%"}, {"运费": "5", "运费标记": "1"}, {"运费→运费率": "5"},
], ids=str)  # fmt: skip
def test_freight_as_a_rate(changes: dict[str, str | None]) -> None:
    reading = read(table(changes))
    (found,) = reading.documents
    assert isinstance(found, ExportDeclaration)
    assert (found.freight, found.freight_percent) == (None, Decimal(5))
    assert not reading.unmapped


def test_insurance_as_a_rate() -> None:
    (found,) = read(table({"保费": "0.3/1"})).documents
    assert isinstance(found, ExportDeclaration)
    assert (found.insurance, found.insurance_percent) == (None, Decimal("0.3"))


def test_a_negative_rate_of_other_charges_is_a_rate() -> None:
    assert "a rate of -1 %" in read(table({"杂费": "-1/1"})).unmapped[0].reason


@pytest.mark.parametrize(
    ("changes", "told"),
    [({"监管方式": "110"}, "0110"), ({"商品编号": "841459909"}, "0841459909"), ({"商品编号": "8414599"}, "08414599")],
)
def test_zeros_that_a_spreadsheet_ate_are_told(changes: dict[str, str | None], told: str) -> None:
    with pytest.raises(InvalidDocument, match=f"a spreadsheet takes the zeros.*{told}"):
        read(table(changes))


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("申报计量单位", "unit"), ("HS海关编码", "hs_code"), ("申报币制", "currency"), ("商品品名", "description"),
        ("商品申报单价", "unit_price"), ("申报单位", "agent_name"), ("货物总价", "amount"), ("申报数量", "quantity"),
        ("币制名称", "currency"), ("监管方式代码", "supervision_mode"), ("商品名称代码", None),
        ("总价人民币", "amount"), ("USD amount", "amount"), ("总价含税", None), ("出口日期", "exported_on"),
    ],
)  # fmt: skip
def test_names_of_columns_in_exports_of_systems(header: str, field: str | None) -> None:
    assert NAMES.field_of(header) == field


def test_a_code_beside_its_name_is_reported() -> None:
    reading = read(table({"监管方式": "一般贸易", "监管方式代码": "0110"}))
    assert [entry.cause for entry in reading.unmapped] == [Cause.NOT_MODELLED]


def test_a_missing_column_is_told_with_those_that_are_not_known() -> None:
    with pytest.raises(InvalidDocument, match=r"is missing; columns that are not known here: .*\(计数名目\)"):
        read(table({"单位→计数名目": "台"}))


@pytest.mark.parametrize(
    "words", ["含税", "每", "USD EUR", "1e9", "per", "x" * 99, "千万" * 19 + "x", "吨/吨", "元/0件"]
)
def test_words_that_are_not_understood_are_not_nothing(words: str) -> None:
    assert measure_of(words) is None


def test_what_stands_beside_a_name() -> None:
    assert NAMES.beside("单价 Unit price (USD/pc)", "unit_price") == ("USD/pc",)
    assert NAMES.beside("毛重(千克)", "gross_weight_kg") == ()


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-04-01T16:00:00Z", date(2026, 4, 2)),
        ("2026-04-01T15:59:59Z", date(2026, 4, 1)),
        ("2026-12-31T23:30:00.5+00:00", date(2027, 1, 1)),
        ("2026-04-01T23:00:00+08:00", date(2026, 4, 1)),
        ("2026-04-01Z", date(2026, 4, 1)),
    ],
)
def test_a_moment_in_utc_is_chinas_day(written: str, day: date) -> None:
    assert date_of(written) == day
    if "T" in written:
        assert only(table({"申报日期": written})).declared_on == day


@pytest.mark.parametrize("price", ["100-120", "75-035", "12 0.35", "约75", "75 estimated"])
def test_a_price_that_is_a_range_or_about_something_is_refused(price: str) -> None:
    """120 is customs' code of a carton: a price from 100 to 120 was one of 100 for each."""
    with pytest.raises(InvalidDocument, match=r"\(单价\) says .* which is not understood"):
        read(table({"单价": price, "单位": "箱"}))


@pytest.mark.parametrize("freight", ["502//3", "502/3500//3", "XXX/3500/3", "502/3500/4"])
def test_a_mark_without_its_number_or_currency_is_refused(freight: str) -> None:
    with pytest.raises(InvalidDocument, match=r"\(运费\)"):
        read(table({"运费": freight}))


def test_other_charges_below_nothing_keep_their_sign() -> None:
    assert only(table({"杂费": "502/-35/3"})).other_charges == Money.of("-35", "USD")


def workbook(changes: dict[str, object], forms: dict[str, str]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    row: dict[str, object] = {**ROW, **changes}
    sheet.append(list(row))
    sheet.append(list(row.values()))
    for name, form in forms.items():
        sheet.cell(2, list(row).index(name) + 1).number_format = form
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize(
    ("name", "value", "form", "percent"),
    [
        ("运费", 0.05, "0%", "5"),
        ("运费率", 0.05, "0.00%", "5"),
        ("运费", 0.0025, "0.00%", "0.25"),
        ("运费率", 5, "0", "5"),
    ],
)
def test_a_rate_is_what_a_spreadsheet_shows(name: str, value: float, form: str, percent: str) -> None:
    found = only(workbook({name: value}, {name: form}))
    assert (found.freight, found.freight_percent) == (None, Decimal(percent))
    assert only(workbook({"运费": 0.05, "运费标记": 1}, {"运费": "0%"})).freight_percent == 5


def test_a_number_cell_that_is_none_of_the_columns() -> None:
    with pytest.raises(InvalidDocument, match=r"\(商品编号\) is stored as a number with a point"):
        read(workbook({"商品编号": 8414.59}, {}))  # 8414.5900, or 8414.59
    assert only(workbook({"商品编号": 841459}, {})).lines[0].hs_code == "841459"
    with pytest.raises(InvalidDocument, match=r"\(总价\) is not a plain decimal"):
        read(workbook({"总价": True}, {}))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"毛重→毛重（K）": "820"}, r"\(毛重（K）\) is said to be K, a scale without a unit of weight"),
        ({"毛重→毛重（千）": "0.82"}, "a scale without a unit of weight"),
        ({"毛重→毛重（盎司）": "820.1"}, "has more decimals in KGM than papers keep"),
    ],
)
def test_a_weight_that_is_not_certain_is_refused(changes: dict[str, str | None], said: str) -> None:
    with pytest.raises(InvalidDocument, match=said):
        read(table(changes))
