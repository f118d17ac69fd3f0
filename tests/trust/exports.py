"""Exports in any number, each with its own papers, so unlike the others that no rule takes one for another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from stdnum.cn import uscc
from tests.eximledger_chaincode.contracts import trade

from eximledger.desk import LoanDesk
from eximledger_chaincode.documents import (
    Document,
    EnterpriseClass,
    EnterpriseClassification,
    ExportDeclaration,
    FinancedDeclaration,
    LoanApplication,
    Money,
    Party,
    ReferenceRate,
)
from eximledger_chaincode.lending.time import day_in_china
from hlf_client import Ledger

__all__ = [
    "PRICES",
    "Export",
    "application_of",
    "classification",
    "exporter",
    "file_standing_papers",
    "rates_on",
    "today_in_china",
]

_LEAST: Final = Decimal(100_000)
_UNIT_PRICE: Final = Decimal(100)
PRICES: Final = {"USD": "712.50", "EUR": "781.35", "HKD": "91.27"}
"""CNY for a hundred of each foreign currency, about."""


def today_in_china() -> date:
    return day_in_china(datetime.now(UTC))


def exporter(number: int) -> Party:
    """A company that does not exist, with a code that could."""
    body = f"91520600{number:09}"
    return Party(name=f"Exporter {number} Co., Ltd.", uscc=body + uscc.calc_check_digit(body))


def classification(party: Party, grade: EnterpriseClass = EnterpriseClass.A) -> EnterpriseClassification:
    """SAFE's class of an exporter, for as long as a test can last."""
    assert party.uscc is not None
    begins = date(2026, 1, 1)
    return EnterpriseClassification(enterprise_uscc=party.uscc, enterprise_class=grade, valid_from=begins)


def rates_on(day: date, moved: int = 0) -> list[ReferenceRate]:
    """The quotations of a day; `moved` hundredths up."""
    return [
        ReferenceRate(currency=currency, quoted_on=day, cny=Decimal(cny) + Decimal(moved) / 100)
        for currency, cny in PRICES.items()
    ]


@dataclass(frozen=True, slots=True)
class Export:
    """One export by its serial number, up to 10,000, and the papers that tell of it. `day` is when it is lent on."""

    serial: int
    seller: Party = trade.DONGYU
    day: date = field(default_factory=today_in_china)
    currency: str = "USD"

    @property
    def number(self) -> str:
        """The declaration's."""
        return trade.number_of(self.serial)

    @property
    def total(self) -> Money:
        return Money.of(_LEAST + _UNIT_PRICE * self.serial, self.currency)

    @property
    def exported(self) -> date:
        return self.day - timedelta(days=12)

    @property
    def declaration(self) -> ExportDeclaration:
        """Customs' paper."""
        made = trade.declaration(self.serial, str(self.total.amount), exporter=self.seller, exported=self.exported)
        lines = tuple(line.model_copy(update={"amount": self.total}) for line in made.lines)
        return made.model_copy(update={"lines": lines, "total": self.total})

    @property
    def papers(self) -> Sequence[Document]:
        """What the exporter's bank files: bill, contract, invoice, packing list."""
        serial, seller, total = self.serial, self.seller, str(self.total.amount)
        bill, contract = trade.transport(serial, seller, total), trade.contract(serial, total, seller)
        invoice, packing = trade.invoice(serial, total, seller), trade.packing_list(serial, seller, total)
        weight = Decimal(1100) + Decimal(serial) / 1000  # within what a bill may differ from the declaration
        issued = self.exported - timedelta(days=10)
        lines = tuple(line.model_copy(update={"amount": self.total}) for line in invoice.lines)
        priced: dict[str, object] = {"currency": self.currency, "lines": lines}
        signed = {"signed_on": self.exported - timedelta(days=50), "latest_shipment_on": self.day, "total": self.total}
        totals = invoice.totals.model_copy(update={"payable": self.total})
        shipped = {"issued_on": self.exported, "on_board_on": self.exported, "gross_weight_kg": weight}
        return [
            bill.model_copy(update=shipped),
            contract.model_copy(update=priced | signed),
            invoice.model_copy(update=priced | {"issued_on": issued, "totals": totals}),
            packing.model_copy(update={"issued_on": issued}),
        ]

    def application(self, loan_id: str) -> LoanApplication:
        """For 70,000 of what was declared."""
        return application_of(loan_id, [(self, Money.of(70_000, self.currency))], self.day)


def application_of(
    loan_id: str, parts: Sequence[tuple[Export, Money]], day: date, amount: str = "300000.00"
) -> LoanApplication:
    """For so much of each of an exporter's exports, with all their papers."""
    serials = tuple(export.serial for export, _ in parts)
    items = tuple(FinancedDeclaration(declaration_number=export.number, amount=asked) for export, asked in parts)
    made = trade.application(loan_id, serials, applicant=parts[0][0].seller, amount=amount)
    days = {
        "applied_on": day,
        "expected_receipt_on": day + timedelta(days=90),
        "matures_on": day + timedelta(days=120),
    }
    return made.model_copy(update={"declarations": items, **days})


async def file_standing_papers(safe: Ledger, exporters: Iterable[Party], day: date) -> None:
    """What every case reads: an open business day, rates, and the exporters' class."""
    desk = LoanDesk(safe)
    await desk.open_day(day)
    classes = [classification(party) for party in exporters]
    await desk.file([*rates_on(day - timedelta(days=12)), *rates_on(day), *classes])
