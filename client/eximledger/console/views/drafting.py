"""An application that fills itself from the papers which a bank has filed for an exporter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Final

from eximledger_chaincode.documents import (
    CommercialInvoice,
    Document,
    InsuranceDocument,
    LetterOfCredit,
    Money,
    PackingList,
    SalesContract,
    TolerancePolicy,
    TransportDocument,
    compared_number,
    minor_units,
)
from eximledger_chaincode.lending.claim import Balance

__all__ = ["Draft", "declarations_of", "draft_of"]

_EXPECTED: Final = 60
"""Days from an invoice to its payment, where no paper says any."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What an officer begins from. `occupies` is what of each declaration the loan would hold: all that is free."""

    exporter: str
    applicant: str = ""
    occupies: Mapping[str, Money] = field(default_factory=dict)
    papers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By the application's field: the numbers of the papers that belong together."""
    amount: Money | None = None
    """What the bank's policy lends on it; None where its declarations are in several currencies."""
    expected_receipt_on: date | None = None
    matures_on: date | None = None

    @property
    def anything(self) -> bool:
        return bool(self.occupies or self.papers)


def declarations_of(papers: Iterable[Document]) -> tuple[str, ...]:
    """The declarations that the exporter's papers name, in the order of the papers."""
    return tuple(dict.fromkeys(number for paper in papers for number in _declarations(paper)))


def draft_of(
    exporter: str, papers: Sequence[Document], balances: Iterable[Balance], policy: TolerancePolicy, today: date
) -> Draft:
    """A loan on every declaration of which something is free, with the papers that belong to these declarations."""
    free = {each.declaration_number: each.free for each in balances if each.free.amount > 0}
    invoices = [each for each in papers if isinstance(each, CommercialInvoice) and _is_of(each, free)]
    named = _Naming(invoices, frozenset(free))
    found: dict[str, list[str]] = {}
    for paper in papers:
        if name := named.field_of(paper):
            found.setdefault(name, []).append(paper.number)
    expected = max((_expected(each) for each in invoices), default=None)
    matures = None if expected is None else max(expected, today) + timedelta(days=policy.tenor_grace_days)
    return Draft(
        exporter=exporter,
        applicant=next((each.seller.name for each in invoices), ""),
        occupies=free,
        papers={name: tuple(dict.fromkeys(numbers)) for name, numbers in found.items()},
        amount=_lent_on(free.values(), policy.financed_percent),
        expected_receipt_on=expected,
        matures_on=matures,
    )


class _Naming:
    """Which papers belong to the invoices that are financed."""

    def __init__(self, invoices: Sequence[CommercialInvoice], declarations: frozenset[str]) -> None:
        self._declarations = declarations
        self._invoices = {compared_number(each.number) for each in invoices}
        self._contracts = {compared_number(each.contract_number) for each in invoices if each.contract_number}
        self._bills = {compared_number(number) for each in invoices for number in each.bill_numbers}

    def field_of(self, paper: Document) -> str:
        """The application's field that names the paper; "" for one that belongs to other exports."""
        match paper:
            case CommercialInvoice() if compared_number(paper.number) in self._invoices:
                return "invoices"
            case SalesContract() if self._is_contract([paper.number]):
                return "contracts"
            case LetterOfCredit() if self._is_contract(paper.contract_numbers):
                return "letters_of_credit"
            case TransportDocument() if self._is_bill(paper):
                return "transport_documents"
            case PackingList() if self._names_invoice(paper.invoice_numbers):
                return "packing_lists"
            case InsuranceDocument() if self._names_invoice(paper.invoice_numbers):
                return "insurance_documents"
        return ""

    def _is_contract(self, numbers: Iterable[str]) -> bool:
        return not self._contracts.isdisjoint(map(compared_number, numbers))

    def _names_invoice(self, numbers: Iterable[str]) -> bool:
        return not self._invoices.isdisjoint(map(compared_number, numbers))

    def _is_bill(self, paper: TransportDocument) -> bool:
        return (
            compared_number(paper.number) in self._bills
            or self._names_invoice(paper.invoice_numbers)
            or not self._declarations.isdisjoint(paper.declaration_numbers)
        )


def _declarations(paper: Document) -> Iterator[str]:
    if isinstance(paper, CommercialInvoice | TransportDocument):
        yield from paper.declaration_numbers


def _is_of(invoice: CommercialInvoice, free: Mapping[str, Money]) -> bool:
    return not invoice.takes_back and not free.keys().isdisjoint(invoice.declaration_numbers)


def _expected(invoice: CommercialInvoice) -> date:
    if invoice.due_on is not None:
        return invoice.due_on
    return invoice.issued_on + timedelta(days=invoice.payment_days if invoice.payment_days is not None else _EXPECTED)


def _lent_on(free: Iterable[Money], percent: Decimal) -> Money | None:
    amounts = list(free)
    currencies = {each.currency for each in amounts}
    if len(currencies) != 1:
        return None
    (currency,) = currencies
    whole = sum((each.amount for each in amounts), Decimal(0)) * percent / 100
    return Money(amount=whole.quantize(Decimal(1).scaleb(-minor_units(currency)), ROUND_DOWN), currency=currency)
