"""financing: what declarations have free, as the register on the bank channel and the other channels say."""

from __future__ import annotations

from typing import ClassVar

from eximledger_chaincode.contracts.register.balance import read_balance
from eximledger_chaincode.contracts.state.members import read_consortium
from eximledger_chaincode.contracts.state.names import BANK, require_channel
from eximledger_chaincode.documents.parts.identifiers import DeclarationNumber
from eximledger_chaincode.lending.claim import Balance
from hlf_chaincode.contract import Context, Contract, query

__all__ = ["FinancingContract"]


class FinancingContract(Contract):
    """Looking at the register; `loans` alone changes it, in the transactions that approve and end loans."""

    name: ClassVar[str] = "financing"

    @query
    async def balance(self, context: Context, declaration_number: DeclarationNumber) -> Balance:
        """What a declaration is worth, what of it is held and collected, and what is free."""
        require_channel("financing", BANK, context.channel)
        await read_consortium(context)  # on a ledger of an earlier release nothing would seem to be held
        return await read_balance(context, declaration_number)
