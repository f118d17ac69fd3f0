"""What a bank finances of one exporter: one key in the bank's own vault, kept up where a loan holds and where it frees.

An approval reads it, so of two that would each leave the exporter's share in order, and together would not, one counts.
Other banks' financings stand nowhere that this bank could read.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from eximledger_chaincode.contracts.state.indexes import summed
from eximledger_chaincode.contracts.state.keys import financings_key
from eximledger_chaincode.contracts.state.records import decode, encode
from eximledger_chaincode.contracts.state.vault import Vault
from eximledger_chaincode.documents import Money, Value
from eximledger_chaincode.documents.parts.base import First
from eximledger_chaincode.lending.loan import Loan

__all__ = ["Financings", "end_financing", "financings_of", "set_financing"]


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


async def set_financing(vault: Vault, loan: Loan, amount: Money) -> None:
    """The loan finances its exporter with so much, whatever it did before."""
    key, before = await _read(vault, loan)
    amounts = dict(sorted({**before.amounts, loan.loan_id: amount}.items()))
    await vault.put_many({key: encode(Financings(amounts=amounts))})


async def end_financing(vault: Vault, loan: Loan) -> None:
    """The loan finances nothing any more."""
    key, before = await _read(vault, loan)
    amounts = {loan_id: amount for loan_id, amount in before.amounts.items() if loan_id != loan.loan_id}
    await vault.put_many({key: encode(Financings(amounts=amounts))})


async def _read(vault: Vault, loan: Loan) -> tuple[str, Financings]:
    key = financings_key(loan.application.document.exporter)
    return key, financings_of(await vault.get(key))
