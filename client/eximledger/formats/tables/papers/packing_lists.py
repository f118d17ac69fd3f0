"""Packing lists from tables."""

from __future__ import annotations

from decimal import Decimal

from eximledger.formats.tables import codes
from eximledger.formats.tables.amounts import count_of, quantity_of, volume_of, weight_of
from eximledger.formats.tables.cells import Row
from eximledger.formats.tables.papers.kind import TablePaper
from eximledger.formats.tables.papers.shared import (
    articles_of,
    containers_of,
    need_party,
    notes_of,
    number_of,
    party_of,
    summed,
)
from eximledger_chaincode.documents import Identifier, PackingLine, PackingList

__all__ = ["packing_list_of"]


def packing_list_of(paper: TablePaper) -> PackingList:
    """The list of its rows."""
    first = paper.first
    lines = tuple(_line(row, number) for number, row in enumerate(paper.lines, 1))
    invoices = first.listed("invoice_numbers")
    number = first.text("list_number") or (invoices[0] if invoices else None)
    if number is None:
        raise first.missing("list_number")
    with first.located():
        return PackingList(
            list_number=number,
            issued_on=first.need_day("issued_on"),
            seller=need_party(first, "seller", paper.exporter),
            buyer=party_of(first, "buyer"),
            carrier=party_of(first, "carrier"),
            invoice_numbers=invoices,
            contract_number=number_of(paper, "contract_number"),
            order_number=number_of(paper, "order_number"),
            shipment_number=first.text("shipment_number"),
            despatched_on=first.day("despatched_on"),
            destination_country=first.code("destination_country", codes.country),
            packages=summed(_stated_packages(paper), [line.packages for line in lines]),
            gross_weight_kg=_weight(paper, "gross_weight_kg", [line.gross_weight_kg for line in lines]),
            net_weight_kg=_weight(paper, "net_weight_kg", [line.net_weight_kg for line in lines]),
            volume_m3=_volume(paper),
            containers=containers_of(paper),
            lines=lines,
            notes=notes_of(first),
        )


def _stated_packages(paper: TablePaper) -> int | None:
    stated = count_of(paper.first, "total_packages")
    return stated if stated is not None or paper.totals is None else count_of(paper.totals, "packages")


def _weight(paper: TablePaper, field: str, lines: list[Decimal | None]) -> Decimal | None:
    stated = weight_of(paper.first, f"total_{field}")
    if stated is None and paper.totals is not None:
        stated = weight_of(paper.totals, field)
    return summed(stated, lines)


def _volume(paper: TablePaper) -> Decimal | None:
    stated = volume_of(paper.first, "volume_m3")
    if stated is None and paper.totals is not None:
        stated = volume_of(paper.totals, "line_volume_m3")
    return summed(stated, [volume_of(row, "line_volume_m3") for row in paper.lines])


def _cartons(row: Row) -> tuple[Identifier, ...]:
    """Which packages the line is in, as they are numbered."""
    written = row.text("carton_numbers")
    return (Identifier(scheme="carton-numbers", value=written),) if written is not None else ()


def _line(row: Row, number: int) -> PackingLine:
    stated = row.count("number")
    quantity, unit = quantity_of(row, "quantity", "unit")
    with row.located():
        return PackingLine(
            number=str(stated if stated is not None else number),
            name=row.need_text("description"),
            description=row.prose("specification"),
            hs_code=row.optional_hs_code("hs_code"),
            quantity=quantity,
            unit=unit,
            packages=count_of(row, "packages"),
            package_kind=row.text("package_kind"),
            gross_weight_kg=weight_of(row, "gross_weight_kg"),
            net_weight_kg=weight_of(row, "net_weight_kg"),
            identifiers=articles_of(row),
            properties=_cartons(row),
            note=row.prose("marks"),
        )
