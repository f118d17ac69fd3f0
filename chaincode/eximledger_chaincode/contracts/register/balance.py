"""Reading balances: what the register knows of declarations, and the quotations to value it with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from eximledger_chaincode.contracts.papers.reading import read_rates
from eximledger_chaincode.contracts.register.holding import read_collected
from eximledger_chaincode.contracts.state.indexes import summed
from eximledger_chaincode.contracts.state.records import decode
from eximledger_chaincode.documents import ExportDeclaration, Money, Record, ReferenceRate
from eximledger_chaincode.lending.claim import Balance, balance_of, claims_of
from eximledger_chaincode.lending.naming import NamedPaper, ReceiptNaming
from eximledger_chaincode.lending.register import Hold, Position
from eximledger_chaincode.lending.valuation import declared_amounts
from hlf_chaincode.contract import Context

__all__ = ["position_of", "read_balances", "read_namings"]


def position_of(declaration_number: str, holds: Sequence[Hold]) -> Position:
    """The position of a declaration with these holds, which are in one currency."""
    held: Money | None = None
    for hold in holds:
        held = hold.amount if held is None else held + hold.amount
    return Position(declaration_number=declaration_number, held=held)


async def read_namings(context: Context, declaration: str, day: date) -> tuple[ReceiptNaming, ...]:
    """What receipts have collected of a declaration, as if one receipt of each currency had named it."""
    collected = summed(await read_collected(context, declaration))
    return tuple(
        ReceiptNaming(
            receipt_id=f"{declaration}:{money.currency}",
            amount=money,
            dated=day,
            declarations=(NamedPaper(number=declaration, amount=money),),
        )
        for money in collected
    )


async def read_balances(
    context: Context, declarations: Sequence[ExportDeclaration], holds: Sequence[Sequence[Hold]]
) -> list[Balance]:
    """Balances of declarations whose holds are given, at the quotations of every currency that is in them."""
    namings = {each.number: await read_namings(context, each.number, each.dated) for each in declarations}
    positions = [position_of(each.number, held) for each, held in zip(declarations, holds, strict=True)]
    requests = [
        (currency, declaration.dated)
        for declaration, position in zip(declarations, positions, strict=True)
        for currency in sorted(
            {
                money.currency
                for money in (
                    *declared_amounts(declaration),
                    *(naming.amount for naming in namings[declaration.number]),
                    *(() if position.held is None else (position.held,)),
                )
            }
            - {"CNY"}
        )
    ]
    found = [record for record in await read_rates(context, requests) if record is not None]
    rates = [decode(Record[ReferenceRate], record) for record in found]
    every = [naming for each in declarations for naming in namings[each.number]]
    claims = claims_of(declarations, (), every, rates)
    return [balance_of(claims[each.declaration_number], each.held, rates) for each in positions]
