"""What a receipt collects, by what it names: the compact form in which sums over receipts are kept and read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final

from eximledger_chaincode.documents import (
    FxReceipt,
    Money,
    ReceiptStatus,
    Value,
    capitals,
    compared_name,
    compared_number,
)
from eximledger_chaincode.documents.parts.base import Day, Flag
from eximledger_chaincode.documents.parts.identifiers import checked_declaration_number
from eximledger_chaincode.lending.exact import EXACT
from eximledger_chaincode.lending.valuation import counted

__all__ = [
    "NamedPaper",
    "Order",
    "ReceiptNaming",
    "Unallocated",
    "left_by",
    "mentions",
    "naming_of",
    "order_of",
    "taken_back_of",
    "unallocated_of",
]

_WORDS_OF_A_NUMBER: Final = 5
"""A number such as DY-CN/2026.06-001 has so many words at most."""
_LONGEST_NUMBER: Final = 40
_MOST_MENTIONS: Final = 200
_MOST_WORDS: Final = 400
_MENTIONS_KEPT: Final = 24
"""Of a receipt that names nothing in a field: they are kept with all such receipts of a month."""


class NamedPaper(Value):
    """A declaration or an invoice that a receipt names. `amount` is what the payer gave to it, None where unsaid."""

    number: str
    """A declaration's number, or an invoice's in its compared form (`compared_number`)."""
    amount: Money | None = None


class Order(Value):
    """What the payer of a receipt ordered, where that is not what was credited."""

    amount: Money
    charges: tuple[Money, ...] = ()
    """What banks say they took, one sum for each currency."""
    exchanged: Flag = False
    """The exchange that the bank states leads from what was ordered to what was credited."""


class ReceiptNaming(Value):
    """One receipt that stands (booked, not reversed) and names declarations or invoices of its exporter."""

    receipt_id: str
    amount: Money
    """What was credited."""
    returned: Money | None = None
    """What of that debits took back in part."""
    ordered: Order | None = None
    """What counts of it `counting` says, which has the quotations."""
    dated: Day
    declarations: tuple[NamedPaper, ...] = ()
    invoices: tuple[NamedPaper, ...] = ()
    exporter: str | None = None
    """Whose receipt it is; None where the bank's report does not say and the filer did not."""
    doubtful: Flag = False
    """There is another receipt from which the ledger cannot tell it apart: both collect."""


class Unallocated(Value):
    """One receipt that stands and names neither a declaration nor, in a field for it, an invoice; what one leaves that
    gives less than all of itself to those that it names; or a debit that takes back nobody knows which."""

    receipt_id: str
    amount: Money
    ordered: Money | None = None
    """What the payer ordered, where nothing of the receipt is given."""
    whole: Money | None = None
    """The receipt, where `amount` is what it leaves."""
    payer: str
    """The payer's name; "" where the report has none."""
    dated: Day
    invoice: str = ""
    """The invoice (compared number) that it names without saying whose receipt it is; "" where it names nothing."""
    takes_back: Flag = False
    """It is no receipt but a debit that takes one back, and the ledger knows not which."""
    mentioned: tuple[str, ...] = ()
    """The first of what in its words may be numbers: of a contract or a bill, for whose readers to know."""


def naming_of(receipt: FxReceipt) -> ReceiptNaming:
    """What a receipt names. Amounts that the payer gave are kept where they are more than zero and, together, no more
    than was credited or ordered; else it is not said what each of the papers got."""
    return ReceiptNaming(
        receipt_id=receipt.id,
        amount=receipt.amount,
        returned=receipt.returned,
        ordered=order_of(receipt),
        dated=receipt.dated,
        declarations=_declarations(receipt),
        invoices=_invoices(receipt),
        exporter=receipt.exporter,
        doubtful=bool(receipt.alike),
    )


def order_of(receipt: FxReceipt) -> Order | None:
    """What was ordered, None where nothing else was than what was credited. An order of nothing is none."""
    ordered = receipt.instructed_amount
    if ordered is None or ordered.amount <= 0 or ordered == receipt.amount:
        return None
    taken: dict[str, Decimal] = {}
    for each in receipt.charges:
        if each.charge and each.amount.amount > 0:
            currency = each.amount.currency
            taken[currency] = EXACT.add(taken.get(currency, Decimal(0)), each.amount.amount)
    charges = tuple(counted(taken[currency], currency) for currency in sorted(taken))
    return Order(amount=ordered, charges=charges, exchanged=_is_exchanged(receipt, ordered))


_ROUNDED: Final = Fraction(1, 1000)
"""By how much what a stated rate gives may miss what was credited: rates are stated with four or five digits."""


def _is_exchanged(receipt: FxReceipt, ordered: Money) -> bool:
    """Whether a rate that the bank states, of one unit or of a hundred, in either direction, makes of what was ordered
    what was credited."""
    both = {ordered.currency, receipt.amount.currency}
    rates = [Fraction(each.rate) for each in receipt.exchanges if {each.source, each.target or each.source} <= both]
    given, come = Fraction(ordered.amount), Fraction(receipt.amount.amount)
    made = (given * by for rate in rates for by in (rate, 1 / rate, rate / 100, 100 / rate))
    return len(both) > 1 and any(abs(each - come) <= come * _ROUNDED for each in made)


def unallocated_of(receipt: FxReceipt, naming: ReceiptNaming) -> Unallocated | None:
    """What of a receipt goes to no paper that it names, by what it names; None where all of it does."""
    names = bool(naming.declarations or naming.invoices)
    left = _left(receipt, naming) if names else receipt.kept
    if left is None:
        return None
    payer = receipt.payer or receipt.ultimate_payer
    name = payer.name if payer is not None else ""
    return Unallocated(
        receipt_id=receipt.id,
        amount=left,
        ordered=naming.ordered.amount if naming.ordered is not None and not names else None,
        whole=_come(receipt, left.currency) if names else None,
        payer=name,
        dated=receipt.dated,
        mentioned=mentions(receipt)[:_MENTIONS_KEPT],
    )


def taken_back_of(receipt: FxReceipt) -> Unallocated | None:
    """A debit that takes a credit back and has met none: a part of one, or one of which it names no reference."""
    if not receipt.reverses or receipt.reversed_receipt is not None or receipt.status is not ReceiptStatus.BOOKED:
        return None
    return Unallocated(receipt_id=receipt.id, amount=receipt.amount, payer="", dated=receipt.dated, takes_back=True)


def _come(receipt: FxReceipt, currency: str) -> Money | None:
    """What was credited in a currency, or ordered in it where it was exchanged: charges are nothing that came."""
    moneys = (receipt.amount, receipt.instructed_amount)
    return next((each for each in moneys if each is not None and each.currency == currency), None)


def left_by(namings: Iterable[ReceiptNaming], found: Iterable[Unallocated]) -> list[Unallocated]:
    """What of these is left by the receipts that name papers of a case: of one that names a paper of it without an
    amount nothing is, for that gets the rest."""
    whole = {each.receipt_id for each in namings if any(paper.amount is None for paper in _all(each))}
    return [each for each in found if each.receipt_id not in whole]


def _all(naming: ReceiptNaming) -> tuple[NamedPaper, ...]:
    return (*naming.declarations, *naming.invoices)


def _left(receipt: FxReceipt, naming: ReceiptNaming) -> Money | None:
    """What is left where every paper that is named has its amount. An invoice and its declaration may be one and the
    same money, so of the two sums the larger counts."""
    papers = _all(naming)
    sums = [_given(each) for each in (naming.declarations, naming.invoices)]
    currency = next((paper.amount.currency for paper in papers if paper.amount is not None), "")
    came = _come(receipt, currency)
    if came is None or any(paper.amount is None or paper.amount.currency != currency for paper in papers):
        return None
    if receipt.returned is not None and receipt.returned.currency == currency:
        came -= receipt.returned
    left = EXACT.subtract(came.amount, max(sums))
    return Money(amount=left, currency=currency) if left > 0 else None


def _given(papers: Iterable[NamedPaper]) -> Decimal:
    return _total(paper.amount for paper in papers if paper.amount is not None)


def _declarations(receipt: FxReceipt) -> tuple[NamedPaper, ...]:
    """The allocations, where there are any; and what else is named, as long as they leave something of the receipt."""
    named = [(item.number, item.amount) for item in receipt.references if item.kind == "declaration"]
    named += [(number, None) for number in mentions(receipt) if _is_declaration(number)]
    if not receipt.allocations:
        return _papers(receipt, named)
    allocated: dict[str, Money] = {}
    for item in receipt.allocations:
        number = item.declaration_number
        allocated[number] = allocated[number] + item.amount if number in allocated else item.amount
    found = [NamedPaper(number=number, amount=amount) for number, amount in allocated.items()]
    total = sum(list(allocated.values())[1:], next(iter(allocated.values())))
    if total < _most(receipt, total.currency):
        found += [NamedPaper(number=number) for number, _ in named if number not in allocated]
    return tuple(sorted({paper.number: paper for paper in found}.values(), key=lambda paper: paper.number))


def _invoices(receipt: FxReceipt) -> tuple[NamedPaper, ...]:
    named = [(compared_number(item.number), item.amount) for item in receipt.references if item.kind == "invoice"]
    return _papers(receipt, named)


def _papers(receipt: FxReceipt, named: Iterable[tuple[str, Money | None]]) -> tuple[NamedPaper, ...]:
    amounts: dict[str, Money | None] = {}
    for number, amount in named:
        amounts[number] = amounts.get(number) or amount
    stated = [amount for amount in amounts.values() if amount is not None]
    fits = all(amount.currency == stated[0].currency and amount.amount > 0 for amount in stated)
    fits = fits and (not stated or _total(stated) <= _most(receipt, stated[0].currency).amount)
    return tuple(NamedPaper(number=number, amount=amounts[number] if fits else None) for number in sorted(amounts))


def _most(receipt: FxReceipt, currency: str) -> Money:
    """The larger of what was credited and what was ordered in a currency; nothing where neither is in it."""
    moneys = [each for each in (receipt.amount, receipt.instructed_amount) if each and each.currency == currency]
    return max(moneys, default=Money.zero(currency))


def _total(amounts: Iterable[Money]) -> Decimal:
    """Exact, also where the amounts that a payer states are together more than money can say."""
    total = Decimal(0)
    for money in amounts:
        total = EXACT.add(total, money.amount)
    return total


def mentions(receipt: FxReceipt) -> tuple[str, ...]:
    """What of the remittance and its references may be a paper's number, compared: one to five words together that
    have a digit. Which of them are, the readers of the papers know. Invoices in fields of their own are not among them.
    """
    texts = [*receipt.remittance, *(item.number for item in receipt.references if item.kind not in _IN_FIELDS)]
    found: dict[str, None] = {}
    words = [compared_name(text).split()[:_MOST_WORDS] for text in texts]
    parted = [_parted(text)[:_MOST_WORDS] for text in texts]
    for read in (words, [each for each, whole in zip(parted, words, strict=True) if each != whole]):
        for length in range(1, _WORDS_OF_A_NUMBER + 1):
            for each in read:
                for number in _numbers(each, length):
                    if len(found) < _MOST_MENTIONS:
                        found[number] = None
    return tuple(found)


_JOINT: Final = re.compile(
    r"(?<=[a-z0-9])(?=[^a-z0-9])|(?<=[^a-z0-9])(?=[a-z0-9])"
    r"|(?<=[a-z]{3})(?=[0-9])|(?<=[0-9])(?=[a-z]{3})|(?<=^n[or])(?=[0-9])"
)  # fmt: skip
"""Where a word may be written on to a number: at another script, between digits and three letters, behind no and nr."""


def _parted(text: str) -> list[str]:
    """The words with what was written on to a number taken off: 发票CI-01货款, INVOICE2026-7, №CI-01."""
    words = compared_name(text.replace("№", " ")).split()[:_MOST_WORDS]
    return [part for word in words for part in _JOINT.split(word)]


_IN_FIELDS: Final = ("declaration", "invoice")


def _numbers(words: list[str], length: int) -> Iterator[str]:
    """Numbers of `length` words; of digits alone they have three at least, with letters two characters."""
    for start in range(len(words) - length + 1):
        number = capitals("".join(words[start : start + length]))
        digits = sum(character in "0123456789" for character in number)
        if digits and len(number) <= _LONGEST_NUMBER and len(number) >= (3 if digits == len(number) else 2):
            yield number


def _is_declaration(number: str) -> bool:
    """Whether it is the number of an export declaration: its ninth digit is 0."""
    if len(number) != 18 or number[8] != "0":
        return False
    try:
        checked_declaration_number(number)
    except ValueError:
        return False
    return True
