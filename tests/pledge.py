"""The condition precedent that the built-in policy asks for, met; for tests that pay a loan out."""

from __future__ import annotations

from eximledger_chaincode.documents.parts.terms import Condition
from eximledger_chaincode.lending.steps import ConditionMet, Step

__all__ = ["PLEDGED", "met"]

PLEDGED = ConditionMet(condition=Condition.PLEDGE_REGISTRATION, reference="PLEDGE-1")


def met(step: Step) -> tuple[ConditionMet, ...]:
    """The conditions that a proposal of a step names."""
    return (PLEDGED,) if step is Step.DISBURSEMENT else ()
