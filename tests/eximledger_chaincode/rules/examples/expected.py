"""What a rule must say of a case: the form of the examples beside this module."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from eximledger_chaincode.rules import Case, Severity

__all__ = ["INFORM", "REFER", "REJECT", "Example", "Fires", "Silent", "of"]

REJECT, REFER, INFORM = Severity.REJECT, Severity.REFER, Severity.INFORM


@dataclass(frozen=True, slots=True)
class Example:
    """A case, what it shows, and the severities of all that the rule finds in it; none where it has nothing to say."""

    rule: str
    shows: str
    case: Case
    found: tuple[Severity, ...]


Fires = Callable[..., Example]
Silent = Callable[[str, Case], Example]


def of(rule: str) -> tuple[Fires, Silent]:
    """How one rule's examples are written: `fires, silent = of("BALANCE")`."""

    def fires(shows: str, case: Case, *found: Severity) -> Example:
        return Example(rule, shows, case, found or (REFER,))

    def silent(shows: str, case: Case) -> Example:
        return Example(rule, shows, case, ())

    return fires, silent
