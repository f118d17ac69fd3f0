"""Copies of an exporter's papers for this bank: pulled under its consent, purged when that ends."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from eximledger.desk.calling import Calls, Noted
from eximledger_chaincode.contracts.state.names import BANK, CUSTOMS, FX
from eximledger_chaincode.documents import compared_number
from eximledger_chaincode.lending.loan import Loan, LoanPage
from eximledger_chaincode.lending.packing.bill import ExportBill
from hlf_client.errors import Refused
from hlf_client.private import Answered

__all__ = ["Pulled", "has_copies", "keep", "note_copies", "pull", "pull_bill", "purge"]

_PAGE: Final = 100
_PULLED: Final[Noted[bool]] = Noted(5000)
"""Declarations that were pulled for a bank here, or found to be."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """What was copied for this bank: the numbers of the declarations that are the exporter's, and ids of receipts."""

    declarations: tuple[str, ...]
    receipts: tuple[str, ...]


async def pull(
    calls: Calls, exporter: str, declarations: Sequence[str], invoices: Sequence[str], receipts: Sequence[str]
) -> Pulled:
    """Have customs' and SAFE's peers copy for this bank what a case needs."""
    numbers = sorted({compared_number(number) for number in invoices})
    wanted = list(declarations)
    note_copies(calls, wanted)
    copied = await calls.take(list[str], CUSTOMS, "copies:declarations", exporter, wanted)
    found = await calls.take(list[str], FX, "copies:exchange", exporter, wanted, numbers, list(receipts))
    return Pulled(tuple(copied), tuple(found))


def note_copies(calls: Calls, declarations: Sequence[str]) -> None:
    """The bank has copies of these declarations, or has tried to pull them."""
    for number in declarations:
        _PULLED.note((calls.ledger.msp_id, number), True)


def has_copies(calls: Calls, declarations: Sequence[str]) -> bool:
    """Whether that is known of any of these; of none, too, where there are none."""
    return not declarations or any(_PULLED.get((calls.ledger.msp_id, number)) for number in declarations)


async def pull_bill(calls: Calls, loan: Loan, bill: ExportBill) -> Pulled:
    """Have them copy what an export bill names that a packing loan becomes."""
    numbers = [item.declaration_number for item in bill.declarations]
    return await pull(calls, loan.application.document.exporter, numbers, bill.invoices, bill.receipts)


async def keep(calls: Calls) -> Mapping[str, tuple[str, ...]]:
    """Say which declarations the bank's loans hold, and of exporters whose loans have all ended that none is held."""
    held: dict[str, set[str]] = {}
    async for loan in _loans(calls):
        numbers = held.setdefault(loan.application.document.exporter, set())
        numbers.update(item.declaration_number for item in loan.held)
    kept = {exporter: tuple(sorted(found)) for exporter, found in sorted(held.items())}
    for exporter, declarations in kept.items():
        for channel in (CUSTOMS, FX):
            await calls.submit(channel, "copies:keep", exporter, list(declarations), answered=Answered.NOT)
    return kept


async def _loans(calls: Calls) -> AsyncIterator[Loan]:
    bookmark = ""
    while True:
        page = await calls.ask(LoanPage, BANK, "loans:list", "", _PAGE, bookmark)
        for loan in page.loans:
            yield loan
        if not page.bookmark:
            return
        bookmark = page.bookmark


async def purge(calls: Calls, exporter: str, bank: str) -> None:
    """Purge what a bank may not read any more, on every channel of this member; nothing where another authorisation
    still stands."""
    for channel in (each for each in (CUSTOMS, FX) if each in calls.ledger.channels):
        try:
            await calls.submit(channel, "copies:purge", exporter, bank, answered=Answered.NOT)
        except Refused as refusal:
            if "bank" not in refusal.details:
                raise
