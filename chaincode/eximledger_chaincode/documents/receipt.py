"""FX receipt: a credit in a foreign currency, as a bank reports it."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Final, Literal, NamedTuple, Self

from pydantic import Field, StringConstraints, model_validator

from eximledger_chaincode.documents.parts.base import Day, Flag, Value, Version
from eximledger_chaincode.documents.parts.document import Document
from eximledger_chaincode.documents.parts.goods import AllowanceCharge
from eximledger_chaincode.documents.parts.identifiers import DeclarationNumber, Number, Text, Uscc
from eximledger_chaincode.documents.parts.index import Counted
from eximledger_chaincode.documents.parts.money import Currency, Money, Rate
from eximledger_chaincode.documents.parts.names.spelling import capitals, compared_name, compared_number, filed_number
from eximledger_chaincode.documents.parts.party import Identifier, Party
from eximledger_chaincode.documents.parts.references import Reference
from hlf_chaincode.canonical import canonical_json, sha256_hex

__all__ = [
    "Allocation",
    "CreditReference",
    "CurrencyExchange",
    "FxReceipt",
    "ReceiptStatus",
    "ReferenceKind",
    "StatementPlace",
    "is_reference",
]

ReceiptId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}$")]


class ReceiptStatus(StrEnum):
    """A receipt's life goes forward: announced (pending, information), booked, reversed. Booked money is in the
    account, reversed money is not any more."""

    BOOKED = "booked"
    PENDING = "pending"
    INFORMATION = "information"
    REVERSED = "reversed"

    @property
    def rank(self) -> int:
        return {ReceiptStatus.BOOKED: 1, ReceiptStatus.REVERSED: 2}.get(self, 0)


class ReferenceKind(StrEnum):
    """Who gave a reference, the one that tells most first."""

    SERVICER = "servicer"
    """The bank that keeps the account: one entry of the account has it."""
    TRANSACTION = "transaction"
    """Banks along the way (UETR, transaction id): one payment has it."""
    PAYER = "payer"
    """The payer (end-to-end and instruction id): a payer may use it again."""
    PLACE = "place"
    """Nobody: it says in which statement the entry stands, and where."""


_SCHEMES: Final = {
    "AcctSvcrRef": ReferenceKind.SERVICER,
    "UETR": ReferenceKind.TRANSACTION,
    "TxId": ReferenceKind.TRANSACTION,
    "EndToEndId": ReferenceKind.PAYER,
    "InstrId": ReferenceKind.PAYER,
}
_NONE: Final = frozenset(
    {
        "NOTPROVIDED", "NOTPROVIDD", "NOTAVAILABLE", "NOTAPPLICABLE", "NOTGIVEN", "NOTSPECIFIED", "NONREF", "NOREF",
        "NOREFERENCE", "NONE", "NIL", "NULL", "NA", "NN", "UNKNOWN", "EMPTY", "BLANK", "REFERENCE", "REF",
    }
)  # fmt: skip
"""What banks and payers write where a field asks for a reference and they have none, compared."""
_RUNNING: Final = 5
"""A number of so many digits counts something within a statement; it tells no entry from another."""


def is_reference(text: str, account: str) -> bool:
    """Whether this tells one credit of the account from others: neither a word for none, nor an account's number (Swiss
    banks write the QR-IBAN there), nor a running number."""
    compared = compared_number(text)
    if compared in _NONE or not compared_name(text) or (len(compared) > 1 and len(set(compared)) == 1):
        return False
    if compared == compared_number(account) or _is_iban(compared):
        return False
    return re.fullmatch(rf"0*[0-9]{{1,{_RUNNING}}}", compared) is None


def _is_iban(compared: str) -> bool:
    """ISO 13616: two letters, two check digits, the account; the remainder by 97 is 1."""
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", compared):
        return False
    return int("".join(str(int(character, 36)) for character in compared[4:] + compared[:4])) % 97 == 1


class CreditReference(NamedTuple):
    """A reference by which a credit may be known again."""

    kind: ReferenceKind
    value: str
    """As `filed_number` keeps it, in capitals."""


class StatementPlace(Value):
    """Where a bank reported an entry: the form and id of the report, when it was made, and the entry's place there."""

    form: Text
    """`camt.053`, `camt.054`."""
    report: Number
    made: Text | None = None
    place: Number
    """The number of the entry in the report and, behind a slash, of the transaction in the entry."""


class Allocation(Value):
    """How much of a receipt collects the value of one declaration, in the declaration's currency."""

    declaration_number: DeclarationNumber
    amount: Money


class CurrencyExchange(Value):
    """The exchange that the bank applied: one `source` buys `rate` of `target`."""

    source: Currency
    target: Currency | None = None
    unit: Currency | None = None
    rate: Rate
    contract: Text | None = None
    quoted_on: Day | None = None


class FxReceipt(Document):
    """One credit: `amount` is what was credited, `instructed_amount` what the payer ordered before charges.

    With `reverses` it is the opposite: the bank takes a credit of this amount back.
    """

    KIND: ClassVar[str] = "receipt"

    kind: Literal["receipt"] = "receipt"
    reference: Number
    """The best reference that the credit has, by which a person finds it; `reference_kind` says whose it is."""
    reference_kind: ReferenceKind = ReferenceKind.SERVICER
    part: Version | None = None
    """The part of an entry, or the entry of one reference, that the reader numbered: `reference` ends in it."""
    statement: StatementPlace | None = None
    status: ReceiptStatus = ReceiptStatus.BOOKED
    account: Text
    account_currency: Currency | None = None
    account_owner: Party | None = None
    account_bank: Party | None = None
    exporter_uscc: Uscc | None = None
    payer: Party | None = None
    ultimate_payer: Party | None = None
    payer_account: Text | None = None
    payer_bank: Party | None = None
    beneficiary: Party | None = None
    ultimate_beneficiary: Party | None = None
    amount: Money
    instructed_amount: Money | None = None
    exchanges: tuple[CurrencyExchange, ...] = ()
    charges: tuple[AllowanceCharge, ...] = ()
    booked_on: Day | None = None
    value_on: Day | None = None
    reversal: Flag = False
    """The exporter's own payment came back, or a debit was taken back: money, but received from no buyer."""
    reverses: Annotated[tuple[Number, ...], Field(max_length=20)] = ()
    """References (or the ledger's id) of the credit that the bank takes back with this entry."""
    transaction_code: Text | None = None
    remittance: tuple[Text, ...] = ()
    """Remittance information as written by the payer."""
    references: tuple[Reference, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    trade_credit_report: Number | None = None
    """Number of the trade-credit report to SAFE, for advance and deferred receipts."""
    identifiers: tuple[Identifier, ...] = ()
    """End-to-end id, instruction id, message id and the like."""
    notes: tuple[Text, ...] = ()
    filed_as: ReceiptId | None = None
    """The ledger's id of it, where that is not what its own references give; who amends a certain receipt names it."""
    reversed_by: ReceiptId | None = None
    """The entry that took it back, written by the ledger."""
    reversed_receipt: ReceiptId | None = None
    """The credit that it took back, or the debit that did so and was taken back itself; written by the ledger."""
    returned: Money | None = None
    """What of it debits have taken back in part; written by the ledger."""
    alike: tuple[ReceiptId, ...] = ()
    """Receipts from which the ledger could not tell it apart: they may be the same credit."""

    @model_validator(mode="after")
    def _is_a_credit(self) -> Self:
        if self.amount.amount <= 0:
            raise ValueError("amount: a receipt is a credit of more than zero")
        if self.booked_on is None and self.value_on is None:
            raise ValueError("booked_on: a receipt has a booking date or a value date")
        self._check_allocations()
        return self

    def _check_allocations(self) -> None:
        """A receipt collects what was paid and no more, in a currency in which it was paid."""
        currencies = {entry.amount.currency for entry in self.allocations}
        if any(entry.amount.amount <= 0 for entry in self.allocations):
            raise ValueError("allocations: what is allocated is more than zero")
        if len(currencies) > 1:
            raise ValueError("allocations: a receipt is allocated in one currency")
        for currency in currencies:
            bounds = [own for own in (self.amount, self.instructed_amount) if own and own.currency == currency]
            if not bounds:
                raise ValueError("allocations: a receipt is allocated in the currency credited or instructed")
            if sum((entry.amount for entry in self.allocations), Money.zero(currency)) > max(bounds):
                raise ValueError("allocations: more is allocated than was received")

    @property
    def number(self) -> str:
        return self.reference

    @property
    def id(self) -> str:
        """By the account's servicer, the account, the best reference, the part and the amount, and by no more: not by
        whose it is said to be, nor by the report that it stands in, where it has a reference."""
        return self.filed_as or self.numbered_id(1)

    def numbered_id(self, number: int) -> str:
        """The id of the credit that is the `number`th to come with the same references and amount."""
        account = compared_number(self.account)
        known = [self.servicer if not _is_iban(account) else None, account, *self._best_reference(), self.part]
        measure = [self.amount.currency, str(self.amount.amount), number, bool(self.reverses)]
        return sha256_hex(canonical_json([*known, *measure]))[:40]

    def _best_reference(self) -> list[str]:
        order = list(ReferenceKind)
        if found := min(self.credit_references, key=lambda each: order.index(each.kind), default=None):
            return [found.kind, found.value]
        place = self.statement
        return ["", self.reference] if place is None else [place.form, place.report, place.made or "", place.place]

    @property
    def credit_references(self) -> tuple[CreditReference, ...]:
        """Every reference by which the same credit is known again, each once; perhaps none."""
        found: dict[CreditReference, None] = {}
        base = self.reference if self.part is None else self.reference.removesuffix(f"/{self.part}")
        if self.reference_kind is not ReferenceKind.PLACE and is_reference(base, self.account):
            made = "" if self.part is None else f"\n{self.part}"  # no reference of a bank has a line break
            found[CreditReference(self.reference_kind, capitals(filed_number(base)) + made)] = None
        for each in self.identifiers:
            kind = _SCHEMES.get(each.scheme or "")
            if kind is not None and is_reference(each.value, self.account):
                found.setdefault(CreditReference(kind, capitals(filed_number(each.value))))
        return tuple(found)

    @property
    def servicer(self) -> str | None:
        """The account's bank by its BIC without the branch."""
        bank = self.account_bank
        codes = [each.value for each in bank.identifiers if each.scheme == "BIC"] if bank is not None else []
        return capitals(codes[0])[:8] if codes else None

    @property
    def exporter(self) -> str | None:
        return self.exporter_uscc

    @property
    def dated(self) -> date:
        received = self.value_on or self.booked_on
        assert received is not None  # noqa: S101 - held by the validator
        return received

    @property
    def counts(self) -> bool:
        """Whether it is money received from a buyer that is still there."""
        is_booked = self.status is ReceiptStatus.BOOKED and not self.reversal and not self.reverses
        return is_booked and self.kept.amount > 0

    @property
    def kept(self) -> Money:
        """What was credited and not taken back in part."""
        return self.amount if self.returned is None else self.amount - self.returned

    def index_rows(self) -> tuple[Counted, ...]:
        return (Counted(self.kept),) if self.counts else ()

    def of_exporter(self, uscc: str) -> Self:
        return self.model_copy(update={"exporter_uscc": self.exporter_uscc or uscc})
