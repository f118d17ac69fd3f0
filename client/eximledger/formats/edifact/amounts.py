"""Prices, allowances, taxes and totals of an INVOIC, as stated."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from eximledger.formats.edifact.segments import Group
from eximledger.formats.edifact.values import money_of, number_at
from eximledger_chaincode.documents import AllowanceCharge, InvoiceTotals, Money, TaxSubtotal

__all__ = ["Price", "change_of", "tax_of", "taxes_of", "totals_of"]

_WITH_TAX: Final = ("77", "39", "86", "128", "388")
"""UN/EDIFACT 5025: the amount of the invoice, as the subsets call it; the first one counts."""


class Price:
    """Net price (AAA, else INV), its base, and the gross one (AAB)."""

    def __init__(self, group: Group) -> None:
        self.base = Decimal(1)
        self.base_unit: str | None = None
        self.net = self._read(group.find("PRI", "AAA", "INV"), base=True)
        self.gross = self._read(group.find("PRI", "AAB"), base=self.net is None)

    def _read(self, group: Group | None, *, base: bool) -> Decimal | None:
        if group is None:
            return None
        segment = group.segment
        price = number_at(segment, 1, 2)
        for component in (1, 3, 4):
            segment.at(1, component)
        if base:
            stated = number_at(segment, 1, 5)
            if stated is not None and stated > 0:
                self.base, self.base_unit = stated, segment.at(1, 6)
            elif stated is not None:
                segment.unusable("a price is for more than zero units")
        return price


def change_of(group: Group, currency: str) -> AllowanceCharge | None:
    """An allowance or a charge; one that states no amount is reported."""
    segment = group.segment
    stated = [money_of(each, currency) for each in group.segments("MOA", "8", "23", "204", "131")]
    amounts = [amount for amount in stated if amount is not None]
    kind = segment.at(1)
    if len(amounts) != 1 or kind not in {"A", "C"}:
        segment.release()
        for each in group.segments("MOA"):
            each.release()
        segment.unusable("states no amount" if not amounts else "states several amounts")
        return None
    percent = group.find("PCD", "1", "2", "3", "7")
    if percent is not None:
        percent.segment.at(1, 1)
    base = group.find("MOA", "25")
    rate, category = tax_of(group.find("TAX", "7"))
    for element in (3, 4):
        segment.at(element)
    words = [*segment.texts(2, range(1, 2)), *segment.texts(5, range(4, 6))]
    return AllowanceCharge(
        charge=kind == "C",
        amount=amounts[0],
        base_amount=money_of(base.segment, currency) if base is not None else None,
        percent=number_at(percent.segment, 1, 2) if percent is not None else None,
        reason="; ".join(words) or None,
        reason_code=segment.at(5, 1),
        tax_category=category,
        tax_percent=rate,
    )


def tax_of(group: Group | None) -> tuple[Decimal | None, str | None]:
    if group is None:
        return None, None
    segment = group.segment
    segment.at(1)
    segment.at(2)
    return number_at(segment, 5, 4), segment.at(6)


def taxes_of(summary: Group, currency: str) -> tuple[TaxSubtotal, ...]:
    found = []
    for group in summary.all("TAX", "7"):
        amounts = [money_of(each, currency) for each in group.segments("MOA", "124")]
        if not amounts or amounts[0] is None:
            continue
        bases = [money_of(each, currency) for each in group.segments("MOA", "125", "79")]
        scheme = group.segment.at(2)
        percent, category = tax_of(group)
        found.append(
            TaxSubtotal(
                taxable_amount=next((each for each in bases if each is not None), None),
                tax_amount=amounts[0],
                category=category,
                percent=percent,
                scheme=scheme,
            )
        )
    return tuple(found)


def totals_of(summary: Group, currency: str) -> InvoiceTotals:
    """Totals as stated. What is payable is the amount due (9), else that of the invoice."""

    def stated(*qualifiers: str) -> Money | None:
        for qualifier in qualifiers:
            for segment in summary.segments("MOA", qualifier):
                if (amount := money_of(segment, currency)) is not None:
                    return amount
        return None

    whole = stated(*_WITH_TAX)
    payable = stated("9") or whole
    if payable is None:
        raise summary.missing("MOA+77")
    return InvoiceTotals(
        lines=stated("79"),
        allowances=stated("260"),
        charges=stated("259"),
        without_tax=stated("389", "125"),
        tax=stated("124", "176"),
        with_tax=whole,
        prepaid=stated("113"),
        payable=payable,
    )
