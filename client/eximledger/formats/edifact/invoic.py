"""INVOIC as a commercial invoice. Source: UN/EDIFACT D.96A to D.16B, and EANCOM's subsets of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from pydantic import ValidationError

from eximledger.formats.edifact.amounts import Price, change_of, tax_of, taxes_of, totals_of
from eximledger.formats.edifact.goods import Article, origin_of
from eximledger.formats.edifact.interchange import Message
from eximledger.formats.edifact.parties import party_of
from eximledger.formats.edifact.segments import Group, Segment, Shape, grouped
from eximledger.formats.edifact.terms import Payment, Terms
from eximledger.formats.edifact.values import (
    day_at,
    money_of,
    notes_of,
    number_at,
    period_of,
    references_of,
    refused_by_model,
)
from eximledger.formats.text.numbers import Numbers
from eximledger.formats.text.values import currency_of, unique
from eximledger_chaincode.documents import CommercialInvoice, GoodsLine, Money, Party, Reference

__all__ = ["read_invoic"]

_CHANGE: Final[Shape] = {"ALI": {}, "DTM": {}, "QTY": {}, "PCD": {}, "MOA": {}, "RTE": {}, "TAX": {"MOA": {}}}
_PARTY: Final[Shape] = {"LOC": {}, "FII": {}, "RFF": {"DTM": {}}, "DOC": {}, "CTA": {"COM": {}}}
_HEADER: Final[Shape] = {
    "RFF": {"DTM": {}},
    "NAD": _PARTY,
    "TAX": {"MOA": {}, "LOC": {}},
    "CUX": {"DTM": {}},
    "PAT": {"DTM": {}, "PCD": {}, "MOA": {}, "PAI": {}, "FII": {}},
    "TDT": {"TSR": {}, "LOC": {"DTM": {}}, "RFF": {"DTM": {}}},
    "TOD": {"LOC": {}},
    "PAC": {"MEA": {}, "EQD": {}, "PCI": {}},
    "ALC": _CHANGE,
}
_LINE: Final[Shape] = {
    "PAT": {"DTM": {}, "PCD": {}, "MOA": {}},
    "PRI": {"APR": {}, "RNG": {}, "DTM": {}},
    "RFF": {"DTM": {}},
    "PAC": {"MEA": {}, "EQD": {}, "PCI": {}},
    "LOC": {"DTM": {}},
    "TAX": {"MOA": {}},
    "NAD": _PARTY,
    "ALC": _CHANGE,
    "TDT": {"LOC": {}},
    "TOD": {"LOC": {}},
}
_SUMMARY: Final[Shape] = {"TAX": {"MOA": {}}, "ALC": {"ALI": {}, "MOA": {}, "TAX": {"MOA": {}}}, "MOA": {"RFF": {}}}
_FUNCTIONS: Final = frozenset({None, "5", "7", "9", "31", "43"})
"""UN/EDIFACT 1225: replacement, duplicate, original, copy, sent again. Others cancel, or ask, or change a part."""


def read_invoic(message: Message) -> CommercialInvoice:
    """The invoice. Raises `InvalidDocument` naming the segment of what is missing or wrong."""
    parts = _Parts(message)
    begin = parts.begin
    currency = _currency(parts)
    seller = _party(parts.header, "SE", "SU", "II")
    buyer = _party(parts.header, "BY", "IV", "BT")
    references = unique([*references_of(parts.header), *_of_lines(parts.lines)])
    numbers = Numbers(references)
    payment = Payment(parts.header)
    terms = Terms(parts.header)
    ship_to = party_of(parts.header.find("NAD", "DP", "ST", "UC", "CN"))
    lines = _lines(parts, currency)
    start, end = period_of(parts.header, "263")
    changes = [change_of(group, currency) for group in parts.header.all("ALC")]  # those of the summary repeat them
    try:
        return CommercialInvoice(
            invoice_number=begin.at(2, 1) or begin.need(2),
            type_code=begin.at(1),
            issued_on=_issued(parts.header),
            due_on=payment.due_on or day_at(parts.header, "265", "140", "13"),
            tax_point_on=day_at(parts.header, "131"),
            period_start=start,
            period_end=end,
            seller=seller,
            buyer=buyer,
            payee=party_of(parts.header.find("NAD", "PE")),
            ship_to=ship_to,
            delivered_on=day_at(parts.header, "35"),
            currency=currency,
            contract_number=numbers.first("contract"),
            order_number=numbers.first("order"),
            declaration_numbers=numbers.all("declaration"),
            bill_numbers=numbers.all("transport"),
            references=references,
            incoterm=terms.incoterm,
            incoterm_place=terms.place,
            delivery_terms=terms.written,
            destination_country=ship_to.country if ship_to is not None else None,
            payment_terms=payment.terms,
            payment_days=payment.days,
            payment_accounts=payment.accounts,
            lines=lines,
            allowances_charges=tuple(change for change in changes if change is not None),
            taxes=taxes_of(parts.summary, currency),
            totals=totals_of(parts.summary, currency),
            notes=notes_of(parts.header),
        )
    except ValidationError as error:
        raise refused_by_model(parts.header, error) from None


def _lines(parts: _Parts, currency: str) -> tuple[GoodsLine, ...]:
    if not parts.lines:
        raise parts.header.missing("LIN")
    return tuple(_line(group, place, currency) for place, group in enumerate(parts.lines, 1))


def _party(header: Group, *qualifiers: str) -> Party:
    found = party_of(header.find("NAD", *qualifiers))
    if found is None:
        raise header.missing(f"NAD+{qualifiers[0]}")
    return found


def _issued(header: Group) -> date:
    found = day_at(header, "137", "3")
    if found is None:
        raise header.missing("DTM+137")
    return found


class _Parts:
    """Header, lines and summary of a message."""

    def __init__(self, message: Message) -> None:
        segments = message.segments
        if not segments or segments[0].tag != "BGM":
            raise message.header.error("is not followed by BGM")
        self.begin = segments[0]
        function = self.begin.at(3)
        if function not in _FUNCTIONS:
            raise self.begin.error(f"has the function {function} (UN/EDIFACT 1225): it is no invoice that stands")
        first = next((place for place, each in enumerate(segments) if each.tag == "LIN"), len(segments))
        ends = [place for place, each in enumerate(segments) if each.tag == "UNS" and each.qualifier() != "D"]
        end = ends[-1] if ends else len(segments)
        self.header = grouped(self.begin, segments[1 : min(first, end)], _HEADER)
        self.lines: list[Group] = []
        held: list[Segment] = []
        for segment in (*segments[first:end], None):
            if held and (segment is None or segment.tag == "LIN"):
                self.lines.append(grouped(held[0], held[1:], _LINE))
                held = []
            if segment is not None:
                held.append(segment)
        closing = segments[end] if end < len(segments) else self.begin
        self.summary = grouped(closing, segments[end + 1 :], _SUMMARY)
        for each in (*self.header.segments("UNS"), *self.summary.segments("CNT")):
            each.ignore()
        if closing is not self.begin:
            closing.ignore()


def _currency(parts: _Parts) -> str:
    """The invoicing currency of CUX, else that of the amounts."""
    stated: list[tuple[bool, Segment, int, str]] = []
    for segment in parts.header.segments("CUX"):
        for element in (1, 2):
            code = segment.at(element, 2)
            if code is not None:
                stated.append((segment.at(element, 3) == "4", segment, element, code))
        segment.release()
    found = next((entry for entry in stated if entry[0]), stated[0] if stated else None)
    if found is None:
        amounts = [(each, code) for each in parts.summary.segments("MOA") if (code := each.at(1, 3)) is not None]
        if not amounts:
            raise parts.header.missing("CUX")
        found = (True, amounts[0][0], 1, amounts[0][1])
        for each, _ in amounts:
            each.release()
    _, segment, element, code = found
    currency = currency_of(code)
    if currency is None:
        raise segment.error("has a currency that ISO 4217 does not know")
    if segment.tag == "CUX":
        for component in (1, 2, 3):
            segment.at(element, component)
    return currency


# lines ------------------------------------------------------------------------


def _of_lines(lines: list[Group]) -> list[Reference]:
    """References of lines, but for the line's own order, which the line has."""
    return [each for line in lines for each in references_of(line)]


def _line(group: Group, place: int, currency: str) -> GoodsLine:
    article = Article(group, place)
    quantity, unit = _quantity(group)
    price = Price(group)
    tax = group.find("TAX", "7")
    rate, category = tax_of(tax)
    orders = group.segments("RFF", "ON")
    changes = [change_of(each, currency) for each in group.all("ALC")]
    try:
        return GoodsLine(
            number=article.number,
            name=article.name,
            description=article.description,
            hs_code=article.hs_code,
            identifiers=article.identifiers,
            quantity=quantity,
            unit=unit,
            unit_price=price.net,
            price_base=price.base,
            price_base_unit=price.base_unit,
            gross_unit_price=price.gross,
            amount=_amount(group, tax, currency),
            allowances_charges=tuple(change for change in changes if change is not None),
            tax_category=category,
            tax_percent=rate,
            origin_country=origin_of(group),
            order_line=orders[0].at(1, 3) if orders else None,
            note="\n".join(notes_of(group)) or None,
        )
    except ValidationError as error:
        raise refused_by_model(group, error) from None


def _quantity(group: Group) -> tuple[Decimal | None, str | None]:
    found = group.find("QTY", "47", "61", "46", "12")  # invoiced, returned, delivered, despatched
    if found is None:
        return None, None
    found.segment.at(1, 1)
    return number_at(found.segment, 1, 2), found.segment.at(1, 3)


def _amount(group: Group, tax: Group | None, currency: str) -> Money | None:
    """The line's amount (203), else that of its goods (66); some senders put it behind the tax."""
    for qualifier in ("203", "66"):
        for where in (group, tax):
            for segment in where.segments("MOA", qualifier) if where is not None else []:
                if (amount := money_of(segment, currency)) is not None:
                    return amount
    return None
