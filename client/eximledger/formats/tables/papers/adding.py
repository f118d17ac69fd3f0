"""What an invoice's table adds up to: charges beside the goods, and whether they are in a total or come on top."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from eximledger.formats._reading import Cause, Unmapped
from eximledger.formats.tables.amounts import money_of
from eximledger.formats.tables.papers.kind import TablePaper
from eximledger.formats.tables.papers.shared import Charge, amount_of, charges_of
from eximledger.formats.text.terms import incoterm_in
from eximledger_chaincode.documents import AllowanceCharge, InvoiceTotals, Money

__all__ = ["Added", "added_up"]

_NAMED: Final = {"freight": "freight", "insurance": "insurance", "other_charges": "other charges"}
_HAS: Final = {"freight": ("CIF", "CIP", "CFR", "CPT", "DAP", "DPU", "DDP"), "insurance": ("CIF", "CIP")}
_UNTOLD: Final = (
    "stands beside a total of the goods, and no other total tells whether it is in it or comes on top: put a row TOTAL"
    " below it"
)
_WITHIN: Final = "is in the prices of the goods: the total is without it"


@dataclass(frozen=True, slots=True)
class Added:
    """Charges and allowances, and the totals."""

    charges: tuple[AllowanceCharge, ...]
    totals: InvoiceTotals


def added_up(paper: TablePaper, lines: Money) -> Added:
    """As stated; what is not is computed: the total, and what is payable less what is prepaid."""
    first, currency = paper.first, lines.currency
    total, payable = amount_of(first, "total", currency), amount_of(first, "payable", currency)
    prepaid, discount = (_positive(amount_of(first, field, currency)) for field in ("prepaid", "discount"))
    nothing = Money.zero(currency)
    of_lines = money_of(paper.totals, "amount", None, currency) if paper.totals is not None else None
    end = total if total is not None else payable + (prepaid or nothing) if payable is not None else None
    named = list(_named(paper, currency))
    others = charges_of(paper, currency)
    net = sum((each.amount for each in others), lines) - (discount or nothing)
    whole = sum((amount for _, amount in named), net)
    if named and end is None and of_lines is not None and _has_all(paper, [field for field, _ in named]):
        end = of_lines
    if named and end is None and paper.in_form and of_lines is not None:
        if of_lines != whole:
            raise first.error(first.cells[named[0][0]], named[0][0], _UNTOLD)
        end, total, of_lines = of_lines, of_lines, None
    if named and end == net:
        paper.unmapped.extend(Unmapped(_place(paper, field), _WITHIN, Cause.SKIPPED) for field, _ in named)
        named, whole = [], net
    if others and end != whole:
        raise others[0].row.unsure()
    taxes = [each.amount for each in others if each.is_tax]
    charges = (*_charges(named), *map(_other, (each for each in others if not each.is_tax)), *_taken_off(discount))
    return Added(
        charges,
        InvoiceTotals(
            lines=of_lines,
            tax=sum(taxes[1:], taxes[0]) if taxes else None,
            with_tax=total,
            prepaid=prepaid,
            payable=payable if payable is not None else (total or whole) - (prepaid or nothing),
        ),
    )


def _has_all(paper: TablePaper, fields: list[str]) -> bool:
    """Whether the sum of the goods says a term that has all of these in it: `TOTAL CIF HAMBURG`."""
    term = incoterm_in(" ".join(paper.totals.naming())) if paper.totals is not None else None
    return all(term in _HAS.get(field, ()) for field in fields)


def _positive(amount: Money | None) -> Money | None:
    """Some write below zero what is taken off, and mean the same."""
    return None if amount is None else max(amount, -amount)


def _place(paper: TablePaper, field: str) -> str:
    return paper.first.at(paper.first.cells[field], field)


def _named(paper: TablePaper, currency: str) -> Iterator[tuple[str, Money]]:
    for field in _NAMED:
        amount = amount_of(paper.first, field, currency)
        if amount is not None and amount.amount:
            yield field, amount


def _charges(named: list[tuple[str, Money]]) -> Iterator[AllowanceCharge]:
    for field, amount in named:
        yield AllowanceCharge(charge=True, amount=amount, reason=_NAMED[field])


def _other(each: Charge) -> AllowanceCharge:
    return AllowanceCharge(charge=each.amount.amount >= 0, amount=max(each.amount, -each.amount), reason=each.words)


def _taken_off(discount: Money | None) -> Iterator[AllowanceCharge]:
    if discount is not None and discount.amount:
        yield AllowanceCharge(charge=False, amount=discount, reason="discount")
