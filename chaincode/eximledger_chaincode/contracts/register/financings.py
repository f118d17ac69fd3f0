"""What a bank finances of one exporter: one key in the bank's own vault, kept up where a loan holds and where it frees.

An approval reads it, so of two that would each leave the exporter's share in order, and together would not, one counts.
Other banks' financings stand nowhere that this bank could read.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from pydantic import Field

from eximledger_chaincode.contracts.state.indexes import summed
from eximledger_chaincode.contracts.state.keys import financings_key
from eximledger_chaincode.contracts.state.records import decode, encode
from eximledger_chaincode.contracts.state.vault import Vault
from eximledger_chaincode.documents import FinancedDeclaration, FinancedFrame, Money, Value, minor_units
from eximledger_chaincode.documents.parts.base import First
from eximledger_chaincode.lending.exact import half_up
from eximledger_chaincode.lending.loan import Loan

__all__ = ["Financings", "financings_of", "keep_financing"]


class Financings(Value):
    """The amounts of a bank's standing loans to one exporter, by loan."""

    kind: Literal["financings"] = "financings"
    schema_version: First = 1
    amounts: dict[str, Money] = Field(default_factory=dict)

    def of_others(self, loan_id: str) -> tuple[Money, ...]:
        """What the other loans come to, by currency."""
        return summed(amount for each, amount in sorted(self.amounts.items()) if each != loan_id)


def financings_of(stored: bytes | None) -> Financings:
    """A bank's financings of an exporter from the value of their key."""
    return Financings() if stored is None else decode(Financings, stored)


async def keep_financing(
    vault: Vault, loan: Loan, kept: Sequence[FinancedDeclaration] | Sequence[FinancedFrame]
) -> None:
    """Note what a loan that keeps so much of its declarations, or of its contracts and credits, finances: its amount,
    in proportion; nothing of a loan that keeps none."""
    key, before = await _read(vault, loan)
    amounts = {each: amount for each, amount in before.amounts.items() if each != loan.loan_id}
    left = _in_proportion(loan, kept)
    if left.amount:
        amounts[loan.loan_id] = left
    await vault.put_many({key: encode(Financings(amounts=dict(sorted(amounts.items()))))})


def _in_proportion(loan: Loan, kept: Sequence[FinancedDeclaration] | Sequence[FinancedFrame]) -> Money:
    """By that of which most is kept: what is freed of several is rounded."""
    amount, held = loan.application.document.amount, {_name(item): item.amount for item in kept}
    asked: tuple[FinancedDeclaration | FinancedFrame, ...] = (*loan.items, *loan.application.document.frames)
    shares = (
        Fraction(held[_name(item)].amount) / Fraction(item.amount.amount) for item in asked if _name(item) in held
    )
    left = half_up(Fraction(amount.amount) * max(shares, default=Fraction(0)), minor_units(amount.currency))
    return Money.of(left, amount.currency)


def _name(item: FinancedDeclaration | FinancedFrame) -> tuple[str, str]:
    if isinstance(item, FinancedDeclaration):
        return "declaration", item.declaration_number
    return item.kind, item.number


async def _read(vault: Vault, loan: Loan) -> tuple[str, Financings]:
    key = financings_key(loan.application.document.exporter)
    return key, financings_of(await vault.get(key))
