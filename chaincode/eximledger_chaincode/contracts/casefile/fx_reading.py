"""SAFE's facts of a case, as its channel reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from eximledger_chaincode.contracts.casefile.ahead import fx_keys, next_fx_keys
from eximledger_chaincode.contracts.papers.currency import require_copied
from eximledger_chaincode.contracts.papers.reading import (
    exporter_received,
    read_named,
    read_of_exporter,
)
from eximledger_chaincode.contracts.papers.receipts import receipts_naming, unallocated, whose_unsaid
from eximledger_chaincode.contracts.state.records import object_json, record_list
from eximledger_chaincode.contracts.state.shelves import Shelf
from eximledger_chaincode.lending.collecting.naming import left_by
from eximledger_chaincode.lending.consent import Scope
from hlf_chaincode.canonical import canonical_json
from hlf_chaincode.contract import Context

__all__ = ["AskedOfFx", "fx_facts_json"]


@dataclass(frozen=True)
class AskedOfFx:
    """For whom and what SAFE is asked; invoices by their numbers in the compared form."""

    exporter: str
    numbers: Sequence[str]
    invoices: Sequence[str]
    receipts: Sequence[str]
    since: date
    until: date
    allowed: Sequence[Scope] = ()
    """What customs has told the asker that the exporter lets it read."""

    @cached_property
    def keys(self) -> Sequence[str]:
        """What is sure to be read."""
        return fx_keys(self.exporter, self.numbers, self.invoices, self.receipts, self.since, self.until)


async def fx_facts_json(context: Context, shelf: Shelf, asked: AskedOfFx) -> bytes:
    """`FxFacts` as canonical JSON, from SAFE's shelf or a bank's copies as long as these are kept up."""
    exporter, since, until = asked.exporter, asked.since, asked.until
    await shelf.get_many(asked.keys)
    await require_copied(context, shelf, exporter, asked.numbers, asked.invoices, asked.allowed)
    await shelf.get_many(await next_fx_keys(shelf, exporter, since, until))
    classifications, differences = await read_of_exporter(shelf, exporter)
    namings = await receipts_naming(shelf, exporter, asked.numbers, asked.invoices)
    nothing = left_by(namings, await unallocated(shelf, exporter, since, until))
    nothing += await whose_unsaid(shelf, asked.invoices)
    named = await read_named(shelf, {"receipt": asked.receipts}, exporter)
    return object_json({
        "classifications": record_list(classifications),
        "total_differences": record_list(differences),
        "namings": canonical_json(namings),
        "receipts": record_list(named["receipt"]),
        "received": canonical_json(await exporter_received(shelf, exporter, since, until)),
        "unallocated": canonical_json(nothing),
    })  # fmt: skip
