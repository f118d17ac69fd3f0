"""Customs declarations as CSV and XLSX: languages, encodings, codes, exact numbers, and what is refused."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eximledger.formats import Cause, read
from eximledger.formats.tables.naming.column import Stands
from eximledger.formats.tables.papers.kinds import TABLES
from eximledger_chaincode.documents import (
    DeclarationLine,
    DeclarationStatus,
    ExportDeclaration,
    LegalQuantity,
    Money,
    Party,
)
from hlf_chaincode.errors import InvalidDocument

NUMBER = "530420260000000012"
USCC = "91520690MA6DX12344"
COLUMNS = TABLES["declaration"].vocabulary.columns
OWN = [field for field, column in COLUMNS.items() if column.stands is Stands.PAPER]
LINE = [field for field, column in COLUMNS.items() if column.stands is Stands.LINE]

Value = str | int | float | Decimal | date | datetime | None


def _declarations(source: bytes | Path, exporter: str | None = None) -> list[ExportDeclaration]:
    found = [entry for entry in read(source, exporter=exporter).documents if isinstance(entry, ExportDeclaration)]
    assert found
    return found


def _row(**changes: Value) -> dict[str, Value]:
    """A row that is whole; fields are those of the header table."""
    row: dict[str, Value] = {
        "declaration_number": NUMBER,
        "consignor_name": "东裕电器",
        "consignor_uscc": USCC,
        "declared_on": "2026-01-05",
        "supervision_mode": "0110",
        "transaction_mode": "3",
        "hs_code": "8501520000",
        "description": "电动机",
        "quantity": "100",
        "unit": "台",
        "amount": "48025.00",
        "currency": "USD",
    }
    return {field: value for field, value in {**row, **changes}.items() if value is not None}


def _chinese(field: str) -> str:
    return COLUMNS[field].chinese[0]


def _english(field: str) -> str:
    return COLUMNS[field].english[0]


def _csv(*rows: dict[str, Value], delimiter: str = ",", encoding: str = "utf-8-sig", chinese: bool = True) -> bytes:
    fields = list(dict.fromkeys(field for row in rows for field in row))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow([_chinese(field) if chinese else _english(field) for field in fields])
    for row in rows:
        writer.writerow([row.get(field, "") for field in fields])
    return text.getvalue().encode(encoding)


def _xlsx(*rows: dict[str, Value]) -> bytes:
    fields = list(dict.fromkeys(field for row in rows for field in row))
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([_chinese(field) for field in fields])
    for row in rows:
        sheet.append([row.get(field) for field in fields])
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


# reading ------------------------------------------------------------------------


def test_every_column_name_means_one_field() -> None:
    for kind in TABLES.values():
        for field, column in kind.vocabulary.columns.items():
            for name in (*column.chinese, *column.english):
                assert kind.vocabulary.field_of(name) == field, name
            assert kind.vocabulary.field_of(f"{column.chinese[0]} / {column.english[0]}") == field


def test_a_table_of_two_declarations(data: Path) -> None:
    reading = read(data / "declarations-zh.csv")
    assert reading.format == "table-csv"
    first, second = _declarations(data / "declarations-zh.csv")
    assert (first.declaration_number, first.status) == (NUMBER, DeclarationStatus.SETTLED)
    assert (first.declared_on, first.exported_on, first.settled_on) == (
        date(2026, 1, 5),
        date(2026, 1, 8),
        date(2026, 1, 12),
    )
    assert (first.supervision_mode, first.transaction_mode, first.transport_mode) == ("0110", "3", "2")
    assert (first.trade_country, first.destination_country, first.destination_port) == ("DE", "DE", "DEHAM")
    assert (first.exit_port, first.packages, first.gross_weight_kg) == ("5304", 120, Decimal("12400.5"))
    assert first.containers == ("CSQU3054383", "MSKU1234565")
    assert (first.freight, first.insurance) == (Money.of("1200", "USD"), Money.of("96.50", "USD"))
    one, two = first.lines
    assert (one.hs_code, one.quantity, one.unit, one.unit_price) == (
        "8501520000",
        Decimal(100),
        "台",
        Decimal("480.25"),
    )
    assert one.legal_quantities == (LegalQuantity(quantity=Decimal(5500), unit="千克"),)
    assert (two.quantity, two.amount, two.origin_country) == (Decimal(2000), Money.of("6250", "USD"), "CN")
    assert first.total == Money.of("54275", "USD")
    assert (second.status, second.transaction_mode, second.destination_country) == (
        DeclarationStatus.RELEASED,
        "1",
        "US",
    )
    assert [(entry.path, entry.cause) for entry in reading.unmapped] == [
        ("row 1", Cause.NOT_MODELLED),
        ("column AM2 (报关员备忘)", Cause.NOT_MODELLED),
        ("row 6", Cause.SKIPPED),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters(encoding: str, delimiter: str) -> None:
    (declaration,) = _declarations(_csv(_row(), encoding=encoding, delimiter=delimiter))
    assert declaration.consignor.name == "东裕电器"


@pytest.mark.parametrize(
    ("field", "written", "attribute", "value"),
    [
        ("declared_on", "20260105", "declared_on", date(2026, 1, 5)),
        ("declared_on", "2026/1/5", "declared_on", date(2026, 1, 5)),
        ("declared_on", "２０２６年１月５日", "declared_on", date(2026, 1, 5)),
        ("status", "已撤单", "status", DeclarationStatus.CANCELLED),
        ("status", "改单", "status", DeclarationStatus.AMENDED),
        ("status", "Settled", "status", DeclarationStatus.SETTLED),
        ("transaction_mode", "FOB", "transaction_mode", "3"),
        ("transaction_mode", "C&F", "transaction_mode", "2"),
        ("supervision_mode", "进料对口(0615)", "supervision_mode", "0615"),
        ("transport_mode", "航空运输", "transport_mode", "5"),
        ("destination_country", "美国", "destination_country", "US"),
        ("destination_country", "(USA)美国", "destination_country", "US"),
        ("destination_country", "德意志联邦共和国", "destination_country", None),
        ("destination_country", "Germany", "destination_country", "DE"),
        ("destination_country", "502", "destination_country", "US"),
        ("exit_port", "蛇口海关(5304)", "exit_port", "5304"),
        ("declaration_number", '="530420260000000012"', "declaration_number", NUMBER),
        ("declaration_number", "'530420260000000012", "declaration_number", NUMBER),
        ("total", "48,025.00", "total", Money.of("48025", "USD")),
    ],
)
def test_ways_of_writing(field: str, written: str, attribute: str, value: object) -> None:
    source = _csv(_row(**{field: written}))
    if value is None:
        with pytest.raises(InvalidDocument, match="no code or name that is known"):
            read(source)
    else:
        (declaration,) = _declarations(source)
        assert getattr(declaration, attribute) == value


@pytest.mark.parametrize("currency", ["USD", "美元", "502", "usd", "美元(USD)"])
def test_currencies(currency: str) -> None:
    (declaration,) = _declarations(_csv(_row(currency=currency)))
    assert declaration.total == Money.of("48025", "USD")


def test_the_exporter_stands_for_a_missing_code() -> None:
    source = _csv(_row(consignor_uscc=None))
    assert _declarations(source, exporter=USCC)[0].exporter == USCC
    with pytest.raises(InvalidDocument, match="USCC"):
        read(source)
    beside = _csv(_row(consignor_uscc=None, consignor_name=f"东裕电器({USCC})"))
    assert _declarations(beside)[0].exporter == USCC


def test_a_port_without_a_code_and_freight_by_the_tonne_are_reported() -> None:
    reading = read(_csv(_row(destination_port="汉堡", freight="502/30/2")))
    assert [(entry.path, entry.cause) for entry in reading.unmapped] == [
        ("N2 (运费)", Cause.UNUSABLE),
        ("M2 (指运港)", Cause.UNUSABLE),
    ]


# XLSX -----------------------------------------------------------------------------


def test_xlsx_numbers_and_dates_are_exact() -> None:
    reading = read(
        _xlsx(
            _row(
                declared_on=datetime(2026, 1, 5, 9, 30),  # noqa: DTZ001 - spreadsheets know no time zone
                exported_on=date(2026, 1, 8),
                settled_on=20260112,
                supervision_mode=110,
                hs_code=901210000,
                quantity=0.1 + 0.2,
                unit_price=1.1 * 3,
                amount=0.99,
                gross_weight_kg=12400.5,
            )
        )
    )
    (declaration,) = reading.documents
    assert isinstance(declaration, ExportDeclaration)
    assert reading.format == "table-xlsx"
    assert (declaration.declared_on, declaration.exported_on, declaration.settled_on) == (
        date(2026, 1, 5),
        date(2026, 1, 8),
        date(2026, 1, 12),
    )
    assert (declaration.supervision_mode, declaration.lines[0].hs_code) == ("0110", "0901210000")
    assert (declaration.lines[0].quantity, declaration.lines[0].unit_price) == (Decimal("0.3"), Decimal("3.3"))
    assert (declaration.total, declaration.gross_weight_kg) == (Money.of("0.99", "USD"), Decimal("12400.5"))


@pytest.mark.parametrize("number", [530420260000000012, 5.30420260000000012e17, 530420260000000])
def test_a_declaration_number_stored_as_a_number_is_refused(number: float) -> None:
    with pytest.raises(InvalidDocument, match="format the column as text") as refused:
        read(_xlsx(_row(declaration_number=number)))
    assert refused.value.field == "Sheet!A2 (报关单号)"


def test_a_declaration_number_cut_off_in_a_csv_is_refused() -> None:
    with pytest.raises(InvalidDocument, match="format the column as text"):
        read(_csv(_row(declaration_number="5.30420E+17")))


def test_a_formula_without_its_value_is_refused() -> None:
    with pytest.raises(InvalidDocument, match="formula that was not computed") as refused:
        read(_xlsx(_row(amount="=I2*2")))
    assert refused.value.field == "Sheet!K2"


def test_other_sheets_are_reported() -> None:
    book = openpyxl.load_workbook(io.BytesIO(_xlsx(_row())))
    book.create_sheet("说明").append(["仅供参考"])
    saved = io.BytesIO()
    book.save(saved)
    (entry,) = read(saved.getvalue()).unmapped
    assert (entry.path, entry.cause) == ("sheet 说明", Cause.SKIPPED)


def test_zip_bombs_are_refused_before_they_are_unpacked() -> None:
    saved = io.BytesIO(_xlsx(_row()))
    with zipfile.ZipFile(saved, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b"0" * (32 * 2**20))
    with pytest.raises(InvalidDocument, match="packed more tightly"):
        read(saved.getvalue())


# refusals ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"declaration_number": "530420261000000012"}, "A2 (报关单号)"),
        ({"declaration_number": "123"}, "A2 (报关单号)"),
        ({"consignor_uscc": "91520690MA6DX12345"}, "C2 (境内发货人统一社会信用代码)"),
        ({"declared_on": "5. Januar"}, "D2 (申报日期)"),
        ({"declared_on": "2026-02-30"}, "D2 (申报日期)"),
        ({"supervision_mode": "随便"}, "E2 (监管方式)"),
        ({"hs_code": "85A1"}, "G2 (商品编号)"),
        ({"quantity": "NaN"}, "I2 (成交数量)"),
        ({"quantity": "1e400"}, "I2 (成交数量)"),
        ({"quantity": "9" * 500}, "I2 (成交数量)"),
        ({"amount": "12.345"}, "K2 (总价)"),
        ({"currency": "金币"}, "L2 (币制)"),
        ({"containers": "CSQU3054384"}, "M2 (集装箱号)"),
        ({"packages": "1.5"}, "M2 (件数)"),
        ({"status": "不明"}, "M2 (状态)"),
    ],
)
def test_a_wrong_cell_is_named(changes: dict[str, Value], field: str) -> None:
    with pytest.raises(InvalidDocument) as refused:
        read(_csv(_row(**changes)))
    message = refused.value.message
    assert refused.value.field == field or (field.startswith("A2") and "digit 9" in message), message


def test_rows_of_one_declaration_must_agree() -> None:
    with pytest.raises(InvalidDocument, match="differs from D2") as refused:
        read(_csv(_row(), _row(declared_on="2026-01-06", description="线圈")))
    assert refused.value.field == "D3 (申报日期)"


@pytest.mark.parametrize("missing", ["consignor_name", "declared_on", "description", "quantity", "unit", "amount"])
def test_a_missing_value_is_named(missing: str) -> None:
    rows = [_row(consignor_uscc=None), _row(declaration_number="530420260000000020", **{missing: ""})]
    rows[0]["consignor_uscc"] = USCC
    rows[1]["consignor_uscc"] = USCC if missing != "consignor_name" else ""
    with pytest.raises(InvalidDocument, match="is missing") as refused:
        read(_csv(*rows))
    assert "row 3" in refused.value.field


def test_tables_that_are_none() -> None:
    for source in (b"a,b,c\n1,2,3\n", _csv(_row()).splitlines()[0] + b"\n", "报关单号,状态\n".encode()):
        with pytest.raises(InvalidDocument):
            read(source)


# round trip ---------------------------------------------------------------------------

_TEXT = st.text(st.sampled_from("东裕电器铜仁ABCxyz0123 ,;\"'-/()&"), min_size=1, max_size=20).map(
    lambda text: "甲" + " ".join(text.split())
)
_USCCS = st.sampled_from([USCC, "91110000100003962Y", "91310000607337882Q"])
_DATES = st.dates(date(2020, 1, 1), date(2030, 12, 31))
_QUANTITIES = st.decimals(0, 10**9, places=4, allow_nan=False)
_AMOUNTS = st.decimals(0, 10**10, places=2, allow_nan=False)
_COUNTRIES = st.sampled_from(["CN", "US", "DE", "JP", "VN", "GB", "KR"])


@st.composite
def _lines(draw: st.DrawFn, number: int) -> DeclarationLine:
    quantities = st.builds(LegalQuantity, quantity=_QUANTITIES, unit=st.sampled_from(["千克", "035"]))
    legal = draw(st.lists(quantities, max_size=2))
    return DeclarationLine(
        number=number,
        hs_code=draw(st.from_regex(r"[0-9]{10}", fullmatch=True)),
        description=draw(_TEXT),
        specification=draw(st.none() | _TEXT),
        quantity=draw(_QUANTITIES),
        unit=draw(st.sampled_from(["台", "KGM", "件"])),
        unit_price=draw(st.none() | _QUANTITIES),
        amount=Money.of(draw(_AMOUNTS), "USD"),
        legal_quantities=tuple({str(entry): entry for entry in legal}.values()),
        origin_country=draw(st.none() | _COUNTRIES),
        destination_country=draw(st.none() | _COUNTRIES),
        duty_mode=draw(st.none() | _TEXT),
    )


@st.composite
def _exports(draw: st.DrawFn) -> ExportDeclaration:
    lines = tuple(draw(_lines(number)) for number in range(1, draw(st.integers(1, 3)) + 1))
    money = st.none() | _AMOUNTS.map(lambda amount: Money.of(amount, "USD"))
    party = st.none() | st.builds(Party, name=_TEXT)
    return ExportDeclaration(
        declaration_number=f"5304{draw(st.integers(2020, 2030))}0{draw(st.integers(1, 999_999_999)):09}",
        status=draw(st.sampled_from(DeclarationStatus)),
        consignor=Party(name=draw(_TEXT), uscc=draw(_USCCS)),
        producer=draw(st.none() | st.builds(Party, name=_TEXT, uscc=_USCCS)),
        consignee=draw(party),
        agent=draw(st.none() | st.builds(Party, name=_TEXT, uscc=_USCCS)),
        declared_on=draw(_DATES),
        exported_on=draw(st.none() | _DATES),
        released_on=draw(st.none() | _DATES),
        settled_on=draw(st.none() | _DATES),
        supervision_mode=draw(st.sampled_from(["0110", "0615", "9610"])),
        transaction_mode=draw(st.sampled_from("1234567")),
        transport_mode=draw(st.none() | st.sampled_from("0123456789GHLX")),
        conveyance=draw(st.none() | _TEXT),
        imo_number=draw(st.none() | st.just("9074729")),
        bill_number=draw(st.none() | _TEXT),
        contract_number=draw(st.none() | _TEXT),
        licence_number=draw(st.none() | _TEXT),
        exit_port=draw(st.none() | st.sampled_from(["5304", "0100"])),
        loading_port=draw(st.none() | st.sampled_from(["CNSHK", "5304"])),
        destination_port=draw(st.none() | st.sampled_from(["DEHAM", "USA309"])),
        trade_country=draw(st.none() | _COUNTRIES),
        destination_country=draw(st.none() | _COUNTRIES),
        package_kind=draw(st.none() | _TEXT),
        packages=draw(st.none() | st.integers(0, 10**6)),
        gross_weight_kg=draw(st.none() | _QUANTITIES),
        net_weight_kg=draw(st.none() | _QUANTITIES),
        containers=draw(st.sampled_from([(), ("CSQU3054383",), ("CSQU3054383", "MSKU1234565")])),
        freight=draw(money),
        insurance=draw(money),
        other_charges=draw(money),
        lines=lines,
        total=Money.of(draw(_AMOUNTS), "USD"),
        remarks=draw(st.none() | _TEXT),
    )


def _as_rows(export: ExportDeclaration, *, repeat: bool) -> list[dict[str, Value]]:
    header: dict[str, Value] = {"declaration_number": export.declaration_number}
    for field in OWN:
        role, _, part = field.rpartition("_")
        if part in {"name", "uscc"}:
            party: Party | None = getattr(export, role)
            header[field] = getattr(party, part) if party is not None else None
        elif part == "currency":
            header[field] = "USD" if getattr(export, role) is not None else None
        else:
            value = getattr(export, field)
            value = value.amount if isinstance(value, Money) else value
            header[field] = " ".join(value) if isinstance(value, tuple) else value
    rows: list[dict[str, Value]] = []
    for line in export.lines:
        row: dict[str, Value] = dict(header) if repeat or not rows else {"declaration_number": None}
        for field in LINE:
            if not field.startswith(("legal_", "currency", "amount", "line_")):
                row[field] = getattr(line, field)
        row |= {"amount": line.amount.amount, "currency": "USD", "line_destination_country": line.destination_country}
        for number, legal in enumerate(line.legal_quantities, 1):
            row |= {f"legal_quantity_{number}": legal.quantity, f"legal_unit_{number}": legal.unit}
        rows.append({field: "" if value is None else str(value) for field, value in row.items()})
    return rows


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    export=_exports(),
    repeat=st.booleans(),
    chinese=st.booleans(),
    encoding=st.sampled_from(["utf-8-sig", "gb18030", "utf-16"]),
    delimiter=st.sampled_from([",", ";", "\t"]),
)
def test_a_declaration_comes_back_from_a_csv(
    export: ExportDeclaration, repeat: bool, chinese: bool, encoding: str, delimiter: str
) -> None:
    rows = _as_rows(export, repeat=repeat)
    reading = read(_csv(*rows, chinese=chinese, encoding=encoding, delimiter=delimiter))
    assert reading.documents == (export,)
    assert reading.unmapped == ()


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(export=_exports(), repeat=st.booleans())
def test_a_declaration_comes_back_from_an_xlsx(export: ExportDeclaration, repeat: bool) -> None:
    reading = read(_xlsx(*_as_rows(export, repeat=repeat)))
    assert reading.documents == (export,)
    assert reading.unmapped == ()
