"""Holding and freeing: what one transaction changes of the register beside its loan.

An approval holds, and what repays or ends an approved loan frees, in the transaction that writes the loan. What a loan
has in the register stands under a key of its own (`holding`) in the bank's collection, as it was approved: papers that
were amended since change nothing of what is freed.
"""

from __future__ import annotations

from collections.abc import Sequence

from eximledger_chaincode.contracts.register.financings import keep_financing
from eximledger_chaincode.contracts.register.frames import write_frames
from eximledger_chaincode.contracts.register.matching import enter_papers
from eximledger_chaincode.contracts.register.positions import Seals, read_held, write_held
from eximledger_chaincode.contracts.state.keys import holding_key
from eximledger_chaincode.contracts.state.records import decode, encode
from eximledger_chaincode.contracts.state.vault import Vault
from eximledger_chaincode.documents import FinancedDeclaration, FinancedFrame, Money
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.lending.packing.frames import FrameAccounts
from eximledger_chaincode.lending.register import Holding, PaperFingerprint, PaperStanding
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import FabricError, Refused

__all__ = ["hold", "holding_of", "mark_disbursed", "mark_undrawn", "move_hold", "release", "release_frames"]


async def hold(
    context: Context,
    vault: Vault,
    loan: Loan,
    papers: Sequence[PaperFingerprint],
    seals: Seals,
    frames: Sequence[FrameAccounts] = (),
) -> None:
    """Let a loan that is being approved hold its items, or a packing loan its contracts and credits, and have its
    papers. Raises `Refused` where a declaration is not one that the bank may know, or a paper was not looked up under
    the day's generation.

    That so much is free is a rule's to say (BALANCE, PACK-BALANCE): it is read in this transaction, so of two that race
    for it one counts.
    """
    holding = Holding(
        loan_id=loan.loan_id,
        bank=loan.bank,
        declarations=tuple(item.declaration_number for item in loan.items),
        seals=_seals_of(loan.items, seals),
        frames=tuple(frames),
        papers=tuple(papers),
        secret=context.derived(f"secret of loan {loan.loan_id}").hex(),
    )
    await _hold_declarations(context, loan.items, seals)
    await keep_financing(vault, loan, loan.items or loan.application.document.frames)
    if frames:
        await write_frames(vault, loan.loan_id, frames, loan.application.document.frames)
    await enter_papers(context, holding, PaperStanding.STANDING)
    await _write(vault, holding)


def _seals_of(items: Sequence[FinancedDeclaration], seals: Seals) -> tuple[str, ...]:
    if any(item.declaration_number not in seals for item in items):
        raise Refused("the bank is not authorised for a declaration of the loan: nothing can be held of it")
    return tuple(seals[item.declaration_number] for item in items)


async def _hold_declarations(context: Context, items: Sequence[FinancedDeclaration], seals: Seals) -> None:
    positions = await read_held(context, [item.declaration_number for item in items], seals)
    held = [position.plus(item.amount) for item, position in zip(items, positions, strict=True)]
    await write_held(context, held, seals)


async def move_hold(
    context: Context,
    vault: Vault,
    loan: Loan,
    papers: Sequence[PaperFingerprint],
    seals: Seals,
) -> None:
    """Let a packing loan, as it is applied for now, hold declarations in place of its contracts and credits, and have
    the papers of the goods.
    It was paid out: all of them stay financed for good. Raises as `hold` does."""
    before, items = await _holding_of(vault, loan), loan.items
    await write_frames(vault, loan.loan_id, before.frames, ())
    await keep_financing(vault, loan, items)
    holding = before.model_copy(
        update={
            "declarations": tuple(item.declaration_number for item in items),
            "seals": _seals_of(items, seals),
            "frames": (),
            "papers": tuple(dict.fromkeys((*before.papers, *papers))),
        }
    )
    await _hold_declarations(context, items, seals)
    await enter_papers(context, holding, PaperStanding.DISBURSED)
    await _write(vault, holding)


async def mark_disbursed(context: Context, vault: Vault, loan: Loan, papers: Sequence[PaperFingerprint]) -> None:
    """Let the register know what the loan was paid out on: its papers as they were approved and, where they were
    amended since, as they are now. Both stay financed for good."""
    before = await _holding_of(vault, loan)
    holding = before.model_copy(update={"papers": tuple(dict.fromkeys((*before.papers, *papers)))})
    await enter_papers(context, holding, PaperStanding.DISBURSED)
    await _write(vault, holding)


async def release_frames(vault: Vault, loan: Loan, kept: Sequence[FinancedFrame]) -> None:
    """Free what a packing loan holds of contracts and credits beyond what is `kept`."""
    if tuple(kept) != loan.held_frames:
        await write_frames(vault, loan.loan_id, (await _holding_of(vault, loan)).frames, kept)
        await keep_financing(vault, loan, kept)


async def release(context: Context, vault: Vault, loan: Loan, kept: Sequence[FinancedDeclaration]) -> None:
    """Free what a loan holds of declarations beyond what is `kept`."""
    left = {item.declaration_number: item.amount for item in kept}
    freed: dict[str, Money] = {}
    for item in loan.held:
        amount = item.amount - left.get(item.declaration_number, Money.zero(item.amount.currency))
        if amount.amount:
            freed[item.declaration_number] = amount
    if not freed:
        return
    holding = await _holding_of(vault, loan)
    seals = dict(zip(holding.declarations, holding.seals, strict=True))
    positions = await read_held(context, list(freed), seals)
    await write_held(context, [each.less(freed[each.declaration_number]) for each in positions], seals)
    await keep_financing(vault, loan, kept)


async def mark_undrawn(context: Context, vault: Vault, loan: Loan) -> None:
    """Let the register know that a loan ended without a payment: its papers stay there as approved and never drawn."""
    await enter_papers(context, await _holding_of(vault, loan), PaperStanding.UNDRAWN)


async def _holding_of(vault: Vault, loan: Loan) -> Holding:
    found = await holding_of(vault, loan)
    if found is None:
        raise FabricError(f"loan {loan.loan_id} is {loan.state} and has nothing in the register", loan_id=loan.loan_id)
    return found


async def holding_of(vault: Vault, loan: Loan) -> Holding | None:
    """What a loan has in the register since it was approved; nothing before."""
    if loan.approval is None:
        return None
    stored = await vault.get(holding_key(loan.loan_id))
    return None if stored is None else decode(Holding, stored)


async def _write(vault: Vault, holding: Holding) -> None:
    await vault.put_many({holding_key(holding.loan_id): encode(holding)})
