"""Reading balances: what the register knows of declarations, and the quotations to value it with."""

from __future__ import annotations

from collections.abc import Sequence

from eximledger_chaincode.contracts.papers.reading import read_rates
from eximledger_chaincode.contracts.register.holding import read_collected
from eximledger_chaincode.contracts.state.indexes import summed
from eximledger_chaincode.contracts.state.records import decode
from eximledger_chaincode.documents import ExportDeclaration, Record, ReferenceRate
from eximledger_chaincode.lending.claim import Balance, balance_of
from eximledger_chaincode.lending.register import Hold, Position
from eximledger_chaincode.lending.valuation import declared_amounts
from hlf_chaincode.contract import Context

__all__ = ["read_balances", "read_position"]


async def read_position(context: Context, declaration_number: str, exporter: str, holds: Sequence[Hold]) -> Position:
    """The position of the exporter's declaration whose holds are given: what is collected is read here."""
    collected = summed(await read_collected(context, declaration_number, exporter))
    return Position(declaration_number=declaration_number, holds=tuple(holds), collected=collected)


async def read_balances(
    context: Context, declarations: Sequence[ExportDeclaration], holds: Sequence[Sequence[Hold]]
) -> list[Balance]:
    """Balances of declarations whose holds are given, at the quotations of every currency that is in them."""
    positions = [
        await read_position(context, declaration.number, declaration.exporter, held)
        for declaration, held in zip(declarations, holds, strict=True)
    ]
    requests = [
        (currency, declaration.dated)
        for declaration, position in zip(declarations, positions, strict=True)
        for currency in sorted(
            {money.currency for money in (*declared_amounts(declaration), *position.amounts)} - {"CNY"}
        )
    ]
    found = [record for record in await read_rates(context, requests) if record is not None]
    rates = [decode(Record[ReferenceRate], record) for record in found]
    return [
        balance_of(declaration, position.holds, position.collected, rates)
        for declaration, position in zip(declarations, positions, strict=True)
    ]
