"""What a declaration still has free: its FOB value less what loans hold and receipts have collected."""

from __future__ import annotations

from collections.abc import Sequence

from eximledger_chaincode.contracts.casefile.assembling import declared_amounts
from eximledger_chaincode.contracts.papers.reading import read_rates
from eximledger_chaincode.contracts.register.holding import read_collected
from eximledger_chaincode.contracts.state.records import decode
from eximledger_chaincode.documents import ExportDeclaration, Money, Record, ReferenceRate, Value
from eximledger_chaincode.lending.register import Hold
from eximledger_chaincode.lending.valuation import fob_value
from hlf_chaincode.contract import Context

__all__ = ["Balance", "balance_of", "read_balances"]


class Balance(Value):
    """One declaration's balance, in its own currency: `free` = `value` - `held` - `collected`, never below zero."""

    declaration_number: str
    value: Money
    held: Money
    collected: Money
    free: Money
    holds: tuple[Hold, ...] = ()


def balance_of(
    declaration: ExportDeclaration,
    holds: Sequence[Hold],
    collected: Sequence[Money],
    rates: Sequence[Record[ReferenceRate]],
) -> Balance:
    """Pure. Raises `Refused` naming the quotation that is missing, where another currency is involved."""
    value = fob_value(declaration, rates)
    zero = Money.zero(value.currency)
    held = sum((hold.amount for hold in holds), zero)
    taken = sum(collected, zero)
    return Balance(
        declaration_number=declaration.number,
        value=value,
        held=held,
        collected=taken,
        free=max(value - held - taken, zero),
        holds=tuple(holds),
    )


async def read_balances(
    context: Context, declarations: Sequence[ExportDeclaration], holds: Sequence[Sequence[Hold]]
) -> list[Balance]:
    """Balances of declarations whose holds are given: what is collected and the quotations are read here."""
    collected = [await read_collected(context, declaration.number) for declaration in declarations]
    requests = [
        (currency, declaration.dated)
        for declaration in declarations
        for currency in sorted({money.currency for money in declared_amounts(declaration)} - {"CNY"})
    ]
    found = [record for record in await read_rates(context, requests) if record is not None]
    rates = [decode(Record[ReferenceRate], record) for record in found]
    return [
        balance_of(declaration, held, taken, rates)
        for declaration, held, taken in zip(declarations, holds, collected, strict=True)
    ]
