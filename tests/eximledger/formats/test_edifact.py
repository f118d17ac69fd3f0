"""EDIFACT: how an interchange is parted, and INVOIC and DESADV value by value."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eximledger.formats import Cause, Reading, detect, read
from eximledger.formats.edifact.interchange import messages_of
from eximledger.formats.edifact.segments import Segment
from eximledger.formats.edifact.values import number_at
from eximledger_chaincode.documents import CommercialInvoice, Money, PackingList
from hlf_chaincode.errors import InvalidDocument


@pytest.fixture
def invoic(data: Path) -> str:
    return (data / "invoic.edi").read_text()


@pytest.fixture
def desadv(data: Path) -> str:
    return (data / "desadv.edi").read_text()


def invoice(source: str, encoding: str = "iso8859-1") -> CommercialInvoice:
    (found,) = read(source.encode(encoding)).documents
    assert isinstance(found, CommercialInvoice)
    return found


def left(reading: Reading, cause: Cause) -> list[str]:
    return [entry.path for entry in reading.unmapped if entry.cause is cause]


# the codec ------------------------------------------------------------------------

TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=0x24F), max_size=12).map(str.strip)


@given(
    values=st.lists(st.lists(TEXT, min_size=1, max_size=4), min_size=1, max_size=5),
    marks=st.permutations(list("+:'?*!|~^;")).map(lambda found: found[:5]),
    broken=st.booleans(),
)
def test_what_was_parted_by_any_separators_is_what_was_joined(
    values: list[list[str]], marks: list[str], broken: bool
) -> None:
    element, component, end, release, repetition = marks

    def released(text: str) -> str:
        return "".join(release + each if each in marks else each for each in text)

    joined = element.join(component.join(map(released, entry)) for entry in values)
    text = (
        f"UNA{component}{element}.{release}{repetition}{end}UNB{element}UNOY{component}4{end}"
        f"UNH{element}1{element}INVOIC{component}D{component}16B{end}FTX{element}{joined}{end}UNT{element}3{end}"
    )
    if broken:
        text = re.sub(f"(?<![{re.escape(release)}]){re.escape(end)}", end + "\r\n", text)
    (message,), notes = messages_of(text.encode())
    (segment,) = message.segments
    assert [[value.strip() for value in entry[0]] for entry in segment.elements] == values
    assert (message.type, message.directory, message.whole, notes) == ("INVOIC", "D.16B", True, ())


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9), st.booleans())
def test_a_number_is_exact_with_a_point_or_a_comma(number: Decimal, behind: bool) -> None:
    text = f"{abs(number):f}".replace(".", ",") if behind else f"{number:f}"
    signed = f"{text}-" if behind and number < 0 else text
    segment = Segment("MOA", [[["77", signed]]], "MOA[1]")
    if re.fullmatch("[1-9][0-9]{0,2},[0-9]{3}-?", signed):
        with pytest.raises(InvalidDocument, match="may part thousands or decimals"):
            number_at(segment, 1, 2)
    else:
        assert number_at(segment, 1, 2) == number


@pytest.mark.parametrize("text", ["1.2.3", "1,234.50", "abc", ".", "1e5", "--1", "1 000"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidDocument):
        number_at(Segment("MOA", [[["77", text]]], "MOA[1]"), 1, 2)


@pytest.mark.parametrize(
    ("charset", "codec", "name"),
    [
        ("UNOC", "iso8859-1", "Müller"),
        ("UNOD", "iso8859-2", "Łukasz"),
        ("UNOE", "iso8859-5", "Завод"),
        ("UNOF", "iso8859-7", "Αθήνα"),
        ("UNOI", "iso8859-6", "مصنع"),
        ("UNOK", "iso8859-9", "Işık"),
        ("UNOL", "iso8859-15", "Œuvre €"),
        ("UNOW", "utf-8", "黔南风机"),
        ("UNOY", "utf-8", "黔南风机"),
    ],
)
def test_names_in_the_character_set_that_is_declared(invoic: str, charset: str, codec: str, name: str) -> None:
    source = invoic.replace("UNOC", charset).replace("Rhein Handel GmbH", name)
    assert invoice(source, codec).buyer.name == name


@pytest.mark.parametrize("codec", ["utf-8", "iso8859-1"])
def test_letters_that_the_declared_set_has_not_are_read_and_reported(invoic: str, codec: str) -> None:
    source = invoic.replace("UNOC", "UNOA").replace("Rhein Handel GmbH", "Müller")
    reading = read(source.encode(codec))
    (found,) = reading.documents
    assert isinstance(found, CommercialInvoice)
    assert found.buyer.name == "Müller"
    assert left(reading, Cause.UNUSABLE) == ["UNB"]


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("UNOC", "UNOZ", r"character set that is not read \(UNOZ\)"),
        ("UNA:+.? '", "UNA++.? '", r"separators \(UNA\) that are no separators"),
        ("UNT+48+1'\nUNZ+1+77'\n", "", "breaks off: there is no UNT"),
        ("UNT+48+1'\nUNZ+1+77'\n", "UNT+48", "breaks off within a segment"),
        ("MOA+77:22060'", "moa+77'", "a segment without a tag"),
    ],
)
def test_an_interchange_that_is_damaged_is_refused(invoic: str, was: str, now: str, said: str) -> None:
    source = invoic.replace("Rhein", "Rheín").replace(was, now)
    with pytest.raises(InvalidDocument, match=said):
        read(source.encode("iso8859-1"))


def test_letters_of_no_character_set_are_not_guessed(invoic: str) -> None:
    """As a real example of EN 16931 has one of Windows in UTF-8."""
    source = invoic.replace("UNOC", "UNOW").replace("Rhein Handel GmbH", "Rhe\x92in\xe4").encode("iso8859-1")
    reading = read(source)
    (found,) = reading.documents
    assert isinstance(found, CommercialInvoice)
    assert found.buyer.name == "Rhe\ufffdin\ufffd"
    assert [(each.path, each.values) for each in reading.unmapped if each.cause is Cause.UNUSABLE] == [("UNB", 2)]


@pytest.mark.parametrize("packed", [b"x" * 104, b"a'UNP+104'b" + bytes(range(93)), b"UNT+1+1'UNZ+1+1'" + b"\xff" * 88])
def test_a_file_that_is_packed_into_an_interchange_is_passed_over(invoic: str, packed: bytes) -> None:
    """ISO 9735-8: between UNO and UNP stand as many bytes of anything as both say."""
    whole = invoic.encode("iso8859-1")
    head, unz, tail = whole.rpartition(b"UNZ")
    package = b"UNO+P1+1:Doc1+13:application/pdf+104'" + packed + b"UNP+104+P1'\n"
    reading = read(head + package + unz + tail)
    assert reading.documents == read(whole).documents
    assert reading.unmapped[0].path == "UNO[1]"
    for wrong in (package.replace(b"+104'", b"+103'", 1), package.replace(b"+104'", b"+x'", 1), package[:-12]):
        with pytest.raises(InvalidDocument, match="has not the length that it states"):
            read(head + wrong + unz + tail)


def test_a_text_that_speaks_of_a_package_is_none(invoic: str) -> None:
    source = invoic.replace("Rhein Handel GmbH", "Rhein ?'UNO Handel")
    assert invoice(source).buyer.name == "Rhein 'UNO Handel"


@pytest.mark.parametrize("role", ["IV", "BT"])
def test_whoever_is_billed_is_the_buyer_where_none_is_named(invoic: str, role: str) -> None:
    assert invoice(invoic.replace("NAD+BY", f"NAD+{role}")).buyer == invoice(invoic).buyer


def test_a_quantity_that_was_delivered_counts_where_none_is_invoiced(invoic: str) -> None:
    billed = [line.quantity for line in invoice(invoic).lines]
    for qualifier in ("46", "12"):
        assert [line.quantity for line in invoice(invoic.replace("QTY+47:", f"QTY+{qualifier}:")).lines] == billed
    first = invoic.replace("QTY+47:", "QTY+12:1:PCE'QTY+47:", 1)
    assert [line.quantity for line in invoice(first).lines] == billed


def test_a_total_without_tax(invoic: str) -> None:
    """389 is the invoice's, as EN 16931 has it; 125 is what tax is taken of."""
    assert invoice(invoic).totals.without_tax == Money.of(22060, "USD")
    totals = invoice(invoic.replace("MOA+77:22060'", "MOA+77:22060'MOA+389:22059'")).totals
    assert totals.without_tax == Money.of(22059, "USD")


def test_messages_without_an_interchange_and_wrapped_lines(invoic: str) -> None:
    lines = invoic.splitlines()
    bare = "\n".join(lines[2:-1])
    assert detect(bare.encode()) == "edifact-invoic"
    assert invoice(bare) == invoice(invoic)
    one_line = "".join(lines)
    wrapped = "\r\n".join(one_line[start : start + 80] for start in range(0, len(one_line), 80))
    assert invoice(wrapped) == invoice(invoic)


def test_a_functional_group_and_a_decimal_comma(invoic: str) -> None:
    grouped = invoic.replace("UNH+1", "UNG+INVOIC+A+B+260502:0915+1+UN+D:96A'\nUNH+1").replace("UNZ", "UNE+1+1'\nUNZ")
    assert invoice(grouped) == invoice(invoic)
    for written in ("41,6", "41,600"):
        commas = invoic.replace("UNA:+.?", "UNA:+,?").replace("41.6", written)
        assert invoice(commas) == invoice(invoic)
    assert invoice(invoic.replace("41.6", "41.600")) == invoice(invoic)


@pytest.mark.parametrize(("advice", "written"), [("UNA:+,?", "20.800"), ("UNA:+.?", "20,800"), ("UNA:+.?", "20,800-")])
def test_three_digits_behind_another_mark_than_the_interchange_says_are_refused(
    invoic: str, advice: str, written: str
) -> None:
    """20.800 was read as twenty point eight where the interchange says that decimals stand behind a comma."""
    source = invoic.replace("UNA:+.?", advice).replace("MOA+203:20800", f"MOA+203:{written}").replace("41.6", "41")
    with pytest.raises(InvalidDocument, match=r"MOA\[2\] has a number in 1.2 of which the mark may part thousands"):
        invoice(source)


def test_messages_of_several_kinds_in_one_interchange(invoic: str, desadv: str) -> None:
    inner = "".join(desadv.splitlines(keepends=True)[1:-1])
    orders = "UNH+3+ORDERS:D:96A:UN'\nBGM+220+1+9'\nUNT+3+3'\n"
    cut = "UNH+4+INVOIC:D:96A:UN'\nBGM+380+8+9'\nDTM+137:20260101:102'\nUNT+4+4'\n"
    source = invoic.replace("UNZ", inner + orders + cut + "UNZ")
    reading = read(source.encode())
    assert [document.KIND for document in reading.documents] == ["invoice", "packing-list"]
    refused = {entry.path: entry.reason for entry in reading.unmapped if entry.cause is Cause.UNUSABLE}
    assert "a message that is not read here (ORDERS)" in refused["ORDERS[1]"]
    assert "INVOIC[2]/CUX is missing" in refused["INVOIC[2]"]
    assert detect(orders.encode() + invoic.encode()[10:]) == "edifact-invoic"
    with pytest.raises(InvalidDocument, match="this is an EDIFACT ORDERS, which is not read here"):
        detect(orders.encode())


# INVOIC ---------------------------------------------------------------------------


def test_an_invoice(invoic: str) -> None:
    assert detect(invoic.encode()) == "edifact-invoic"
    found = invoice(invoic)
    assert (found.invoice_number, found.type_code, found.issued_on) == ("QF-2026-118", "380", date(2026, 5, 2))
    assert (found.delivered_on, found.due_on, found.payment_days) == (date(2026, 4, 28), date(2026, 7, 1), 60)
    assert (found.seller.name, found.seller.uscc) == ("Qiannan Fan Works Co., Ltd.", "91520690MA6DX12344")
    assert found.seller.contact is not None
    assert (found.seller.contact.name, found.seller.contact.email) == ("Li Na", "sales@qiannan.example")
    assert (found.buyer.country, found.ship_to and found.ship_to.name) == ("DE", "4023456700010")
    assert [(each.scheme, each.value) for each in found.buyer.identifiers] == [
        ("GLN", "4023456700003"),
        ("VAT", "DE811223344"),
    ]
    assert (found.contract_number, found.order_number) == ("C-2026-09", "PO-7714")
    assert (found.declaration_numbers, found.bill_numbers) == (("831920260000012345",), ("BSLX400211",))
    assert found.references[0].dated == date(2026, 3, 2)
    assert (found.incoterm, found.incoterm_place) == ("CIF", "Rotterdam")
    (account,) = found.payment_accounts
    assert (account.account, account.bank) == ("62220000123", "Bank of Duyun")
    assert found.notes == ("AAI: Goods of Chinese origin",)


def test_lines_and_totals_of_an_invoice(invoic: str) -> None:
    found = invoice(invoic)
    first, second = found.lines
    assert (first.name, first.hs_code, first.quantity, first.unit) == (
        "Axial fan 315 mm",
        "84145930",
        Decimal(500),
        "PCE",
    )
    assert (first.unit_price, first.amount, first.order_line) == (Decimal("41.6"), Money.of("20800", "USD"), "1")
    assert [(each.scheme, each.value) for each in first.identifiers] == [("EAN", "6901234567892"), ("seller", "AF-315")]
    assert (first.origin_country, first.tax_percent, first.tax_category) == ("CN", Decimal(0), "Z")
    assert (second.name, second.price_base, second.price_base_unit) == (
        "Guard grille it's zinc plated",
        Decimal(100),
        "PCE",
    )
    (freight,) = found.allowances_charges
    assert (freight.charge, freight.amount) == (True, Money.of("950", "USD"))
    assert (found.totals.lines, found.totals.without_tax) == (Money.of("21110", "USD"), Money.of("22060", "USD"))
    assert found.totals.with_tax == found.totals.payable == Money.of("22060", "USD")


def test_charges_that_the_summary_repeats_count_once(invoic: str) -> None:
    source = invoic.replace("UNT+48", "ALC+C++++FC'\nMOA+131:950'\nUNT+50")
    reading = read(source.encode())
    (found,) = reading.documents
    assert isinstance(found, CommercialInvoice)
    assert len(found.allowances_charges) == 1
    assert "INVOIC[1]/ALC[2]" in left(reading, Cause.NOT_MODELLED)


@pytest.mark.parametrize(
    ("was", "now", "field", "said"),
    [
        ("QF-2026-118+9", "QF-2026-118+1", "INVOIC[1]/BGM[1]", "has the function 1"),
        ("MOA+77:22060'\n", "", "INVOIC[1]/MOA+77", "is missing"),
        ("MOA+77:22060", "MOA+77:22060:EUR", "INVOIC[1]/MOA+77", "is missing"),
        ("CUX+2:USD:4'\n", "", "INVOIC[1]/CUX", "is missing"),
        ("CUX+2:USD:4", "CUX+2:USX:4", "INVOIC[1]/CUX[1]", "has a currency that ISO 4217 does not know"),
        ("NAD+BY", "NAD+XX", "INVOIC[1]/NAD+BY", "is missing"),
        ("DTM+137:20260502:102", "DTM+137:2605:609", "INVOIC[1]/DTM[1]", r"a form that is not read \(609\)"),
        ("DTM+137:20260502:102", "DTM+137:20260532:102", "INVOIC[1]/DTM[1]", "is not a day of the calendar"),
        ("MOA+203:310'", "MOA+203:3l0'", "INVOIC[1]/MOA[3]", "has no number in 1.2"),
        ("MOA+203:310'", "MOA+203:1,310'", "INVOIC[1]/MOA[3]", "may part thousands or decimals"),
    ],
)  # fmt: skip
def test_what_is_refused_is_named(invoic: str, was: str, now: str, field: str, said: str) -> None:
    with pytest.raises(InvalidDocument, match=said) as refused:
        read(invoic.replace(was, now).encode())
    assert refused.value.field == field


def test_an_amount_in_another_currency_is_reported(invoic: str) -> None:
    reading = read(invoic.replace("MOA+124:0'", "MOA+124:0'\nMOA+77:20100:EUR'").encode())
    (found,) = reading.documents
    assert isinstance(found, CommercialInvoice)
    assert found.totals.payable == Money.of("22060", "USD")
    assert len([path for path in left(reading, Cause.NOT_MODELLED) if "/MOA[" in path]) == 1


def test_a_gross_price_alone_is_no_net_price(invoic: str) -> None:
    found = invoice(invoic.replace("PRI+AAA:41.6", "PRI+AAB:45"))
    assert (found.lines[0].unit_price, found.lines[0].gross_unit_price) == (None, Decimal(45))


def test_a_credit_note(invoic: str) -> None:
    note = invoice(invoic.replace("BGM+380", "BGM+381"))
    assert (note.type_code, note.takes_back) == ("381", True)


# DESADV ---------------------------------------------------------------------------


def test_a_despatch_advice_is_a_packing_list(desadv: str) -> None:
    reading = read(desadv.encode())
    (found,) = reading.documents
    assert isinstance(found, PackingList)
    assert (reading.format, found.list_number) == ("edifact-desadv", "DA-2026-118")
    assert (found.issued_on, found.despatched_on) == (date(2026, 4, 29), date(2026, 4, 28))
    assert (found.seller.name, found.carrier and found.carrier.name) == ("QIANNAN FAN WORKS", "BLUE STRAIT LINES")
    assert (found.invoice_numbers, found.order_number) == (("QF-2026-118",), "PO-7714")
    assert (found.packages, found.gross_weight_kg) == (44, Decimal("1310.5"))
    assert found.containers == ("CSQU3054383",)
    assert left(reading, Cause.UNUSABLE) == ["DESADV[1]/EQD[2]"]
    first, second = found.lines
    assert (first.name, first.quantity, first.unit, first.net_weight_kg) == (
        "AXIAL FAN 315 MM",
        Decimal(500),
        "PCE",
        Decimal(2180),
    )
    assert (first.order_number, first.order_line, first.hs_code) == ("PO-7714", "1", "84145930")
    assert (second.name, second.quantity) == ("AF-200", Decimal(100))


def test_packages_of_lower_levels_are_not_added_up(desadv: str) -> None:
    (found,) = read(desadv.replace("PAC+44++CT'\n", "").encode()).documents
    assert isinstance(found, PackingList)
    assert found.packages is None


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("DA-2026-118+9", "DA-2026-118+3", "has the function 3"),
        ("NAD+SU", "NAD+XX", r"DESADV\[1\]/NAD\+SE is missing"),
        ("LIN+", "XIN+", r"DESADV\[1\]/LIN is missing"),
        ("DTM+137", "DTM+138", r"DESADV\[1\]/DTM\+137 is missing"),
    ],
)
def test_a_despatch_advice_that_is_refused(desadv: str, was: str, now: str, said: str) -> None:
    with pytest.raises(InvalidDocument, match=said):
        read(desadv.replace(was, now).encode())
