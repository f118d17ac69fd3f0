"""The sets of this release and the rules of one, as people are shown them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from eximledger.rulebook._titles import TITLES
from eximledger_chaincode.documents import Words
from eximledger_chaincode.rules import SETS, RuleSet, Severity, rows_of, rule_set_id

__all__ = ["RuleLine", "SetLine", "rule_lines", "set_lines"]

_ENDED: Final = "ended"
_ANNOUNCED: Final = "announced"
_IN_FORCE: Final = "in force"


@dataclass(frozen=True, slots=True)
class SetLine:
    """A rule set on a day: what it is called, whether it decides, and how many rules it has."""

    name: str
    id: str
    state: str
    announced_on: date | None
    valid_from: date
    valid_until: date | None
    rules: int


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule as a set has it."""

    id: str
    severities: tuple[Severity, ...]
    since: str
    source: str
    finds: Words


def set_lines(day: date, sets: Sequence[RuleSet] = SETS) -> list[SetLine]:
    """The release's sets, in the order of their days."""
    return [
        SetLine(
            each.name, rule_set_id(each), _state(each, day), each.announced_on, each.valid_from, each.valid_until,
            len(rows_of(each)),
        )
        for each in sets
    ]  # fmt: skip


def rule_lines(rule_set: RuleSet) -> list[RuleLine]:
    """The rules of a set, by id."""
    return sorted(
        (
            RuleLine(
                row.rule.id, row.severities, row.rule.since, row.rule.source,
                Words(row.rule.summary, TITLES.get(row.rule.id, row.rule.summary)),
            )
            for row in rows_of(rule_set)
        ),
        key=lambda line: line.id,
    )  # fmt: skip


def _state(rule_set: RuleSet, day: date) -> str:
    if rule_set.holds_on(day):
        return _IN_FORCE
    return _ANNOUNCED if day < rule_set.valid_from else _ENDED
