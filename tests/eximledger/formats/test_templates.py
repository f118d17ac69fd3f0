"""Templates: for every kind and language a workbook whose example row reads back, and what it says of its columns."""

from __future__ import annotations

import io
import json
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from tests.eximledger.formats.table_columns import listing, parts

from eximledger.formats import TABLE_KINDS, Cause, read, template_of
from eximledger.formats.tables.naming.column import Column, Holds, Stands
from eximledger.formats.tables.papers.kinds import TABLES
from eximledger.formats.tables.template import Language
from eximledger_chaincode.documents import (
    CommercialInvoice,
    Document,
    ExportDeclaration,
    Money,
    PackingList,
    SalesContract,
)
from hlf_chaincode.canonical import canonical_json
from hlf_chaincode.errors import InvalidDocument

LANGUAGES: tuple[Language, ...] = ("en", "zh")


def texts(value: object) -> set[str]:
    """Every single value of a document, as JSON has it."""
    if isinstance(value, dict):
        return set().union(*(texts(each) for each in value.values())) if value else set()
    if isinstance(value, list):
        return set().union(*(texts(each) for each in value)) if value else set()
    return {json.dumps(value).strip('"')}


def expected(column: Column) -> set[str]:
    """What of a document holds the column's example."""
    if column.holds is Holds.LIST:
        return {part.strip() for part in column.example.split(";")}
    if column.holds is Holds.FLAG:
        return {"true" if column.example == "yes" else "false"}
    if column.holds in {Holds.QUANTITY, Holds.WEIGHT, Holds.VOLUME, Holds.PRICE}:
        return {format(Decimal(column.example).normalize(), "f")}
    return {column.example}


@pytest.mark.parametrize("kind", TABLE_KINDS)
def test_the_example_reads_back_in_every_language(kind: str) -> None:
    found: list[Document] = []
    for language in LANGUAGES:
        reading = read(template_of(kind, language))
        (document,) = reading.documents
        assert kind == document.KIND
        assert {each.cause for each in reading.unmapped} == {Cause.SKIPPED}, "a column is not read"
        assert all(each.path.startswith("sheet ") for each in reading.unmapped)
        found.append(document)
    assert found[0] == found[1]
    held = texts(json.loads(canonical_json(found[0])))
    for column in TABLES[kind].columns:
        if column.example:
            assert expected(column) <= held, column.field
        else:
            assert column.stands is Stands.BESIDE, f"{column.field} has no example"


def test_what_the_examples_say() -> None:
    declaration, invoice, packed, contract = (read(template_of(kind)).documents[0] for kind in TABLE_KINDS)
    assert isinstance(declaration, ExportDeclaration)
    assert (declaration.total, declaration.freight) == (Money.of("48025", "USD"), Money.of("1200", "USD"))
    assert isinstance(invoice, CommercialInvoice)
    assert (invoice.total, invoice.totals.payable) == (Money.of("49300", "USD"), Money.of("40000", "USD"))
    assert [(each.charge, str(each.amount.amount)) for each in invoice.allowances_charges] == [
        (True, "1200.00"), (True, "96.50"), (True, "15.00"), (False, "36.50"),
    ]  # fmt: skip
    assert isinstance(packed, PackingList)
    assert (packed.gross_weight_kg, packed.packages) == (Decimal("5620.5"), 12)
    assert isinstance(contract, SalesContract)
    assert (contract.total, contract.transshipment, contract.about) == (Money.of("48025", "USD"), True, False)


def sheets(kind: str, language: Language) -> list[Worksheet]:
    book = openpyxl.load_workbook(io.BytesIO(template_of(kind, language)))
    found = [book[name] for name in book.sheetnames]
    assert all(isinstance(each, Worksheet) for each in found)
    return found  # type: ignore[return-value]  # of cells, not charts


@pytest.mark.parametrize("kind", TABLE_KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_columns_have_types_and_allowed_values(kind: str, language: Language) -> None:
    table, notes, values = sheets(kind, language)
    columns = TABLES[kind].columns
    checks = {str(check.sqref).partition(":")[0][:-1]: check for check in table.data_validations.dataValidation}
    assert [cell.value for cell in table[1]] == [cell.value for cell in notes["A"]][1 : len(columns) + 1]
    for number, (example, column) in enumerate(zip(table[2], columns, strict=True), 1):
        check = checks[get_column_letter(number)]
        if column.holds is Holds.DAY:
            assert isinstance(example.value, datetime | date)
            assert check.type == "date"
        if column.holds in {Holds.DECLARATION, Holds.USCC, Holds.HS, Holds.SUPERVISION_MODE} and column.example:
            assert (example.number_format, example.data_type) == ("@", "s"), "a spreadsheet would eat its digits"
        if column.holds in {Holds.CURRENCY, Holds.COUNTRY, Holds.INCOTERM, Holds.TRANSACTION_MODE, Holds.STATUS}:
            assert check.type == "list"
            place = check.formula1.rpartition("!")[2].replace("$", "")
            allowed = [row[0].value for row in values[place]]
            assert not column.example or column.example in allowed
        assert check.prompt


def test_what_is_no_table_has_no_template() -> None:
    with pytest.raises(InvalidDocument, match="does not come as a table; there are declaration, invoice"):
        template_of("rate")


def test_the_page_lists_every_column() -> None:
    _, written, _ = parts()
    assert written == listing(), "run: python -m tests.eximledger.formats.table_columns"
