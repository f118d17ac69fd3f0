"""What a receipt collects, by what it names: the compact form in which sums over receipts are kept and read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from eximledger_chaincode.documents import FxReceipt, Money, Value, capitals, compared_name, compared_number
from eximledger_chaincode.documents.parts.base import Day, Flag
from eximledger_chaincode.documents.parts.identifiers import checked_declaration_number
from eximledger_chaincode.lending.exact import EXACT

__all__ = ["NamedPaper", "ReceiptNaming", "Unallocated", "left_by", "mentions", "naming_of", "unallocated_of"]

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


class ReceiptNaming(Value):
    """One receipt that stands (booked, not reversed) and names declarations or invoices of its exporter."""

    receipt_id: str
    amount: Money
    """What the payer paid: never less than what was credited."""
    dated: Day
    declarations: tuple[NamedPaper, ...] = ()
    invoices: tuple[NamedPaper, ...] = ()
    exporter: str | None = None
    """Whose receipt it is; None where the bank's report does not say and the filer did not."""
    doubtful: Flag = False
    """There is another receipt from which the ledger cannot tell it apart: both collect."""


class Unallocated(Value):
    """One receipt that stands and names neither a declaration nor, in a field for it, an invoice; or what one leaves
    that gives less than all of itself to those that it names."""

    receipt_id: str
    amount: Money
    whole: Money | None = None
    """The receipt, where `amount` is what it leaves."""
    payer: str
    """The payer's name; "" where the report has none."""
    dated: Day
    invoice: str = ""
    """The invoice (compared number) that it names without saying whose receipt it is; "" where it names nothing."""
    mentioned: tuple[str, ...] = ()
    """The first of what in its words may be numbers: of a contract or a bill, for whose readers to know."""


def naming_of(receipt: FxReceipt) -> ReceiptNaming:
    """What a receipt names. Amounts that the payer gave are kept where they are more than zero and, together, no more
    than was paid; else it is not said what each of the papers got."""
    return ReceiptNaming(
        receipt_id=receipt.id,
        amount=receipt.paid,
        dated=receipt.dated,
        declarations=_declarations(receipt),
        invoices=_invoices(receipt),
        exporter=receipt.exporter,
        doubtful=bool(receipt.alike),
    )


def unallocated_of(receipt: FxReceipt, naming: ReceiptNaming) -> Unallocated | None:
    """What of a receipt goes to no paper that it names, by what it names; None where all of it does."""
    left = receipt.paid if not naming.declarations and not naming.invoices else _left(receipt, naming)
    if left is None:
        return None
    payer = receipt.payer or receipt.ultimate_payer
    name = payer.name if payer is not None else ""
    whole = None if left == receipt.paid else receipt.paid
    return Unallocated(
        receipt_id=receipt.id,
        amount=left,
        whole=whole,
        payer=name,
        dated=receipt.dated,
        mentioned=mentions(receipt)[:_MENTIONS_KEPT],
    )


def left_by(namings: Iterable[ReceiptNaming], found: Iterable[Unallocated]) -> list[Unallocated]:
    """What of these is left by the receipts that name papers of a case: of one that names a paper of it without an
    amount nothing is, for that gets the rest."""
    whole = {each.receipt_id for each in namings if any(paper.amount is None for paper in _all(each))}
    return [each for each in found if each.receipt_id not in whole]


def _all(naming: ReceiptNaming) -> tuple[NamedPaper, ...]:
    return (*naming.declarations, *naming.invoices)


def _left(receipt: FxReceipt, naming: ReceiptNaming) -> Money | None:
    """What is left where every paper that is named has its amount. An invoice and its declaration may be one and the
    same money, so of the two sums the larger counts; banks' charges are nothing that is left."""
    papers = _all(naming)
    sums = [_given(each) for each in (naming.declarations, naming.invoices)]
    currency = next((paper.amount.currency for paper in papers if paper.amount is not None), "")
    came = min((each for each in (receipt.paid, receipt.amount) if each.currency == currency), default=None)
    if came is None or any(paper.amount is None or paper.amount.currency != currency for paper in papers):
        return None
    left = EXACT.subtract(came.amount, max(sums))
    return Money(amount=left, currency=currency) if left > 0 else None


def _given(papers: Iterable[NamedPaper]) -> Decimal:
    return _total(paper.amount for paper in papers if paper.amount is not None)


def _declarations(receipt: FxReceipt) -> tuple[NamedPaper, ...]:
    """The allocations, where there are any; and what else is named, as long as they leave something of the receipt."""
    named = [(item.number, item.amount) for item in receipt.references if item.kind == "declaration"]
    named += [(number, None) for number in mentions(receipt) if _is_declaration(number)]
    if not receipt.allocations:
        return _papers(receipt.paid, named)
    allocated: dict[str, Money] = {}
    for item in receipt.allocations:
        number = item.declaration_number
        allocated[number] = allocated[number] + item.amount if number in allocated else item.amount
    found = [NamedPaper(number=number, amount=amount) for number, amount in allocated.items()]
    total = sum(list(allocated.values())[1:], next(iter(allocated.values())))
    if total.currency != receipt.paid.currency or total < receipt.paid:
        found += [NamedPaper(number=number) for number, _ in named if number not in allocated]
    return tuple(sorted({paper.number: paper for paper in found}.values(), key=lambda paper: paper.number))


def _invoices(receipt: FxReceipt) -> tuple[NamedPaper, ...]:
    named = [(compared_number(item.number), item.amount) for item in receipt.references if item.kind == "invoice"]
    return _papers(receipt.paid, named)


def _papers(paid: Money, named: Iterable[tuple[str, Money | None]]) -> tuple[NamedPaper, ...]:
    amounts: dict[str, Money | None] = {}
    for number, amount in named:
        amounts[number] = amounts.get(number) or amount
    stated = [amount for amount in amounts.values() if amount is not None]
    fits = all(amount.currency == paid.currency and amount.amount > 0 for amount in stated)
    fits = fits and _total(stated) <= paid.amount
    return tuple(NamedPaper(number=number, amount=amounts[number] if fits else None) for number in sorted(amounts))


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
