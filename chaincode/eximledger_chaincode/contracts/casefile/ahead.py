"""The keys that customs' and SAFE's answers to a case are sure to read, so that a peer is asked for them at once.

What the answers then read one after the other is there already: a transaction asks for a key once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from eximledger_chaincode.contracts.papers.reading import named_keys
from eximledger_chaincode.contracts.state.keys import (
    NOBODY,
    classes_key,
    consents_key,
    copied_key,
    declared_keys,
    differences_key,
    document_key,
    receipts_of_declaration_key,
    receipts_of_invoice_key,
    received_keys,
    seal_key,
    unallocated_key,
)
from eximledger_chaincode.contracts.state.months import months_between
from eximledger_chaincode.documents import ExportDeclaration, FxReceipt

__all__ = ["customs_keys", "fx_keys"]


def customs_keys(exporter: str, bank: str, numbers: Sequence[str], since: date, until: date) -> list[str]:
    """Whether the bank may read, what it pulled, the declarations with their seals, and the months' sums."""
    keys = [consents_key(exporter, bank), copied_key(exporter, "sums")]
    keys += [document_key(ExportDeclaration.KIND, number) for number in numbers]
    keys += [seal_key(number) for number in numbers]
    return keys + [key for month in months_between(since, until) for key in declared_keys(exporter, month)]


def fx_keys(
    exporter: str, numbers: Sequence[str], invoices: Sequence[str], receipts: Sequence[str], since: date, until: date
) -> list[str]:
    """What the bank pulled, what receipts name and the receipts themselves, classes, and the months' sums."""
    months = months_between(since, until)
    keys = [copied_key(exporter, "sums"), classes_key(exporter), differences_key(exporter)]
    keys += [copied_key(exporter, "invoice", number) for number in invoices]
    keys += [copied_key(exporter, "declaration", number) for number in numbers]
    keys += [receipts_of_declaration_key(owner, number) for owner in (exporter, NOBODY) for number in numbers]
    keys += [receipts_of_invoice_key(owner, number) for owner in (exporter, NOBODY) for number in invoices]
    keys += named_keys({FxReceipt.KIND: receipts}, exporter)
    keys += [unallocated_key(exporter, month) for month in months]
    return keys + [key for month in months for key in received_keys(exporter, month)]
