"""What loans are judged by, and what another set or policy would say of past cases."""

from __future__ import annotations

from typing import Annotated, Final, TypeAlias

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from eximledger.api._asking import Body, DayAsked
from eximledger.api._guarded import Desk, Guarded, Server
from eximledger.api._seen import FindingSeen
from eximledger.rulebook import Replay, Replayed, RuleLine, SetLine, Untold, rule_lines, set_lines
from eximledger_chaincode.documents import TolerancePolicy
from eximledger_chaincode.documents.parts.base import Day
from eximledger_chaincode.lending.loan import LoanId, LoanState
from eximledger_chaincode.lending.time import day_in_china
from eximledger_chaincode.lending.verdict import Decision, Text
from eximledger_chaincode.rules import RuleSet, rule_set_named, rule_set_on
from hlf_client.errors import NotFound

__all__ = ["router"]

router: Final = APIRouter(tags=["rules"], route_class=Guarded)

_SetName: TypeAlias = Annotated[str, Query(max_length=100, description="A name or an id; by default the one in force.")]


class ReplayAsked(Body):
    """Which loans to judge again, and by what. With neither set nor policy: by what each was judged by."""

    bank: Annotated[str, Field(max_length=128, pattern=r"^[A-Za-z0-9.-]*$")] = ""
    loan_id: LoanId | None = None
    rule_set: Annotated[str | None, Field(max_length=100)] = None
    policy: TolerancePolicy | None = None
    policy_in_force: bool = False


class ReplayedSeen(BaseModel):
    """One loan judged again: how it was decided and how it would be, and the findings that make the difference."""

    bank: str
    loan_id: str
    state: LoanState
    judged_on: Day
    rule_set: str
    before: Decision
    after: Decision
    changes: bool
    reproduced: bool
    gained: tuple[FindingSeen, ...]
    lost: tuple[FindingSeen, ...]
    limits: tuple[Text, ...]


class UntoldSeen(BaseModel):
    """A loan of which nothing can be said, and why."""

    model_config = ConfigDict(from_attributes=True)

    bank: str
    loan_id: str
    state: LoanState
    reasons: tuple[Text, ...]


class ReplaySeen(BaseModel):
    """What another rule set or policy would have said."""

    rule_set: str
    policy: str
    judged: int
    changed: int
    loans: tuple[ReplayedSeen, ...]
    untold: tuple[UntoldSeen, ...]


@router.get("/rule-sets")
async def list_rule_sets(server: Server, on: DayAsked = None) -> list[SetLine]:
    """The rule sets of this release: which is in force, which is announced, which has ended."""
    return set_lines(on or day_in_china(server.clock()))


@router.get("/rules")
async def list_rules(server: Server, rule_set: _SetName = "") -> list[RuleLine]:
    """The rules of a set, by id."""
    return rule_lines(_set(rule_set) if rule_set else rule_set_on(day_in_china(server.clock())))


@router.post("/rules/replay")
async def replay_cases(desk: Desk, asked: ReplayAsked) -> ReplaySeen:
    """Judge past cases again by another rule set or policy: which decisions would change and why. Writes nothing."""
    report = await Replay(desk.ledger).run(
        bank=asked.bank,
        rule_set=None if asked.rule_set is None else _set(asked.rule_set),
        policy=asked.policy,
        in_force=asked.policy_in_force,
        loan_id=asked.loan_id or "",
    )
    return ReplaySeen(
        rule_set=report.rule_set,
        policy=report.policy,
        judged=len(report.loans),
        changed=len(report.changed),
        loans=tuple(_replayed(each) for each in report.loans),
        untold=tuple(_untold(each) for each in report.untold),
    )


def _set(name: str) -> RuleSet:
    found = rule_set_named(name)
    if found is None:
        raise NotFound(f"there is no rule set {name}", rule_set=name)
    return found


def _replayed(each: Replayed) -> ReplayedSeen:
    difference = each.difference
    return ReplayedSeen(
        bank=each.bank,
        loan_id=each.loan_id,
        state=each.state,
        judged_on=each.judged_on,
        rule_set=each.rule_set,
        before=difference.before,
        after=difference.after,
        changes=difference.is_other_decision,
        reproduced=each.reproduced,
        gained=tuple(FindingSeen.model_validate(found, from_attributes=True) for found in difference.gained),
        lost=tuple(FindingSeen.model_validate(found, from_attributes=True) for found in difference.lost),
        limits=each.limits,
    )


def _untold(each: Untold) -> UntoldSeen:
    return UntoldSeen.model_validate(each)
