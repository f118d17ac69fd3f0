"""ISO 20022 camt.053 statements and camt.054 notifications: their credits in a foreign currency as FX receipts.

All versions from 001.02 to 001.13 are read by one mapping. An entry that is split into transactions with amounts gives
one receipt for each, any other gives one. Source: ISO 20022 message definition reports, Bank-to-Customer Cash
Management.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

from eximledger.formats.camt import details as details_of
from eximledger.formats.camt.parties import account_of, bank_of, party_of
from eximledger.formats.text.values import currency_of, unique
from eximledger.formats.xml.tree import Node
from eximledger_chaincode.documents import FxReceipt, Identifier, Money, Party, ReceiptStatus

__all__ = ["read_receipts"]

T = TypeVar("T", bound=Hashable)

_REPORTS: Final = {"BkToCstmrStmt": "Stmt", "BkToCstmrDbtCdtNtfctn": "Ntfctn"}
_STATUS: Final = {
    "BOOK": ReceiptStatus.BOOKED,
    "PDNG": ReceiptStatus.PENDING,
    "FUTR": ReceiptStatus.PENDING,
    "INFO": ReceiptStatus.INFORMATION,
}
_DEBIT: Final = "a debit entry is no receipt"
_REVERSED: Final = "the reversal of a credit is no receipt"
_DOMESTIC: Final = "a credit in CNY with no foreign amount is no FX receipt"


def read_receipts(root: Node) -> tuple[FxReceipt, ...]:
    """The receipts, perhaps none. Raises `InvalidDocument` naming the XPath of what is missing or wrong."""
    body = next((node for node in root.children if node.name in _REPORTS), None)
    if body is None:
        raise root.missing(next(iter(_REPORTS)))
    body.take("GrpHdr", "CreDtTm")
    body.take("GrpHdr", "MsgPgntn")
    message = body.text("GrpHdr", "MsgId")
    references: dict[tuple[str, str], int] = {}
    receipts: list[FxReceipt] = []
    for report in body.all(_REPORTS[body.name]):
        account = _Account(report, message)
        for number, entry in enumerate(report.all("Ntry"), 1):
            for receipt in _Entry(entry, account, number).receipts():
                receipts.append(_unique_reference(receipt, references))
    return tuple(receipts)


def _unique_reference(receipt: FxReceipt, seen: dict[tuple[str, str], int]) -> FxReceipt:
    """Banks repeat a reference on several entries; the second and later ones get a running number behind it."""
    key = (receipt.account, receipt.reference)
    seen[key] = seen.get(key, 0) + 1
    if seen[key] == 1:
        return receipt
    return receipt.model_copy(update={"reference": f"{receipt.reference}/{seen[key]}"})


class _Account:
    """The account of one statement or notification."""

    def __init__(self, report: Node, message: str | None) -> None:
        node = report.need("Acct")
        number = account_of(node)
        if number is None:
            raise node.missing("Id", "IBAN")
        report.take("CreDtTm")
        self.number: str = number
        self.currency = node.text("Ccy")
        if self.currency is not None and currency_of(self.currency) is None:
            raise node.need("Ccy").error("is not an ISO 4217 currency code")
        self.owner = party_of(node.find("Ownr"))
        self.bank = bank_of(node.find("Svcr"))
        self.report = report.text("Id")
        found = [("MsgId", message), ("StatementId", self.report)]
        self.identifiers = [Identifier(scheme=scheme, value=value) for scheme, value in found if value is not None]


class _Entry:
    """One `Ntry` of a report."""

    def __init__(self, node: Node, account: _Account, number: int) -> None:
        self.node = node
        self.account = account
        self.number = number
        self.transactions = node.all("NtryDtls", "TxDtls")

    def receipts(self) -> list[FxReceipt]:
        """The entry's receipts; an entry that is none is marked as skipped, with the reason."""
        node = self.node
        direction, reversal = node.need_text("CdtDbtInd"), node.flag("RvslInd")
        if direction not in {"CRDT", "DBIT"}:
            raise node.need("CdtDbtInd").error("is neither CRDT nor DBIT")
        if direction == "DBIT":
            node.skip(_REVERSED if reversal else _DEBIT)
            return []
        amount = node.money("Amt")
        if amount is None:
            raise node.missing("Amt")
        if amount.amount <= 0:
            node.skip("a credit of nothing is no receipt")
            return []
        parts = self._parts(amount)
        found = []
        for index, (transaction, part) in enumerate(parts, 1):
            receipt = _Receipt(self, transaction, part, index if len(parts) > 1 else None)
            if receipt.is_foreign:
                found.append(receipt.document(reversal))
            elif transaction is not None and len(parts) > 1:
                transaction.skip(_DOMESTIC)
        if not found:
            node.skip(_DOMESTIC)
        return found

    def _parts(self, amount: Money) -> list[tuple[Node | None, Money]]:
        """Transactions with their amounts where the entry is split by them; else the entry as a whole."""
        credited = [node for node in self.transactions if node.text("CdtDbtInd") != "DBIT"]
        stated = [_amount_of(node) for node in credited]
        if len(self.transactions) < 2 or None in stated:
            return [(self.transactions[0] if len(self.transactions) == 1 else None, amount)]
        for node in self.transactions:
            if node not in credited:
                node.skip(_DEBIT)
        parts = [(node, part) for node, part in zip(credited, stated, strict=True) if part is not None]
        self._check_sum(amount, [part for _, part in parts])
        return [(node, part) for node, part in parts if part.amount > 0]

    def _check_sum(self, amount: Money, parts: list[Money]) -> None:
        """Transactions that do not add up to their entry are read as they stand, and the entry's amount reported."""
        same = {part.currency for part in parts} == {amount.currency}
        if same and sum((part.amount for part in parts), Decimal(0)) != amount.amount:
            self.node.need("Amt").unusable("the credits within the entry do not add up to its amount")


def _amount_of(transaction: Node) -> Money | None:
    """`Amt` since version 04; before, the transaction amount among the details."""
    direct = transaction.money("Amt")
    detailed = transaction.money("AmtDtls", "TxAmt", "Amt")
    if direct is not None and detailed is not None and direct != detailed:
        transaction.need("AmtDtls", "TxAmt", "Amt").release()
    return direct if direct is not None else detailed


class _Receipt:
    """One credit: an entry, or one transaction of it."""

    def __init__(self, entry: _Entry, transaction: Node | None, amount: Money, index: int | None) -> None:
        self.entry = entry
        self.transaction = transaction
        self.amount = amount
        self.index = index
        self.details = [transaction] if transaction is not None else entry.transactions
        self.instructed = self._instructed()

    @property
    def is_foreign(self) -> bool:
        """Whether the credit, or what the payer ordered, is in another currency than CNY."""
        return any(money is not None and money.currency != "CNY" for money in (self.amount, self.instructed))

    def _instructed(self) -> Money | None:
        """What the payer ordered; amounts that repeat the credit say nothing more, others are reported."""
        holders = [*self.details, self.entry.node]
        found = next((m for node in holders if (m := node.money("AmtDtls", "InstdAmt", "Amt")) is not None), None)
        for node in holders:
            for path in (("Amt",), ("AmtDtls", "TxAmt", "Amt"), ("AmtDtls", "CntrValAmt", "Amt")):
                stated = node.money(*path) if node is not self.entry.node or path != ("Amt",) else None
                if stated is None or stated in (self.amount, found):
                    continue
                if found is None and stated.currency != self.amount.currency and self.transaction is not None:
                    found = stated
                else:
                    node.need(*path).release()
        return found

    def document(self, reversal: bool) -> FxReceipt:
        entry, account = self.entry.node, self.entry.account
        remittance = details_of.Remittance(self.details)
        numbers = details_of.identifiers(self.details)
        reference = self._reference(numbers)
        owner = account.owner
        with (self.transaction or entry).located():
            return FxReceipt(
                reference=reference,
                status=_status(entry),
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
                transaction_code=details_of.transaction_code(entry, self.transaction),
                remittance=remittance.written,
                references=remittance.references,
                allocations=details_of.allocations(remittance.references, self.amount, self.instructed),
                identifiers=self._identifiers(numbers, reference),
                notes=details_of.notes(entry, self.details),
            )

    def _reference(self, numbers: list[Identifier]) -> str:
        """The bank's reference of the transaction, else of the entry, else the payer's, else its place there."""
        own = {entry.scheme: entry.value for entry in reversed(numbers)} if self.transaction is not None else {}
        outer = self.entry.node.text("AcctSvcrRef") or self.entry.node.text("NtryRef")
        if "AcctSvcrRef" in own:
            return own["AcctSvcrRef"]
        if outer is not None:
            return f"{outer}/{self.index}" if self.index is not None else outer
        for scheme in ("TxId", "UETR", "EndToEndId", "InstrId"):
            if scheme in own:
                return own[scheme]
        place = f"{self.entry.account.report or 'ENTRY'}-{self.entry.number}"
        return f"{place}/{self.index}" if self.index is not None else place

    def _identifiers(self, numbers: list[Identifier], reference: str) -> tuple[Identifier, ...]:
        entry = self.entry.node
        found = list(numbers)
        for scheme in ("NtryRef", "AcctSvcrRef"):
            found += [Identifier(scheme=scheme, value=value) for value in entry.texts(scheme)]
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
