"""Delivery terms and payment of an INVOIC."""

from __future__ import annotations

from datetime import date

from eximledger.formats.edifact.parties import account_parts
from eximledger.formats.edifact.segments import Group
from eximledger.formats.edifact.values import day_at, number_at
from eximledger.formats.text.terms import incoterm_in, payment_days_in
from eximledger.formats.text.values import unique
from eximledger_chaincode.documents import PaymentAccount

__all__ = ["Payment", "Terms"]


class Terms:
    """Delivery terms (TOD) and their place."""

    def __init__(self, header: Group) -> None:
        self.incoterm: str | None = None
        self.place: str | None = None
        self.written: str | None = None
        group = header.find("TOD")
        if group is None:
            return
        segment = group.segment
        segment.at(1)
        segment.at(2)
        code = segment.at(3, 1)
        text = " ".join(segment.texts(3, range(4, 6)))
        self.incoterm = incoterm_in(" ".join((code or "", text)))
        for component in (2, 3):
            segment.at(3, component)
        self.written = text if text and text.upper() != self.incoterm else None
        place = group.find("LOC", "1", "4", "7")
        if place is not None:
            place.segment.at(1)
            self.place = place.segment.at(2, 4) or place.segment.at(2, 1)


class Payment:
    """Due date, days, terms and accounts. A discount (PAT 22) is no term of the claim, and is reported."""

    def __init__(self, header: Group) -> None:
        self.due_on: date | None = None
        self.days: int | None = None
        written: list[str] = []
        for group in header.all("PAT", "1", "3", "10"):
            segment = group.segment
            segment.at(1)
            written += segment.texts(2, range(4, 6))
            if self.due_on is None:
                self.due_on = day_at(group, "13", "265", "140")
            if segment.at(3, 3) == "D" and self.days is None:
                days = number_at(segment, 3, 4)
                self.days = int(days) if days is not None and days == int(days) and 0 <= days <= 3650 else None
                segment.at(3, 1)
                segment.at(3, 2)
        self.terms = "\n".join(written) or None
        if self.days is None and self.terms is not None:
            self.days = payment_days_in(self.terms)
        accounts = []
        for party in header.all("NAD", "PE", "SE", "SU", "II"):
            account, holder, bank = account_parts(party)
            accounts.append(PaymentAccount(account=account, account_name=holder, bank=bank))
        self.accounts = unique([each for each in accounts if each != PaymentAccount()])
