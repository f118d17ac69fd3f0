"""Holding and freeing: what one transaction changes of the register beside its loan.

An approval holds, and whatever ends an approved loan frees, in the transaction that writes the loan. What a loan has in
the register stands under a key of its own (`holding`), as it was approved: papers that were amended since change
nothing of what is freed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from eximledger_chaincode.contracts.papers.filing import guard_of
from eximledger_chaincode.contracts.register.matching import paper_keys
from eximledger_chaincode.contracts.state.keys import hold_key, holding_key, position_key
from eximledger_chaincode.contracts.state.members import Consortium
from eximledger_chaincode.contracts.state.records import decode, encode
from eximledger_chaincode.documents import FinancedDeclaration
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.lending.register import (
    FinancedPaper,
    FinancedPapers,
    HeldPosition,
    Hold,
    Holding,
    PaperFingerprint,
    PaperStanding,
    Position,
)
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import FabricError

__all__ = ["free", "hold", "mark_disbursed", "read_held", "read_positions"]


async def read_held(context: Context, numbers: Sequence[str]) -> list[HeldPosition]:
    """What is held of declarations, in one batch of reads."""
    stored = await context.stub.get_states([position_key(number) for number in numbers])
    return [
        decode(HeldPosition, value) if value else HeldPosition(declaration_number=number)
        for number, value in zip(numbers, stored, strict=True)
    ]


async def read_positions(context: Context, loan: Loan) -> tuple[Position, ...]:
    """What other loans hold of the declarations that a loan is on."""
    found = await read_held(context, [item.declaration_number for item in loan.items])
    if loan.holds:
        found = [position.less(item.amount) for position, item in zip(found, loan.items, strict=True)]
    return tuple(Position(declaration_number=each.declaration_number, held=each.held) for each in found)


async def hold(context: Context, consortium: Consortium, loan: Loan, papers: Sequence[PaperFingerprint]) -> None:
    """Let a loan that is being approved hold its items, and have its papers.

    That so much is free is a rule's to say (BALANCE): it is read in this transaction, so of two that race for it one
    counts.
    """
    holding = Holding(loan_id=loan.loan_id, bank=loan.bank, items=loan.items, papers=tuple(papers))
    positions = await read_held(context, [item.declaration_number for item in loan.items])
    writes = {holding_key(loan.loan_id): encode(holding)}
    for item, position in zip(loan.items, positions, strict=True):
        writes[position_key(item.declaration_number)] = encode(position.plus(item.amount))
        mine = Hold(
            declaration_number=item.declaration_number, loan_id=loan.loan_id, bank=loan.bank, amount=item.amount
        )
        writes[hold_key(item.declaration_number, loan.loan_id)] = encode(mine)
    writes |= await _registered(context, holding, PaperStanding.STANDING)
    await context.stub.put_states(writes)
    guard = guard_of(consortium, loan.bank).to_bytes()
    await context.stub.set_state_validation_parameter(holding_key(loan.loan_id), guard)
    for item in loan.items:
        await context.stub.set_state_validation_parameter(hold_key(item.declaration_number, loan.loan_id), guard)


async def mark_disbursed(context: Context, loan: Loan, papers: Sequence[PaperFingerprint]) -> None:
    """Let the register know what the loan was paid out on: its papers as they were approved and, where they were
    amended since, as they are now. Both stay financed for good."""
    before = await _holding_of(context, loan)
    paid_on = tuple(dict.fromkeys((*before.papers, *papers)))
    holding = before.model_copy(update={"papers": paid_on})
    rows = await _registered(context, holding, PaperStanding.DISBURSED)
    await context.stub.put_states({holding_key(loan.loan_id): encode(holding), **rows})


async def free(context: Context, loan: Loan) -> None:
    """Free all that a loan holds. Its papers stay in the register: as disbursed, or as approved and never drawn."""
    holding = await _holding_of(context, loan)
    positions = await read_held(context, [item.declaration_number for item in holding.items])
    writes = _freed(holding.items, positions)
    if loan.disbursement is None:
        writes |= await _registered(context, holding, PaperStanding.UNDRAWN)
    await context.stub.put_states(writes)
    for item in holding.items:
        await context.stub.delete_state(hold_key(item.declaration_number, loan.loan_id))


def _freed(items: Iterable[FinancedDeclaration], positions: Iterable[HeldPosition]) -> dict[str, bytes]:
    return {
        position_key(item.declaration_number): encode(position.less(item.amount))
        for item, position in zip(items, positions, strict=True)
    }


async def _holding_of(context: Context, loan: Loan) -> Holding:
    stored = await context.stub.get_state(holding_key(loan.loan_id))
    if stored is None:
        raise FabricError(f"loan {loan.loan_id} is {loan.state} and has nothing in the register", loan_id=loan.loan_id)
    return decode(Holding, stored)


async def _registered(context: Context, holding: Holding, standing: PaperStanding) -> Mapping[str, bytes]:
    """The rows of the loan's papers as they shall be, those that change."""
    mine: dict[str, list[FinancedPaper]] = {}
    for paper in holding.papers:
        row = FinancedPaper(kind=paper.kind, id=paper.id, loan_id=holding.loan_id, bank=holding.bank, standing=standing)
        for key in paper_keys(paper).values():
            mine.setdefault(key, []).append(row)
    keys = sorted(mine)
    stored = await context.stub.get_states(keys)
    before = [decode(FinancedPapers, value) if value else FinancedPapers() for value in stored]
    return {
        key: encode(papers.with_papers(holding.loan_id, mine[key])) for key, papers in zip(keys, before, strict=True)
    }
