"""SWIFT MT940 statements and MT942 reports of the day: their credits in a foreign currency as FX receipts.

What an MT942 reports is information: its statement books it. Sources: SWIFT Standards MT, category 9, MT940 and MT942,
field 61 and its transaction type codes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from eximledger.formats._reading import Cause, Unmapped
from eximledger.formats.camt.details import allocations_of
from eximledger.formats.swift.fields import Field, Message
from eximledger.formats.swift.made import receipt_of
from eximledger.formats.swift.narrative import Narrative, narrative_of, references_in
from eximledger.formats.swift.values import dated, money_in, party_of_bic
from eximledger.formats.text.values import are_abroad, currency_of, one_line, unique
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

__all__ = ["Statement"]

_LINE: Final = re.compile(
    r"(?P<value>[0-9]{6})(?:(?P<entry>[0-9]{4})|[ ]{4})?(?P<mark>R?[CD]|E[CD])(?P<funds>[A-Z])?"
    r"0{0,20}(?P<amount>[0-9]{1,15}[,.]?[0-9]*)(?P<type>[A-Za-z][A-Z0-9 ]{3})(?P<reference>(?:(?!//)[^\n])*)(?://(?P<bank>[^\n]*))?(?:\n(?P<details>.*))?",
    re.DOTALL,
)
_BALANCE: Final = re.compile(r"(?P<mark>[CD])(?P<day>[0-9]{6})(?P<currency>[A-Z]{3})(?P<amount>[0-9]{1,15}[,.]?[0-9]*)")
_SHORT: Final = timedelta(days=180)

_FEES: Final = "charges given back are no export receipt"
_OWN: Final = "a transfer between own accounts is no export receipt"
_TYPES: Final = {
    **dict.fromkeys(("CHG", "COM", "BRF"), _FEES),
    **dict.fromkeys(("CMI", "CMN", "CMS", "CMT", "CMZ", "SWP"), _OWN),
    **dict.fromkeys(("SEC", "DIV"), "proceeds of securities are no export receipt"),
    "INT": "interest is no export receipt",
    "FEX": "money bought or sold in a currency exchange is no export receipt",
    "LDP": "a loan or deposit paid out is no export receipt",
}
_RETURNED: Final = frozenset({"RTI", "RET"})
_DEBIT: Final = "a debit entry is no receipt"
_MAY_RETURN: Final = (
    "a debit that says it is a return: where it takes a credit back, have that receipt filed as reversed"
)
_DOMESTIC: Final = "a credit in CNY with no foreign amount, from nobody abroad, is no FX receipt"


@dataclass(frozen=True, slots=True)
class _Line:
    """One entry, by field 61."""

    field: Field
    mark: str
    amount: Money
    value_on: date
    entered_on: date | None
    kind: str
    reference: str
    bank: str
    details: str

    @property
    def credits(self) -> bool:
        """Whether the balance grows by it: a credit, or a debit that is taken back."""
        return self.mark in {"C", "RD", "EC"}

    @property
    def takes_back(self) -> bool:
        """Whether it takes a credit back: one that is reversed, or an item that is returned by the bank's own code."""
        return self.mark == "RC" or (self.mark == "D" and self.kind in _RETURNED)


class Statement:
    """The receipts of one message, and what of it they do not hold."""

    def __init__(self, message: Message) -> None:
        self._message = message
        self._form = f"mt{message.type}"
        self.unmapped: list[Unmapped] = []
        self.refused: list[InvalidDocument] = []
        account = message.need("25", "25P")
        self._account, self._bank = _account(account, message.sender)
        self._currency = _currency(message)
        self._is_offshore = any(
            re.match("[CD][0-9]{6}CNH|CNH", each.value) for each in message.fields if each.tag in _SUMS
        )
        self._number = message.find("28C", "28")
        self._made = _closing_day(message)
        self.receipts = self._read()

    def _read(self) -> list[FxReceipt]:
        found: list[FxReceipt] = []
        fields = self._message.fields
        total: list[Money | None] = []
        taken: set[int] = set()
        for index, field in enumerate(fields):
            if field.tag != "61":
                continue
            beside = fields[index + 1] if index + 1 < len(fields) and fields[index + 1].tag == "86" else None
            taken |= {index, index + 1} if beside is not None else {index}
            place = len(total) + 1
            try:
                line = self._line(field)
            except InvalidDocument as error:
                total.append(None)
                self._give_up(field, error)
                continue
            total.append(_moved(line))
            try:
                found += self._receipt(line, beside, place)
            except InvalidDocument as error:
                self._give_up(field, error)
        self._check_balance(total)
        for index, field in enumerate(fields):
            if index not in taken and field.tag not in _SAY_NOTHING:
                self.unmapped.append(Unmapped(field.where, _NOT_MODELLED, Cause.NOT_MODELLED))
        return found

    def _give_up(self, field: Field, error: InvalidDocument) -> None:
        self.refused.append(error)
        self.unmapped.append(Unmapped(field.where, error.reason, Cause.UNUSABLE))

    def _skip(self, line: _Line, reason: str) -> list[FxReceipt]:
        self.unmapped.append(Unmapped(line.field.where, reason, Cause.SKIPPED))
        return []

    def _line(self, field: Field) -> _Line:
        found = _LINE.fullmatch(field.value)
        if found is None:
            raise field.error("is no statement line such as 2603020302C1000,00NTRFREFERENCE//BANKREF")
        if found["funds"] is not None and found["funds"] != self._currency[2]:
            raise field.error(f"is in another currency than the balance, which is in {self._currency}")
        value_on = dated(field, found["value"])
        return _Line(
            field,
            found["mark"],
            money_in(field, self._currency, found["amount"]),
            value_on,
            _entered(field, found["entry"], value_on),
            found["type"][1:].strip().upper(),
            found["reference"].strip(),
            (found["bank"] or "").strip(),
            (found["details"] or "").strip(),
        )

    def _receipt(self, line: _Line, beside: Field | None, place: int) -> list[FxReceipt]:
        narrative = narrative_of(beside.value) if beside is not None else Narrative()
        if not line.credits and not line.takes_back:
            return self._skip(line, _MAY_RETURN if narrative.is_return else _DEBIT)
        if line.amount.amount <= 0:
            return self._skip(line, "a credit of nothing is no receipt")
        ordered = self._ordered(line, narrative)
        ordered = ordered if ordered is not None and ordered.amount > 0 and ordered != line.amount else None
        said = currency_of(narrative.original[0]) if narrative.original is not None and ordered is None else None
        foreign = {line.amount.currency, said or "CNY", ordered.currency if ordered is not None else "CNY"} != {"CNY"}
        if not foreign and not self._is_offshore and not are_abroad((narrative.payer, _bank_named(narrative))):
            return self._skip(line, _DOMESTIC)
        reason = None if line.takes_back else _TYPES.get(line.kind)
        return self._skip(line, reason) if reason else [self._document(line, narrative, ordered, place)]

    def _ordered(self, line: _Line, narrative: Narrative) -> Money | None:
        """The amount ordered; the payer's words, so one that is no amount costs nothing but itself."""
        try:
            return money_in(line.field, *narrative.original) if narrative.original is not None else None
        except InvalidDocument as error:
            self.unmapped.append(Unmapped(line.field.where, f"the amount ordered {error.reason}", Cause.UNUSABLE))
            return None

    def _document(self, line: _Line, narrative: Narrative, ordered: Money | None, place: int) -> FxReceipt:
        takes_back = line.takes_back
        reversal = not takes_back and (line.mark == "RD" or line.kind in _RETURNED or narrative.is_return)
        reference, kind = self._reference(line, narrative, place)
        references = references_in(narrative.remittance)
        allocations = allocations_of(references, line.amount, ordered) or ()
        identifiers = self._identifiers(line, narrative, reference)
        usable = [each.value for each in identifiers if each.scheme in _REVERSED_BY]
        return receipt_of(
            line.field,
            reference=reference,
            reference_kind=kind,
            statement=self._place(place),
            status=self._status(line),
            account=self._account,
            account_currency=self._currency,
            account_bank=self._bank,
            payer=narrative.payer,
            payer_account=narrative.payer_account,
            payer_bank=_bank_named(narrative),
            amount=line.amount,
            instructed_amount=ordered,
            booked_on=line.entered_on,
            value_on=line.value_on,
            reversal=reversal,
            reverses=unique([reference, *usable]) if takes_back else (),
            transaction_code=line.kind or None,
            remittance=narrative.remittance,
            references=references,
            allocations=() if reversal or takes_back else allocations,
            identifiers=identifiers,
            notes=tuple(part for part in (*narrative.notes, line.details) if part),
        )

    def _status(self, line: _Line) -> ReceiptStatus:
        """Expected credits are announced; a report of the day books nothing."""
        if line.mark.startswith("E"):
            return ReceiptStatus.PENDING
        return ReceiptStatus.INFORMATION if self._message.type == "942" else ReceiptStatus.BOOKED

    def _reference(self, line: _Line, narrative: Narrative, place: int) -> tuple[str, ReferenceKind]:
        """The bank's reference, else one of the payment, else the account owner's, else the statement and place."""
        if line.bank and is_reference(line.bank, self._account):
            return line.bank, ReferenceKind.SERVICER
        own = {each.scheme: each.value for each in narrative.identifiers}
        for scheme, kind in _KINDS.items():
            if scheme in own and is_reference(own[scheme], self._account):
                return own[scheme], kind
        if line.reference and is_reference(line.reference, self._account):
            return line.reference, ReferenceKind.PAYER
        return f"{self._report}-{place}", ReferenceKind.PLACE

    @property
    def _report(self) -> str:
        """The statement's number, else the message's reference."""
        return one_line((self._number or self._message.need("20")).value)

    def _identifiers(self, line: _Line, narrative: Narrative, reference: str) -> tuple[Identifier, ...]:
        found = list(narrative.identifiers)
        if line.bank and line.bank != reference:
            found.append(Identifier(scheme="AcctSvcrRef", value=line.bank))
        if line.reference and line.reference not in {reference, "NONREF"}:
            found.append(Identifier(scheme="CustomerRef", value=line.reference))
        found.append(Identifier(scheme="StatementId", value=self._message.need("20").value))
        return unique(found)

    def _place(self, place: int) -> StatementPlace:
        return StatementPlace(form=self._form, report=self._report, made=self._made, place=str(place))

    def _check_balance(self, entries: list[Money | None]) -> None:
        """Entries that do not lead from the first balance to the last are read as they stand, and that is reported."""
        opening, closing = self._message.find("60F", "60M"), self._message.find("62F", "62M")
        if opening is None or closing is None:
            return
        known = [entry for entry in entries if entry is not None]
        due = sum(known, _balance(opening))
        if len(known) == len(entries) and due != _balance(closing):
            reason = "is not what the first balance and the entries make"
            self.unmapped.append(Unmapped(closing.where, reason, Cause.UNUSABLE))


_NOT_MODELLED: Final = "the documents have no field for it"
_SAY_NOTHING: Final = frozenset({"20", "25", "25P", "28", "28C", "60F", "60M", "62F", "62M", "34F"})
_KINDS: Final = {
    "UETR": ReferenceKind.TRANSACTION,
    "TxId": ReferenceKind.TRANSACTION,
    "EndToEndId": ReferenceKind.PAYER,
    "InstrId": ReferenceKind.PAYER,
}
_REVERSED_BY: Final = {"AcctSvcrRef", *_KINDS}


def _account(field: Field, sender: str | None) -> tuple[str, Party | None]:
    """The account, behind its bank's code where one stands before it, and the bank by its BIC."""
    lines = [line.strip() for line in field.value.split("\n") if line.strip()]
    if not lines:
        raise field.error("is empty")
    before, slash, account = lines[0].rpartition("/")
    if currency_of(account) is not None and "/" in before:  # bank/account/currency
        before, slash, account = before.rpartition("/")
    account = account if slash else lines[0]
    with_currency = re.fullmatch(r"([0-9]{5,})\s?[A-Z]{3}", account)
    bic = next((text for text in (*lines[1:], before) if _BIC.fullmatch(text)), sender)
    return (with_currency[1] if with_currency else account), party_of_bic(bic) if bic is not None else None


_BIC: Final = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")


_SUMS: Final = frozenset({"60F", "60M", "62F", "62M", "34F"})


def _bank_named(narrative: Narrative) -> Party | None:
    """The payer's bank; a BIC in the place of its name is its number, too."""
    name = narrative.payer_bank
    if name is None:
        return None
    return party_of_bic(name) if _BIC.fullmatch(name) else Party(name=name)


def _currency(message: Message) -> str:
    """The currency of the statement, by its balances or its floor limit, which agree. Entries state none."""
    own: str | None = None
    for field in message.fields:
        found = re.match(r"[CD][0-9]{6}([A-Z]{3})", field.value) if field.tag in {"60F", "60M", "62F", "62M"} else None
        found = re.match(r"([A-Z]{3})", field.value) if field.tag == "34F" else found
        if found is not None:
            said = money_in(field, found[1], "0,").currency
            if own is not None and said != own:
                raise field.error(f"is in {said}, and another sum of the statement in {own}")
            own = said
    return own or money_in(message.need("60F", "60M", "62F", "34F"), "", "0,").currency


def _moved(line: _Line) -> Money:
    """What an entry does to the balance: nothing where it is expected (EC, ED)."""
    if line.mark.startswith("E"):
        return line.amount - line.amount
    return line.amount if line.credits else -line.amount


def _balance(field: Field) -> Money:
    found = _BALANCE.match(field.value)
    if found is None:
        raise field.error("is no balance such as C260302USD1000,00")
    amount = money_in(field, found["currency"], found["amount"])
    return amount if found["mark"] == "C" else -amount


def _closing_day(message: Message) -> str | None:
    """When the statement was made: the day of its last balance, or the moment that a report of the day states."""
    closing, moment = message.find("62F", "62M"), message.find("13D", "13")
    if closing is not None and (found := _BALANCE.match(closing.value)) is not None:
        return dated(closing, found["day"]).isoformat()
    return moment.value if moment is not None else None


def _entered(field: Field, text: str | None, value_on: date) -> date | None:
    """MMDD in the year that is nearest to the value date."""
    if text is None:
        return None
    for year in (value_on.year, value_on.year - 1, value_on.year + 1):
        try:
            found = date(year, int(text[:2]), int(text[2:]))
        except ValueError:
            continue
        if abs(found - value_on) <= _SHORT:
            return found
    raise field.error(f"has an entry date that is not of the calendar: {text}")
