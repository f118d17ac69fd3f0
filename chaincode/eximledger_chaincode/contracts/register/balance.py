"""One declaration's balance, asked of all three channels in their order."""

from __future__ import annotations

from typing import TypeAlias

from eximledger_chaincode.contracts.casefile.facts import FxFacts
from eximledger_chaincode.contracts.register.positions import read_held, read_seals
from eximledger_chaincode.contracts.state.crosschannel import ask
from eximledger_chaincode.contracts.state.names import CUSTOMS, FX
from eximledger_chaincode.documents import ExportDeclaration, Record, ReferenceRate
from eximledger_chaincode.lending.claim import Balance, balance_of, claims_of
from eximledger_chaincode.lending.valuation import declared_amounts
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import NotFound

__all__ = ["read_balance"]

Declarations: TypeAlias = list[Record[ExportDeclaration] | None]
Quotations: TypeAlias = list[Record[ReferenceRate] | None]


async def read_balance(context: Context, number: str) -> Balance:
    """What a declaration is worth, what of it is held and collected, and what is free. Raises `NotFound`."""
    (position,) = await read_held(context, [number], await read_seals(context, [number]))
    (record,) = await ask(context, Declarations, CUSTOMS, "documents:get_many", "declaration", [number])
    if record is None:
        raise NotFound(
            f"customs has no declaration {number}, or has not shown it to this member (eximledger consent pull)",
            kind="declaration",
        )
    declaration = record.document
    day = declaration.dated
    facts = await ask(context, FxFacts, FX, "documents:fx_facts", declaration.exporter, [number], [], [], day, day)
    named = [naming.amount for naming in facts.namings]
    currencies = {money.currency for money in (*declared_amounts(declaration), *position.held, *named)} - {"CNY"}
    rates = await ask(context, Quotations, FX, "documents:rates", [(each, day) for each in sorted(currencies)])
    known = [each for each in rates if each is not None]
    claim = claims_of([declaration], (), facts.namings, known)[number]
    return balance_of(claim, position.held, known)
