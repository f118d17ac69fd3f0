"""What is taken of declarations: sums by declaration, spread over several where a paper does not say how.

A sum is spread by FOB value in its own currency, rounded down to the minor unit, the rest on the last declaration by
number: the parts are the whole. Then each part is converted, what papers say at the reference rates of its
declaration's export date, what was received at those of the day on which it came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from eximledger_chaincode.documents import ExportDeclaration, Money, Record, ReferenceRate, Value
from eximledger_chaincode.documents.parts.base import FIRST_DAY, LAST_DAY, Day
from eximledger_chaincode.lending.collecting.counting import counting, spread
from eximledger_chaincode.lending.collecting.naming import NamedPaper, ReceiptNaming
from eximledger_chaincode.lending.exact import EXACT
from eximledger_chaincode.lending.valuation import convert, counted, fob_value, less, most, rate_on
from hlf_chaincode.errors import Refused

__all__ = ["Collecting", "Tally", "Unvalued", "converted", "plus"]


class Unvalued(Value):
    """A quotation that is missing."""

    currency: str
    day: Day

    @classmethod
    def of(cls, currency: str, day: date) -> Unvalued:
        """Of any day at all: one outside the calendar of papers is told as its end."""
        return cls(currency=currency, day=min(max(day, FIRST_DAY), LAST_DAY))

    @property
    def order(self) -> tuple[str, date]:
        return self.currency, self.day


def converted(
    money: Money, currency: str, day: date, rates: Sequence[Record[ReferenceRate]]
) -> tuple[Money, Unvalued | None]:
    """What is taken in another currency, from nothing to the most that money can say; nothing, and the quotation that
    is missing, where it cannot be told."""
    if money.amount <= 0:
        return Money.zero(currency), None
    try:
        return convert(money, currency, day, rates), None
    except Refused as refused:
        return _without(refused, currency)


def _without(refused: Refused, currency: str) -> tuple[Money, Unvalued | None]:
    missing = _missing(refused)
    return Money(amount=Decimal(0) if missing else most(currency), currency=currency), missing


def _missing(refused: Refused) -> Unvalued | None:
    """The quotation for want of which `convert` refused; None where it was for more digits than money can have."""
    day = refused.details.get("day")
    return None if day is None else Unvalued.of(refused.details["currency"], date.fromisoformat(day))


def plus(left: Money, right: Money) -> Money:
    """The sum of what is taken, or the most that money can say."""
    return counted(EXACT.add(left.amount, right.amount), left.currency)


class Tally:
    """Sums by name and declaration. Nothing raises: a quotation that is missing is kept with the declaration."""

    def __init__(self, declarations: Iterable[ExportDeclaration], rates: Sequence[Record[ReferenceRate]]) -> None:
        self.exports = {declaration.number: declaration for declaration in declarations}
        self._rates = rates
        self._sums: dict[tuple[str, str], Money] = {}
        self._unvalued: dict[str, set[Unvalued]] = {number: set() for number in self.exports}
        self._values: dict[str, Money] = {}
        self._weights: dict[str, Fraction] = {}
        self._one_currency = len({declaration.currency for declaration in self.exports.values()}) == 1
        for number, declaration in self.exports.items():
            self._values[number] = self._fob(declaration)
            self._weights[number] = self._weight(declaration)

    def _fob(self, declaration: ExportDeclaration) -> Money:
        try:
            return fob_value(declaration, self._rates)
        except Refused as refused:
            none, missing = Money.zero(declaration.currency), _missing(refused)
            if missing is not None:
                self._unvalued[declaration.number].add(missing)
            return none

    def _weight(self, declaration: ExportDeclaration) -> Fraction:
        """The FOB value in CNY; in its own currency where all declarations are in that; nothing where not known."""
        value = self._values[declaration.number]
        if self._one_currency:
            return Fraction(value.amount)
        try:
            return Fraction(value.amount) * rate_on(value.currency, declaration.dated, self._rates)
        except Refused:
            return Fraction(0)

    def value_of(self, number: str) -> Money:
        """A declaration's FOB value; nothing where it is not known."""
        return self._values[number]

    def sum_of(self, name: str, number: str) -> Money | None:
        """What was added under a name, None where nothing was."""
        return self._sums.get((name, number))

    def unvalued_of(self, number: str) -> tuple[Unvalued, ...]:
        return tuple(sorted(self._unvalued[number], key=lambda missing: missing.order))

    def known(self, numbers: Iterable[str]) -> list[str]:
        """Those of the declarations that are counted here, each once, by number."""
        return sorted({number for number in numbers if number in self.exports})

    @property
    def currencies(self) -> frozenset[str]:
        """Those in which the declarations are."""
        return frozenset(declaration.currency for declaration in self.exports.values())

    def counting(self, naming: ReceiptNaming) -> ReceiptNaming:
        """The naming with what counts of the receipt."""
        return counting(naming, self.currencies, self._rates)

    def worth(self, money: Money, currency: str, day: date) -> tuple[Money, Unvalued | None]:
        """Money in another currency on a day, as `converted` says it."""
        return converted(money, currency, day, self._rates)

    def lacks(self, missing: Unvalued, numbers: Iterable[str]) -> None:
        """None of these declarations is valued for want of a quotation."""
        for number in numbers:
            self._unvalued[number].add(missing)

    def add(self, name: str, money: Money, number: str, day: date | None = None) -> None:
        """Add to one declaration's sum, at the rates of a day, of its export where none is given."""
        currency = self.exports[number].currency
        before = self._sums.get((name, number), Money.zero(currency))
        worth, missing = self.worth(money, currency, day or self.exports[number].dated)
        if missing is not None:
            self.lacks(missing, (number,))
        self._sums[name, number] = plus(before, worth)

    def spread(self, name: str, money: Money, numbers: Iterable[str], day: date | None = None) -> None:
        """Add to the sums of those of the declarations that are counted here."""
        known = self.known(numbers)
        if known:
            for number, part in spread(money, {number: self._weights[number] for number in known}).items():
                self.add(name, part, number, day)


class Collecting:
    """What receipts collect of the declarations of a tally, under the name `collected`.

    Every unit of a receipt counts once: first what it gives to declarations by amount, then what it gives to invoices
    by amount, as far as their declarations have not had it, then the rest, for what it names without an amount.
    Declarations that have their own amount get of the others only where nothing else is left to get it.
    """

    def __init__(self, tally: Tally, invoices: Mapping[str, Sequence[str]]) -> None:
        """`invoices` by compared number, with the numbers of their declarations."""
        self._tally = tally
        self._invoices = {number: tally.known(declarations) for number, declarations in invoices.items()}

    def collect(self, naming: ReceiptNaming) -> None:
        """Count one receipt. What is not above nothing is no amount."""
        if naming.amount.amount > 0:
            _Receipt(self._tally, self._invoices, self._tally.counting(naming)).collect()


class _Receipt:
    """One receipt while it is counted; amounts in its own currency. `given` is what each declaration had by amount."""

    def __init__(self, tally: Tally, invoices: Mapping[str, Sequence[str]], naming: ReceiptNaming) -> None:
        self._tally, self._invoices, self._naming = tally, invoices, naming
        self._left, self._day = naming.amount, naming.dated
        self._given: dict[str, Money] = {}

    def collect(self) -> None:
        declarations, invoices = map(_in_order, (self._naming.declarations, self._naming.invoices))
        unsaid: set[str] = set()
        for paper, amount in declarations:
            if amount is not None:
                self._give(paper.number, amount)
            elif paper.number in self._tally.exports:
                unsaid.add(paper.number)
        reached = dict(self._given)
        for paper, amount in invoices:
            numbers = self._invoices.get(paper.number, ())
            if numbers and amount is not None:
                self._share(self._not_reached(amount, numbers, reached), numbers)
            unsaid.update(() if amount is not None else numbers)
        if unsaid:
            self._share(self._left, sorted(unsaid))

    def _give(self, number: str, amount: Money) -> None:
        """To a declaration by amount. What goes to one that is not here is gone, where it is in the same currency."""
        own = amount.currency == self._left.currency
        amount = min(amount, self._naming.amount) if own else amount
        if number in self._tally.exports:
            self._tally.add("collected", amount, number, self._day)
            amount, _ = self._tally.worth(amount, self._left.currency, self._day)  # not known: nothing less is left
            self._given[number] = plus(self._given.get(number, Money.zero(amount.currency)), amount)
        elif not own:
            return
        self._take(amount)

    def _take(self, amount: Money) -> None:
        self._left = less(self._left, (amount,))

    def _not_reached(self, amount: Money, numbers: Sequence[str], reached: dict[str, Money]) -> Money:
        """What an invoice was given beyond what its declarations had by amount; that serves for one invoice only."""
        amount, missing = self._tally.worth(amount, self._left.currency, self._day)
        if missing is not None:
            self._tally.lacks(missing, numbers)
        for number in numbers:
            had = min(amount, reached.get(number, Money.zero(amount.currency)))
            if had.amount:
                reached[number] -= had
                amount -= had
        return amount

    def _share(self, amount: Money, numbers: Sequence[str]) -> None:
        amount = min(amount, self._left)
        others = [number for number in numbers if number not in self._given]
        self._tally.spread("collected", amount, others or numbers, self._day)
        self._take(amount)


def _in_order(papers: Iterable[NamedPaper]) -> list[tuple[NamedPaper, Money | None]]:
    """Papers by number, those with an amount first; an amount that is not above nothing is none."""
    said = [(paper, paper.amount if paper.amount is not None and paper.amount.amount > 0 else None) for paper in papers]
    return sorted(said, key=lambda each: (each[0].number, each[1] is None, str(each[1])))
