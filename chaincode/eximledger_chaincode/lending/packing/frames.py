"""Packing loans: what may be lent before shipment, against a contract or a letter of credit.

    free     = value of the contract or credit - invoiced under it - held by other packing loans of the bank
    eligible = ratio x what is asked of it, as far as that is free

Neither is ever below zero. A contract or credit is one bank's own paper: its position stands in that bank's vault, and
that another bank lends on it is told by the register's tokens alone. A credit that is for one contract takes of that
contract, too: goods are sold once, whichever paper the loan names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import localcontext
from typing import Literal, Self

from pydantic import Field

from eximledger_chaincode.documents import (
    FinancedFrame,
    LetterOfCredit,
    Money,
    Record,
    ReferenceRate,
    SalesContract,
    Value,
    compared_number,
    owned_id,
)
from eximledger_chaincode.documents.application import FrameKind
from eximledger_chaincode.documents.parts.base import First
from eximledger_chaincode.documents.parts.index import credit_account
from eximledger_chaincode.documents.parts.party import compared_id
from eximledger_chaincode.lending.collecting.tally import Unvalued, converted, plus
from eximledger_chaincode.lending.exact import EXACT
from eximledger_chaincode.lending.valuation import less
from hlf_chaincode.errors import FabricError, Refused

__all__ = [
    "FrameAccounts",
    "FrameBalance",
    "FrameHeld",
    "FramePosition",
    "accounts_of",
    "frame_balance",
    "held_by_account",
    "paper_of",
    "require_moved",
]


class FramePosition(Value):
    """What other packing loans of the bank hold of one account, one entry for each currency."""

    account: str
    held: tuple[Money, ...] = ()


class FrameHeld(Value):
    """What packing loans hold of one account, by loan; in the bank's own collection."""

    kind: Literal["frame-held"] = "frame-held"
    schema_version: First = 1
    account: str
    by_loan: dict[str, tuple[Money, ...]] = Field(default_factory=dict)

    def holding(self, loan_id: str, amounts: Iterable[Money]) -> Self:
        """With so much held by a loan in all; nothing takes the loan out."""
        loans = {each: moneys for each, moneys in self.by_loan.items() if each != loan_id}
        given = list(amounts)
        if any(money.amount < 0 for money in given):
            raise FabricError(f"loan {loan_id} cannot hold less than nothing of a contract or credit")
        held = tuple(money for money in _sums(given).values() if money.amount)
        return self.model_copy(update={"by_loan": dict(sorted((loans | ({loan_id: held} if held else {})).items()))})

    def beside(self, loan_id: str) -> FramePosition:
        """What all loans but one hold."""
        others = [money for each, moneys in self.by_loan.items() if each != loan_id for money in moneys]
        return FramePosition(account=self.account, held=tuple(_sums(others).values()))


class FrameAccounts(Value):
    """An item of a packing loan with the accounts that it takes of, as they were when the loan was approved."""

    kind: FrameKind
    number: str
    accounts: tuple[str, ...]


class FrameBalance(Value):
    """A contract's or credit's balance: `free` = `value` - `invoiced` - `held`, never below zero."""

    value: Money
    invoiced: Money
    held: Money
    free: Money
    unvalued: tuple[Unvalued, ...] = ()
    """The quotations for want of which it is not known; `free` is nothing then."""


def accounts_of(paper: SalesContract | LetterOfCredit) -> tuple[str, ...]:
    """The accounts that a packing loan on a paper takes of, the paper's own first; of a credit that names one contract
    that contract's, too."""
    own = compared_id(paper.id)
    if isinstance(paper, SalesContract):
        return (own,)
    contracts = {compared_id(owned_id(paper.beneficiary, number)) for number in paper.contract_numbers}
    return (credit_account(own), *(contracts if len(contracts) == 1 else ()))


def paper_of(
    item: FinancedFrame, contracts: Iterable[SalesContract], credits_: Iterable[LetterOfCredit]
) -> SalesContract | LetterOfCredit | None:
    """The paper that an item of a packing loan is on, of those given."""
    papers: list[SalesContract | LetterOfCredit] = [*contracts, *credits_]
    named = compared_number(item.number)
    found = [paper for paper in papers if item.kind == paper.KIND and compared_number(paper.number) == named]
    return min(found, key=lambda paper: paper.id, default=None)


def held_by_account(frames: Iterable[FrameAccounts], held: Iterable[FinancedFrame]) -> dict[str, list[Money]]:
    """What a loan holds of each account that it takes of; an empty list where nothing any more."""
    amounts = {(item.kind, item.number): item.amount for item in held}
    found: dict[str, list[Money]] = {}
    for frame in frames:
        amount = amounts.get((frame.kind, frame.number))
        for account in frame.accounts:
            found.setdefault(account, []).extend(() if amount is None else (amount,))
    return found


def frame_balance(
    value: Money,
    invoiced: Iterable[Money],
    held: Iterable[Money],
    currency: str,
    day: date,
    rates: Sequence[Record[ReferenceRate]],
) -> FrameBalance:
    """What is free of a contract or credit, in one currency at the reference rates of a day. What was invoiced in all,
    with credit notes, is less than nothing at times: then it takes nothing."""
    lacking: set[Unvalued] = set()

    def valued(moneys: Iterable[Money]) -> Money:
        total = Money.zero(currency)
        for money in moneys:
            part, missing = converted(money, currency, day, rates)
            total = plus(total, part)
            lacking.update(() if missing is None else (missing,))
        return total

    with localcontext(EXACT):
        whole, billed, taken = valued((value,)), valued(invoiced), valued(held)
        return FrameBalance(
            value=whole,
            invoiced=billed,
            held=taken,
            free=Money.zero(currency) if lacking else less(whole, (billed, taken)),
            unvalued=tuple(sorted(lacking, key=lambda each: each.order)),
        )


def require_moved(loan_id: str, frames: Iterable[FinancedFrame], declared: Mapping[str, Money]) -> None:
    """Raises `Refused` where an export bill would hold more of its declarations than the packing loan held of contracts
    and credits, in a currency in which it held any: what moves is the hold, and what of it does not move is freed."""
    before = _sums(item.amount for item in frames)
    after = _sums(declared.values())
    for currency in sorted(before.keys() & after.keys()):
        if after[currency] > before[currency]:
            raise Refused(
                f"loan {loan_id} holds {before[currency]} of its contracts and credits: no more than that moves to "
                f"declarations, and {after[currency]} are asked",
                loan_id=loan_id,
            )


def _sums(moneys: Iterable[Money]) -> dict[str, Money]:
    sums: dict[str, Money] = {}
    for money in moneys:
        sums[money.currency] = plus(sums.get(money.currency, Money.zero(money.currency)), money)
    return {currency: sums[currency] for currency in sorted(sums)}
