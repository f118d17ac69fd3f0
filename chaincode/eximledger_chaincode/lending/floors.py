"""The consortium's floors, and the policies of a bank above them: which one holds on a day, and who made it.

Floors bound the consent of exporters and the matching of papers, too: no bank decides by itself how it comes to see.

Values and pure functions. A bank's policy is judged against the floors when it is proposed, and bounded by them when a
case is judged, for floors may rise later.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from eximledger_chaincode.documents import Record, TolerancePolicy, Value
from eximledger_chaincode.documents.parts.base import Moment, Second, Whole
from eximledger_chaincode.documents.parts.identifiers import MspId, SupervisionMode
from eximledger_chaincode.documents.parts.money import ExactDecimal
from eximledger_chaincode.documents.parts.record import Hex256
from eximledger_chaincode.lending.consent import MAX_TERM_DAYS, Authorisation, Given
from eximledger_chaincode.lending.roles import Person
from hlf_chaincode.canonical import canonical_json, sha256_hex
from hlf_chaincode.errors import Refused

__all__ = ["AppliedPolicy", "Floors", "PolicyBook", "ProposedPolicy", "policy_hash"]


class Floors(Value):
    """What no bank's policy goes under. The consortium's members vote on it as they do on members."""

    never_financed_modes: Annotated[tuple[SupervisionMode, ...], Field(max_length=100)] = (
        "2600", "3010", "3100", "3339",
    )  # fmt: skip
    """Supervision modes that bring no payment."""
    always_matched: Annotated[tuple[Literal["invoice", "transport"], ...], Field(max_length=2)] = (
        "invoice", "transport",
    )  # fmt: skip
    """Kinds of paper that are always looked up in the register of all banks."""
    max_financed_percent: Annotated[ExactDecimal, Field(gt=0, le=100)] = Decimal(90)
    max_tenor_days: Annotated[Whole, Field(ge=1, le=3650)] = 180
    matches_per_day: Annotated[Whole, Field(ge=16, le=16_000_000)] = 16_000
    """How many papers a bank may have looked up in the register of all banks on one business day (`allowance`)."""
    consent: Annotated[tuple[Given, ...], Field(min_length=1, max_length=2)] = ("signed",)
    """How an exporter's consent may be given: on a paper that it signed, through the bank's officer, or both."""
    max_authorisation_days: Annotated[Whole, Field(ge=1, le=MAX_TERM_DAYS)] = 366
    """How long one authorisation holds at most."""

    def require_consent(self, authorisation: Authorisation, given: Given, today: date) -> None:
        """Raises `Refused` for consent that the consortium does not take: given otherwise than it allows, for longer,
        or for a period that is over."""
        if given not in self.consent:
            allowed = {"signed": "signed by the exporter", "officer": "given through the bank's officer"}
            raise Refused(f"consent must be {' or '.join(allowed[way] for way in self.consent)} in this consortium")
        if authorisation.days > self.max_authorisation_days:
            raise Refused(f"an authorisation holds for {self.max_authorisation_days} days at most in this consortium, "
                          f"this one for {authorisation.days}: have a shorter one signed")  # fmt: skip
        if authorisation.valid_until < today:
            raise Refused(f"the authorisation ended on {authorisation.valid_until}: have another one signed")

    def refused_matches(self) -> Refused:
        """That a bank has put as many papers before the register as a business day takes."""
        return Refused(f"the bank has put as many papers before the register of all banks as one business day takes "
                       f"({self.matches_per_day}): go on when SAFE has opened the next, or have the members vote "
                       "for more")  # fmt: skip

    def require(self, policy: TolerancePolicy) -> None:
        """Raises `Refused` naming everything in which the policy goes under the floors."""
        if under := list(self._under(policy)):
            raise Refused(f"the policy goes under the consortium's floors: {'; '.join(under)}", bank=policy.bank)

    def _under(self, policy: TolerancePolicy) -> Iterator[str]:
        if modes := sorted(set(policy.financeable_modes) & set(self.never_financed_modes)):
            yield f"mode {', '.join(modes)} is never financed"
        if kinds := sorted(set(self.always_matched) - set(policy.fingerprinted)):
            yield f"{', '.join(kinds)} is always matched"
        if policy.financed_percent > self.max_financed_percent:
            yield f"at most {self.max_financed_percent} % is financed"
        if policy.tenor_max_days > self.max_tenor_days:
            yield f"a loan runs {self.max_tenor_days} days at most"

    def bounded(self, policy: TolerancePolicy) -> TolerancePolicy:
        """The policy as it holds: nowhere under the floors."""
        return policy.model_copy(
            update={
                "never_financed_modes": tuple(
                    dict.fromkeys((*policy.never_financed_modes, *self.never_financed_modes))
                ),
                "financeable_modes": tuple(
                    mode for mode in policy.financeable_modes if mode not in self.never_financed_modes
                ),
                "fingerprinted": tuple(sorted({*policy.fingerprinted, *self.always_matched})),
                "financed_percent": min(policy.financed_percent, self.max_financed_percent),
                "tenor_max_days": min(policy.tenor_max_days, self.max_tenor_days),
            }
        )


def policy_hash(policy: TolerancePolicy) -> str:
    """SHA-256 of the policy's canonical JSON."""
    return sha256_hex(canonical_json(policy))


class ProposedPolicy(Value):
    """A policy as it waits for the second person. `sha256` is what that person names."""

    policy: TolerancePolicy
    sha256: Hex256
    by: Person
    at: Moment


class AppliedPolicy(Value):
    """A policy that two persons made; it holds from its `effective_from` on."""

    record: Record[TolerancePolicy]
    proposed_by: Person
    confirmed_by: Person


class PolicyBook(Value):
    """A bank's policies: those that hold or will hold, by the day from which they do, and the one proposed."""

    kind: Literal["policy-book"] = "policy-book"
    schema_version: Second = 2
    bank: MspId
    policies: tuple[AppliedPolicy, ...] = ()
    proposed: ProposedPolicy | None = None

    def on(self, day: date) -> AppliedPolicy | None:
        """The policy that holds on a day: of those in effect the one with the latest day, of two of one day the later
        version. None while the built-in one holds."""
        begun = [each for each in self.policies if each.record.document.effective_from <= day]
        return max(begun, key=_order, default=None)

    def require_holding(self, policy: TolerancePolicy, today: date) -> None:
        """Raises `Refused` for a policy that begins before the one in force: it would be filed and never hold."""
        present = self.on(today)
        if present is not None and policy.effective_from < (begun := present.record.document.effective_from):
            raise Refused(
                f"effective_from: a policy holds from {begun} on, one from {policy.effective_from} would never",
                bank=policy.bank,
            )

    def with_policy(self, policy: AppliedPolicy, today: date) -> PolicyBook:
        """With one more, and without those that never hold again."""
        kept = [each for each in self.policies if each.record.version != policy.record.version] + [policy]
        present = PolicyBook(bank=self.bank, policies=tuple(kept)).on(today)
        if present is not None:
            kept = [each for each in kept if _order(each) >= _order(present)]
        return self.model_copy(update={"policies": tuple(sorted(kept, key=_order)), "proposed": None})


def _order(policy: AppliedPolicy) -> tuple[date, int]:
    return policy.record.document.effective_from, policy.record.version
