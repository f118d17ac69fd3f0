"""The steps that take two persons: one proposes just what is to happen, another confirms it, and only then it does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Final, NamedTuple, Self

from pydantic import Field, StringConstraints, model_validator

from eximledger_chaincode.documents import Money, Value, minor_units
from eximledger_chaincode.documents.parts.base import Day, Moment
from eximledger_chaincode.documents.parts.identifiers import Number
from eximledger_chaincode.documents.parts.money import Currency, Rate
from eximledger_chaincode.documents.parts.record import Hex256
from eximledger_chaincode.documents.parts.terms import Condition, YearlyPercent
from eximledger_chaincode.lending.exact import half_up
from eximledger_chaincode.lending.packing.bill import ExportBill
from eximledger_chaincode.lending.roles import Person
from eximledger_chaincode.lending.time import day_in_china
from hlf_chaincode.canonical import canonical_json, sha256_hex
from hlf_chaincode.wording import with_article

__all__ = [
    "ConditionMet",
    "Exchange",
    "Override",
    "Payment",
    "Proposal",
    "Proposed",
    "Reason",
    "RepaidBy",
    "Step",
]

Reason = Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=r"^[^\x00]*$")]


class Step(StrEnum):
    """A step that takes two persons."""

    DISBURSEMENT = "disbursement"
    REPAYMENT = "repayment"
    EXTENSION = "extension"
    CONVERSION = "conversion"
    """A packing loan becomes an export bill: its hold moves from contracts and credits to declarations."""
    INDEMNITY = "indemnity"
    """The insurer is asked to pay; what it pays is a repayment."""
    WITHDRAWAL = "withdrawal"
    WRITE_OFF = "write-off"


class RepaidBy(StrEnum):
    EXPORTER = "exporter"
    BUYER = "buyer"
    """Out of a receipt for the exports."""
    INSURER = "insurer"


class ConditionMet(Value):
    """By which paper or number a condition precedent is met."""

    condition: Condition
    reference: Number


class Exchange(Value):
    """What is paid in another currency than the loan's, and at which rate: so much of the one for 1 of `base`."""

    money: Money
    base: Currency
    rate: Rate

    @model_validator(mode="after")
    def _positive(self) -> Self:
        if self.money.amount <= 0:
            raise ValueError("money: more than zero is paid")
        return self

    def gives(self, amount: Money) -> bool:
        """Whether the rate makes of the one just the other, to the minor unit of the one that is not the base."""
        one, other = (amount, self.money) if amount.currency == self.base else (self.money, amount)
        if one.currency != self.base or other.currency == self.base:
            return False
        return half_up(Fraction(one.amount) * Fraction(self.rate), minor_units(other.currency)) == other.amount

    def __str__(self) -> str:
        return f"{self.money} at {self.rate} for 1 {self.base}"


class Override(Value):
    """An officer's reason for setting aside one finding, named by `Finding.id`."""

    finding: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    reason: Reason


class _Says(NamedTuple):
    """What a proposal of a step says, and what else it may say."""

    must: frozenset[str]
    may: frozenset[str] = frozenset()


_PAID: Final = frozenset({"amount", "day", "reference"})
_SAYS: Final[Mapping[Step, _Says]] = {
    Step.DISBURSEMENT: _Says(_PAID, frozenset({"exchange", "conditions"})),
    Step.REPAYMENT: _Says(_PAID, frozenset({"exchange", "source", "receipt"})),
    Step.EXTENSION: _Says(frozenset({"matures_on", "reason"}), frozenset({"rate_percent", "overrides"})),
    Step.CONVERSION: _Says(frozenset({"bill"}), frozenset({"conditions", "matures_on", "rate_percent", "overrides"})),
    Step.INDEMNITY: _Says(_PAID | {"insurer"}),
    Step.WITHDRAWAL: _Says(frozenset({"reason"})),
    Step.WRITE_OFF: _Says(frozenset({"reason"})),
}
_NOTHING: Final = (None, ())


class Proposal(Value):
    """What one person proposes and another confirms.

    A disbursement or repayment is an amount in the loan's currency, a day and the bank's own reference; an indemnity is
    the amount asked of an insurer, the day and the claim's reference; an extension a new maturity and a reason, with
    the overrides of what refers the loan then; a conversion the export bill, and what it changes of the terms; a
    withdrawal or a write-off has a reason.
    """

    step: Step
    amount: Money | None = None
    day: Day | None = None
    reference: Number | None = None
    exchange: Exchange | None = None
    """Where it is paid in another currency: a loan that is bought, a receipt that is sold to the bank."""
    conditions: Annotated[tuple[ConditionMet, ...], Field(max_length=10)] = ()
    source: RepaidBy | None = None
    """Who repays; the exporter where nothing is said, the buyer where a receipt is named."""
    receipt: Annotated[str, StringConstraints(min_length=1, max_length=400)] | None = None
    """The ledger's id of the receipt on SAFE's channel out of which is repaid."""
    matures_on: Day | None = None
    rate_percent: YearlyPercent | None = None
    """From the extension on; the rate as it was where nothing is said."""
    overrides: Annotated[tuple[Override, ...], Field(max_length=200)] = ()
    insurer: Number | None = None
    bill: ExportBill | None = None
    reason: Reason | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        said = {name for name in type(self).model_fields if name != "step" and getattr(self, name) not in _NOTHING}
        must, may = _SAYS[self.step]
        if lacking := sorted(must - said):
            raise ValueError(f"{lacking[0]}: {with_article(self.step.value)} has {_listed(must)}")
        if beyond := sorted(said - must - may):
            raise ValueError(f"{beyond[0]}: {with_article(self.step.value)} has {_listed(must | may)} and nothing else")
        self._require_amounts()
        if self.receipt is not None and self.source not in {None, RepaidBy.BUYER}:
            raise ValueError("source: what is repaid out of a receipt is the buyer's money")
        met = [each.condition for each in self.conditions]
        if len(set(met)) != len(met):
            raise ValueError("conditions: a condition is met by one paper")
        return self

    def _require_amounts(self) -> None:
        if self.amount is None:
            return
        if self.amount.amount <= 0:
            raise ValueError(f"amount: {with_article(self.step.value)} is more than zero")
        if self.exchange is not None and not self.exchange.gives(self.amount):
            raise ValueError(f"exchange: {self.exchange} does not give {self.amount}")

    @property
    def by(self) -> RepaidBy:
        """Who repays."""
        return self.source or (RepaidBy.EXPORTER if self.receipt is None else RepaidBy.BUYER)

    @property
    def words(self) -> str:
        """What is proposed, as a person reads it: all that it says, so that nobody confirms what was not shown."""
        parts = [self.amount, self.day, self.reference]
        if self.exchange is not None:
            parts.append(f"({self.exchange})")
        parts += [f"{each.condition} by {each.reference}" for each in self.conditions]
        if self.source is not None or self.receipt is not None:
            parts.append(f"from the {self.by}")
        if self.receipt is not None:
            parts.append(f"out of receipt {self.receipt}")
        if self.matures_on is not None:
            parts.append(f"until {self.matures_on}")
        if self.rate_percent is not None:
            parts.append(f"at {self.rate_percent} % a year")
        if self.bill is not None:
            parts += self.bill.words
        if self.insurer is not None:
            parts.append(f"asked of {self.insurer}")
        parts.append(self.reason)
        parts += [f"{each.finding} set aside: {each.reason}" for each in self.overrides]
        return ", ".join(str(part) for part in parts if part is not None)

    @property
    def id(self) -> str:
        """SHA-256 of the proposal: what the second person names to confirm just this."""
        return sha256_hex(canonical_json(self))


class Proposed(Value):
    """A proposal as it waits for the second person; nothing moves before. `sha256` is what that person names."""

    proposal: Proposal
    sha256: Hex256
    by: Person
    at: Moment


class Payment(Value):
    """A step that two persons took: what was proposed and confirmed. `at` is the time of the confirmation."""

    proposal: Proposal
    proposed_by: Person
    confirmed_by: Person
    at: Moment
    principal: Money | None = None
    """Of a disbursement what was drawn, of a repayment what it repaid of that."""
    interest: Money | None = None
    """What the repayment paid of the interest, or what was kept back from the disbursement in advance."""

    evidence_hash: Hex256 | None = None
    """That of the verdict by which the case was judged again."""

    @property
    def day(self) -> date:
        """Its value date; of a step that moves no money the day of its confirmation in China."""
        return self.proposal.day or day_in_china(self.at)


def _listed(fields: frozenset[str]) -> str:
    return ", ".join(name for name in Proposal.model_fields if name in fields)
