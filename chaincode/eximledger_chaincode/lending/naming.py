"""What a receipt collects, by what it names: the compact form in which sums over receipts are kept and read."""

from __future__ import annotations

from eximledger_chaincode.documents import Money, Value
from eximledger_chaincode.documents.parts.base import Day

__all__ = ["NamedPaper", "ReceiptNaming", "Unallocated"]


class NamedPaper(Value):
    """A declaration or an invoice that a receipt names. `amount` is what the payer gave to it, None where unsaid."""

    number: str
    """A declaration's number, or an invoice's in its compared form (`compared_number`)."""
    amount: Money | None = None


class ReceiptNaming(Value):
    """One receipt that stands (booked, not reversed) and names declarations or invoices of its exporter."""

    receipt_id: str
    amount: Money
    """What the payer paid: never less than what was credited."""
    dated: Day
    declarations: tuple[NamedPaper, ...] = ()
    invoices: tuple[NamedPaper, ...] = ()
    doubtful: bool = False
    """Whether another entry cannot be told apart from it: both collect, and a finding says so."""


class Unallocated(Value):
    """One receipt of the exporter that stands and names neither a declaration nor an invoice."""

    receipt_id: str
    amount: Money
    payer: str
    """The payer's name as the servicer reports it; empty where it names none."""
    dated: Day
