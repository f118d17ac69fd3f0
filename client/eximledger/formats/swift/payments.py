"""SWIFT MT910 (a credit is confirmed) and MT103 (a payment is on its way) as receipts.

An MT910 is of the account's bank and books; an MT103 is an order between banks and informs. Sources: SWIFT Standards
MT, category 9 (MT910) and category 1 (MT103).
"""

from __future__ import annotations

import re
from typing import Final

from eximledger.formats._reading import Cause, Unmapped
from eximledger.formats.camt.details import allocations_of
from eximledger.formats.swift.fields import Field, Message
from eximledger.formats.swift.made import receipt_of
from eximledger.formats.swift.narrative import references_in
from eximledger.formats.swift.values import account_in, bank_in, dated, money_in, party_in, party_of_bic
from eximledger.formats.text.values import are_abroad, decimal_of, unique
from eximledger_chaincode.documents import (
    AllowanceCharge,
    CurrencyExchange,
    FxReceipt,
    Identifier,
    Money,
    ReceiptStatus,
    ReferenceKind,
    StatementPlace,
    is_reference,
)

__all__ = ["Advice"]

_SETTLED: Final = re.compile(r"(?P<day>[0-9]{6})(?P<currency>[A-Z]{3})(?P<amount>[0-9,.]+)")
_ORDERED: Final = re.compile(r"(?P<currency>[A-Z]{3})(?P<amount>[0-9,.]+)")
_PAYER: Final = ("50K", "50F", "50A", "50")
_PAYERS_BANK: Final = ("52A", "52D")
_BENEFICIARY: Final = ("59", "59A", "59F")
_DOMESTIC: Final = "a credit in CNY with no foreign amount, from nobody abroad, is no FX receipt"
_READ: Final = frozenset(
    {"20", "21", "23B", "25", "25P", "32A", "33B", "36", "70", "71A", "71F", "71G", "72"}
    | {*_PAYER, *_PAYERS_BANK, *_BENEFICIARY}
)


class Advice:
    """The receipt of one message, perhaps none, and what of it is in no receipt."""

    def __init__(self, message: Message) -> None:
        self._message = message
        self.unmapped = [
            Unmapped(field.where, "the documents have no field for it", Cause.NOT_MODELLED)
            for field in message.fields
            if field.tag not in _READ
        ]
        self.receipts = self._read()

    def _read(self) -> list[FxReceipt]:
        settled = self._message.need("32A")
        found = _SETTLED.fullmatch(settled.value.strip())
        if found is None:
            raise settled.error("is no date, currency and amount such as 260302USD1000,00")
        amount = money_in(settled, found["currency"], found["amount"])
        ordered = self._ordered(amount)
        foreign = amount.currency != "CNY" or (ordered is not None and ordered.currency != "CNY")
        parties = (party_in(self._message.find(*_PAYER)), bank_in(self._message.find(*_PAYERS_BANK)))
        if not foreign and found["currency"] != "CNH" and not are_abroad(parties):
            self.unmapped.append(Unmapped(settled.where, _DOMESTIC, Cause.SKIPPED))
            return []
        return [self._document(settled, found["day"], amount, ordered)]

    def _document(self, settled: Field, day: str, amount: Money, ordered: Money | None) -> FxReceipt:
        message, books = self._message, self._message.type == "910"
        account = self._account()
        remittance = self._lines("70")
        references = references_in(remittance)
        reference, kind = self._reference(account, books=books)
        value_on = dated(settled, day)
        reversal = any("/RETN/" in text or "/REJT/" in text for text in self._lines("72"))
        return receipt_of(
            settled,
            reference=reference,
            reference_kind=kind,
            statement=StatementPlace(form=f"mt{message.type}", report=message.need("20").value, place="1"),
            status=ReceiptStatus.BOOKED if books else ReceiptStatus.INFORMATION,
            account=account,
            account_currency=amount.currency if books else None,
            account_bank=party_of_bic(message.sender) if books and message.sender is not None else None,
            payer=party_in(message.find(*_PAYER)),
            payer_account=account_in(message.find(*_PAYER)),
            payer_bank=bank_in(message.find(*_PAYERS_BANK)),
            beneficiary=party_in(message.find(*_BENEFICIARY)),
            amount=amount,
            instructed_amount=ordered,
            exchanges=self._exchanges(amount, ordered),
            charges=self._charges(),
            booked_on=value_on if books else None,
            value_on=value_on,
            reversal=reversal,
            remittance=remittance,
            references=references,
            allocations=() if reversal else allocations_of(references, amount, ordered) or (),
            identifiers=self._identifiers(reference),
            notes=self._lines("72"),
        )

    def _account(self) -> str:
        """Of an MT910 the account that it is about, of an MT103 the beneficiary's."""
        if self._message.type == "910":
            field = self._message.need("25", "25P")
            account = field.value.split("\n", 1)[0].strip().rpartition("/")[2]
        else:
            field = self._message.need(*_BENEFICIARY)
            account = account_in(field) or ""
        if not account:
            raise field.error("has no account")
        return account

    def _lines(self, tag: str) -> tuple[str, ...]:
        found = [field.value for field in self._message.fields if field.tag == tag]
        lines = ["\n".join(line.strip() for line in text.split("\n") if line.strip()) for text in found]
        return tuple(text for text in lines if text)

    def _ordered(self, amount: Money) -> Money | None:
        field = self._message.find("33B")
        if field is None:
            return None
        found = _ORDERED.fullmatch(field.value.strip())
        if found is None:
            raise field.error("is no currency and amount such as USD1000,00")
        ordered = money_in(field, found["currency"], found["amount"])
        return ordered if ordered.amount > 0 and ordered != amount else None

    def _exchanges(self, amount: Money, ordered: Money | None) -> tuple[CurrencyExchange, ...]:
        field = self._message.find("36")
        if field is None or ordered is None or ordered.currency == amount.currency:
            return ()
        try:
            rate = decimal_of(field.value.strip().replace(",", ".").rstrip("."))
        except ValueError as error:
            raise field.error(str(error)) from None
        if rate <= 0:
            raise field.error("is no rate above zero")
        return (CurrencyExchange(source=ordered.currency, target=amount.currency, rate=rate),)

    def _charges(self) -> tuple[AllowanceCharge, ...]:
        found = []
        for field in self._message.fields:
            stated = _ORDERED.fullmatch(field.value.strip()) if field.tag in {"71F", "71G"} else None
            if stated is not None:
                money = money_in(field, stated["currency"], stated["amount"])
                found.append(AllowanceCharge(charge=True, amount=money, reason_code=field.tag))
        return tuple(found)

    def _reference(self, account: str, *, books: bool) -> tuple[str, ReferenceKind]:
        own, uetr = self._message.need("20").value.strip(), self._message.uetr
        if books and is_reference(own, account):
            return own, ReferenceKind.SERVICER
        if uetr is not None:
            return uetr, ReferenceKind.TRANSACTION
        if is_reference(own, account):
            return own, ReferenceKind.TRANSACTION
        return own or "MT", ReferenceKind.PLACE

    def _identifiers(self, reference: str) -> tuple[Identifier, ...]:
        related = self._message.find("21")
        found = [
            ("UETR", self._message.uetr),
            ("SendersReference", self._message.need("20").value.strip()),
            ("RelatedReference", related.value.strip() if related is not None else None),
        ]
        return unique([Identifier(scheme=s, value=v) for s, v in found if v and v not in {reference, "NONREF"}])
