"""What may be lent against, from what was committed: the open claim on the buyer, and what is eligible on it.

    open claim = min(FOB value, invoices of it) - prepaid on them - receipts that name it or its invoice
    eligible   = ratio x what the loan occupies, at the rates of the day

The players declare FOB (transaction mode 3) and invoice each export by itself, so nothing is spread here. Amounts are
exact fractions; contracts round each converted amount to a cent, so `CENTS` are between them and this at most.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final

__all__ = ["CENTS", "Claim", "Credit", "Knowledge", "Unconvertible"]

CENTS: Final = Fraction(1, 10)
_OLDEST: Final = timedelta(days=10)
_BUILT_IN: Final = {"financed_percent": "80"}
_FLOOR: Final = Fraction(90)


class Unconvertible(Exception):
    """There is no quotation for it: nothing may be approved on it."""


@dataclass
class Credit:
    """One credit on an account, however often and in whatever order it was reported."""

    currency: str
    amount: Fraction
    booked: bool = False
    reversed: bool = False
    exporter: str | None = None
    declarations: dict[str, Fraction] = field(default_factory=dict)
    invoices: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Claim:
    """The open claim of one declaration; `cny` prices the currencies of holds at the export date."""

    currency: str
    amount: Fraction
    cny: dict[str, Fraction]

    def taken(self, held: dict[str, Fraction]) -> Fraction:
        """Holds in the declaration's currency."""
        total = Fraction(0)
        for currency, amount in held.items():
            if currency == self.currency:
                total += amount
                continue
            if currency not in self.cny or self.currency not in self.cny:
                raise Unconvertible(currency)
            total += amount * self.cny[currency] / self.cny[self.currency]
        return total


@dataclass
class Knowledge:
    """What customs, SAFE and the banks have committed, as JSON."""

    declarations: dict[str, dict[str, Any]] = field(default_factory=dict)
    rates: dict[tuple[str, date], Fraction] = field(default_factory=dict)
    credits: dict[tuple[str, str], Credit] = field(default_factory=dict)
    """By account and reference."""
    papers: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)
    """By bank, kind and number; the players give every paper a number of its own."""
    policies: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """The policies in each bank's book."""

    def report(self, arguments: Sequence[bytes]) -> None:
        """Receipts as they were reported: what a credit is known by, whatever the ledger made of it."""
        if arguments[1] != b"receipt":
            return
        given = json.loads(arguments[2])
        for receipt in given if isinstance(given, list) else [given]:
            key = receipt["account"], receipt["reference"]
            if receipt.get("reverses"):
                for reference in receipt["reverses"]:
                    self.credits[receipt["account"], reference].reversed = True
                continue
            amount = Fraction(receipt["amount"]["amount"])
            credit = self.credits.setdefault(key, Credit(receipt["amount"]["currency"], amount))
            credit.booked |= receipt.get("status", "booked") == "booked"
            credit.exporter = credit.exporter or receipt.get("exporter_uscc")
            for each in receipt.get("allocations", ()):
                credit.declarations[each["declaration_number"]] = Fraction(each["amount"]["amount"])
            named = {each["number"] for each in receipt.get("references", ()) if each["kind"] == "invoice"}
            credit.invoices |= named | set(receipt.get("remittance", ()))

    def rate(self, currency: str, day: date) -> Fraction:
        """CNY for one."""
        if currency == "CNY":
            return Fraction(1)
        for age in range(_OLDEST.days + 1):
            found = self.rates.get((currency, day - timedelta(days=age)))
            if found is not None:
                return found
        raise Unconvertible(f"{currency} on {day}")

    def claim(self, bank: str, number: str, invoices: list[str]) -> Claim:
        """Of a declaration, as a bank sees it that shows these invoices. Raises `Unconvertible`."""
        declaration = self.declarations[number]
        currency, day = declaration["total"]["currency"], _day(declaration)
        due = Fraction(declaration["total"]["amount"])
        if declaration["status"] == "cancelled":
            due = Fraction(0)
        shown = list(self._invoices(bank, number, invoices))
        prepaid = Fraction(0)
        if shown:
            invoiced = Fraction(0)
            for invoice in shown:
                totals = invoice["totals"]
                before = Fraction((totals.get("prepaid") or {"amount": "0"})["amount"])
                gross = Fraction(totals["payable"]["amount"]) + before
                invoiced += self._in(currency, gross, invoice["currency"], day)
                prepaid += self._in(currency, before, invoice["currency"], day)
            due = min(due, invoiced)
        named = frozenset(invoice["invoice_number"] for invoice in shown)
        seller = declaration["consignor"]["uscc"]
        received = sum(self._received(number, named, seller, currency, day), Fraction(0))
        cny = {"CNY": Fraction(1)}
        for each in {currency, *(found for found, _ in self.rates)}:
            try:
                cny[each] = self.rate(each, day)
            except Unconvertible:
                continue
        return Claim(currency, max(due - prepaid - received, Fraction(0)), cny)

    def _invoices(self, bank: str, number: str, names: list[str]) -> Iterator[dict[str, Any]]:
        for name in names:
            invoice = self.papers.get((bank, "invoice", name))
            if invoice is not None and number in invoice["declaration_numbers"]:
                yield invoice

    def _received(
        self, number: str, invoices: frozenset[str], seller: str, currency: str, day: date
    ) -> Iterator[Fraction]:
        for credit in self.credits.values():
            if not credit.booked or credit.reversed or credit.exporter not in (None, seller):
                continue
            if number in credit.declarations:
                yield self._in(currency, credit.declarations[number], credit.currency, day)
            elif credit.exporter == seller and not credit.declarations and credit.invoices & invoices:
                # an invoice's number is its seller's own: whose credit it is must be known
                yield self._in(currency, credit.amount, credit.currency, day)

    def _in(self, currency: str, amount: Fraction, of: str, day: date) -> Fraction:
        if of == currency or not amount:
            return amount
        return amount * self.rate(of, day) / self.rate(currency, day)

    def policy(self, bank: str, day: date) -> dict[str, Any]:
        """The one in force: of those begun the latest, of one day the one made last."""
        found = self._in_force(bank, day)
        return dict(_BUILT_IN) if found is None else dict(found["document"])

    def policy_version(self, bank: str, day: date) -> int:
        """Its version; 0 of the built-in one."""
        found = self._in_force(bank, day)
        return 0 if found is None else int(found["version"])

    def _in_force(self, bank: str, day: date) -> dict[str, Any] | None:
        begun = [each for each in self.policies.get(bank, []) if each["document"]["effective_from"] <= day.isoformat()]
        return max(begun, key=lambda each: (each["document"]["effective_from"], each["version"]), default=None)

    def eligible(self, bank: str, items: dict[str, tuple[str, Fraction]], day: date) -> Fraction:
        """CNY that may be lent on what a loan occupies. Raises `Unconvertible`."""
        worth = sum((amount * self.rate(currency, day) for currency, amount in items.values()), Fraction(0))
        percent = min(Fraction(self.policy(bank, day)["financed_percent"]), _FLOOR)
        return worth * percent / 100


def _day(declaration: dict[str, Any]) -> date:
    return date.fromisoformat(declaration["exported_on"] or declaration["declared_on"])
