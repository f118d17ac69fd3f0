"""One export with its own serial number: its papers, its loans, and what is said of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, TypeVar

from tests.eximledger_chaincode.contracts import packing, trade
from tests.pledge import PLEDGED, met
from tests.trust.forgery.persons import LENDER_MSP

from eximledger.testing import signed_authorisation, signed_revocation
from eximledger_chaincode.documents import (
    Document,
    ExportDeclaration,
    FinancedDeclaration,
    FinancedFrame,
    FinancingKind,
    InsuranceDocument,
    LetterOfCredit,
    LoanApplication,
    Money,
    Party,
    PriceBand,
    TolerancePolicy,
    TotalDifference,
    compared_number,
)
from eximledger_chaincode.lending.consent import OfficerConsent, SignedAuthorisation, SignedRevocation
from eximledger_chaincode.lending.packing.bill import ExportBill
from eximledger_chaincode.lending.steps import Proposal
from eximledger_chaincode.lending.steps import Step as Taken
from eximledger_chaincode.rules import Severity, Verdict
from hlf_chaincode.canonical import canonical_json

__all__ = ["NOTHING", "PACKED", "PART", "QUOTED", "REST", "SECRET", "Call", "Story"]

DocumentT = TypeVar("DocumentT", bound=Document)

SECRET: Final = "What nobody but the lender and SAFE may know: the price was 88.15 below the list."
"""Stands in the lender's private papers and nowhere else."""
_DAY: Final = re.compile(rb'"(\d{4}-\d{2}-\d{2})"')
QUOTED: Final = trade.APPLIED - timedelta(days=9)
"""Holds on the day of the story, and is none of the days on which other tests of a shared network have rates."""
NOTHING: Final = "0" * 64
"""A hash of nothing that there is."""
_PAID: Final = frozenset({Taken.DISBURSEMENT, Taken.REPAYMENT, Taken.INDEMNITY})
PART, REST = Money.of("28400.00", "CNY"), Money.of("11600.00", "CNY")
"""Of a loan of 40,000.00."""
PACKED: Final = "tenth"
"""The loan that is a packing loan."""
_FRAMED: Final = trade.usd("10000.00")


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked of a ledger; the channel and the function are the row's."""

    arguments: tuple[object, ...] = ()


@dataclass(slots=True)
class Story:
    """One export with its own serial number on its own day, and what the ledger has answered so far."""

    serial: int
    members: Sequence[Mapping[str, object]]
    today: date = trade.APPLIED
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    signed: list[SignedAuthorisation] = field(default_factory=list)
    """What the exporter has signed, once for all."""
    passed: int = 0
    """Days that have passed since today."""

    def dated(self, document: DocumentT) -> DocumentT:
        """The paper as far from today as it was from the day of `trade`."""
        shift = self.today - trade.APPLIED

        def moved(found: re.Match[bytes]) -> bytes:
            return f'"{date.fromisoformat(found[1].decode()) + shift}"'.encode()

        return type(document).parse(_DAY.sub(moved, canonical_json(document)))

    def price_band(self) -> PriceBand:
        """Of a quarter that is over, for goods of which there is no other."""
        return PriceBand(
            hs_code=f"{84000000 + self.serial % 10**6}", unit="C62", quarter="2025-Q4", median=Decimal(712),
            mad=Decimal("0.1"), declarations=40, exporters=8,
        )  # fmt: skip

    @property
    def number(self) -> str:
        """The declaration's."""
        return trade.number_of(self.serial)

    def loan(self, which: str) -> str:
        return f"F-{self.serial}-{which}"

    def application(self, which: str, purpose: str | None = None) -> LoanApplication:
        """Papers for the first loan only, and no packing list, so that an officer must override that it is missing;
        for the third and the fourth a packing list alone."""
        if which == PACKED:
            return self._packing()
        small = trade.application(self.loan(which), (self.serial,), "10000.00", "40000.00", purpose=purpose)
        none: tuple[str, ...] = ()
        papers = {} if which in {"third", "fourth"} else {"packing_lists": none}
        if which != "first":
            papers |= {"contracts": none, "invoices": none, "transport_documents": none}
        return self.dated(small.model_copy(update=papers))

    def _packing(self) -> LoanApplication:
        """On the credit of the next export, before it is shipped."""
        made, credit = trade.application(self.loan(PACKED), (self.serial + 1,), amount="40000.00"), self.credit()
        frame = FinancedFrame(kind=credit.KIND, number=credit.number, amount=_FRAMED)
        changes: dict[str, object] = dict.fromkeys(
            ("declarations", "invoices", "transport_documents", "packing_lists"), ()
        )
        changes |= {"financing": FinancingKind.PRE_SHIPMENT, "frames": (frame,), "letters_of_credit": (credit.number,)}
        return self.dated(made.model_copy(update=changes))

    def bill(self) -> ExportBill:
        """What the packing loan becomes when the next export is shipped."""
        other = self.serial + 1
        named = FinancedDeclaration(declaration_number=trade.number_of(other), amount=_FRAMED)
        return ExportBill(
            declarations=(named,), contracts=(f"SC-{other}",), letters_of_credit=(self.credit().number,),
            invoices=(f"INV-{other}",), transport_documents=(f"BL-{other}",), packing_lists=(f"PL-{other}",),
            expected_receipt_on=self.application("first").expected_receipt_on,
        )  # fmt: skip

    def amended(self, which: str, purpose: str) -> LoanApplication:
        """Applied for on the day that it is by now."""
        made = self.application(which, purpose)
        days = ("applied_on", "expected_receipt_on", "matures_on")
        return made.model_copy(update={name: getattr(made, name) + timedelta(days=self.passed) for name in days})

    def declaration(self, serial: int = 0, remarks: str | None = None) -> ExportDeclaration:
        return self.dated(trade.declaration(serial or self.serial, remarks=remarks))

    def invoice(self) -> Document:
        return self.dated(trade.invoice(self.serial, note=SECRET))

    def contract(self, *, remarks: bool = False) -> Document:
        """As the lender has it, or amended."""
        made = self.dated(trade.contract(self.serial))
        return made.model_copy(update={"incoterm_place": "Shanghai"}) if remarks else made

    def packing_list(self, *, amended: bool = False) -> Document:
        made = self.dated(trade.packing_list(self.serial))
        return made.model_copy(update={"packages": 11}) if amended else made

    def credit(self) -> LetterOfCredit:
        """Under which the next export is sold."""
        other = self.serial + 1
        return self.dated(
            packing.CREDIT.model_copy(update={"credit_number": f"LC-{other}", "contract_numbers": (f"SC-{other}",)})
        )

    def insurance(self) -> InsuranceDocument:
        return self.dated(
            InsuranceDocument(
                policy_number=f"PI-{self.serial}", issued_on=trade.EXPORTED, insurer=Party(name="Harbour Insurance"),
                insured=trade.DONGYU, insured_amount=trade.usd("110000.00"), invoice_numbers=(f"INV-{self.serial}",),
            )
        )  # fmt: skip

    def total_difference(self) -> TotalDifference:
        """Of twelve months in which nine tenths of what was exported came in."""
        none, exports, receipts = (Money.of(each, "CNY") for each in ("0", "10000000.00", "9000000.00"))
        return self.dated(
            TotalDifference.model_validate({
                "enterprise_uscc": trade.DONGYU.uscc, "period_from": date(2025, 7, 1),
                "period_until": date(2026, 6, 30), "imports": none, "exports": exports, "receipts": receipts,
                "payments": none,
            })
        )  # fmt: skip

    def policy(self) -> TolerancePolicy:
        """As built in: made, it changes no verdict."""
        return TolerancePolicy(bank=LENDER_MSP)

    @property
    def authorisation(self) -> SignedAuthorisation:
        """The exporter's, for the lender."""
        if not self.signed:
            number = f"F-{self.serial}"
            self.signed.append(signed_authorisation(str(trade.DONGYU.uscc), LENDER_MSP, self.today, number=number))
        return self.signed[0]

    @property
    def revocation(self) -> SignedRevocation:
        return signed_revocation(self.authorisation, self.today)

    def consent(self) -> OfficerConsent:
        paper = self.authorisation.paper.model_copy(update={"number": f"F-{self.serial}-form"})
        return OfficerConsent(authorisation=paper, form_sha256=NOTHING)

    @property
    def compared_invoice(self) -> str:
        return compared_number(self.invoice().number)

    def votes(self) -> Call:
        """For the members under other names; one vote of four decides nothing."""
        return Call(([{**member, "name": f"{member['name']} ({self.serial})"} for member in self.members],))

    def approval(self, which: str, version: int = 1) -> Call:
        return Call((self.loan(which), version, self.verdicts[which].evidence_hash, self._overrides(which)))

    def _overrides(self, which: str) -> Sequence[Mapping[str, str]]:
        """Of all that refers the loan by its last verdict."""
        referring = {each.id for each in self.verdicts[which].findings if each.severity is Severity.REFER}
        return [{"finding": each, "reason": "seen"} for each in sorted(referring)]

    def proposal(self, step: Taken, which: str = "first") -> Proposal:
        """A step of the loan: of the first one money comes in two parts, from the buyer and from the insurer."""
        said: dict[str, object] = {"step": step, "reason": "as agreed"}
        if step is Taken.EXTENSION:
            said |= {"matures_on": self.matures_on + timedelta(days=20), "overrides": self._overrides(which)}
        elif step is Taken.CONVERSION:
            said = {"step": step, "bill": self.bill(), "conditions": (PLEDGED,), "overrides": self._overrides(PACKED)}
        elif step in _PAID:
            said = {
                "step": step, "amount": Money.of("40000.00", "CNY"), "day": self.today + timedelta(days=self.passed),
                "reference": f"{step}-{self.serial}", "conditions": met(step),
            }  # fmt: skip
        if step is Taken.INDEMNITY:
            said |= {"amount": REST, "insurer": "Sinosure"}
        return Proposal.model_validate(said)

    def by_buyer(self) -> Proposal:
        """Out of the receipt, whose dollars are sold to the bank."""
        receipt = self.dated(trade.receipt(f"R-{self.serial}", serial=self.serial))
        sold = {"money": trade.usd("4000"), "base": "USD", "rate": "7.1"}
        said = {"amount": PART, "receipt": receipt.id, "exchange": sold, "reference": f"buyer-{self.serial}"}
        return self.repaid(said)

    def by_insurer(self) -> Proposal:
        return self.repaid({"amount": REST, "source": "insurer", "reference": f"insurer-{self.serial}"})

    def repaid(self, said: Mapping[str, object]) -> Proposal:
        """A repayment of which this is said."""
        usual = self.proposal(Taken.REPAYMENT).model_dump(exclude_unset=True)
        return Proposal.model_validate({**usual, **said})

    @property
    def matures_on(self) -> date:
        return self.application("first").matures_on
