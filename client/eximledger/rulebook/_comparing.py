"""What changes between two verdicts on one past case: pure."""

from __future__ import annotations

from dataclasses import dataclass

from eximledger_chaincode.rules import Decision, Finding, Verdict, decision_of

__all__ = ["Difference", "compared"]


@dataclass(frozen=True, slots=True)
class Difference:
    """What another set or policy would have said of a case."""

    before: Decision
    after: Decision
    gained: tuple[Finding, ...]
    lost: tuple[Finding, ...]

    @property
    def is_other_decision(self) -> bool:
        return self.before is not self.after


def compared(recorded: Verdict, then: Verdict, other: Verdict) -> Difference:
    """The recorded verdict, and that verdict with what the other set or policy adds and takes away.

    `then` is the case judged again by what it was judged by; `other` by the other. Where something of the case is not
    as it was, both see it alike: what differs between them is the set's or the policy's doing, and that alone is put on
    the recorded findings.
    """
    again, wanted = _by_digest(then), _by_digest(other)
    standing = _by_digest(recorded)
    gained = {digest: each for digest, each in wanted.items() if digest not in again and digest not in standing}
    lost = {digest: each for digest, each in standing.items() if digest in again and digest not in wanted}
    after = [each for digest, each in standing.items() if digest not in lost]
    return Difference(
        recorded.verdict, decision_of([*after, *gained.values()]), tuple(gained.values()), tuple(lost.values())
    )


def _by_digest(verdict: Verdict) -> dict[str, Finding]:
    return {each.digest: each for each in verdict.findings}
