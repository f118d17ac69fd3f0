"""Values of EDIFACT segments: dates, amounts, quantities, texts. Source: UN/EDIFACT directories D.96A to D.16B."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final

from pydantic import ValidationError

from eximledger.formats.edifact.segments import Group, Segment
from eximledger.formats.text.terms import reference_kind
from eximledger.formats.text.values import currency_of, date_of, decimal_of, unique
from eximledger_chaincode.documents import Money, Reference
from eximledger_chaincode.documents.parts.units import to_base
from hlf_chaincode.errors import InvalidDocument

__all__ = [
    "day_at",
    "day_of",
    "money_of",
    "notes_of",
    "number_at",
    "period_of",
    "references_of",
    "refused_by_model",
    "weight_of",
]

_NUMBER: Final = re.compile(r"-?[0-9]*[.,]?[0-9]*|[0-9]+[.,]?[0-9]*-")
_GROUPED: Final = re.compile(r"-?[1-9][0-9]{0,2}(?P<mark>[,.])[0-9]{3}-?")
_POINT: Final = "."
_KINDS: Final = {
    "ON": "order", "VN": "sales-order", "CT": "contract", "DQ": "delivery-note", "AAK": "packing-list",
    "PK": "packing-list", "BM": "transport", "AWB": "transport", "MWB": "transport", "MB": "transport",
    "AAS": "transport", "AAM": "transport", "HWB": "transport", "LC": "letter-of-credit", "AAC": "letter-of-credit",
    "IV": "invoice", "OI": "invoice", "PL": "price-list", "AAE": "declaration", "ABT": "declaration",
    "CR": "customer-reference",
}  # fmt: skip
"""UN/EDIFACT 1153: what a reference names."""
_GROSS, _NET = ("AAD", "G", "AAB"), ("AAC", "N", "AAA")


def refused_by_model(group: Group, error: ValidationError) -> InvalidDocument:
    """What a document's model says of values from this group, by its place."""
    problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(str(part) for part in problem["loc"])
    reason = problem["msg"].removeprefix("Value error, ")
    return group.segment.error(f"is refused: {where + ': ' if where else ''}{reason}")


# dates ------------------------------------------------------------------------


def _date(segment: Segment, text: str, form: str | None) -> date:
    """A date in one of the forms of UN/EDIFACT 2379 that name a day."""
    if form == "101" and re.fullmatch("[0-9]{6}", text):
        text = f"20{text}"
    elif form not in {"101", "102", "203", "204", "205", "303", "304", None}:
        raise segment.error(f"has a date of a form that is not read ({form})")
    parts = re.fullmatch("([0-9]{4})([0-9]{2})([0-9]{2})(?:[0-9]{2,}.*)?", text)
    if parts is None:
        raise segment.error("is not a date of the form 20260105")
    try:
        return date_of("-".join(parts.groups()))
    except ValueError as error:
        raise segment.error(str(error)) from None


def day_of(segment: Segment) -> date | None:
    """The day of a DTM."""
    segment.at(1, 1)
    text = segment.at(1, 2)
    return _date(segment, text, segment.at(1, 3)) if text is not None else None


def day_at(group: Group, *qualifiers: str) -> date | None:
    """The day of the first of these DTM."""
    found = group.find("DTM", *qualifiers)
    return day_of(found.segment) if found is not None else None


def period_of(group: Group, *qualifiers: str) -> tuple[date | None, date | None]:
    """The days of a period (form 718)."""
    found = group.find("DTM", *qualifiers)
    text = found.segment.at(1, 2) if found is not None else None
    if found is None or text is None or found.segment.at(1, 3) != "718":
        if found is not None:
            found.segment.release()
        return None, None
    found.segment.at(1, 1)
    start, end = text.replace("-", "")[:8], text.replace("-", "")[8:]
    return _date(found.segment, start, "102"), _date(found.segment, end, "102")


# numbers ----------------------------------------------------------------------


def number_at(segment: Segment, element: int, component: int) -> Decimal | None:
    """A number, which has a point or a comma before its decimals and no other marks; a minus may stand behind it.

    Three digits behind the mark may be thousands, unless it is the one that the interchange says, else a point.
    """
    text = segment.at(element, component)
    if text is None:
        return None
    if not _NUMBER.fullmatch(text) or not re.search("[0-9]", text):
        raise segment.error(f"has no number in {element}.{component}")
    grouped = _GROUPED.fullmatch(text)
    if grouped is not None and grouped["mark"] != (segment.decimal or _POINT):
        raise segment.error(f"has a number in {element}.{component} of which the mark may part thousands or decimals")
    text = f"-{text[:-1]}" if text.endswith("-") else text
    try:
        return decimal_of(text.replace(",", "."))
    except ValueError as error:
        raise segment.error(str(error)) from None


def money_of(segment: Segment, currency: str) -> Money | None:
    """The amount of a MOA in the paper's currency; one in another is left unread."""
    stated = segment.at(1, 3)
    if stated is not None and currency_of(stated) != currency:
        segment.release()
        return None
    segment.at(1, 1)
    segment.at(1, 4)
    amount = number_at(segment, 1, 2)
    if amount is None:
        return None
    try:
        return Money.of(amount, currency)
    except ValidationError as error:
        raise refused_by_model(Group(segment), error) from None


def weight_of(group: Group, *, gross: bool) -> Decimal | None:
    """A weight of MEA segments in kilograms; one whose unit is none of weight is reported."""
    for code in _GROSS if gross else _NET:
        for segment in group.segments("MEA"):
            if segment.elements[1:2] and segment.elements[1][0][0] == code:
                return _kilograms(segment)
    return None


def _kilograms(segment: Segment) -> Decimal | None:
    segment.at(1)
    segment.at(2)
    unit, quantity = segment.at(3, 1), number_at(segment, 3, 2)
    if quantity is None:
        return None
    in_base, base = to_base(quantity, unit or "KGM")
    if base != "KGM":
        segment.unusable("its unit cannot be converted into KGM")
        return None
    return in_base


# texts and references ---------------------------------------------------------


def notes_of(group: Group) -> tuple[str, ...]:
    """Free texts (FTX), each behind the code of its subject."""
    found = []
    for segment in group.segments("FTX"):
        subject = segment.at(1)
        text = " ".join(segment.texts(4, range(1, 6)))
        segment.at(5)
        if text:
            found.append(f"{subject}: {text}" if subject else text)
    return tuple(found)


def references_of(group: Group) -> tuple[Reference, ...]:
    """What RFF segments name."""
    found = []
    for each in group.all("RFF"):
        code, number = each.segment.at(1, 1), each.segment.at(1, 2)
        if number is None:
            continue
        kind = reference_kind(number) or _KINDS.get(code or "") or code or "document"
        try:
            found.append(Reference(kind=kind, number=number, dated=day_at(each, "171")))
        except ValidationError as error:
            raise refused_by_model(each, error) from None
    return unique(found)
