"""A loan's life as the judge keeps it: what was drawn, repaid and is owed, and what it must hold. Day by day, exact.

Stated anew: nothing of `eximledger_chaincode` is imported here either. The players' loans are in CNY.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Final

from tests.trust.adversary.hidden import Json, require

__all__ = ["HOLDING", "RUNNING", "TAKEN", "Life", "amount_of"]

RUNNING: Final = frozenset({"disbursed", "overdue", "indemnity-sought"})
HOLDING: Final = RUNNING | {"approved", "written-off", "closed"}
TAKEN: Final[Mapping[str, tuple[frozenset[str], str]]] = {
    "disbursement": (frozenset({"approved", "disbursed"}), "disbursed"),
    "repayment": (RUNNING | {"written-off"}, ""),
    "extension": (frozenset({"disbursed", "overdue"}), "disbursed"),
    "indemnity": (frozenset({"disbursed", "overdue"}), "indemnity-sought"),
    "withdrawal": (frozenset({"approved"}), "withdrawn"),
    "write-off": (RUNNING, "written-off"),
}
"""From which states each step of two persons is taken, and to which it leads; a repayment stays or closes."""
_CENT: Final = Fraction(1, 100)
_DAY: Final = timedelta(days=1)


@dataclass
class Life:
    """From the approval on."""

    loan_id: str
    approved: Fraction
    items: Mapping[str, tuple[str, Fraction]]
    matures: date
    terms: Json
    draws_until: date
    state: str = "approved"
    drawn: Fraction = Fraction(0)
    repaid: Fraction = Fraction(0)
    by_insurer: Fraction = Fraction(0)
    interest_paid: Fraction = Fraction(0)
    flows: dict[date, Fraction] = field(default_factory=dict)
    """Principal by day, drawn or (below nothing) repaid."""
    legs: list[tuple[date, date, Fraction]] = field(default_factory=list)
    """Since, maturity, per cent a year."""
    references: set[tuple[str, str]] = field(default_factory=set)
    last: date = date.min
    asked: bool = False
    """Whether an insurer was asked to pay."""

    # -- what is owed ----------------------------------------------------------------------------------------------

    @property
    def outstanding(self) -> Fraction:
        return self.drawn - self.repaid

    def interest(self, day: date) -> Fraction:
        """All that has run until a day, rounded: each day's principal at that day's rate."""
        total, principal = Fraction(0), Fraction(0)
        each = min(self.flows, default=day)
        while each < day:
            principal += self.flows.get(each, Fraction(0))
            total += principal * self._rate(each)
            each += _DAY
        return _rounded(total / (100 * int(self.terms.get("day_count") or 360)))

    def _rate(self, day: date) -> Fraction:
        _, matures, rate = next(leg for leg in reversed(self.legs) if leg[0] <= day or leg is self.legs[0])
        return rate if day < matures else rate * (100 + Fraction(self.terms["overdue_surcharge_percent"])) / 100

    def due(self, day: date) -> Fraction:
        return max(self.interest(day) - self.interest_paid, Fraction(0))

    def owed(self, day: date) -> Fraction:
        return self.outstanding + self.due(day)

    @property
    def held(self) -> dict[str, tuple[str, Fraction]]:
        """In proportion to what others than the insurer have not repaid, up to the next cent."""
        if self.state not in HOLDING:
            return {}
        whole = self.drawn if self.state in {"closed", "written-off"} else self.approved
        part = (whole - (self.repaid - self.by_insurer)) / self.approved
        kept = {number: (of, Fraction(ceil(amount * part * 100), 100)) for number, (of, amount) in self.items.items()}
        return {number: found for number, found in kept.items() if found[1]}

    # -- steps -----------------------------------------------------------------------------------------------------

    def take(self, payment: Json, today: date) -> None:
        """A step of two persons, as it was confirmed. Raises `Violation`."""
        said, step = payment["proposal"], payment["proposal"]["step"]
        before, after = TAKEN[step]
        require(self.state in before, "a", step, "of loan", self.loan_id, "that is", self.state)
        if said.get("amount"):
            self._require_money(said, step)
        day = date.fromisoformat(said["day"]) if said.get("day") else today
        getattr(self, f"_{step.replace('-', '_')}")(payment, day, today)
        self.state = after or ("closed" if not self.owed(day) else self.state)
        self.last = max(self.last, day)
        require(self.outstanding >= 0, "loan", self.loan_id, "repaid more than was drawn")
        require(self.drawn <= self.approved, "loan", self.loan_id, "drew more than was approved:", float(self.drawn))

    def _require_money(self, said: Json, step: str) -> None:
        reference, day = (step, said["reference"]), date.fromisoformat(said["day"])
        require(said["amount"]["currency"] == "CNY", "loan", self.loan_id, "is in CNY, not", said["amount"])
        require(amount_of(said) > 0, "a", step, "of nothing")
        require(reference not in self.references, "a reference twice:", reference, "of loan", self.loan_id)
        require(day >= self.last, "a step of", day, "after one of", self.last, "of loan", self.loan_id)
        self.references.add(reference)

    def _disbursement(self, payment: Json, day: date, today: date) -> None:
        said = payment["proposal"]
        require(max(day, today) <= self.draws_until, "drawn on", day, "that could be until", self.draws_until)
        require(max(day, today) < self.matures, "drawn on", day, "to be repaid on", self.matures)
        met = {each["condition"] for each in said.get("conditions", ())}
        require(self.drawn > 0 or "pledge-registration" in met, "loan", self.loan_id, "drawn without its pledge")
        amount, rate = amount_of(said), Fraction(self.terms["rate_percent"])
        if not self.legs:
            self.legs.append((day, self.matures, rate))
        kept = Fraction(0)
        if self.terms["interest"] == "advance":
            days = (self.matures - day).days
            kept = _rounded(amount * self.legs[-1][2] * days / (100 * int(self.terms.get("day_count") or 360)))
        self._require_parts(payment, kept, amount)
        self.drawn += amount
        self.interest_paid += kept
        self.flows[day] = self.flows.get(day, Fraction(0)) + amount

    def _repayment(self, payment: Json, day: date, today: date) -> None:
        said, amount = payment["proposal"], amount_of(payment["proposal"])
        require(day <= today, "loan", self.loan_id, "repaid on", day, "by money that is to come after", today)
        require(amount <= self.owed(day), "loan", self.loan_id, "repaid", float(amount), "of", float(self.owed(day)))
        interest = min(amount, self.due(day))
        self._require_parts(payment, interest, amount - interest)
        if said.get("source") == "insurer":
            require(self.asked, "an insurer paid for loan", self.loan_id, "that nobody asked")
            self.by_insurer += amount - interest
        self.interest_paid += interest
        self.repaid += amount - interest
        self.flows[day] = self.flows.get(day, Fraction(0)) - (amount - interest)

    def _require_parts(self, payment: Json, interest: Fraction, principal: Fraction) -> None:
        parts = [Fraction(payment[name]["amount"]) for name in ("interest", "principal")]
        require(parts == [interest, principal], "loan", self.loan_id, "booked", payment, "not", [interest, principal])

    def _extension(self, payment: Json, day: date, today: date) -> None:
        said = payment["proposal"]
        until = date.fromisoformat(said["matures_on"])
        require(until > max(self.matures, today), "extended from", self.matures, "to", until)
        rate = said.get("rate_percent")
        self.legs.append((day, until, self.legs[-1][2] if rate is None else Fraction(rate)))
        self.matures = until

    def _indemnity(self, payment: Json, day: date, _today: date) -> None:
        amount = amount_of(payment["proposal"])
        require(amount <= self.owed(day), "an insurer asked for", float(amount), "of", float(self.owed(day)))
        self.asked = True

    def _withdrawal(self, *_: object) -> None:
        require(not self.drawn, "withdrawn and drawn")

    def _write_off(self, *_: object) -> None:
        """What is owed stays owed."""

    # -- by the day ------------------------------------------------------------------------------------------------

    def lapse(self, today: date) -> None:
        require(self.state == "approved" and today > self.draws_until, "lapsed", self.loan_id, "before its end")
        self.state = "lapsed"

    def overdue(self, today: date) -> None:
        require(self.state == "disbursed" and today > self.matures, "overdue", self.loan_id, "before its end")
        self.state = "overdue"


def amount_of(proposal: Json) -> Fraction:
    return Fraction(proposal["amount"]["amount"])


def _rounded(amount: Fraction) -> Fraction:
    """To the cent, half up."""
    return floor(amount / _CENT + Fraction(1, 2)) * _CENT
