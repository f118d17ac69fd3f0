"""Commercial invoice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, ClassVar, Final, Literal, Self

from pydantic import Field, model_validator

from eximledger_chaincode.documents.parts.base import Day, Value, Whole
from eximledger_chaincode.documents.parts.document import Document
from eximledger_chaincode.documents.parts.goods import AllowanceCharge, GoodsLine, TaxSubtotal
from eximledger_chaincode.documents.parts.identifiers import Country, Incoterm, Number, Text
from eximledger_chaincode.documents.parts.index import Invoiced, Traits, credit_account
from eximledger_chaincode.documents.parts.money import Currency, Money, Rate
from eximledger_chaincode.documents.parts.party import Identifier, Party, owned_id
from eximledger_chaincode.documents.parts.references import Reference

__all__ = ["CREDIT_NOTES", "CommercialInvoice", "InvoiceTotals", "PaymentAccount"]


class InvoiceTotals(Value):
    """Totals as the paper states them (EN 16931 BG-22); what it does not state is None, never computed."""

    lines: Money | None = None
    allowances: Money | None = None
    charges: Money | None = None
    without_tax: Money | None = None
    tax: Money | None = None
    tax_in_accounting_currency: Money | None = None
    with_tax: Money | None = None
    prepaid: Money | None = None
    rounding: Money | None = None
    for_third_parties: Money | None = None
    """What the seller collects for others beside its own claim (XRechnung BG-DEX-09); `payable` holds it."""
    payable: Money


class PaymentAccount(Value):
    """Where and how the seller wants to be paid."""

    means_code: Text | None = None
    account: Text | None = None
    account_name: Text | None = None
    bank: Text | None = None
    payment_reference: Text | None = None
    payer_account: Text | None = None
    """The buyer's own, where the seller may draw on it (EN 16931 BT-91)."""


CREDIT_NOTES: Final = frozenset(
    {"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532"}
)
"""UN/EDIFACT 1001: papers that take back what an invoice claims, as EN 16931 (BR-CL-01) and Peppol list them."""


class CommercialInvoice(Document):
    """The seller's claim. All amounts in `currency`, but for the tax total in the accounting currency."""

    KIND: ClassVar[str] = "invoice"

    kind: Literal["invoice"] = "invoice"
    invoice_number: Number
    type_code: Text | None = None
    """UN/EDIFACT 1001: 380 commercial invoice, 381 credit note, 393 factored invoice."""
    issued_on: Day
    due_on: Day | None = None
    tax_point_on: Day | None = None
    period_start: Day | None = None
    period_end: Day | None = None
    seller: Party
    buyer: Party
    payee: Party | None = None
    tax_representative: Party | None = None
    ship_to: Party | None = None
    delivered_on: Day | None = None
    currency: Currency
    exchange_rate: Rate | None = None
    contract_number: Number | None = None
    order_number: Number | None = None
    declaration_numbers: tuple[Number, ...] = ()
    bill_numbers: tuple[Number, ...] = ()
    references: tuple[Reference, ...] = ()
    incoterm: Incoterm | None = None
    incoterm_place: Text | None = None
    delivery_terms: Text | None = None
    destination_country: Country | None = None
    payment_terms: Text | None = None
    payment_days: Annotated[Whole, Field(ge=0, le=3650)] | None = None
    payment_accounts: tuple[PaymentAccount, ...] = ()
    lines: Annotated[tuple[GoodsLine, ...], Field(min_length=1)]
    allowances_charges: tuple[AllowanceCharge, ...] = ()
    taxes: tuple[TaxSubtotal, ...] = ()
    totals: InvoiceTotals
    buyer_reference: Text | None = None
    identifiers: tuple[Identifier, ...] = ()
    """Other ids of the paper itself: UUID, accounting cost."""
    notes: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _in_one_currency(self) -> Self:
        totals = self.totals
        stated = [
            totals.lines, totals.allowances, totals.charges, totals.without_tax, totals.tax,
            totals.with_tax, totals.prepaid, totals.rounding, totals.for_third_parties, totals.payable,
            *(line.amount for line in self.lines), *(entry.amount for entry in self.allowances_charges),
        ]  # fmt: skip
        if any(money is not None and money.currency != self.currency for money in stated):
            raise ValueError(f"currency: every amount of this invoice must be in {self.currency}")
        return self

    @model_validator(mode="after")
    def _has_a_total(self) -> Self:
        try:
            _ = self.total
        except ValueError:
            raise ValueError("totals: what is payable and what is prepaid are more than an amount can be") from None
        return self

    @property
    def number(self) -> str:
        return self.invoice_number

    @property
    def id(self) -> str:
        return owned_id(self.seller, self.invoice_number)

    @property
    def exporter(self) -> str | None:
        return self.seller.uscc

    @property
    def dated(self) -> date:
        return self.issued_on

    @property
    def total(self) -> Money:
        """The value of the goods invoiced, before prepayments: with tax where stated; else what is payable and what is
        prepaid, but for what is for third parties."""
        if self.totals.with_tax is not None:
            return self.totals.with_tax
        nothing = Money.zero(self.currency)
        return self.totals.payable + (self.totals.prepaid or nothing) - (self.totals.for_third_parties or nothing)

    @property
    def falls_due(self) -> date | None:
        """Its due date; without one, its payment days after issue; None where it says neither."""
        if self.due_on is not None:
            return self.due_on
        try:
            return None if self.payment_days is None else self.issued_on + timedelta(days=self.payment_days)
        except OverflowError:  # beyond the year 9999
            return None

    @property
    def takes_back(self) -> bool:
        """Whether it is a credit note: by its type, or because it is over less than nothing."""
        return self.type_code in CREDIT_NOTES or self.total.amount < 0

    @property
    def claim(self) -> Money:
        """What the paper adds to what its contract was invoiced for: a credit note takes its total away, with
        whichever sign that stands there."""
        return -self.total if self.takes_back and self.total.amount > 0 else self.total

    @property
    def credit_numbers(self) -> tuple[str, ...]:
        """The letters of credit that it refers to."""
        return tuple(each.number for each in self.references if each.kind == "letter-of-credit")

    @property
    def traits(self) -> Traits:
        return Traits((self.total.amount, self.total.currency), (self.seller, self.buyer))

    def index_rows(self) -> tuple[Invoiced, ...]:
        """Its claim under each contract or order that it names, by the id that `SalesContract` has, and under each
        letter of credit."""
        numbers = (self.contract_number, self.order_number)
        ids = [owned_id(self.seller, number) for number in numbers if number is not None]
        ids += [credit_account(owned_id(self.seller, number)) for number in self.credit_numbers]
        return tuple(Invoiced(frame_id, self.claim) for frame_id in dict.fromkeys(ids))

    def of_exporter(self, uscc: str) -> Self:
        return self.model_copy(update={"seller": self.seller.with_uscc(uscc)})
