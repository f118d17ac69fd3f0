"""Customs export declarations from tables: one row for each line of goods."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from eximledger.formats._reading import Unmapped
from eximledger.formats.tables import codes
from eximledger.formats.tables.amounts import (
    Rate,
    charge_of,
    count_of,
    currency_said,
    money_of,
    price_of,
    quantity_of,
    weight_of,
)
from eximledger.formats.tables.cells import Row
from eximledger.formats.tables.papers.kind import TablePaper
from eximledger.formats.tables.papers.shared import containers_of, party_of, port_of
from eximledger.formats.text.values import imo_of, unique
from eximledger_chaincode.documents import (
    DeclarationCopy,
    DeclarationLine,
    DeclarationStatus,
    ExportDeclaration,
    LegalQuantity,
    Money,
    Party,
)

__all__ = ["Declaring", "declaration_of"]

_WHOLE: Final = 100
"""Percent."""


class Declaring:
    """Rows of one declaration as a document, in whatever paper they stood, and what of them it does not hold."""

    def __init__(self, exporter: str | None) -> None:
        self.unmapped: list[Unmapped] = []
        self._exporter = exporter

    def copy(self, rows: Sequence[Row]) -> DeclarationCopy:
        """The exporter's own copy of it, as far as that is held against customs' record."""
        paper = self._paper(rows)
        first = paper.first
        consignor, lines, total = _core(paper)
        with first.located():
            return DeclarationCopy(
                declaration_number=first.declaration_number() or "",
                consignor=consignor,
                consignee=party_of(first, "consignee"),
                declared_on=first.day("declared_on"),
                exported_on=first.day("exported_on"),
                printed_on=first.day("printed_on"),
                lines=lines,
                total=total,
                remarks=first.prose("remarks"),
            )

    def declaration(self, rows: Sequence[Row]) -> ExportDeclaration:
        """Customs' record of it; each row has a line of goods, the first what is said of all of them."""
        return declaration_of(self._paper(rows))

    def _paper(self, rows: Sequence[Row]) -> TablePaper:
        return TablePaper(rows[0], tuple(rows), None, self._exporter, self.unmapped)


def declaration_of(paper: TablePaper) -> ExportDeclaration:
    """The declaration of its rows."""
    first = paper.first
    consignor, lines, total = _core(paper)
    freight, freight_percent = _charge_or_rate(paper, "freight", total)
    insurance, insurance_percent = _charge_or_rate(paper, "insurance", total)
    with first.located():
        return ExportDeclaration(
            declaration_number=first.declaration_number() or "",
            status=_status(first),
            consignor=consignor,
            producer=party_of(first, "producer"),
            consignee=party_of(first, "consignee"),
            agent=party_of(first, "agent"),
            declared_on=first.need_day("declared_on"),
            exported_on=first.day("exported_on"),
            released_on=first.day("released_on"),
            settled_on=first.day("settled_on"),
            supervision_mode=first.need_code("supervision_mode", codes.supervision_mode),
            transaction_mode=first.need_code("transaction_mode", codes.transaction_mode),
            transport_mode=first.code("transport_mode", codes.transport_mode),
            conveyance=first.text("conveyance"),
            imo_number=first.code("imo_number", imo_of),
            bill_number=first.text("bill_number"),
            contract_number=first.text("contract_number"),
            licence_number=first.text("licence_number"),
            exit_port=port_of(paper, "exit_port"),
            loading_port=port_of(paper, "loading_port"),
            destination_port=port_of(paper, "destination_port"),
            trade_country=first.code("trade_country", codes.country),
            destination_country=first.code("destination_country", codes.country),
            package_kind=first.text("package_kind"),
            packages=count_of(first, "packages"),
            gross_weight_kg=weight_of(first, "gross_weight_kg"),
            net_weight_kg=weight_of(first, "net_weight_kg"),
            containers=containers_of(paper),
            freight=freight,
            freight_percent=freight_percent,
            insurance=insurance,
            insurance_percent=insurance_percent,
            other_charges=_charge(paper, "other_charges", total),
            lines=lines,
            total=total,
            remarks=first.prose("remarks"),
        )


def _core(paper: TablePaper) -> tuple[Party, tuple[DeclarationLine, ...], Money]:
    lines = tuple(_line(row, number) for number, row in enumerate(paper.lines, 1))
    total = money_of(paper.first, "total", lines[0].amount.currency)
    if total is None:
        with paper.lines[0].located():
            total = sum((line.amount for line in lines[1:]), lines[0].amount)
    consignor = party_of(paper.first, "consignor", paper.exporter)
    if consignor is None:
        raise paper.first.missing("consignor_name")
    return consignor, lines, total


def _charge_or_rate(paper: TablePaper, field: str, total: Money) -> tuple[Money | None, Decimal | None]:
    """A charge as an amount, or as a rate of the declared total in percent."""
    found = charge_of(paper.first, field, total.currency)
    if isinstance(found, Rate) and found.percent is not None and 0 <= found.percent <= _WHOLE:
        return None, found.percent
    return _amount(paper, found), None


def _charge(paper: TablePaper, field: str, total: Money) -> Money | None:
    """A charge as an amount; a rate or a price for each tonne is none, and reported."""
    return _amount(paper, charge_of(paper.first, field, total.currency))


def _amount(paper: TablePaper, found: Money | Rate | None) -> Money | None:
    if isinstance(found, Rate):
        paper.unusable(found.where, found.reason)
        return None
    return found


def _status(row: Row) -> DeclarationStatus:
    """The status as stated; a table without one shows it by the dates that it has."""
    stated = row.code("status", codes.status)
    if stated is not None:
        return stated
    if row.day("settled_on") is not None:
        return DeclarationStatus.SETTLED
    return DeclarationStatus.RELEASED if row.day("released_on") is not None else DeclarationStatus.DECLARED


def _line(row: Row, number: int) -> DeclarationLine:
    stated = row.count("number")
    if row.cell("amount") is None:
        raise row.missing("amount")
    currency = row.code("currency", codes.currency) or currency_said(row)
    amount = money_of(row, "amount", currency)
    quantity, unit = quantity_of(row, "quantity", "unit")
    if amount is None or quantity is None or unit is None:
        raise row.missing("amount" if amount is None else "quantity" if quantity is None else "unit")
    with row.located():
        return DeclarationLine(
            number=stated if stated is not None else number,
            hs_code=row.hs_code("hs_code"),
            description=row.need_prose("description"),
            specification=row.prose("specification"),
            quantity=quantity,
            unit=unit,
            unit_price=price_of(row, "unit_price", amount.currency, unit),
            amount=amount,
            legal_quantities=unique(list(_legal_quantities(row))),
            origin_country=row.code("origin_country", codes.country),
            destination_country=row.code("line_destination_country", codes.country),
            duty_mode=row.text("duty_mode"),
        )


def _legal_quantities(row: Row) -> Iterator[LegalQuantity]:
    for place in ("1", "2"):
        quantity, unit = quantity_of(row, f"legal_quantity_{place}", f"legal_unit_{place}")
        if quantity is not None and unit is not None:
            yield LegalQuantity(quantity=quantity, unit=unit)
        elif quantity is not None or unit is not None:
            raise row.missing(f"legal_{'unit' if unit is None else 'quantity'}_{place}")
