"""Tables: rows and sheets that are no goods, or that nobody sees; lines that say something of all numbers."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from eximledger.formats import Cause, read
from eximledger_chaincode.documents import CommercialInvoice, Money, PackingList
from hlf_chaincode.errors import InvalidDocument

HEAD = (
    "COMMERCIAL INVOICE", "Seller: Qiannan Fans,,,Invoice No.: CI-31", "USCC: 91520690MA6DX12344,,,Date: 2026-04-02",
    "To: Nordlicht GmbH,,,Currency: USD",
)  # fmt: skip
COLUMNS = "Marks,Description,Quantity,Unit Price,Amount"
LISTED = [
    "Invoice No", "Invoice date", "Seller", "Buyer", "Description", "Qty", "Unit", "Unit price", "Amount", "Currency",
]  # fmt: skip
FAN = "N/M,Axial fan,40 PCS,75.00,3000.00"
BOX = "N/M,Housing,10 PCS,12.00,120.00"


def form(*rows: str, columns: str = COLUMNS) -> bytes:
    return "\n".join([*HEAD, columns, *rows]).encode()


def invoice(source: bytes, exporter: str | None = None) -> CommercialInvoice:
    (found,) = read(source, exporter=exporter).documents
    assert isinstance(found, CommercialInvoice)
    return found


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


@pytest.mark.parametrize(
    "words",
    [
        "TOTAL", "TOTAL USD", "TOTAL (USD):", "TOTAL FOB SHANGHAI", "Total CIF Hamburg:", "G.TOTAL", "Net total",
        "TTL:",
        "T O T A L", "Totals", "TOTAL: 50 PCS", "Total of 2 items", "TOTAL AMOUNT IN USD", "合计（USD）", "合计：美元",
        "价税合计",
        "金额合计", "共计", "合计/Total", "合计：50件",
    ],
)  # fmt: skip
def test_a_sum_in_any_words_is_no_goods(words: str) -> None:
    """It would double what the invoice is worth."""
    for row in (f',"{words}",50 PCS,,3120.00', f'"{words}",,,,3120.00', f',"{words}",,,"USD 3,120.00"'):
        found = invoice(form(FAN, BOX, row))
        assert (found.total, len(found.lines), found.totals.lines) == (usd("3120"), 2, usd("3120"))


@pytest.mark.parametrize("words", ["Sub-total", "本页小计", "Carried forward", "承前页", "过次页", "Page total"])
def test_a_sum_of_a_part_is_no_goods_and_reported(words: str) -> None:
    reading = read(form(FAN, f",{words},,,3000.00", BOX, ",TOTAL,,,3120.00"))
    (found,) = reading.documents
    assert isinstance(found, CommercialInvoice)
    assert (found.total, len(found.lines)) == (usd("3120"), 2)
    assert Cause.SKIPPED in [each.cause for each in reading.unmapped]


@pytest.mark.parametrize(
    "words", ["Total packed value of it all", "Total station", "Total due", "Less commission", "Deposit of May"]
)
def test_what_may_be_a_sum_or_taken_off_is_refused_with_its_place(words: str) -> None:
    with pytest.raises(InvalidDocument, match=rf"row 7 \({words}\) may sum up the rows above"):
        read(form(FAN, f",{words},,,3000.00"))


def test_goods_that_are_called_so_have_a_price_or_stand_first() -> None:
    assert len(invoice(form(FAN, "N/M,Total station,2 PCS,500.00,1000.00")).lines) == 2
    assert len(invoice(form("N/M,Total station,2 PCS,,1000.00")).lines) == 1
    assert len(invoice(form(FAN, "N/M,Balance bike,2 PCS,,1000.00")).lines) == 2


def test_freight_a_discount_and_a_deposit_below_the_goods_are_the_papers_own() -> None:
    freight = invoice(form(FAN, ",TOTAL FOB,,,3000.00", ",FREIGHT,,,300.00", ",TOTAL CFR HAMBURG,,,3300.00"))
    assert [(each.charge, each.amount) for each in freight.allowances_charges] == [(True, usd("300"))]
    assert (freight.total, freight.totals.lines, len(freight.lines)) == (usd("3300"), usd("3000"), 1)
    less = invoice(form(FAN, ",Discount 5%,,,150.00", ",TOTAL,,,2850.00"))
    assert [(each.charge, each.amount) for each in less.allowances_charges] == [(False, usd("150"))]
    assert less.total == usd("2850")
    paid = invoice(form(FAN, ",TOTAL,,,3000.00", ",Less: deposit,,,900.00", ",Balance due,,,2100.00"))
    assert (paid.totals.prepaid, paid.totals.payable, paid.totals.lines) == (usd("900"), usd("2100"), usd("3000"))


def test_an_amount_below_the_goods_counts_as_its_column_does() -> None:
    thousands = COLUMNS.replace("Amount", "Amount (USD thousand)")
    found = invoice(form("N/M,Axial fan,40 PCS,75.00,3", ",FREIGHT,,,0.3", ",TOTAL,,,3.3", columns=thousands))
    assert [each.amount for each in found.allowances_charges] == [usd("300")]
    assert found.total == usd("3300")


def test_in_a_list_of_papers_what_is_taken_off_is_refused() -> None:
    columns = "Invoice No,Invoice date,Seller,Buyer,Description,Qty,Unit,Unit price,Amount,Currency"
    row = "CI-1,2026-04-02,Qiannan Fans,Nordlicht,{},40,PCS,75,3000.00,USD"
    for words in ("Discount", "Less deposit"):
        off = f"CI-1,,,,{words},,,,300.00,USD"
        with pytest.raises(InvalidDocument, match=rf"row 3 \({words}\)"):
            read("\n".join([columns, row.format("Fan"), off]).encode(), exporter="91520690MA6DX12344")


def test_a_sum_in_a_packing_list_is_no_goods() -> None:
    columns = "Packing list No,Date,Seller,Buyer,Description,Qty,Unit,Packages,Gross weight"
    source = "\n".join(
        [columns, "PL-1,2026-04-02,Qiannan Fans,Nordlicht,Fan,40,PCS,20,820", ",,,,TOTAL 20 CTNS,,,20,820"]
    )
    (found,) = read(source.encode(), exporter="91520690MA6DX12344").documents
    assert isinstance(found, PackingList)
    assert (found.packages, found.gross_weight_kg, len(found.lines)) == (20, Decimal(820), 1)


def test_a_line_of_words_between_header_and_goods_is_passed_over() -> None:
    assert len(invoice(form(",,,CIF HAMBURG,", FAN)).lines) == 1


# -- lines that say something of all numbers ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("above", "total"),
    [("Invoice (USD thousands)", "3000000"), ("出口明细表（万美元）", "30000000"),
     ("注：以下金额单位为千美元", "3000000"),
     ("报表单位：万", "30000000"), ("Fan works (Tongren)", "3000")],
)  # fmt: skip
def test_a_title_says_in_what_all_amounts_count(above: str, total: str) -> None:
    source = form("N/M,Axial fan,40 PCS,,3000.00")
    assert invoice(f"{above}\n".encode() + source).total == usd(total)


def test_a_title_says_in_what_quantities_and_weights_count() -> None:
    columns = "Packing list No,Date,Seller,Buyer,Description,Qty,Unit,Gross weight"
    row = "PL-1,2026-04-02,Qiannan Fans,Nordlicht,Fan,40,件,0.82"
    source = "\n".join(["装箱单（吨）", "数量单位：千件", columns, row]).encode()
    (found,) = read(source, exporter="91520690MA6DX12344").documents
    assert isinstance(found, PackingList)
    assert (found.gross_weight_kg, found.lines[0].quantity, found.lines[0].unit) == (Decimal(820), Decimal(40000), "件")


def test_a_currency_and_a_scale_on_lines_of_their_own_both_count() -> None:
    columns = "发票号,发票日期,卖方,买方,品名,数量,单位,金额"
    row = "CI-8,2026-04-02,黔南风机,Nordlicht,风机,40,台,0.3"
    for lines in (("币种：美元", "单位：万"), ("单位：万", "币种：美元"), ("单位：万美元", "Currency: USD")):
        source = "\n".join([*lines, columns, row]).encode()
        assert invoice(source, exporter="91520690MA6DX12344").total == usd("3000")
    for lines in (("单位：万", "单位：千美元"), ("币种：美元", "单位：万欧元")):
        with pytest.raises(InvalidDocument, match=r"\(金额\) is said to be in .* and in .* over the table"):
            invoice("\n".join([*lines, columns, row]).encode(), exporter="91520690MA6DX12344")


@pytest.mark.parametrize(
    "below", ["All prices in EUR", "Amounts in thousands of USD", "注：金额单位为千美元", "单位：万元"]
)
def test_what_is_said_below_the_goods_and_differs_is_refused_with_its_place(below: str) -> None:
    with pytest.raises(InvalidDocument, match=r"row 8 says .* of the numbers above it"):
        read(form(FAN, ",TOTAL,,,3000.00", below))
    assert invoice(form(FAN, ",TOTAL,,,3000.00", "All prices in USD")).total == usd("3000")


# -- what nobody sees --------------------------------------------------------------------------------------------------


def filled(sheet: Worksheet, number: str, lines: int = 1) -> None:
    sheet.append(
        [
            "Invoice No",
            "Invoice date",
            "Seller",
            "Buyer",
            "Description",
            "Qty",
            "Unit",
            "Unit price",
            "Amount",
            "Currency",
        ]
    )
    for _ in range(lines):
        sheet.append([number, "2026-04-02", "Qiannan Fans", "Nordlicht", "Fan", 40, "PCS", 75, 3000, "USD"])


def workbook(*, state: str = "visible", hidden: int | None = None, only: bool = False) -> bytes:
    book = openpyxl.Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    filled(first, "CI-7", 2)
    if hidden is not None:
        first.row_dimensions[hidden].hidden = True
    if only:
        first.append([])
        for row in range(1, 4):
            for cell in first[row]:
                cell.value = None
    second = book.create_sheet("old")
    filled(second, "CI-6")
    second.sheet_state = state
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize(
    ("form", "number"), [("00000", None), ('"CI-"0000', None), ("0", "17"), ("General", "17"), ("#,##0", "17")]
)
def test_a_papers_number_is_what_the_workbook_shows(form: str, number: str | None) -> None:
    """17 that is shown as 00017 or CI-0017 is not the invoice 17."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.append(LISTED)
    sheet.append([17, "2026-04-02", "Qiannan Fans", "Nordlicht", "Fan", 40, "PCS", 75, 3000, "USD"])
    sheet.cell(2, 1).number_format = form
    sheet.cell(2, 6).number_format = "000"  # of a quantity zeros say nothing
    saved = io.BytesIO()
    book.save(saved)
    if number is None:
        with pytest.raises(InvalidDocument, match=r"A2 \(Invoice No\) is a number to which the cell's format adds"):
            read(saved.getvalue(), exporter="91520690MA6DX12344")
    else:
        assert read(saved.getvalue(), exporter="91520690MA6DX12344").documents[0].number == number


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_reported_and_not_read(state: str) -> None:
    assert len(read(workbook(), exporter="91520690MA6DX12344").documents) == 2
    reading = read(workbook(state=state), exporter="91520690MA6DX12344")
    assert [document.number for document in reading.documents] == ["CI-7"]
    assert [(each.path, each.cause, each.reason) for each in reading.unmapped] == [
        ("sheet old", Cause.SKIPPED, "is hidden")
    ]
    with pytest.raises(InvalidDocument, match="sheet old is hidden, and no other holds a paper"):
        read(workbook(state=state, only=True), exporter="91520690MA6DX12344")


def test_a_hidden_row_of_goods_is_refused_with_its_place() -> None:
    with pytest.raises(InvalidDocument, match="row 3 is hidden, and has goods: show the row, or delete it"):
        read(workbook(hidden=3), exporter="91520690MA6DX12344")
    assert len(read(workbook(hidden=4), exporter="91520690MA6DX12344").documents) == 2


def patched(source: bytes, kind: int, offset: int, bit: int) -> bytes:
    """An old workbook of which each record of a kind has a bit set."""
    found = bytearray(source)
    place = source.find(b"\x09\x08", 0x200)
    while 0 <= place <= len(source) - 4:
        record, size = struct.unpack_from("<HH", source, place)
        if record == kind:
            found[place + 4 + offset] |= bit
        place += 4 + size
    return bytes(found)


def test_hidden_sheets_and_rows_of_old_workbooks() -> None:
    source = (Path(__file__).parent / "data" / "invoices.xls").read_bytes()
    assert read(source, exporter="91520690MA6DX12344").documents
    with pytest.raises(InvalidDocument, match="is hidden, and no other holds a paper"):
        read(patched(source, 0x85, 4, 1), exporter="91520690MA6DX12344")  # BOUNDSHEET: how it is shown
    with pytest.raises(InvalidDocument, match=r"row [0-9]+ is hidden, and has goods"):
        read(patched(source, 0x208, 12, 0x20), exporter="91520690MA6DX12344")  # ROW: of no height


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"<table:table-row", b'<table:table-row table:visibility="collapse"', "is hidden, and has goods"),
        (b"<table:table-row", b'<table:table-row table:visibility="filter"', "is hidden, and has goods"),
        (b"<table:table ", b'<table:table table:style-name="unseen" ', "is hidden, and no other holds a paper"),
    ],
)
def test_hidden_rows_and_sheets_of_open_documents(old: bytes, new: bytes, said: str) -> None:
    source = (Path(__file__).parent / "data" / "invoices.ods").read_bytes()
    assert read(source, exporter="91520690MA6DX12344").documents
    style = (
        b'<office:automatic-styles><style:style xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
        b'style:name="unseen" style:family="table"><style:table-properties table:display="false"/></style:style>'
        b"</office:automatic-styles><office:body>"
    )
    saved = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as parts, zipfile.ZipFile(saved, "w") as changed:
        for name in parts.namelist():
            part = parts.read(name)
            if name == "content.xml":
                part = re.sub(rb' table:style-name="[^"]*"', b"", part).replace(b"<office:body>", style)
                part = part.replace(old, new)
            changed.writestr(name, part)
    with pytest.raises(InvalidDocument, match=said):
        read(saved.getvalue(), exporter="91520690MA6DX12344")


def test_a_hidden_row_of_other_files() -> None:
    cells = "".join(
        f'<Cell><Data ss:Type="String">{each}</Data></Cell>'
        for each in ("CI-7", "2026-04-02", "Qiannan", "Nordlicht", "Fan", "40", "PCS", "75", "3000", "USD")
    )
    header = "".join(f'<Cell><Data ss:Type="String">{each}</Data></Cell>' for each in LISTED)
    for row in ("<Row>", '<Row ss:Hidden="1">'):
        source = (
            '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
            'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="a"><Table>'
            f"<Row>{header}</Row>{row}{cells}</Row></Table></Worksheet></Workbook>"
        ).encode()
        if "Hidden" in row:
            with pytest.raises(InvalidDocument, match="row 2 is hidden"):
                read(source, exporter="91520690MA6DX12344")
        else:
            assert len(read(source, exporter="91520690MA6DX12344").documents) == 1


def test_a_hidden_row_of_a_web_page() -> None:
    values = ["CI-7", "2026-04-02", "Qiannan", "Nordlicht", "Fan", "40", "PCS", "75", "3000", "USD"]
    rows = ["".join(f"<td>{each}</td>" for each in row) for row in (LISTED, values)]
    for style in ("", ' style="height:9pt; display : none"'):
        source = f"<table><tr>{rows[0]}</tr><tr{style}>{rows[1]}</tr></table>".encode()
        if style:
            with pytest.raises(InvalidDocument, match="row 2 is hidden"):
                read(source, exporter="91520690MA6DX12344")
        else:
            assert len(read(source, exporter="91520690MA6DX12344").documents) == 1


# -- hidden columns, merged cells --------------------------------------------------------------------------------------

_HIDDEN_COLUMN = r"column .*H1 \(Unit price\) is hidden, and has values of the paper: show the column, or delete it"
_VALUES = ["CI-7", "2026-04-02", "Qiannan", "Nordlicht", "Fan", "40", "PCS", "75", "3000", "USD"]


def saved(book: openpyxl.Workbook) -> bytes:
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def listed(lines: int = 2) -> tuple[openpyxl.Workbook, Worksheet]:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.append(LISTED)
    for _ in range(lines):
        sheet.append(["CI-7", "2026-04-02", "Qiannan Fans", "Nordlicht", "Fan", 40, "PCS", 75, 3000, "USD"])
    return book, sheet


def test_a_hidden_column_of_a_field_is_refused_and_others_are_reported() -> None:
    book, sheet = listed()
    sheet["K1"], sheet["K2"] = "Buying price", 12
    sheet.column_dimensions["K"].hidden = True
    reading = read(saved(book), exporter="91520690MA6DX12344")
    assert [(each.path, each.cause) for each in reading.unmapped] == [
        ("column Sheet!K1 (Buying price)", Cause.NOT_MODELLED)
    ]
    sheet.column_dimensions["H"].hidden = True
    with pytest.raises(InvalidDocument, match=_HIDDEN_COLUMN):
        read(saved(book), exporter="91520690MA6DX12344")


def test_a_hidden_column_without_values_says_nothing() -> None:
    book, sheet = listed()
    sheet["K1"] = "HS code"
    sheet.column_dimensions["K"].hidden = True
    assert len(read(saved(book), exporter="91520690MA6DX12344").documents) == 1


def test_a_hidden_word_and_its_value_over_the_goods() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (
        ["COMMERCIAL INVOICE"],
        ["Invoice No.: CI-7"],
        ["Date: 2026-04-02"],
        ["Seller: Qiannan Fans"],
        ["Buyer: Nordlicht"],
        ["Prepaid: USD 500"],
        ["Description", "Qty", "Unit", "Unit price", "Amount", "Currency"],
        ["Fan", 40, "PCS", 75, 3000, "USD"],
    ):
        sheet.append(row)
    assert len(read(saved(book), exporter="91520690MA6DX12344").documents) == 1
    sheet.row_dimensions[6].hidden = True
    with pytest.raises(InvalidDocument, match="A6 is hidden, and says something of the paper"):
        read(saved(book), exporter="91520690MA6DX12344")


def _web(columns: str = "", cell: str = "") -> bytes:
    rows = [
        "".join(f"<td{cell if at == 7 else ''}>{each}</td>" for at, each in enumerate(row)) for row in (LISTED, _VALUES)
    ]
    return f"<table>{columns}<tr>{rows[0]}</tr><tr>{rows[1]}</tr></table>".encode()


@pytest.mark.parametrize(
    ("columns", "cell"),
    [
        ('<col span="7"><col style="display:none"><col span="2">', ""),
        ('<colgroup><col span="7"></colgroup><colgroup style="display: none"><col></colgroup>', ""),
        ('<colgroup span="7"></colgroup><colgroup span="1" style="visibility:collapse"></colgroup>', ""),
        ("", ' style="display:none"'),
        ("", " hidden"),
    ],
)
def test_a_hidden_column_of_a_web_page(columns: str, cell: str) -> None:
    assert len(read(_web('<colgroup><col span="10"></colgroup>'), exporter="91520690MA6DX12344").documents) == 1
    with pytest.raises(InvalidDocument, match=_HIDDEN_COLUMN):
        read(_web(columns, cell), exporter="91520690MA6DX12344")


def test_hidden_rows_and_tables_of_a_web_page() -> None:
    page = _web().decode()
    for old, new, said in (
        ("<tr><td>CI-7", '<tbody style="display:none"><tr><td>CI-7', "row 2 is hidden"),
        ("<table>", "<table hidden>", "is hidden, and no other holds a paper"),
    ):
        assert old in page
        with pytest.raises(InvalidDocument, match=said):
            read(page.replace(old, new).encode(), exporter="91520690MA6DX12344")


def _excel_2003(columns: str = "", down: str = "", lines: int = 1) -> bytes:
    def cells(values: list[str], more: str = "") -> str:
        return "".join(
            f'<Cell{more if at == 7 else ""}><Data ss:Type="String">{each}</Data></Cell>'
            for at, each in enumerate(values)
        )

    rows = f"<Row>{cells(LISTED)}</Row><Row>{cells(_VALUES, down)}</Row>" + f"<Row>{cells(_VALUES)}</Row>" * (lines - 1)
    return (
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="a"><Table>'
        f"{columns}{rows}</Table></Worksheet></Workbook>"
    ).encode()


@pytest.mark.parametrize(
    "columns",
    [
        '<Column ss:Index="8" ss:Hidden="1"/>',
        '<Column ss:Span="5"/><Column/><Column ss:Hidden="1"/>',
        '<Column ss:Index="6" ss:Hidden="1" ss:Span="2"/>',
    ],
)
def test_a_hidden_column_of_excel_2003(columns: str) -> None:
    shown = columns.replace(' ss:Hidden="1"', "")
    assert len(read(_excel_2003(shown), exporter="91520690MA6DX12344").documents) == 1
    with pytest.raises(InvalidDocument, match="is hidden, and has values of the paper"):
        read(_excel_2003(columns), exporter="91520690MA6DX12344")


def test_hidden_columns_of_open_and_old_workbooks() -> None:
    source = (Path(__file__).parent / "data" / "invoices.ods").read_bytes()
    kept = io.BytesIO()
    hidden = (
        b'<table:table-columns><table:table-column table:visibility="collapse" table:number-columns-repeated="30"/>'
    )
    with zipfile.ZipFile(io.BytesIO(source)) as parts, zipfile.ZipFile(kept, "w") as changed:
        for name in parts.namelist():
            part = parts.read(name)
            if name == "content.xml":
                part = re.sub(rb"(<table:table [^>]*>)", rb"\1" + hidden + b"</table:table-columns>", part)
            changed.writestr(name, part)
    with pytest.raises(InvalidDocument, match="is hidden, and has values of the paper"):
        read(kept.getvalue(), exporter="91520690MA6DX12344")
    old = (Path(__file__).parent / "data" / "invoices.xls").read_bytes()
    if (changed_xls := patched(old, 0x7D, 8, 1)) != old:  # COLINFO: hidden
        with pytest.raises(InvalidDocument, match="is hidden, and has values of the paper"):
            read(changed_xls, exporter="91520690MA6DX12344")


@pytest.mark.parametrize(("column", "name"), [("H", "Unit price"), ("F", "Qty"), ("I", "Amount")])
def test_a_number_merged_over_several_rows_of_goods_is_refused(column: str, name: str) -> None:
    book, sheet = listed(3)
    sheet.merge_cells(f"{column}2:{column}4")
    with pytest.raises(InvalidDocument, match=rf"row 2 \({name}\) is merged with the rows below it, to row 4"):
        read(saved(book), exporter="91520690MA6DX12344")


def test_words_and_titles_may_be_merged() -> None:
    book, sheet = listed(3)
    sheet.merge_cells("C2:C4")
    sheet.merge_cells("H6:H9")
    assert len(read(saved(book), exporter="91520690MA6DX12344").documents[0].model_dump()["lines"]) == 3


def test_merged_numbers_of_other_files() -> None:
    price = "<td>75</td>"
    rows = "".join("".join(f"<td>{each}</td>" for each in _VALUES).join(("<tr>", "</tr>")) for _ in range(2))
    first, second = rows.split("</tr>")[:2]
    header = "".join(f"<td>{each}</td>" for each in LISTED)
    merged = first.replace(price, "<td rowspan=2>75</td>") + "</tr>" + second.replace(price, "") + "</tr>"
    page = f"<table><tr>{header}</tr>{merged}</table>"
    for source in (page.encode(), _excel_2003(down=' ss:MergeDown="1"', lines=2)):
        with pytest.raises(InvalidDocument, match=r"row 2 \(Unit price\) is merged with the rows below it, to row 3"):
            read(source, exporter="91520690MA6DX12344")


# -- files with semicolons ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["1.234", "1,234", "12.500"])
def test_thousands_or_decimals_in_a_file_with_semicolons(number: str) -> None:
    """A German spreadsheet writes 1.234 for what a Chinese one writes 1,234."""
    columns = "Packing list No;Date;Seller;Buyer;Description;Qty;Unit;Gross weight;Net weight"
    row = f"PL-1;2026-04-02;Qiannan Fans;Nordlicht;Fan;40;PCS;{number};{{}}"
    with pytest.raises(InvalidDocument, match=r"\(Gross weight\) may be thousands or decimals"):
        read(f"{columns}\n{row.format('900')}".encode(), exporter="91520690MA6DX12344")
    for sure in ("900.5", "0.125"):
        reading = read(f"{columns}\n{row.format(sure)}".encode(), exporter="91520690MA6DX12344")
        (found,) = reading.documents
        assert isinstance(found, PackingList)
        assert found.gross_weight_kg == Decimal(number.replace(",", ""))
    commas = f"{columns}\n{row.format('900')}".replace(",", "").replace(";", "\t")
    assert len(read(commas.encode(), exporter="91520690MA6DX12344").documents) == 1
