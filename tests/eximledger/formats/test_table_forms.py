"""Forms of one paper as exporters fill them in: below the goods, titles, merged cells, marks, several pages."""

from __future__ import annotations

import io
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from eximledger.formats import Cause, Reading, read
from eximledger_chaincode.documents import CommercialInvoice, Money, PackingList, SalesContract
from hlf_chaincode.errors import InvalidDocument

EXPORTER = "91520690MA6DX12344"
HEAD = ["Seller: Qiannan Fans", "Buyer: Nordlicht GmbH", "Invoice No.: CI-31;Date: 2026-04-02"]
COLUMNS = "Description;Quantity;Unit;Unit Price (USD);Amount (USD)"
FAN = "Axial fan;40;PCS;75.00;3000.00"
BOX = "Housing;10;PCS;12.00;120.00"
PACKED = ["PACKING LIST", "P/L No.: PL-7;Date: 2026-04-02", "Seller: Qiannan Fans"]


def form(*rows: str, title: str = "COMMERCIAL INVOICE", head: tuple[str, ...] = (), columns: str = COLUMNS) -> bytes:
    return "\n".join([title, *HEAD, *head, columns, *rows]).encode()


def reading(source: bytes) -> Reading:
    return read(source, exporter=EXPORTER)


def invoice(source: bytes) -> CommercialInvoice:
    (found,) = reading(source).documents
    assert isinstance(found, CommercialInvoice)
    return found


def usd(amount: str | Decimal) -> Money:
    return Money.of(amount, "USD")


def refused(source: bytes, said: str) -> None:
    with pytest.raises(InvalidDocument, match=said):
        reading(source)


# -- below the goods ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", ["Less deposit;;;;-900.00", "Less: deposit 30%;;;;(900.00)", "Deposit;;;;900.00",
                                 "Payment received;;;;900.00", "已收定金;;;;900.00"])  # fmt: skip
def test_a_deposit_lowers_what_is_payable_with_whichever_sign(row: str) -> None:
    found = invoice(form(FAN, "TOTAL;;;;3000.00", row))
    assert (found.totals.prepaid, found.totals.payable, found.total) == (usd("900"), usd("2100"), usd("3000"))


@pytest.mark.parametrize(
    ("row", "charge", "total"),
    [("Bank charges;;;;25.00", True, "3025"), ("Documentation fee 1%;;;;30.00", True, "3030"),
     ("Quality claim;;;;-50.00", False, "2950"), ("Less commission 5%;;;;150.00", False, "2850"),
     ("Less commission 5%;;;;-150.00", False, "2850"), ("Rounding;;;;-0.50", False, "2999.50")],
)  # fmt: skip
def test_words_and_an_amount_are_a_charge_that_the_total_proves(row: str, charge: bool, total: str) -> None:
    found = invoice(form(FAN, row, f"TOTAL;;;;{total}"))
    (entry,) = found.allowances_charges
    assert (entry.charge, entry.reason) == (charge, row.partition(";")[0])
    assert (found.total, found.totals.payable, len(found.lines)) == (usd(total), usd(total), 1)
    refused(form(FAN, row), "may sum up the rows above, or be taken off")
    refused(form(FAN, row, "TOTAL;;;;3001.00"), "may sum up the rows above, or be taken off")


@pytest.mark.parametrize(
    "row",
    ["FOB VALUE;;;;2700.00", "Including freight;;;;300.00", "T/T in advance;;;;900.00", "=;;;;3000.00",
     "Balance against documents;;;;2100.00", ";;;;3000.00"],
)  # fmt: skip
def test_an_amount_that_no_total_explains_is_no_goods(row: str) -> None:
    """It was a line of goods, and the invoice worth twice as much."""
    refused(form(FAN, "TOTAL;;;;3000.00", row), "row 8")


def test_a_row_without_numbers_between_goods_is_one_of_them() -> None:
    found = invoice(form(FAN, "Colour boxes;;;;20.00", BOX, "TOTAL;;;;3140.00"))
    assert [line.name for line in found.lines] == ["Axial fan", "Colour boxes", "Housing"]


def test_in_a_list_an_amount_alone_is_goods_only_with_the_papers_number() -> None:
    columns = "Invoice No;Invoice date;Seller;Buyer;Description;Qty;Unit;Amount;Currency"
    row = "CI-1;2026-04-02;Qiannan;Nordlicht;Fan;40;PCS;3000.00;USD"
    assert len(invoice("\n".join([columns, row, "CI-1;;;;Spare parts;;;20.00;USD"]).encode()).lines) == 2
    refused("\n".join([columns, row, ";;;;FOB value;;;2700.00;USD"]).encode(), r"row 3 \(FOB value\) may sum up")


@pytest.mark.parametrize("words", ["VAT 13%", "增值税 13%", "Tax"])
def test_a_tax_below_the_goods_is_one(words: str) -> None:
    found = invoice(form(FAN, "Subtotal;;;;3000.00", f"{words};;;;390.00", "Grand total;;;;3390.00"))
    assert (found.totals.tax, found.total, found.allowances_charges) == (usd("390"), usd("3390"), ())


@given(
    goods=st.lists(st.integers(1, 10**6), min_size=1, max_size=4),
    beside=st.lists(st.integers(-(10**5), 10**5).filter(bool), max_size=4),
    off=st.integers(-3, 3),
)
def test_a_form_is_worth_what_its_total_says_or_is_refused(goods: list[int], beside: list[int], off: int) -> None:
    lines = [f"Goods {place};1;PCS;{value}.00;{value}.00" for place, value in enumerate(goods)]
    rows = [f"Matter {place};;;;{value}.00" for place, value in enumerate(beside)]
    source = form(*lines, *rows, f"TOTAL;;;;{sum(goods) + sum(beside) + off}.00")
    if beside and off:
        refused(source, "may sum up the rows above")
        return
    found = invoice(source)
    total = found.totals.with_tax or found.totals.lines
    assert total == usd(str(sum(goods) + sum(beside) + off))
    assert len(found.lines) == len(goods)


def test_freight_within_the_prices_is_no_charge() -> None:
    """A sum of CIF prices has the freight in it: on top it was counted twice."""
    below = ("FREIGHT: USD 300.00", "INSURANCE: USD 10.00")
    for rows in ((FAN, "TOTAL CIF HAMBURG;;;;3000.00", *below), (FAN, "TOTAL;;;;3000.00", *below, "Amount due: 3000")):
        found = reading(form(*rows))
        (paper,) = found.documents
        assert isinstance(paper, CommercialInvoice)
        assert (paper.total, paper.totals.payable, paper.allowances_charges) == (usd("3000"), usd("3000"), ())
        assert [each.reason[:26] for each in found.unmapped if each.cause is Cause.SKIPPED] == [
            "is in the prices of the go"
        ] * 2
    on_top = invoice(form(FAN, "TOTAL;;;;3300.00", head=("Freight: 300",)))
    assert (on_top.total, [each.amount for each in on_top.allowances_charges]) == (usd("3300"), [usd("300")])
    refused(form(FAN, "TOTAL;;;;3000.00", "FREIGHT: USD 300.00"), r"\(FREIGHT\) stands beside a total of the goods")
    refused(form(FAN, "TOTAL CFR;;;;3000.00", *below), "stands beside a total of the goods")
    refused(form(FAN, "TOTAL CIF;;;;3000.00", "LESS FREIGHT;;;;300.00", "FOB VALUE;;;;2700.00"), "LESS FREIGHT")


def test_two_rows_sum_up_what_each_says_and_words_say_nothing() -> None:
    found = invoice(form(FAN, "TOTAL;40;PCS;;", "TOTAL AMOUNT;;;;3000.00"))
    assert found.totals.lines == usd("3000")
    assert invoice(form(FAN, "TOTAL;;;;US DOLLARS THREE THOUSAND ONLY")).total == usd("3000")
    assert invoice(form(FAN, "TOTAL FOB;;;;3000.00", "TOTAL CIF;;;;3300.00")).totals.lines is None


def test_an_amount_beside_the_goods_of_a_contract_is_in_its_total() -> None:
    head = ["SALES CONTRACT", "Contract No.: SC-1;Date: 2026-03-02", *HEAD[:2], COLUMNS, FAN, "Inspection;;;;80.00"]
    found = reading("\n".join([*head, "TOTAL;;;;3080.00"]).encode())
    (contract,) = found.documents
    assert isinstance(contract, SalesContract)
    assert (contract.total, len(contract.lines)) == (usd("3080"), 1)
    assert any(each.path == "row 7" and each.cause is Cause.NOT_MODELLED for each in found.unmapped)
    refused("\n".join([*head, "TOTAL;;;;3000.00"]).encode(), r"row 7 \(Inspection\) may sum up")


# -- titles ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "code"),
    [("CREDIT NOTE", "381"), ("Credit Memo", "381"), ("NOTA DE CRÉDITO", "381"), ("DEBIT NOTE", "383"),
     ("PROFORMA INVOICE", "325"), ("PRO-FORMA INVOICE", "325"), ("形式发票 PROFORMA INVOICE", "325"),
     ("COMMERCIAL INVOICE", None), ("商业发票 / INVOICE", None), ("INVOICE - REVISED", None)],
)  # fmt: skip
def test_a_title_says_what_the_paper_is(title: str, code: str | None) -> None:
    """A credit note was an invoice, and what it takes back a claim."""
    found = invoice(form(FAN, title=title))
    assert (found.type_code, found.takes_back) == (code, code == "381")
    assert invoice(form(FAN, title=title, head=(f"Invoice type: {code or 380}",))).type_code == (code or "380")
    if code is not None:
        refused(form(FAN, title=title, head=("Invoice type: 380",)), "another type of invoice than the title says")


def test_the_name_of_a_number_and_a_sheet_say_what_the_paper_is() -> None:
    assert invoice(form(FAN).replace(b"Invoice No.", "形式发票号".encode())).type_code == "325"
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Credit note"
    for row in form(FAN, title="").decode().split("\n"):
        sheet.append(row.split(";"))
    saved = io.BytesIO()
    book.save(saved)
    assert invoice(saved.getvalue()).takes_back
    refused(form(FAN, title="DEBIT NOTE", head=("CREDIT NOTE",)), "is the title of another type of invoice")


@pytest.mark.parametrize("title", ["DRAFT", "COMMERCIAL INVOICE - CANCELLED", "INVOICE (VOID)", "发票（作废）"])
def test_a_paper_that_does_not_stand_is_refused(title: str) -> None:
    refused(form(FAN, title=title), "A1 says that the paper is a draft or cancelled")


def test_where_the_goods_go_is_no_buyer() -> None:
    head = "COMMERCIAL INVOICE\nInvoice No.: CI-31;Date: 2026-04-02\nSeller: Qiannan Fans\n"
    rest = f"{COLUMNS}\n{FAN}"
    for route in ("From: Ningbo;To: Hamburg", "From: Ningbo\nTo: Hamburg", "Shipped from;Ningbo;To;Hamburg"):
        assert invoice(f"{head}To: Nordlicht GmbH\n\n{route}\n{rest}".encode()).buyer.name == "Nordlicht GmbH"
        refused(f"{head}{route}\n{rest}".encode(), r"\(buyer_name\) is missing")


# -- terms -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("price", "term", "place"),
    [("CIF Hamburg USD", "CIF", "HAMBURG"), ("USD/PC FOB NINGBO", "FOB", "NINGBO"), ("FOB Ningbo, China", "FOB",
     "NINGBO CHINA"), ("C&F Hamburg (USD)", "CFR", "HAMBURG")],
)  # fmt: skip
def test_a_header_of_prices_says_the_term(price: str, term: str, place: str) -> None:
    columns = COLUMNS.replace("Unit Price (USD)", f"Unit Price ({price})")
    found = invoice(form(FAN, columns=columns))
    assert (found.incoterm, found.incoterm_place, found.lines[0].unit_price) == (term, place, Decimal(75))
    other = "EXW" if term != "EXW" else "FOB"
    refused(form(FAN, columns=columns, head=(f"Price terms: {other} Guiyang",)), "which is not the transaction mode")


def test_terms_of_a_header_of_two_rows() -> None:
    columns = "Description;Quantity;Unit;Unit Price;Amount\n;;;FOB NINGBO USD;USD"
    assert (found := invoice(form(FAN, columns=columns))).incoterm == "FOB"
    assert (found.incoterm_place, found.currency) == ("NINGBO", "USD")


def test_a_date_beside_the_number_of_another_paper_is_no_part_of_it() -> None:
    found = reading(form(FAN, head=("L/C No.: LC-9 dated 2026-03-01", "Contract No.: SC-7 DD. 2026-03-01")))
    (paper,) = found.documents
    assert isinstance(paper, CommercialInvoice)
    assert (paper.credit_numbers, paper.contract_number) == (("LC-9",), "SC-7")
    assert sum(each.reason == "a date beside the number" for each in found.unmapped) == 2
    assert invoice(form(FAN, head=("Contract No.: 7 OF 12",))).contract_number == "7 OF 12"


# -- numbers -----------------------------------------------------------------------------------------------------------


def test_numbers_as_several_countries_write_them() -> None:
    for written, amount in (("1'350.50", "1350.50"), ("1’350’000", "1350000"), ("F.O.C.", "0"), ("免费", "0")):
        found = invoice(form(f"Fan;1;PCS;;{written}", "Fan;1;PCS;;1.25"))
        assert found.lines[0].amount == usd(amount)
    for written in ("1.350.000", "350.000.000", "1'35", "1'350'00", "1,350'000"):
        refused(form(f"Fan;1;PCS;;{written}", "Fan;1;PCS;;1.25"), r"E6 \(Amount \(USD\)\)")


def test_a_dozen_may_be_of_pairs() -> None:
    """1,200 pairs at 6 a dozen were worth 1 each, as if a dozen were six pairs."""
    columns = COLUMNS.replace("Unit Price (USD)", "Unit Price")
    refused(form("Gloves;1200;PAIRS;USD 6.00/DOZ;600.00", columns=columns), "is for each DZN, but the line counts in")
    assert invoice(form("Caps;1200;PCS;USD 6.00/DOZ;600.00", columns=columns)).lines[0].unit_price == Decimal("0.5")


# -- cells that stand for others, pages --------------------------------------------------------------------------------


def test_marks_for_what_stands_above() -> None:
    for mark in ("''", "同上", "Ditto", "-do-", "〃", "”"):
        found = invoice(form(FAN, f"{mark};50;{mark};3.00;150"))
        assert [(line.name, line.unit) for line in found.lines] == [("Axial fan", "PCS")] * 2


def test_a_text_merged_over_rows_is_of_each() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    rows = [*form().decode().split("\n"), FAN, ";10;PCS;12.00;120.00", BOX]
    for row in rows:
        sheet.append([cell or None for cell in row.split(";")])
    sheet.merge_cells(start_row=6, end_row=7, start_column=1, end_column=1)
    saved = io.BytesIO()
    book.save(saved)
    assert [line.name for line in invoice(saved.getvalue()).lines] == ["Axial fan", "Axial fan", "Housing"]


def test_a_header_that_a_page_repeats_is_no_goods_and_another_one_is_refused() -> None:
    again = ("Page 1 of 2", "COMMERCIAL INVOICE", *HEAD, COLUMNS)
    found = reading(form(FAN, *again, BOX, "TOTAL;;;;3120.00"))
    (paper,) = found.documents
    assert isinstance(paper, CommercialInvoice)
    assert (len(paper.lines), paper.total) == (2, usd("3120"))
    assert any(each.reason == "repeats the header" for each in found.unmapped)
    other = COLUMNS.replace("USD", "EUR")
    refused(form(FAN, "Subtotal;;;;3000.00", other, BOX), "row 8 is another header")


# -- packing lists -----------------------------------------------------------------------------------------------------


def packing_list(*rows: str, columns: str) -> PackingList:
    (found,) = reading("\n".join([*PACKED, columns, *rows]).encode()).documents
    assert isinstance(found, PackingList)
    return found


def test_columns_of_totals_in_a_form_are_each_lines() -> None:
    columns = "Description;Quantity;Unit;Total CTNS;G.W. (KGS);Total G.W. (KGS);Total CBM"
    found = packing_list("Fan;40;PCS;20;41;820;2", "Box;10;PCS;5;10;50;1", columns=columns)
    assert [(line.packages, line.gross_weight_kg) for line in found.lines] == [
        (20, Decimal(820)),
        (5, Decimal(50)),
    ]
    assert (found.packages, found.gross_weight_kg, found.volume_m3) == (25, Decimal(870), Decimal(3))
    with pytest.raises(InvalidDocument, match="both name gross_weight_kg"):
        packing_list("Fan;40;PCS;20;820;870;2", "Box;10;PCS;5;50;;1", columns=columns)


@pytest.mark.parametrize(
    ("written", "numbers", "told"),
    [("CSQU3054383 / TCLU1234568", ("CSQU3054383", "TCLU1234568"), False), ("CSQU305438-3", ("CSQU3054383",), False),
     ("CSQU3054383/CN123456", ("CSQU3054383",), True), ("1x40'HQ CSQU3054383 SEAL A12345", ("CSQU3054383",), True)],
)  # fmt: skip
def test_seals_and_sizes_beside_containers(written: str, numbers: tuple[str, ...], told: bool) -> None:
    columns = "Description;Quantity;Unit;Packages;G.W."
    source = "\n".join([*PACKED, f"Container No.;{written}", columns, "Fan;40;PCS;20;820"]).encode()
    found = reading(source)
    (paper,) = found.documents
    assert isinstance(paper, PackingList)
    assert paper.containers == numbers
    assert told == any(each.cause is Cause.UNUSABLE for each in found.unmapped)
    for wrong in ("CSQU305438", "CSQU3054383, TCLU12345", "CSQU3054383 or another"):
        refused(source.replace(written.encode(), wrong.encode()), r"\(Container No.\) is refused")
