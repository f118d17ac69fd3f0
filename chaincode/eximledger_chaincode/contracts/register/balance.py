"""Declarations' balances, each by itself, asked of all three channels in their order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from eximledger_chaincode.contracts.casefile.facts import FxFacts
from eximledger_chaincode.contracts.casefile.wanted import MAX_RATE_REQUESTS
from eximledger_chaincode.contracts.register.positions import read_held, read_seals
from eximledger_chaincode.contracts.state.crosschannel import ask
from eximledger_chaincode.contracts.state.names import CUSTOMS, FX
from eximledger_chaincode.documents import ExportDeclaration, Record, ReferenceRate
from eximledger_chaincode.lending.claim import Balance, balance_of, claims_of
from eximledger_chaincode.lending.collecting.counting import quotations_for
from eximledger_chaincode.lending.collecting.naming import ReceiptNaming
from eximledger_chaincode.lending.register import HeldPosition
from eximledger_chaincode.lending.valuation import declared_amounts
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import NotFound

__all__ = ["read_balance", "read_balances"]

Declarations: TypeAlias = list[Record[ExportDeclaration] | None]
Quotations: TypeAlias = list[Record[ReferenceRate] | None]
RateRequest: TypeAlias = tuple[str, date]


async def read_balance(context: Context, number: str) -> Balance:
    """What a declaration is worth, what of it is held and collected, and what is free. Raises `NotFound`."""
    (balance,) = await read_balances(context, [number])
    if balance is None:
        raise NotFound(
            f"customs has no declaration {number}, or has not shown it to this member (eximledger consent pull)",
            kind="declaration",
        )
    return balance


async def read_balances(context: Context, numbers: Sequence[str]) -> list[Balance | None]:
    """The balance of each declaration by itself; None where customs has none. First customs is asked, then fx."""
    positions = await read_held(context, numbers, await read_seals(context, numbers))
    records = await ask(context, Declarations, CUSTOMS, "documents:get_many", "declaration", numbers)
    found = [
        await _valued(context, record.document, position)
        for record, position in zip(records, positions, strict=True)
        if record is not None
    ]
    rates = await _rates(context, found)
    balances = {each.declaration.declaration_number: each.balance(rates) for each in found}
    return [balances.get(number) for number in numbers]


@dataclass(frozen=True, slots=True)
class _Valued:
    """What makes one declaration's balance, but for the rates."""

    declaration: ExportDeclaration
    position: HeldPosition
    namings: tuple[ReceiptNaming, ...]

    @property
    def requests(self) -> set[RateRequest]:
        moneys = (*declared_amounts(self.declaration), *self.position.held)
        days = {(money.currency, self.declaration.dated) for money in moneys if money.currency != "CNY"}
        currencies = {self.declaration.currency}
        return days.union(*(quotations_for(naming, currencies) for naming in self.namings))

    def balance(self, rates: Mapping[RateRequest, Record[ReferenceRate]]) -> Balance:
        known = [rates[request] for request in sorted(self.requests) if request in rates]
        claim = claims_of([self.declaration], (), self.namings, known)[self.declaration.declaration_number]
        return balance_of(claim, self.position.held, known)


async def _valued(context: Context, declaration: ExportDeclaration, position: HeldPosition) -> _Valued:
    number, day = declaration.declaration_number, declaration.dated
    facts = await ask(context, FxFacts, FX, "documents:fx_facts", declaration.exporter, [number], [], [], day, day)
    return _Valued(declaration, position, facts.namings)


async def _rates(context: Context, found: Iterable[_Valued]) -> dict[RateRequest, Record[ReferenceRate]]:
    """The quotations that are needed, of those that there are."""
    wanted = sorted({request for each in found for request in each.requests})
    rates: dict[RateRequest, Record[ReferenceRate]] = {}
    for start in range(0, len(wanted), MAX_RATE_REQUESTS):
        part = wanted[start : start + MAX_RATE_REQUESTS]
        records = await ask(context, Quotations, FX, "documents:rates", part)
        rates |= {request: record for request, record in zip(part, records, strict=True) if record is not None}
    return rates
