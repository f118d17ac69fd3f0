"""The keys that customs' and SAFE's answers to a case are sure to read, so that a peer is asked for them at once.

First come those that the question names, then those that the values of these name. What the answers then read one
after the other is there already: a transaction asks for a key once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from eximledger_chaincode.contracts.papers.reading import earlier_keys, named_keys, of_exporter_keys
from eximledger_chaincode.contracts.state.keys import (
    NOBODY,
    classes_key,
    consents_key,
    copied_key,
    declared_parts_key,
    differences_key,
    document_key,
    receipts_of_declaration_key,
    receipts_of_invoice_key,
    received_parts_key,
    seal_key,
    unallocated_key,
)
from eximledger_chaincode.contracts.state.records import entry_of
from eximledger_chaincode.contracts.state.sums.months import months_between
from eximledger_chaincode.contracts.state.sums.parts import standing_parts
from eximledger_chaincode.contracts.state.vault import KeyReader
from eximledger_chaincode.documents import ExportDeclaration, FxReceipt

__all__ = ["customs_keys", "fx_keys", "next_customs_keys", "next_fx_keys"]


def customs_keys(exporter: str, bank: str, numbers: Sequence[str], since: date, until: date) -> list[str]:
    """Whether the bank may read, what it pulled, the declarations with their seals, and which
    parts of the months' sums stand."""
    keys = [consents_key(exporter, bank), copied_key(exporter, "sums")]
    keys += [document_key(ExportDeclaration.KIND, number) for number in numbers]
    keys += [seal_key(exporter, number) for number in numbers]
    return keys + [declared_parts_key(exporter, month) for month in months_between(since, until)]


async def next_customs_keys(
    shelf: KeyReader, exporter: str, records: Iterable[bytes], since: date, until: date
) -> list[str]:
    """The versions before those declarations, and the parts of the months' sums."""
    sums = [declared_parts_key(exporter, month) for month in months_between(since, until)]
    return [key for record in records for key in earlier_keys(entry_of(record))] + await standing_parts(shelf, sums)


def fx_keys(
    exporter: str, numbers: Sequence[str], invoices: Sequence[str], receipts: Sequence[str], since: date, until: date
) -> list[str]:
    """What the bank pulled, what receipts name and the receipts themselves, classes, and which parts of the months'
    sums stand."""
    months = months_between(since, until)
    keys = [copied_key(exporter, "sums"), classes_key(exporter), differences_key(exporter)]
    keys += [copied_key(exporter, "invoice", number) for number in invoices]
    keys += [copied_key(exporter, "declaration", number) for number in numbers]
    keys += [receipts_of_declaration_key(owner, number) for owner in (exporter, NOBODY) for number in numbers]
    keys += [receipts_of_invoice_key(owner, number) for owner in (exporter, NOBODY) for number in invoices]
    keys += named_keys({FxReceipt.KIND: receipts}, exporter)
    keys += [unallocated_key(exporter, month) for month in months]
    return keys + [received_parts_key(exporter, month) for month in months]


async def next_fx_keys(shelf: KeyReader, exporter: str, since: date, until: date) -> list[str]:
    """SAFE's papers on the exporter, and the parts of the months' sums."""
    sums = [received_parts_key(exporter, month) for month in months_between(since, until)]
    of_class, of_difference = await of_exporter_keys(shelf, exporter)
    return [*of_class, *of_difference, *await standing_parts(shelf, sums)]
