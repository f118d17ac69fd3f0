"""Every rule by its examples: what it must find, what it must leave alone, and where the line between them runs."""

from __future__ import annotations

import pytest
from tests.eximledger_chaincode.rules.cases import case, cny, receipt
from tests.eximledger_chaincode.rules.examples.every import EXAMPLES
from tests.eximledger_chaincode.rules.examples.expected import Example

from eximledger_chaincode.rules import RULES, Decision, reconcile


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.rule}: {example.shows}")
def test_a_rule_finds_what_is_wrong_and_nothing_else(example: Example) -> None:
    found = RULES[example.rule].findings(example.case)
    assert sorted(finding.severity for finding in found) == sorted(example.found), [each.message.en for each in found]
    assert {finding.rule for finding in found} <= {example.rule}
    assert set(found) <= set(reconcile(example.case).findings)


def test_no_rule_has_a_word_against_a_sound_case() -> None:
    for sound in (case(), case(receipt())):
        verdict = reconcile(sound)
        assert verdict.findings == ()
        assert (verdict.verdict, verdict.eligible) == (Decision.APPROVE, cny("568000.00"))


@pytest.mark.parametrize("rule_id", sorted(RULES))
def test_every_rule_has_examples_of_all_that_it_may_say(rule_id: str) -> None:
    mine = [example for example in EXAMPLES if example.rule == rule_id]
    assert any(not example.found for example in mine), "no example in which it is silent"
    shown = {severity for example in mine for severity in example.found}
    assert shown == set(RULES[rule_id].severities), "a severity without an example, or one that the rule does not name"


def test_examples_tell_what_they_show() -> None:
    names = [(example.rule, example.shows) for example in EXAMPLES]
    assert len(set(names)) == len(names)
    assert {rule_id for rule_id, _ in names} == RULES.keys()


def test_every_rule_names_its_source_and_says_what_it_checks() -> None:
    for rule in RULES.values():
        assert rule.source
        assert rule.summary.endswith("."), rule.id
