"""Entries of ISO 20022 reports (`Ntry`): the credits among them as FX receipts.

An entry that is split into transactions with amounts gives one receipt for each, any other gives one. A debit that
reverses or returns a credit is a receipt that takes it back. What the payer wrote may be unusable without costing the
credit. Source: ISO 20022 message definition reports, Bank-to-Customer Cash Management.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

from eximledger.formats.camt import details as details_of
from eximledger.formats.camt.account import Account
from eximledger.formats.camt.natures import nature_of, returns_a_credit
from eximledger.formats.camt.parties import account_of, bank_of, party_of
from eximledger.formats.text.values import are_abroad, unique
from eximledger.formats.xml.tree import Node
from eximledger_chaincode.documents import (
    FxReceipt,
    Identifier,
    Money,
    Party,
    ReceiptStatus,
    ReferenceKind,
    StatementPlace,
    is_reference,
)
from hlf_chaincode.errors import InvalidDocument

__all__ = ["Entry"]

T = TypeVar("T", bound=Hashable)

_STATUS: Final = {
    "BOOK": ReceiptStatus.BOOKED,
    "PDNG": ReceiptStatus.PENDING,
    "FUTR": ReceiptStatus.PENDING,
    "INFO": ReceiptStatus.INFORMATION,
}
_DEBIT: Final = "a debit entry is no receipt"
_UNDATED: Final = "an entry that is not booked and has no date is no receipt yet"
_DOMESTIC: Final = "a credit in CNY with no foreign amount, from nobody abroad, is no FX receipt"


class Entry:
    """One `Ntry` of a report."""

    def __init__(self, node: Node, account: Account, number: int) -> None:
        self.node = node
        self.account = account
        self.number = number
        self.takes_back = False
        self.returns = False
        """A debit that takes back only what its transactions say is returned."""
        self.transactions = node.all("NtryDtls", "TxDtls")
        self.refused: list[InvalidDocument] = []
        """What of the entry could not be read."""

    def receipts(self) -> list[FxReceipt]:
        """The entry's receipts; what of it cannot be read is marked as unusable, with the reason."""
        try:
            return self._credits()
        except InvalidDocument as error:
            return self._give_up(self.node, error)

    def _give_up(self, node: Node, error: InvalidDocument) -> list[FxReceipt]:
        self.refused.append(error)
        place = error.field.removeprefix(f"{node.path}/") if error.field.startswith(node.path) else error.field
        node.unusable(f"{place} {error.reason}" if place != node.path else error.reason)
        return []

    def _credits(self) -> list[FxReceipt]:
        """An entry that is no receipt is marked as skipped, with the reason."""
        node = self.node
        direction, reversal = node.need_text("CdtDbtInd"), node.flag("RvslInd")
        if direction not in {"CRDT", "DBIT"}:
            raise node.need("CdtDbtInd").error("is neither CRDT nor DBIT")
        self.returns = direction == "DBIT" and not reversal
        if self.returns and not any(returns_a_credit(each, node) for each in self.transactions or [node]):
            node.skip(_DEBIT)
            return []
        amount = node.money("Amt")
        if amount is None:
            raise node.missing("Amt")
        if amount.amount <= 0:
            node.skip("a credit of nothing is no receipt")
            return []
        if _status(node).rank == 0 and not _is_dated(node, self.transactions):
            node.unusable(_UNDATED)
            return []
        self.takes_back = direction == "DBIT"
        return self._receipts(amount, reversal and not self.takes_back)

    def _receipts(self, amount: Money, reversal: bool) -> list[FxReceipt]:
        """One for each part that came from abroad; the others are marked as skipped, with the reason."""
        parts = self._parts(amount)
        found: list[FxReceipt] = []
        for index, (transaction, part) in enumerate(parts, 1):
            try:
                found += self._part(transaction, part, index if len(parts) > 1 else None, reversal)
            except InvalidDocument as error:
                if len(parts) == 1 or transaction is None:
                    raise
                self._give_up(transaction, error)
        return found

    def _part(self, transaction: Node | None, part: Money, index: int | None, reversal: bool) -> list[FxReceipt]:
        receipt = _Receipt(self, transaction, part, index)
        nature = nature_of(self.node, receipt.details, self.account.owner, self.account.number)
        reason = _DOMESTIC if not receipt.is_foreign else None if self.takes_back else nature.reason
        if self.returns and not all(returns_a_credit(each, self.node) for each in receipt.details or [self.node]):
            reason = _DEBIT
        if reason is None:
            return [receipt.document(reversal or (nature.is_return and not self.takes_back))]
        (transaction if transaction is not None and index is not None else self.node).skip(reason)
        return []

    def _parts(self, amount: Money) -> list[tuple[Node | None, Money]]:
        """Transactions with their amounts where the entry is split by them; else the entry as a whole.

        They split it where they are in its currency and no less than it: what they leave of it was credited, too.
        """
        credited = self.own
        stated = [(node, part) for node in credited if (part := _amount_of(node)) is not None and part.amount > 0]
        whole: list[tuple[Node | None, Money]] = [
            (self.transactions[0] if len(self.transactions) == 1 else None, amount)
        ]
        if len(self.transactions) < 2:
            return whole
        stating = all(_amount_of(node) is not None for node in credited)
        same = stating and all(part.currency == amount.currency for _, part in stated)
        total = sum((part.amount for _, part in stated), Decimal(0)) if same else None
        if total != amount.amount and stating:
            self.node.need("Amt").unusable("the credits within the entry do not add up to its amount")
        for node in self.transactions if credited else []:
            if node not in credited:
                node.skip(_DEBIT)
        return whole if total is None or total < amount.amount else list(stated)

    @property
    def own(self) -> list[Node]:
        """Its transactions in its own direction: banks net charges and debits within an entry."""
        opposite = "CRDT" if self.takes_back else "DBIT"
        return [node for node in self.transactions if node.text("CdtDbtInd") != opposite]


def _amount_of(transaction: Node) -> Money | None:
    """`Amt` since version 04; before, the transaction amount among the details."""
    direct = transaction.said_money("Amt")
    detailed = transaction.said_money("AmtDtls", "TxAmt", "Amt")
    if direct is not None and detailed is not None and direct != detailed:
        transaction.need("AmtDtls", "TxAmt", "Amt").release()
    return direct if direct is not None else detailed


class _Receipt:
    """One credit: an entry, or one transaction of it."""

    def __init__(self, entry: Entry, transaction: Node | None, amount: Money, index: int | None) -> None:
        self.entry = entry
        self.transaction = transaction
        self.amount = amount
        self.index = index
        self.details = [transaction] if transaction is not None else entry.own or entry.transactions
        self.instructed = self._instructed()

    @property
    def is_foreign(self) -> bool:
        """Whether the credit, or what the payer or all payers of the entry ordered, is in another currency than CNY, or
        came from abroad in CNY."""
        ordered = self.entry.node.said_money("AmtDtls", "InstdAmt", "Amt")
        amounts = (self.amount, self.instructed, ordered if ordered is not None and ordered.amount > 0 else None)
        if any(money is not None and money.currency != "CNY" for money in amounts):
            return True
        return self.entry.account.is_offshore or self._is_from_abroad

    @property
    def _is_from_abroad(self) -> bool:
        """Whether renminbi came across the border: by the bank's code, or by where payer or payer's bank is."""
        codes = [node.text("BkTxCd", "Domn", "Fmly", "SubFmlyCd") for node in (*self.details, self.entry.node)]
        parties = (self._party("Dbtr"), self._party("UltmtDbtr"), self._payer_bank())
        return "XBCT" in codes or are_abroad(parties)

    def _instructed(self) -> Money | None:
        """What the payer ordered: of an entry in parts, each part's own, for the entry's is of all of them; of one that
        is not, the sum of its transactions' where all say it; and never nothing. Amounts that repeat the credit say
        nothing more, others are reported."""
        entry = [self.entry.node] if self.index is None else []
        ordered = [self._ordered(node) for node in self.details]
        found = details_of.together(ordered)
        for node in entry:
            found = found or self._ordered(node)
        for node in (*self.details, *entry):
            self._report_others(node, found, ordered)
        return found

    def _ordered(self, node: Node) -> Money | None:
        """What was ordered by an element: instructed, else an amount in another currency than the credit's."""
        instructed = node.said_money("AmtDtls", "InstdAmt", "Amt")
        if instructed is not None and instructed.amount <= 0:
            node.need("AmtDtls", "InstdAmt", "Amt").unusable("nobody orders a payment of nothing")
            instructed = None
        others = [node.said_money(*path) for path in self._others(node)] if instructed is None else []
        foreign = (other for other in others if other and other.currency != self.amount.currency and other.amount > 0)
        return instructed or next(foreign, None)

    def _others(self, node: Node) -> list[tuple[str, ...]]:
        """Where else than in the instructed amount an element may state one; the entry's own is the credit."""
        own = [("Amt",)] if node is not self.entry.node else []
        return [*own, ("AmtDtls", "TxAmt", "Amt"), ("AmtDtls", "CntrValAmt", "Amt")]

    def _report_others(self, node: Node, found: Money | None, ordered: list[Money | None]) -> None:
        known = {self.amount, found, *(ordered if found is not None else [])}
        for path in self._others(node):
            other = node.said_money(*path)
            if other is not None and other not in known:
                node.need(*path).release()

    def document(self, reversal: bool) -> FxReceipt:
        entry, account = self.entry.node, self.entry.account
        remittance = details_of.Remittance(self.details, self.amount, self.instructed)
        numbers = details_of.identifiers(self.details)
        reference, kind = self._reference(numbers)
        identifiers = self._identifiers(numbers, reference)
        owner = account.owner
        with (self.transaction or entry).located():
            return FxReceipt(
                reference=reference,
                reference_kind=kind,
                part=self.index if reference.endswith(f"/{self.index}") else None,
                statement=self._place(),
                status=self._status(),
                account=account.number,
                account_currency=account.currency,
                account_owner=owner,
                account_bank=self._account_bank(),
                exporter_uscc=owner.uscc if owner is not None else None,
                payer=self._party("Dbtr"),
                ultimate_payer=self._party("UltmtDbtr"),
                payer_account=self._payer_account(),
                payer_bank=self._payer_bank(),
                beneficiary=self._party("Cdtr"),
                ultimate_beneficiary=self._party("UltmtCdtr"),
                amount=self.amount,
                instructed_amount=self.instructed,
                exchanges=details_of.exchanges([*self.details, entry]),
                charges=details_of.charges([*self.details, entry]),
                booked_on=_date(entry, "BookgDt"),
                value_on=self._value_date(),
                reversal=reversal,
                reverses=self._taken_back(identifiers, reference, kind),
                transaction_code=details_of.transaction_code(entry, self.transaction),
                remittance=remittance.written,
                references=remittance.references,
                allocations=() if reversal or self.entry.takes_back else remittance.allocations,
                identifiers=identifiers,
                notes=details_of.notes(entry, self.details),
            )

    def _status(self) -> ReceiptStatus:
        """A report of the day books nothing: what it calls booked informs."""
        status = _status(self.entry.node)
        books = self.entry.account.form != "camt.052" or status is not ReceiptStatus.BOOKED
        return status if books else ReceiptStatus.INFORMATION

    def _reference(self, numbers: list[Identifier]) -> tuple[str, ReferenceKind]:
        """The bank's reference of the transaction, else of the entry, else the payment's, else the payer's; where none
        of them tells this credit from others, its statement and place there. `NtryRef` counts within a statement."""
        entry, account = self.entry.node, self.entry.account.number
        own = {each.scheme: each.value for each in reversed(numbers)} if self.transaction is not None else {}
        outer = entry.text("AcctSvcrRef")
        if (direct := own.get("AcctSvcrRef")) is not None and is_reference(direct, account):
            return direct, ReferenceKind.SERVICER
        if outer is not None and is_reference(outer, account):
            return (f"{outer}/{self.index}" if self.index is not None else outer), ReferenceKind.SERVICER
        for scheme, kind in _OTHER_REFERENCES.items():
            if (stated := own.get(scheme)) is not None and is_reference(stated, account):
                return stated, kind
        place = f"{self.entry.account.report or 'ENTRY'}-{entry.text('NtryRef') or self.entry.number}"
        return (f"{place}/{self.index}" if self.index is not None else place), ReferenceKind.PLACE

    def _place(self) -> StatementPlace | None:
        account = self.entry.account
        if account.report is None:
            return None
        part = f"/{self.index}" if self.index is not None else ""
        place = f"{self.entry.number}{part}"
        return StatementPlace(form=account.form, report=account.report, made=account.made, place=place)

    def _taken_back(self, identifiers: tuple[Identifier, ...], own: str, kind: ReferenceKind) -> tuple[str, ...]:
        """What a reversal names of the credit that it takes back: every reference that the payment has, or its own."""
        if not self.entry.takes_back:
            return ()
        account = self.entry.account.number
        found = [
            each.value for each in identifiers if each.scheme in _REVERSED_BY and is_reference(each.value, account)
        ]
        return unique([*([own] if kind is not ReferenceKind.PLACE or not found else []), *found])

    def _identifiers(self, numbers: list[Identifier], reference: str) -> tuple[Identifier, ...]:
        """The entry's own reference is each part's where it is in parts: `EntryRef` tells no part from another."""
        entry = self.entry.node
        found = list(numbers)
        for name, scheme in (
            ("NtryRef", "NtryRef"),
            ("AcctSvcrRef", "AcctSvcrRef" if self.index is None else "EntryRef"),
        ):
            found += [Identifier(scheme=scheme, value=value) for value in entry.texts(name)]
        for batch in entry.all("NtryDtls", "Btch"):
            found += [Identifier(scheme="BatchMsgId", value=value) for value in batch.texts("MsgId")]
            found += [Identifier(scheme="PmtInfId", value=value) for value in batch.texts("PmtInfId")]
        found = [each for each in found if (each.scheme, each.value) != ("AcctSvcrRef", reference)]
        return unique(found + self.entry.account.identifiers)

    def _party(self, name: str) -> Party | None:
        return self._agreed("RltdPties", name, party_of)

    def _agreed(self, holder: str, name: str, read: Callable[[Node], T | None]) -> T | None:
        """What all transactions of the receipt say; where they differ it is nobody's, and reported."""
        nodes = [node for each in self.details for node in each.all(holder, name)]
        known = unique([value for value in map(read, nodes) if value is not None])
        if len(known) == 1:
            return known[0]
        for node in nodes if known else []:
            node.release()
        return None

    def _payer_account(self) -> str | None:
        for node in [node for each in self.details for node in each.all("RltdPties", "CdtrAcct")]:
            if account_of(node) != self.entry.account.number:
                node.release()
        return self._agreed("RltdPties", "DbtrAcct", account_of)

    def _payer_bank(self) -> Party | None:
        return self._agreed("RltdAgts", "DbtrAgt", bank_of)

    def _account_bank(self) -> Party | None:
        """The account's servicer, else the creditor's bank; a creditor's bank that is another is reported."""
        bank = self.entry.account.bank
        for node in [node for each in self.details for node in each.all("RltdAgts", "CdtrAgt")]:
            stated = bank_of(node)
            if bank is None:
                bank = stated
            elif stated != bank:
                node.release()
        return bank

    def _value_date(self) -> date | None:
        """The value date; where the entry has no date at all, that of the transaction."""
        entry = self.entry.node
        found = _date(entry, "ValDt")
        if found is not None or entry.find("BookgDt") is not None:
            return found
        for each in self.details:
            for name in ("IntrBkSttlmDt", "TxDtTm", "AccptncDtTm"):
                if (stated := each.day("RltdDts", name)) is not None:
                    return stated
        raise entry.missing("BookgDt")


_OTHER_REFERENCES: Final = {
    "UETR": ReferenceKind.TRANSACTION,
    "TxId": ReferenceKind.TRANSACTION,
    "EndToEndId": ReferenceKind.PAYER,
    "InstrId": ReferenceKind.PAYER,
}
_REVERSED_BY: Final = {"AcctSvcrRef", *_OTHER_REFERENCES}


def _is_dated(entry: Node, transactions: list[Node]) -> bool:
    dates = ("IntrBkSttlmDt", "TxDtTm", "AccptncDtTm")
    if entry.find("BookgDt") is not None or entry.find("ValDt") is not None:
        return True
    return any(each.find("RltdDts", name) is not None for each in transactions for name in dates)


def _date(node: Node, name: str) -> date | None:
    return node.day(name, "Dt") or node.day(name, "DtTm")


def _status(entry: Node) -> ReceiptStatus:
    """`Sts` was a code until version 06, then holds `Cd` or `Prtry`. A bank's own status informs only."""
    status = entry.find("Sts")
    if status is None:
        return ReceiptStatus.BOOKED
    code = status.text("Cd") if status.children else status.value()
    if code is None:
        return ReceiptStatus.INFORMATION
    if code not in _STATUS:
        raise status.error("is not a status of ISO 20022 (BOOK, PDNG, FUTR, INFO)")
    return _STATUS[code]
