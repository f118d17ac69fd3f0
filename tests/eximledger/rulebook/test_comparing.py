"""What another set or policy does to a recorded verdict, whatever of the case is not as it was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.eximledger_chaincode.contracts.lending import verdict_of

from eximledger.rulebook import compared
from eximledger_chaincode.lending.verdict import DocumentName, Finding, Severity, Text, Verdict
from eximledger_chaincode.rules import decision_of


def found(rule: str, severity: Severity) -> Finding:
    name = DocumentName(kind="invoice", number="CI-01")
    return Finding(rule=rule, severity=severity, documents=(name,), message=Text(en=f"{rule}.", zh=f"{rule}。"))


findings = st.sets(st.builds(found, st.sampled_from("ABCD"), st.sampled_from(Severity)), max_size=6)


def verdict(of: set[Finding]) -> Verdict:
    return verdict_of(*sorted(of, key=lambda each: each.digest))


@given(findings, findings)
def test_a_case_that_is_as_it_was_has_the_other_verdict(then: set[Finding], other: set[Finding]) -> None:
    difference = compared(verdict(then), verdict(then), verdict(other))
    assert difference.after is decision_of(other)
    assert (set(difference.gained), set(difference.lost)) == (other - then, then - other)


@given(findings, findings)
def test_the_same_set_and_policy_change_nothing_whatever_has_happened_since(
    recorded: set[Finding], now: set[Finding]
) -> None:
    difference = compared(verdict(recorded), verdict(now), verdict(now))
    assert (difference.gained, difference.lost, difference.is_other_decision) == ((), (), False)


@given(findings, findings, findings)
def test_only_what_differs_by_the_set_is_put_on_what_was_recorded(
    recorded: set[Finding], then: set[Finding], other: set[Finding]
) -> None:
    difference = compared(verdict(recorded), verdict(then), verdict(other))
    gained, lost = set(difference.gained), set(difference.lost)
    assert gained <= other - then
    assert lost <= recorded & then
    assert not gained & recorded
    assert difference.before is decision_of(recorded)
    assert difference.after is decision_of((recorded - lost) | gained)
