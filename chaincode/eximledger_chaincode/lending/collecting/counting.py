"""What counts of a receipt: what was credited, or what its payer ordered, where SAFE's quotations bear that out.

The bank books what is credited; what was ordered is the payer's word, though banks pass it on. It may say how much of a
claim in another currency was paid, or what was paid before charges. It never makes a receipt count for less than what
was credited, nor for more than charges explain. Source: ISO 20022 camt.053, `InstdAmt`; SWIFT MT103, 33B and 71F.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final, NamedTuple

from eximledger_chaincode.documents import FxReceipt, Money, Record, ReferenceRate, minor_units
from eximledger_chaincode.lending.collecting.naming import NamedPaper, Order, ReceiptNaming, order_of
from eximledger_chaincode.lending.exact import EXACT, half_up
from eximledger_chaincode.lending.valuation import counted, rate_on
from hlf_chaincode.errors import Refused

__all__ = ["Counted", "Doubt", "counted_of", "counting", "paid_of", "quotations_for", "spread"]

_BAND: Final = Fraction(3, 100)
"""How far a bank's rate of exchange may be from SAFE's quotation: two parts the daily band, and the bank's margin."""
_WITHOUT_ASKING: Final = Decimal("1.03")
_CHARGES: Final = Fraction(500)
"""Yuan that banks along the way take of a small payment without saying so."""


class Doubt(StrEnum):
    """Why what was ordered does not count."""

    LESS = "less"
    """It is worth less than what was credited."""
    MORE = "more"
    """It is worth more than what was credited, and no charges say why."""
    UNKNOWN = "unknown"
    """No quotation of the day says what it is worth."""


class Counted(NamedTuple):
    """What counts of one receipt. `believed`: what was ordered agrees with what was credited."""

    amount: Money
    believed: bool = False
    doubt: Doubt | None = None


def counted_of(
    credited: Money,
    order: Order | None,
    day: date,
    currencies: Collection[str],
    rates: Sequence[Record[ReferenceRate]],
) -> Counted:
    """What counts against claims in these currencies, at the quotations of the day on which the receipt came.

    It counts in a claim's own currency where either amount is. What was ordered counts where it is worth what was
    credited, or more by charges: those stated, up to as much again, and 3 % or 500 yuan of others. Where it is worth
    less by up to 3 % it counts only in one currency with the exchange that the bank itself states; else what was
    credited does, converted.
    """
    if order is None:
        return Counted(credited)
    worth = _worth(order.amount, credited.currency, day, rates)
    if worth is None:
        return Counted(credited, doubt=Doubt.UNKNOWN)
    own = Fraction(credited.amount)
    if worth < own * (1 - _BAND):
        return Counted(credited, doubt=Doubt.LESS)
    stated = (_worth(each, credited.currency, day, rates) for each in order.charges)
    charges = sum((each for each in stated if each is not None), Fraction(0))
    gross = own + min(charges, own)  # banks take no more than they leave
    if worth > gross * (1 + _BAND) and not _is_small(worth - gross, credited.currency, day, rates):
        return Counted(_money(gross, credited.currency), doubt=Doubt.MORE)
    if order.amount.currency in currencies or credited.currency not in currencies:
        return Counted(_in_order(own / worth, order), believed=True)
    return Counted(_money(max(own, worth), credited.currency), believed=True)


def _in_order(raised: Fraction, order: Order) -> Money:
    """What was ordered, raised to what was credited where no exchange that the bank states explains why it is less."""
    if order.exchanged or raised <= 1:
        return order.amount
    return _money(Fraction(order.amount.amount) * raised, order.amount.currency)


def _worth(money: Money, currency: str, day: date, rates: Sequence[Record[ReferenceRate]]) -> Fraction | None:
    """An amount in another currency, exact; None where no quotation tells."""
    if money.currency == currency:
        return Fraction(money.amount)
    try:
        return Fraction(money.amount) * rate_on(money.currency, day, rates) / rate_on(currency, day, rates)
    except Refused:
        return None


def _is_small(gap: Fraction, currency: str, day: date, rates: Sequence[Record[ReferenceRate]]) -> bool:
    try:
        return gap * rate_on(currency, day, rates) <= _CHARGES
    except Refused:
        return False


def _money(value: Fraction, currency: str) -> Money:
    return counted(half_up(value, minor_units(currency)), currency)


def paid_of(receipt: FxReceipt, currencies: Collection[str], rates: Sequence[Record[ReferenceRate]]) -> Counted:
    """What counts of a receipt."""
    found = counted_of(receipt.amount, order_of(receipt), receipt.dated, currencies, rates)
    return _kept(found, receipt.amount, receipt.returned)


def counting(
    naming: ReceiptNaming, currencies: Collection[str], rates: Sequence[Record[ReferenceRate]]
) -> ReceiptNaming:
    """The naming with what counts as its amount, and what of it goes to each paper.

    The payer's amounts are parts of what was credited or of what was ordered: where they are all of it, they are parts
    of all that counts. Parts of an order that does not count, or that are together more than counts, are no amounts.
    What was taken back in part does not count, but where the payer gave amounts to several papers: of which of them it
    was taken nobody says, so all counts.
    """
    found = counted_of(naming.amount, naming.ordered, naming.dated, currencies, rates)
    if not _is_parted(naming):
        found = _kept(found, naming.amount, naming.returned)
    wholes = [naming.amount]
    if found.believed and naming.ordered is not None:
        wholes.append(naming.ordered.amount)
    return naming.model_copy(
        update={
            "amount": found.amount,
            "returned": None,
            "ordered": None,
            "declarations": _parts(naming.declarations, found, wholes),
            "invoices": _parts(naming.invoices, found, wholes),
        }
    )


def _is_parted(naming: ReceiptNaming) -> bool:
    """Whether its payer gave amounts to several declarations or invoices."""
    return any(
        sum(paper.amount is not None for paper in papers) > 1 for papers in (naming.declarations, naming.invoices)
    )


def _kept(found: Counted, credited: Money, returned: Money | None) -> Counted:
    """What counts without what was taken back, in proportion; rounded up, for what is paid is not lent upon."""
    if returned is None:
        return found
    share = 1 - Fraction(returned.amount) / Fraction(credited.amount)
    step = Fraction(1, 10 ** minor_units(found.amount.currency))
    units = -(-Fraction(found.amount.amount) * share // step)
    return found._replace(amount=_money(units * step, found.amount.currency))


def _parts(papers: tuple[NamedPaper, ...], found: Counted, wholes: Iterable[Money]) -> tuple[NamedPaper, ...]:
    whole = found.amount
    said = {f"{place:09}": paper.amount for place, paper in enumerate(papers) if paper.amount is not None}
    totals: dict[str, Decimal] = {}
    for amount in said.values():
        totals[amount.currency] = EXACT.add(totals.get(amount.currency, Decimal(0)), amount.amount)
    others = totals.keys() - {whole.currency}
    if found.doubt is not None and (others or totals.get(whole.currency, Decimal(0)) > whole.amount):
        return tuple(paper.model_copy(update={"amount": None}) for paper in papers)
    if all(totals != {each.currency: each.amount} for each in wholes):
        return papers
    shares = spread(whole, {place: Fraction(amount.amount) for place, amount in said.items()})
    return tuple(paper.model_copy(update={"amount": shares.get(f"{place:09}")}) for place, paper in enumerate(papers))


def spread(money: Money, weights: Mapping[str, Fraction]) -> dict[str, Money]:
    """`money`, not below nothing, in parts by weight; the rest of the rounding, or all where nothing has weight, on the
    last by number."""
    total, step = sum(weights.values(), Fraction(0)), Decimal(1).scaleb(-minor_units(money.currency))
    *others, last = sorted(weights)
    parts: dict[str, Money] = {}
    left = money
    for number in others:
        share = Fraction(money.amount) / Fraction(step) * weights[number] / total if total else Fraction(0)
        parts[number] = Money(amount=EXACT.multiply(step, Decimal(int(share))), currency=money.currency)
        left -= parts[number]
    parts[last] = left
    return parts


def quotations_for(naming: ReceiptNaming, currencies: Collection[str]) -> Iterator[tuple[str, date]]:
    """The foreign currencies, with the day, whose quotations `counted_of` and claims in these currencies need."""
    order = naming.ordered
    given = [paper.amount for paper in (*naming.declarations, *naming.invoices) if paper.amount is not None]
    needed = {*currencies, naming.amount.currency, *(money.currency for money in given)}
    asks = len(needed) > 1
    if order is not None:
        needed |= {money.currency for money in (order.amount, *order.charges)}
        asks = len(needed) > 1 or order.amount.amount > EXACT.multiply(naming.amount.amount, _WITHOUT_ASKING)
    if asks:
        yield from ((currency, naming.dated) for currency in sorted(needed - {"CNY"}))
