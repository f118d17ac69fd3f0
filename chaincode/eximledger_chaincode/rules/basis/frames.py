"""What a packing loan is on: the contracts and credits that its application holds, and what of each is free."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from eximledger_chaincode.documents import FinancedFrame, LetterOfCredit, Money, SalesContract
from eximledger_chaincode.documents.parts.index import credit_account
from eximledger_chaincode.documents.parts.party import compared_id
from eximledger_chaincode.lending.packing.frames import FrameBalance, accounts_of, frame_balance, paper_of
from eximledger_chaincode.rules.basis.case import Case

__all__ = ["Frame", "frames_in"]


@dataclass(frozen=True, slots=True)
class Frame:
    """An item of a pre-shipment application with its paper, and the balances that it takes of: the paper's own first,
    of a credit that is for one contract of the case that contract's, too."""

    item: FinancedFrame
    paper: SalesContract | LetterOfCredit
    balances: tuple[FrameBalance, ...]
    unknown: str | None = None
    """The number of the one contract that the credit is for, where the case has it not: nothing is free then."""

    @property
    def balance(self) -> FrameBalance:
        """The one of which least is free."""
        return min(self.balances, key=lambda each: each.free.amount)


def frames_in(case: Case) -> tuple[Frame, ...]:
    """The frames of which the case has the paper; PAPERS says which are missing. What one of them takes of an account
    is not free for the next. Found once for each case."""
    known = case.derived.get("frames")
    if isinstance(known, tuple):
        return known
    held = {position.account: list(position.held) for position in case.frame_positions}
    found: list[Frame] = []
    for item in case.application.document.frames:
        contracts = (record.document for record in case.contracts)
        paper = paper_of(item, contracts, (record.document for record in case.letters_of_credit))
        if paper is not None:
            balances = tuple(_balances(case, item, paper, held))
            found.append(Frame(item, paper, balances, _unknown(case, paper)))
            for account in accounts_of(paper):
                held.setdefault(account, []).append(item.amount)
    frames = case.derived["frames"] = tuple(found)
    return frames


def _balances(
    case: Case, item: FinancedFrame, paper: SalesContract | LetterOfCredit, held: Mapping[str, Iterable[Money]]
) -> Iterator[FrameBalance]:
    """In the currency in which is asked; of what cannot be told nothing is free."""
    invoiced = {_account(total.contract_id): total.amounts for total in case.contract_totals}
    worth = {compared_id(record.id): record.document.total for record in case.contracts}
    for place, account in enumerate(accounts_of(paper)):
        value = _value(paper) if place == 0 else worth.get(account, Money.zero(item.amount.currency))
        yield frame_balance(
            value,
            invoiced.get(account, ()),
            held.get(account, ()),
            item.amount.currency,
            case.today,
            case.rates,
        )


def _unknown(case: Case, paper: SalesContract | LetterOfCredit) -> str | None:
    known = {compared_id(record.id) for record in case.contracts}
    if isinstance(paper, SalesContract) or known.issuperset(accounts_of(paper)[1:]):
        return None
    return paper.contract_numbers[0]


def _value(paper: SalesContract | LetterOfCredit) -> Money:
    return paper.total if isinstance(paper, SalesContract) else paper.amount


def _account(frame_id: str) -> str:
    """The account of what was invoiced under a contract's id or a credit's account."""
    prefix = credit_account("")
    if frame_id.startswith(prefix):
        return credit_account(compared_id(frame_id.removeprefix(prefix)))
    return compared_id(frame_id)
