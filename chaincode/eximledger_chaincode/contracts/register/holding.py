"""Reserving and releasing: what one transaction reads of the register, and what it writes back.

`Register` is the part of the register that one loan touches, read in two batches and changed in memory; `write` puts
back what differs. Nothing of substance comes from the client: the loan is read from the bank channel, the declarations
from customs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from eximledger_chaincode.contracts.state.keys import (
    paper_exact_key,
    paper_near_key,
    position_key,
    receipts_of_declaration_key,
    reservation_bank_key,
    reservation_held_key,
    reservation_key,
)
from eximledger_chaincode.contracts.state.records import decode, encode
from eximledger_chaincode.contracts.state.sums import items_in
from eximledger_chaincode.documents import FinancedDeclaration, Money
from eximledger_chaincode.lending.naming import ReceiptNaming
from eximledger_chaincode.lending.register import (
    FinancedPaper,
    FinancedPapers,
    HeldPosition,
    Hold,
    PaperFingerprint,
    Reservation,
    ReservationState,
    near_hashes,
)
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import Refused

__all__ = ["Register", "read_collected", "read_register"]


@dataclass(slots=True)
class Register:
    """The positions and fingerprints of one loan, by key, as read and as they shall be."""

    loan_id: str
    bank: str
    positions: dict[str, HeldPosition] = field(default_factory=dict)
    papers: dict[str, FinancedPapers] = field(default_factory=dict)
    _read: dict[str, bytes | None] = field(default_factory=dict)

    def hold(self, items: Iterable[FinancedDeclaration]) -> None:
        """Let the loan hold these items and nothing else."""
        amounts = {item.declaration_number: item.amount for item in items}
        for key, position in self.positions.items():
            amount = amounts.get(position.declaration_number)
            if amount is None:
                self.positions[key] = position.without(self.loan_id)
            else:
                self.positions[key] = position.with_hold(Hold(loan_id=self.loan_id, bank=self.bank, amount=amount))

    def register(self, papers: Sequence[PaperFingerprint]) -> None:
        """Let the loan have these papers and no others. Raises `Refused` when another loan has one of them."""
        self.forget()
        for paper in papers:
            mine = FinancedPaper(kind=paper.kind, id=paper.id, loan_id=self.loan_id, bank=self.bank)
            exact = paper_exact_key(paper.fingerprint.exact)
            for other in self.papers[exact].papers:
                if other.loan_id != self.loan_id:
                    raise Refused(
                        f"{paper.kind} {paper.id} is financed already: loan {other.loan_id} of {other.bank} has it",
                        kind=paper.kind,
                        id=paper.id,
                        loan_id=other.loan_id,
                    )
            for key in _paper_keys(paper):
                self.papers[key] = self.papers[key].with_papers([mine])

    def forget(self) -> None:
        """Take the loan's papers out."""
        self.papers = {key: papers.without(self.loan_id) for key, papers in self.papers.items()}

    async def write(self, context: Context, reservation: Reservation) -> None:
        """Write the reservation and whatever of the register has changed; what became empty is deleted."""
        writes = {reservation_key(self.loan_id): encode(reservation)}
        writes[reservation_bank_key(self.bank, self.loan_id)] = b"{}"
        gone: list[str] = []
        held_key = reservation_held_key(self.bank, self.loan_id)
        if reservation.state is ReservationState.HELD:
            writes[held_key] = b"{}"
        else:
            gone.append(held_key)
        for key, position in self.positions.items():
            _sort_out(self._read[key], key, encode(position) if position.holds else None, writes, gone)
        for key, papers in self.papers.items():
            _sort_out(self._read[key], key, encode(papers) if papers.papers else None, writes, gone)
        await context.stub.put_states(writes)
        for key in gone:
            await context.stub.delete_state(key)


def _sort_out(before: bytes | None, key: str, after: bytes | None, writes: dict[str, bytes], gone: list[str]) -> None:
    if after is not None and after != before:
        writes[key] = after
    elif after is None and before is not None:
        gone.append(key)


def _paper_keys(paper: PaperFingerprint) -> list[str]:
    near = [paper_near_key(trait, value) for trait, value in near_hashes(paper.fingerprint).items()]
    return [paper_exact_key(paper.fingerprint.exact), *near]


async def read_register(
    context: Context,
    loan_id: str,
    bank: str,
    items: Iterable[FinancedDeclaration],
    papers: Iterable[PaperFingerprint],
    held: Reservation | None,
) -> Register:
    """What the loan will touch and, by its reservation so far, has touched: in one batch of reads."""
    numbers = [item.declaration_number for item in items]
    fingerprints = list(papers)
    if held is not None:
        numbers += [item.declaration_number for item in held.items]
        fingerprints += held.fingerprints
    position_keys = {position_key(number): number for number in numbers}
    paper_keys = list(dict.fromkeys(key for paper in fingerprints for key in _paper_keys(paper)))
    values = await context.stub.get_states([*position_keys, *paper_keys])
    read = dict(zip([*position_keys, *paper_keys], values, strict=True))
    register = Register(loan_id, bank, _read=read)
    for key, number in position_keys.items():
        stored = read[key]
        register.positions[key] = decode(HeldPosition, stored) if stored else HeldPosition(declaration_number=number)
    for key in paper_keys:
        stored = read[key]
        register.papers[key] = decode(FinancedPapers, stored) if stored else FinancedPapers()
    return register


async def read_collected(context: Context, declaration_number: str, exporter: str) -> list[Money]:
    """What receipts of the exporter, or of nobody known, collect of a declaration: what they say of it, else, where
    they do not say, all of themselves. One key, so a receipt filed meanwhile is a conflict."""
    stored = await context.stub.get_state(receipts_of_declaration_key(declaration_number))
    return [
        paper.amount or naming.amount
        for naming in items_in(ReceiptNaming, stored)
        for paper in naming.declarations
        if paper.number == declaration_number and naming.exporter in (None, exporter)
    ]
