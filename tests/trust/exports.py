"""Exports in any number, each with its own papers, so unlike the others that no rule takes one for another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from stdnum.cn import uscc
from tests.eximledger_chaincode.contracts import trade

from eximledger.desk import LoanDesk
from eximledger_chaincode.documents import Document, ExportDeclaration, LoanApplication, Party, TolerancePolicy
from hlf_client import Ledger

__all__ = ["RESERVATION_HOURS", "Export", "exporter", "file_standing_papers"]

RESERVATION_HOURS: Final = 2
"""How long the banks here hold balance: the shortest time that a policy may say."""
_LEAST: Final = Decimal(100_000)
_UNIT_PRICE: Final = Decimal(100)


def exporter(number: int) -> Party:
    """A company that does not exist, with a code that could."""
    body = f"91520600{number:09}"
    return Party(name=f"Exporter {number} Co., Ltd.", uscc=body + uscc.calc_check_digit(body))


@dataclass(frozen=True, slots=True)
class Export:
    """One export by its serial number, up to 10,000, and the papers that tell of it."""

    serial: int
    seller: Party = trade.DONGYU

    @property
    def declaration(self) -> ExportDeclaration:
        """Customs' paper."""
        return trade.declaration(self.serial, self._total, exporter=self.seller)

    @property
    def papers(self) -> Sequence[Document]:
        """What the exporter's bank files: bill, contract, invoice, packing list."""
        bill = trade.transport(self.serial, self.seller, self._total)
        weight = Decimal(1100) + Decimal(self.serial) / 1000  # within what a bill may differ from the declaration
        makers = (trade.contract, trade.invoice, trade.packing_list)
        return [
            bill.model_copy(update={"gross_weight_kg": weight}),
            *(make(self.serial, total=self._total, seller=self.seller) for make in makers),
        ]

    def application(self, loan_id: str) -> LoanApplication:
        """For 70,000 USD of what was declared."""
        return trade.application(loan_id, (self.serial,), applicant=self.seller)

    @property
    def _total(self) -> str:
        return str(_LEAST + _UNIT_PRICE * self.serial)


async def file_standing_papers(safe: Ledger, banks: Iterable[Ledger], exporters: Iterable[Party]) -> None:
    """What every case reads: rates, the exporters' class, and each bank's policy."""
    classes = [trade.classification().model_copy(update={"enterprise_uscc": party.uscc}) for party in exporters]
    await LoanDesk(safe).file([trade.rate(), trade.rate(trade.APPLIED), *classes])
    for bank in banks:
        await LoanDesk(bank).file(TolerancePolicy(bank=bank.msp_id, reservation_hours=RESERVATION_HOURS))
