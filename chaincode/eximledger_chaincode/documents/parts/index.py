"""By what a ledger sums and knows documents again, beside their own keys: index rows, and a paper's traits.

A model names its own (`Document.index_rows`, `Document.traits`); the contracts know under which keys they stand.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple, TypeAlias

from eximledger_chaincode.documents.parts.money import Money
from eximledger_chaincode.documents.parts.party import Party

__all__ = ["Counted", "IndexRow", "Invoiced", "Traits", "credit_account"]


class Counted(NamedTuple):
    """The document counts in its exporter's totals with this amount, and as one of each of these names."""

    amount: Money
    names: tuple[str, ...] = ()


class Invoiced(NamedTuple):
    """It claims this amount under a contract, named by the contract's id, or under a letter of credit, by its
    `credit_account`; the amount is the bank's own business."""

    contract_id: str
    amount: Money


IndexRow: TypeAlias = Counted | Invoiced


def credit_account(credit_id: str) -> str:
    """Under which name invoices count that are drawn under a letter of credit: a contract may have the same id."""
    return f"credit {credit_id}"


class Traits(NamedTuple):
    """What fingerprints compare beside number and date: the measure (an amount and its currency, or what stands in its
    place) and the parties, in any order."""

    measure: tuple[Decimal | int | str | None, ...]
    parties: tuple[Party | None, ...]
