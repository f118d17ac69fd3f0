"""Holding and freeing: what one transaction changes of the register beside its loan.

An approval holds, and what repays or ends an approved loan frees, in the transaction that writes the loan. What a loan
has in the register stands under a key of its own (`holding`) in the bank's collection, as it was approved: papers that
were amended since change nothing of what is freed.
"""

from __future__ import annotations

from collections.abc import Sequence

from eximledger_chaincode.contracts.register.matching import enter_papers
from eximledger_chaincode.contracts.register.positions import Seals, read_held, write_held
from eximledger_chaincode.contracts.state.keys import holding_key
from eximledger_chaincode.contracts.state.records import decode, encode
from eximledger_chaincode.contracts.state.vault import Vault
from eximledger_chaincode.documents import FinancedDeclaration, Money
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.lending.register import Holding, PaperFingerprint, PaperStanding
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import FabricError, Refused

__all__ = ["hold", "mark_disbursed", "mark_undrawn", "release"]


async def hold(context: Context, vault: Vault, loan: Loan, papers: Sequence[PaperFingerprint], seals: Seals) -> None:
    """Let a loan that is being approved hold its items, and have its papers. Raises `Refused` where a declaration is
    not one that the bank may know, or a paper was not looked up under the day's generation.

    That so much is free is a rule's to say (BALANCE): it is read in this transaction, so of two that race for it one
    counts.
    """
    if any(item.declaration_number not in seals for item in loan.items):
        raise Refused("the bank is not authorised for a declaration of the loan: nothing can be held of it")
    holding = Holding(
        loan_id=loan.loan_id,
        bank=loan.bank,
        declarations=tuple(item.declaration_number for item in loan.items),
        seals=tuple(seals[item.declaration_number] for item in loan.items),
        papers=tuple(papers),
        secret=context.derived(f"secret of loan {loan.loan_id}").hex(),
    )
    positions = await read_held(context, [item.declaration_number for item in loan.items], seals)
    held = [position.plus(item.amount) for item, position in zip(loan.items, positions, strict=True)]
    await write_held(context, held, seals)
    await enter_papers(context, holding, PaperStanding.STANDING)
    await _write(vault, holding)


async def mark_disbursed(context: Context, vault: Vault, loan: Loan, papers: Sequence[PaperFingerprint]) -> None:
    """Let the register know what the loan was paid out on: its papers as they were approved and, where they were
    amended since, as they are now. Both stay financed for good."""
    before = await _holding_of(vault, loan)
    holding = before.model_copy(update={"papers": tuple(dict.fromkeys((*before.papers, *papers)))})
    await enter_papers(context, holding, PaperStanding.DISBURSED)
    await _write(vault, holding)


async def release(context: Context, vault: Vault, loan: Loan, kept: Sequence[FinancedDeclaration]) -> None:
    """Free what a loan holds beyond what is `kept`."""
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


async def mark_undrawn(context: Context, vault: Vault, loan: Loan) -> None:
    """Let the register know that a loan ended without a payment: its papers stay there as approved and never drawn."""
    await enter_papers(context, await _holding_of(vault, loan), PaperStanding.UNDRAWN)


async def _holding_of(vault: Vault, loan: Loan) -> Holding:
    stored = await vault.get(holding_key(loan.loan_id))
    if stored is None:
        raise FabricError(f"loan {loan.loan_id} is {loan.state} and has nothing in the register", loan_id=loan.loan_id)
    return decode(Holding, stored)


async def _write(vault: Vault, holding: Holding) -> None:
    await vault.put_many({holding_key(holding.loan_id): encode(holding)})
