"""Invoices of an EDIFACT interchange by regular expressions: segments one after the other, without their groups."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from bench.corpora.invoices import Expected

__all__ = ["expected_in", "invoices_in"]

_WITH_TAX: Final = ("77", "39", "86", "128", "388")


@dataclass(frozen=True, slots=True)
class _Segment:
    """A tag, and its elements as components."""

    tag: str
    elements: tuple[tuple[str, ...], ...]

    def at(self, element: int, component: int) -> str:
        try:
            return self.elements[element - 1][component - 1].strip()
        except IndexError:
            return ""


def invoices_in(text: str) -> list[list[_Segment]]:
    """The segments of each INVOIC; with the separators that EDIFACT has where nothing else is said."""
    whole = re.sub(r"'\s*UNO\+[^']*'.*?UNP\+[^']*'", "'", text, flags=re.DOTALL).replace("\r", "").replace("\n", "")
    found: list[list[_Segment]] = []
    for each in re.split(r"(?<!\?)'", whole.removeprefix("\ufeff")):
        tag, *elements = re.split(r"(?<!\?)\+", each.strip())
        parted = tuple(
            tuple(re.sub(r"\?(.)", r"\1", value) for value in re.split(r"(?<!\?):", part)) for part in elements
        )
        if tag == "UNH":
            found.append([])
        if found:
            found[-1].append(_Segment(tag, parted))
    return [message for message in found if message[0].at(2, 1) == "INVOIC"]


def expected_in(text: str) -> list[Expected]:
    return [_expected(message) for message in invoices_in(text)]


def _expected(message: list[_Segment]) -> Expected:
    first = next(place for place, each in enumerate(message) if each.tag == "LIN")
    last = max(place for place, each in enumerate(message) if each.tag == "UNS" and each.at(1, 1) == "S")
    header, lines, summary = message[:first], list(_lines(message[first:last])), message[last:]
    totals = summary[: next((place for place, each in enumerate(summary) if each.tag == "TAX"), None)]
    begin = next(each for each in header if each.tag == "BGM")
    currency = next((each.at(1, 2) for each in header if each.tag == "CUX" and each.at(1, 3) == "4"), "") or next(
        each.at(1, 2) for each in header if each.tag == "CUX"
    )
    issued = next(each.at(1, 2) for each in header if each.tag == "DTM" and each.at(1, 1) in {"137", "3"})
    with_tax = next((amount for code in _WITH_TAX if (amount := _amount(summary, code, currency)) is not None), None)
    return {
        "type_code": begin.at(1, 1),
        "invoice_number": begin.at(2, 1),
        "issued_on": f"{issued[:4]}-{issued[4:6]}-{issued[6:8]}",
        "currency": currency,
        "seller": _named(header, "SE", "SU") or ..., "buyer": _named(header, "BY", "IV") or ...,
        "payable": _amount(summary, "9", currency) or with_tax, "total_of_lines": _amount(summary, "79", currency),
        "without_tax": _amount(totals, "389", currency) or _amount(totals, "125", currency), "with_tax": with_tax,
        "prepaid": _amount(summary, "113", currency),
        "line_numbers": [line[0].at(1, 1) for line in lines],
        "line_quantities": [_number(line, "QTY", "47") for line in lines],
        "line_units": [_first(line, "QTY", "47", 3) for line in lines],
        "line_amounts": [_number(line, "MOA", "203") for line in lines],
        "line_prices": [_number(line, "PRI", "AAA") for line in lines],
    }  # fmt: skip


def _lines(segments: list[_Segment]) -> Iterator[list[_Segment]]:
    held: list[_Segment] = []
    for each in segments:
        if each.tag == "LIN" and held:
            yield held
            held = []
        held.append(each)
    yield held


def _named(segments: list[_Segment], *roles: str) -> set[str]:
    """The name of the first role that stands there: up to five components of the fourth element."""
    for role in roles:
        for each in segments:
            if each.tag == "NAD" and each.at(1, 1) == role and each.at(4, 1):
                return {" ".join(part for component in range(1, 6) if (part := each.at(4, component)))}
    return set()


def _first(segments: list[_Segment], tag: str, qualifier: str, component: int) -> str | None:
    found = (each.at(1, component) for each in segments if each.tag == tag and each.at(1, 1) == qualifier)
    return next(found, None) or None


def _number(segments: list[_Segment], tag: str, qualifier: str) -> Decimal | None:
    text = _first(segments, tag, qualifier, 2)
    try:
        return Decimal(text) if text is not None else None
    except InvalidOperation:
        return None


def _amount(segments: list[_Segment], code: str, currency: str) -> Decimal | None:
    own = [each for each in segments if each.tag != "MOA" or each.at(1, 3) in {"", currency}]
    return _number(own, "MOA", code)
